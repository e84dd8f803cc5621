/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With WS_KEEP_COOKIES what an answer sets is sent again to the same host: over redirects, reconnects, refusals
 * and the next ws_connect. To no other host, and not without the flag.
 */
#include "t_client.h"

static int port, listener;

/* Takes a request, checks that cookie is its Cookie field, NULL: it has none, and leaves the answer to the caller. */
static void asks(t_raw *peer, const char *path, const char *cookie)
{
    char line[300];
    t_raw_take(peer, listener);
    const char *head = t_raw_head(peer);
    snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", path);
    CHECK_HAS(head, line);
    const char *field = strstr(head, "\r\nCookie: ");
    if (!cookie) {
        CHECK(!field);
        return;
    }
    CHECK(field);
    snprintf(line, sizeof line, "\r\nCookie: %s\r\n", cookie);
    CHECK_HAS(field, line);
    CHECK(!strstr(field + 1, "\r\nCookie: ")); /* RFC 6265 5.4: one field */
}

static void answers(t_raw *peer, const char *status, const char *fields)
{
    char answer[800];
    snprintf(answer, sizeof answer, "HTTP/1.1 %s\r\n%sContent-Length: 0\r\n\r\n", status, fields);
    t_raw_text(peer, answer);
    t_raw_close(peer);
}

/* 101 with more fields. */
static void upgrades(t_raw *peer, const char *fields)
{
    char answer[800], *all = strdup(t_raw_answer(peer)), *end = strstr(all, "\r\n\r\n");
    CHECK(end);
    snprintf(answer, sizeof answer, "%.*s\r\n%s\r\n", (int)(end - all), all, fields);
    free(all);
    t_raw_text(peer, answer);
}

static void over_everything(void)
{
    t_log log = T_LOG;
    t_raw peer;
    char location[100];
    ws_reconnect_options again = t_again(1);
    ws_connect_options o = t_options();
    o.reconnect = &again;
    o.flags = WS_KEEP_COOKIES;
    o.max_redirects = 2;
    ws_handle client = t_flagged_client(0, &log);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    asks(&peer, "/", NULL);
    answers(&peer, "302 Found", "Location: /chat/room\r\nSet-Cookie: redirect=1\r\nSet-Cookie: deep=1; Path=/chat/room\r\n");
    asks(&peer, "/chat/room", "deep=1; redirect=1");
    upgrades(&peer, "Set-Cookie: open=1; Path=/\r\nset-cookie: safe=1; Secure; HttpOnly; Path=/\r\n");
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_reset(&peer);
    asks(&peer, "/", "redirect=1; open=1; safe=1"); /* the first URL again */
    answers(&peer, "503 Busy", "Set-Cookie: refused=1\r\nSet-Cookie: redirect=; Max-Age=0\r\n");
    asks(&peer, "/", "open=1; safe=1; refused=1");
    snprintf(location, sizeof location, "Location: %s://localhost:%d/\r\n", t_tls() ? "wss" : "ws", port); /* another host */
    answers(&peer, "302 Found", location);
    asks(&peer, "/", NULL);
    answers(&peer, "200 Not here", "");
    t_wait_event(&log, WS_EVENT_ERROR, 4); /* lost, busy, refused, given up */
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);

    /* The next call, with cookies of the host's own. */
    ws_header own = {"Cookie", "mine=1; open=2"};
    o.headers = &own;
    o.header_count = 1;
    o.reconnect = NULL;
    t_forget(&log);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    asks(&peer, "/", "mine=1; open=2; safe=1; refused=1");
    answers(&peer, "403 No", "");
    t_wait_event(&log, WS_EVENT_ERROR, 1);
    /* Without the flag they stay at home. */
    o.flags = 0;
    o.header_count = 0;
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    asks(&peer, "/", NULL);
    answers(&peer, "403 No", "Set-Cookie: unasked=1\r\n");
    t_wait_event(&log, WS_EVENT_ERROR, 2);
    o.flags = WS_KEEP_COOKIES;
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    asks(&peer, "/", "open=1; safe=1; refused=1");
    t_raw_close(&peer);
    t_wait_event(&log, WS_EVENT_ERROR, 3);

    /* They are this client's. */
    ws_handle other = t_client(NULL);
    OK(ws_connect(other, t_url_of_port(port), &o, NULL, NULL));
    asks(&peer, "/", NULL);
    t_raw_close(&peer);
    OK(ws_destroy_wait(other, T_DEADLINE_MS));
    t_destroy(client, &log);
    t_forget(&log);
}

int main(void)
{
    listener = t_raw_listen(&port);
    CHECK_EQ(ws_has_feature("cookies"), 1);
    over_everything();
    return t_done();
}
