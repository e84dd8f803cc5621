/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The closing handshake from either end: the default is 1000 "CLOSE_NORMAL", a
 * code and reason given arrive at the other side, and each side gets one close.
 */
#include "t.h"

static ws_handle server;
static t_log at_server = T_LOG, at_client = T_LOG;

/* Closes from one end; checks both close events and that the completion comes before close. */
static void close_from(int from_client, const ws_close_options *options, int code, const char *reason)
{
    ws_handle client = t_open_client(server, &at_client);
    ws_handle accepted = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_close(from_client ? client : accepted, options, t_record, from_client ? &at_client : &at_server));
    for (int i = 0; i < 2; i++) {
        const t_event *e = t_wait_event(i ? &at_server : &at_client, WS_EVENT_CLOSE, 1);
        CHECK_EQ(e->code, code);
        CHECK_TEXT(e->reason, reason);
        CHECK_EQ(e->clean, 1);
    }
    const t_event *done = t_wait_event(from_client ? &at_client : &at_server, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(done->error, WS_OK);
    CHECK_EQ(done->operation, WS_OP_CLOSE);
    CHECK_TEXT(t_story(&at_client), from_client ? "open close-done close" : "open close");
    CHECK_TEXT(t_story(&at_server), from_client ? "connect close" : "connect close-done close");
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    CHECK_EQ(ws_close(client, NULL, t_record, &at_client), WS_ERR_STATE); /* not connected any more */
    t_destroy(client, &at_client);
    t_forget(&at_client);
    t_forget(&at_server);
}

static void codes_and_reasons(int from_client)
{
    static const int codes[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
                                4000, 4999};
    ws_close_options options;
    close_from(from_client, NULL, 1000, "CLOSE_NORMAL");
    WS_INIT_STRUCT(&options);
    close_from(from_client, &options, 1000, "CLOSE_NORMAL"); /* nothing set is the default */
    options.reason = "";
    close_from(from_client, &options, 1000, ""); /* an empty reason is kept */
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        options.code = codes[i];
        options.reason = i % 2 ? "your reason" : "\xd0\xbf\xd1\x80\xd0\xb8\xd1\x87\xd0\xb8\xd0\xbd\xd0\xb0 \xf0\x9f\x91\x8b";
        close_from(from_client, &options, codes[i], options.reason);
    }
    char longest[124];
    memset(longest, 'r', 123);
    longest[123] = 0;
    options.reason = longest;
    close_from(from_client, &options, 4999, longest);
}

/* A second ws_close, and sends, are refused while the handshake goes on. */
static void second_close(void)
{
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&at_client);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener);
    close(listener);
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    OK(ws_close(client, NULL, t_record, &at_client));
    CHECK_EQ(t_state(client), WS_STATE_CLOSING);
    CHECK_EQ(ws_close(client, NULL, t_record, &at_client), WS_ERR_STATE);
    CHECK_EQ(ws_send(client, "late", 4, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    CHECK_EQ(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL), WS_ERR_CONNECTION_EXISTS);
    t_raw_send(&peer, T_TEXT, "on its way", 10); /* what the peer sent before its answer is delivered */
    t_raw_expect_close(&peer, 1000);
    t_raw_send_close(&peer, 1000, "CLOSE_NORMAL");
    t_raw_close(&peer);
    t_wait_event(&at_client, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(&at_client), "open message close-done close");
    t_forget(&at_client);
}

/* A Close frame without a code: 1005 for the host, and the answer has none either. */
static void close_without_code(void)
{
    int port, listener = t_raw_listen(&port);
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    t_raw_send_close(&peer, 0, "");
    t_raw_expect_close(&peer, 0);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    ws_handle client = t_client(&at_client);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&peer, listener);
    close(listener);
    t_raw_send_close(&peer, 0, "");
    t_raw_expect_close(&peer, 0);
    t_raw_close(&peer); /* RFC 6455 7.1.1: the server ends the TCP connection first */
    for (int i = 0; i < 2; i++) {
        const t_event *e = t_wait_event(i ? &at_server : &at_client, WS_EVENT_CLOSE, 1);
        CHECK_EQ(e->code, 1005);
        CHECK_TEXT(e->reason, "");
        CHECK_EQ(e->clean, 1);
    }
    CHECK_TEXT(t_story(&at_server), "connect close");
    CHECK_TEXT(t_story(&at_client), "open close");
    t_forget(&at_server), t_forget(&at_client);
}

/* Both ends at once: each side's Close frame is the answer to the other's, and no other follows. */
static void both_at_once(int from_client)
{
    int port, listener = t_raw_listen(&port);
    t_log *log = from_client ? &at_client : &at_server;
    ws_handle mine;
    t_raw peer;
    if (from_client) {
        mine = t_client(log);
        OK(ws_connect(mine, t_url_of_port(port), NULL, NULL, NULL));
        t_raw_server(&peer, listener);
        t_wait_event(log, WS_EVENT_OPEN, 1);
    } else {
        t_raw_client(&peer, t_port(server));
        mine = t_wait_event(log, WS_EVENT_CONNECT, 1)->handle;
    }
    close(listener);
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.code = 3001;
    options.reason = "ours";
    OK(ws_close(mine, &options, t_record, log));
    t_raw_send_close(&peer, 3002, "theirs"); /* before it has read anything */
    CHECK_TEXT(t_raw_expect_close(&peer, 3001), "ours");
    if (!from_client) t_raw_expect_end(&peer);
    t_raw_close(&peer);
    const t_event *e = t_wait_event(log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(e->code, 3002);
    CHECK_TEXT(e->reason, "theirs");
    CHECK_EQ(e->clean, 1);
    CHECK_TEXT(t_story(log), from_client ? "open close-done close" : "connect close-done close");
    t_forget(log);
}

int main(void)
{
    server = t_server(NULL, &at_server);
    codes_and_reasons(1);
    codes_and_reasons(0);
    second_close();
    close_without_code();
    both_at_once(1);
    both_at_once(0);
    return t_done();
}
