/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a callback sends waits until the batch ends. What is sent in any other way meanwhile, by
 * another thread, in pieces, with a completion, as a ping or a Close frame, comes behind it and
 * stays in order; when the connection ends first, each completion is called once, with an error.
 */
#include "t_client.h"

enum { LARGE = 100000 };

static char *large;
static ws_handle connection;
static t_log completed = T_LOG;
static t_latch done = T_LATCH;
static int ends_badly;

static void *another_thread(void *unused)
{
    (void)unused;
    OK(ws_send(connection, "by another thread", 17, WS_TEXT, NULL, NULL));
    OK(ws_ping(connection, "ping", 4));
    OK(ws_send(connection, "and once more", 13, WS_TEXT, t_record, &completed));
    return NULL;
}

static void WS_CALL answers(const ws_event *e, void *unused)
{
    (void)unused;
    pthread_t thread;
    connection = e->handle;
    OK(ws_send(connection, "first", 5, WS_TEXT, NULL, NULL));
    OK(ws_send(connection, "second", 6, WS_TEXT, NULL, NULL));
    t_thread(&thread, another_thread, NULL);
    t_join(thread);
    OK(ws_send(connection, "third", 5, WS_TEXT, NULL, NULL));
    OK(ws_send(connection, large, LARGE, WS_BINARY, NULL, NULL));
    OK(ws_send_part(connection, "a", 1, WS_TEXT, 0, NULL, NULL));
    OK(ws_send_part(connection, "b", 1, WS_TEXT, 1, t_record, &completed));
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.code = 4000;
    o.reason = "bye";
    OK(ends_badly ? ws_abort(connection) : ws_close(connection, &o, NULL, NULL));
    t_add(&done, 1);
}

/* Pings may overtake messages (RFC 6455 5.4), but not what was sent before by the same thread here. */
static void expect_all(t_raw *peer)
{
    t_raw_expect(peer, T_TEXT, "first", 5);
    t_raw_expect(peer, T_TEXT, "second", 6);
    t_raw_expect(peer, T_TEXT, "by another thread", 17);
    t_raw_expect(peer, T_PING, "ping", 4);
    t_raw_expect(peer, T_TEXT, "and once more", 13);
    t_raw_expect(peer, T_TEXT, "third", 5);
    t_raw_expect(peer, T_BINARY, large, LARGE);
    t_raw_expect(peer, 0x01, "a", 1);
    t_raw_expect(peer, T_CONT, "b", 1);
    t_raw_expect(peer, T_CLOSE, "\x0f\xa0" "bye", 5);
}

int main(void)
{
    large = t_bytes(LARGE, 7, 0);
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, answers, NULL));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    t_raw_send(&peer, T_TEXT, "go", 2);
    expect_all(&peer);
    t_raw_send_close(&peer, 4000, "");
    for (int i = 1; i <= 2; i++) CHECK_EQ(t_wait_event(&completed, WS_EVENT_COMPLETION, i)->status, WS_OK);
    t_raw_close(&peer);

    ends_badly = 1;
    t_raw_client(&peer, t_port(server));
    t_raw_send(&peer, T_TEXT, "go", 2);
    for (int i = 3; i <= 4; i++) t_wait_event(&completed, WS_EVENT_COMPLETION, i);
    t_raw_close(&peer);
    t_wait(&done, 2);
    CHECK_EQ(t_seen(&completed, WS_EVENT_COMPLETION), 4);
    free(large);
    return t_done();
}
