/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who agrees to an upgrade may give the connection limits, deadlines and no compression of
 * its own. All others keep those of the server. What is out of range is refused by its name, and
 * may be answered anew.
 */
#include "t_compression.h"

#include <limits.h>

static t_log log_ = T_LOG;
static ws_handle server;
static int asked;

/* A client whose request waits for the answer. */
static ws_handle asks(t_raw *peer)
{
    t_raw_dial(peer, t_port(server));
    t_raw_text(peer, T_UPGRADE_OF("/", "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    return t_wait_event(&log_, WS_EVENT_UPGRADE, ++asked)->handle;
}

/* Its handle, when it is open by o; compressed: what the answer has to say. */
static ws_handle opens(t_raw *peer, const ws_accept_options *o, int compressed)
{
    ws_handle h = asks(peer);
    OK(ws_accept(h, o));
    const char *head = t_raw_head(peer);
    CHECK_HAS(head, " 101 ");
    CHECK_EQ(strstr(head, "permessage-deflate") != NULL, compressed);
    T_UNTIL_SO(t_state(h) == WS_STATE_OPEN);
    return h;
}

static ws_accept_options options(void)
{
    ws_accept_options o;
    WS_INIT_STRUCT(&o);
    return o;
}

static void sends(t_raw *peer, int size, int close_code)
{
    char *data = t_bytes((size_t)size, 1, 1);
    t_raw_send(peer, T_TEXT, data, (size_t)size);
    if (close_code) t_raw_expect_close(peer, close_code);
    free(data);
}

static void limits(void)
{
    t_raw peer, other;
    char big[3000] = "";
    memset(big, 'a', sizeof big);
    ws_accept_options o = options();
    o.flags = WS_NO_COMPRESSION;
    o.max_message_size = 2000;
    o.max_send_size = 1000;
    o.max_buffered = 100000;
    ws_handle h = opens(&peer, &o, 0), usual = opens(&other, NULL, 1);
    CHECK_TEXT(t_text(h, WS_TEXT_EXTENSIONS), "");
    CHECK_HAS(t_text(usual, WS_TEXT_EXTENSIONS), "permessage-deflate");
    OK(ws_send(h, big, 1000, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, big, 1000);
    CHECK_EQ(ws_send(h, big, 1001, WS_TEXT, NULL, NULL), WS_ERR_TOO_LARGE);
    CHECK_HAS(ws_last_error(), "max_send_size");
    OK(ws_send(usual, big, 3000, WS_TEXT, NULL, NULL));
    int heard = t_seen(&log_, WS_EVENT_MESSAGE_RECEIVE);
    sends(&peer, 2000, 0);
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, heard + 1)->size, 2000);
    sends(&peer, 2001, 1009);
    sends(&other, 3000, 0);
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, heard + 2)->size, 3000);
    t_raw_close(&peer);
    t_raw_close(&other);

    /* More than the server has. */
    o = options();
    o.max_message_size = 10000;
    o.max_buffered = 1000000;
    h = opens(&peer, &o, 1);
    heard = t_seen(&log_, WS_EVENT_MESSAGE_RECEIVE);
    sends(&peer, 10000, 0);
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, heard + 1)->size, 10000);
    t_raw_close(&peer);
    (void)h;
}

/* The queue of a peer that does not read is as long as the connection's own limit. */
static void full(void)
{
    static char block[5000];
    t_raw peer;
    ws_accept_options o = options();
    o.flags = WS_NO_COMPRESSION;
    o.max_buffered = 12000;
    ws_handle h;
    t_raw_dial(&peer, t_port(server));
    int small = 4096;
    CHECK_EQ(setsockopt(peer.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    t_raw_text(&peer, T_UPGRADE_OF("/", ""));
    h = t_wait_event(&log_, WS_EVENT_UPGRADE, ++asked)->handle;
    OK(ws_accept(h, &o));
    t_raw_head(&peer);
    T_UNTIL_SO(t_state(h) == WS_STATE_OPEN);
    int32_t status = WS_OK;
    for (int i = 0; i < 100000 && !status; i++) status = ws_send(h, block, sizeof block, WS_BINARY, NULL, NULL);
    CHECK_EQ(status, WS_ERR_FULL);
    uint64_t waits = 0;
    OK(ws_buffered_amount(h, &waits));
    if (waits > 12000) FAIL("%llu bytes wait", (unsigned long long)waits);
    OK(ws_abort(h));
    t_raw_close(&peer);
}

/* Others of the server have no heartbeat at all, or their own. */
static void deadlines(void)
{
    t_raw peer, other;
    ws_accept_options o = options();
    o.ping_interval_ms = 200;
    o.pong_timeout_ms = 100;
    ws_handle quick = opens(&peer, &o, 1);
    t_log own = T_LOG;
    OK(ws_on(quick, WS_EVENT_ERROR, t_record, &own));
    CHECK_EQ(t_raw_read(&peer).first, T_PING);
    const t_event *e = t_wait_event(&own, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->stage, WS_STAGE_TIMEOUT);
    CHECK_HAS(e->text, "100 ms");
    t_raw_close(&peer);

    o = options();
    o.idle_timeout_ms = 200;
    ws_handle usual = opens(&other, NULL, 1), idle = opens(&peer, &o, 1);
    t_raw_expect_close(&peer, 1001);
    CHECK_EQ(t_state(usual), WS_STATE_OPEN);
    t_raw_close(&peer);
    t_raw_close(&other);
    (void)idle;
    t_forget(&own);
}

static void wrong_ones(void)
{
    t_raw peer;
    ws_handle h = asks(&peer);
#define WRONG(member, value)                             \
    do {                                                 \
        ws_accept_options o_ = options();                \
        o_.member = value;                               \
        CHECK_EQ(ws_accept(h, &o_), WS_ERR_PARAMETER);   \
        CHECK_HAS(ws_last_error(), "options." #member);  \
    } while (0)
    WRONG(max_message_size, -2);
    WRONG(max_message_size, INT64_MAX);
    WRONG(max_send_size, 5001); /* the server's max_message_size is 5000 */
    WRONG(max_send_size, -1);
    WRONG(max_buffered, -1);
    WRONG(high_water_mark, 1 << 21);
    WRONG(low_water_mark, 1 << 20);
    WRONG(ping_interval_ms, -2);
    WRONG(pong_timeout_ms, 30000001);
    WRONG(idle_timeout_ms, INT_MIN);
    WRONG(write_timeout_ms, -3);
    WRONG(flags, 2);
    OK(ws_accept(h, NULL));
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    t_raw_close(&peer);
}

int main(void)
{
    ws_server_options so;
    ws_server_config c;
    ws_compression z = t_compression(0, 15, 0);
    WS_INIT_STRUCT(&so);
    WS_INIT_STRUCT(&c);
    so.max_message_size = 5000;
    so.max_buffered = 1 << 20;
    c.server_ip = "127.0.0.1";
    c.compression = &z;
    c.ping_interval_ms = -1;
    c.write_timeout_ms = -1; /* nothing is watched unless a connection wants it */
    server = ws_server_create(&so);
    OK(ws_server_on(server, WS_EVENT_UPGRADE, t_record, &log_));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_record, &log_));
    OK(ws_server_start(server, &c, NULL, NULL));
    wrong_ones();
    limits();
    full();
    deadlines();
    return t_done();
}
