/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connect that fails gives its completion, then an error event, both with the
 * stage and the reason, and neither open nor close. The client can try again.
 */
#include "t.h"

#include <errno.h>

static t_log events = T_LOG;
static ws_handle client;
static int port, listener;

/* Connects while a raw server does what answer says, and checks what comes of it. */
static void fails(const char *name, void (*answer)(t_raw *), int error, int stage, int status)
{
    t_raw peer;
    OK(ws_connect(client, t_url_of_port(port), NULL, t_record, &events));
    CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
    t_raw_take(&peer, listener);
    answer(&peer);
    t_wait_event(&events, WS_EVENT_ERROR, 1);
    if (peer.fd >= 0) t_raw_close(&peer);
    if (strcmp(t_story(&events), "connect-done error")) FAIL("%s: %s", name, t_story(&events));
    for (int i = 0; i < 2; i++) {
        const t_event *e = events.events[i];
        if (e->error != error || e->stage != stage || e->status != status || !strstr(e->text, "127.0.0.1"))
            FAIL("%s: error %d, stage %d, status %d: %s", name, e->error, e->stage, e->status, e->text);
    }
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    t_forget(&events);
}

static void answer_text(t_raw *peer, const char *text)
{
    t_raw_head(peer);
    t_raw_text(peer, text);
}

/* The right answer with from replaced by to. */
static void answer_with(t_raw *peer, const char *from, const char *to)
{
    char wrong[600];
    t_raw_head(peer);
    const char *right = t_raw_answer(peer), *at = strstr(right, from);
    CHECK(at);
    snprintf(wrong, sizeof wrong, "%.*s%s%s", (int)(at - right), right, to, at + strlen(from));
    t_raw_text(peer, wrong);
}

static void forbidden(t_raw *p) { answer_text(p, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"); }
static void redirect(t_raw *p) { answer_text(p, "HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1/\r\n\r\n"); }
static void ok_without_upgrade(t_raw *p) { answer_text(p, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); }
static void no_http(t_raw *p) { answer_text(p, "SSH-2.0-OpenSSH_9.2p1\r\n\r\n"); }
static void old_http(t_raw *p) { answer_with(p, "HTTP/1.1", "HTTP/1.0"); }
static void wrong_key(t_raw *p) { answer_with(p, "Sec-WebSocket-Accept: ", "Sec-WebSocket-Accept: AA"); }
static void no_key(t_raw *p) { answer_with(p, "Sec-WebSocket-Accept", "X-Accept"); }
static void no_upgrade(t_raw *p) { answer_with(p, "Upgrade: websocket\r\n", ""); }
static void no_connection(t_raw *p) { answer_with(p, "Connection: Upgrade", "Connection: close"); }
static void foreign_protocol(t_raw *p) { answer_with(p, "\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n"); }
static void foreign_extension(t_raw *p)
{
    answer_with(p, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
}

static void oversize(t_raw *peer)
{
    t_raw_head(peer);
    t_raw_text(peer, "HTTP/1.1 101 Switching Protocols\r\nX: ");
    char *filler = t_bytes(1 << 20, 1, 1);
    t_raw_try_write(peer, filler, 1 << 20); /* it stops reading long before */
    free(filler);
}

static void close_at_once(t_raw *peer) { t_raw_close(peer); }
static void reset_at_once(t_raw *peer)
{
    t_raw_head(peer);
    t_raw_reset(peer);
}

static void close_after_request(t_raw *peer)
{
    t_raw_head(peer);
    t_raw_close(peer);
}

static void close_inside_answer(t_raw *peer)
{
    answer_text(peer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: webs");
    t_raw_close(peer);
}

static void refused_port(void)
{
    int nobodys_port, nobody = t_raw_refuse(&nobodys_port);
    OK(ws_connect(client, t_url_of_port(nobodys_port), NULL, t_record, &events));
    const t_event *e = t_wait_event(&events, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(e->stage, WS_STAGE_CONNECT);
    CHECK_EQ(e->os_error, ECONNREFUSED);
    CHECK_TEXT(t_story(&events), "connect-done error");
    t_forget(&events);
    close(nobody);
}

/* Half an answer, and no more of it: time enough for a busy machine to say that much.
 * Peers that say nothing at all are in connect_step_timeouts. */
static void half_an_answer(void)
{
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    options.handshake_timeout_ms = t_tls() ? 8000 : 2000;
    OK(ws_connect(client, t_url_of_port(port), &options, t_record, &events));
    t_raw peer;
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    t_raw_text(&peer, "HTTP/1.1 101 Switching Pro");
    for (int i = 0; i < 2; i++) {
        const t_event *e = t_wait_event(&events, i ? WS_EVENT_ERROR : WS_EVENT_COMPLETION, 1);
        CHECK_EQ(e->error, WS_ERR_TIMEOUT);
        CHECK_EQ(e->stage, WS_STAGE_TIMEOUT);
        CHECK_HAS(e->text, t_tls() ? "8000" : "2000");
    }
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    t_forget(&events);
}

int main(void)
{
    client = t_client(&events);
    listener = t_raw_listen(&port);
    const int failed = WS_ERR_CONNECT_FAILED, upgrade = WS_STAGE_UPGRADE;
    fails("HTTP 403", forbidden, failed, upgrade, 403);
    fails("HTTP 302", redirect, failed, upgrade, 302);
    fails("HTTP 200", ok_without_upgrade, failed, upgrade, 200);
    fails("not HTTP", no_http, failed, upgrade, 0);
    fails("HTTP/1.0", old_http, failed, upgrade, 0);
    fails("wrong accept key", wrong_key, failed, upgrade, 0);
    fails("no accept key", no_key, failed, upgrade, 0);
    fails("no Upgrade", no_upgrade, failed, upgrade, 0);
    fails("no Connection", no_connection, failed, upgrade, 0);
    fails("a subprotocol not asked for", foreign_protocol, failed, upgrade, 0);
    fails("an extension not asked for", foreign_extension, failed, upgrade, 0);
    fails("a head that does not end", oversize, failed, upgrade, 0);
    fails("close at once", close_at_once, failed, upgrade, 0);
    fails("reset", reset_at_once, failed, upgrade, 0);
    fails("close after the request", close_after_request, failed, upgrade, 0);
    fails("close inside the answer", close_inside_answer, failed, upgrade, 0);
    refused_port();
    half_an_answer();
    close(listener);

    OK(ws_connect(client, t_url(t_echo_server()), NULL, t_record, &events)); /* after all that */
    t_wait_event(&events, WS_EVENT_OPEN, 1);
    CHECK_TEXT(t_story(&events), "connect-done open");
    return t_done();
}
