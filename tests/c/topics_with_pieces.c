/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics_with_pieces: what is published while a connection sends a message in pieces
 * comes behind the last one; it counts as buffered, so it is bounded.
 */
#include "t_client.h"

enum { ROOM = 50000, SIZE = 1000 };

static ws_handle server;
static t_log log_ = T_LOG;

static size_t broadcast(const void *data, size_t size)
{
    size_t n = 77;
    OK(ws_server_broadcast(server, data, size, WS_TEXT, 0, &n));
    return n;
}

static void pieces_then_published(t_raw *peer, ws_handle connection)
{
    OK(ws_send_part(connection, "a", 1, WS_TEXT, 0, NULL, NULL));
    CHECK_EQ(broadcast("one", 3), 1);
    OK(ws_send_part(connection, "b", 1, WS_TEXT, 0, NULL, NULL));
    CHECK_EQ(broadcast("two", 3), 1);
    CHECK_EQ(ws_send(connection, "no", 2, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    CHECK_EQ(t_buffered(connection) >= 10, 1);
    OK(ws_send_part(connection, "c", 1, WS_TEXT, 1, NULL, NULL));
    OK(ws_send(connection, "three", 5, WS_TEXT, NULL, NULL));
    CHECK_EQ(broadcast("four", 4), 1);
    t_raw_expect(peer, 0x01, "a", 1);
    t_raw_expect(peer, 0x00, "b", 1);
    t_raw_expect(peer, T_CONT, "c", 1);
    t_raw_expect(peer, T_TEXT, "one", 3);
    t_raw_expect(peer, T_TEXT, "two", 3);
    t_raw_expect(peer, T_TEXT, "three", 5);
    t_raw_expect(peer, T_TEXT, "four", 4);
}

static void WS_CALL inside(const ws_event *e, void *done)
{
    OK(ws_send(e->handle, "corked", 6, WS_TEXT, NULL, NULL));
    OK(ws_send_part(e->handle, "a", 1, WS_TEXT, 0, NULL, NULL));
    CHECK_EQ(broadcast("one", 3), 1);
    OK(ws_send_part(e->handle, "b", 1, WS_TEXT, 1, NULL, NULL));
    CHECK_EQ(broadcast("two", 3), 1);
    OK(ws_send(e->handle, "three", 5, WS_TEXT, NULL, NULL));
    t_add(done, 1);
}

static void bounded(t_raw *peer, ws_handle connection)
{
    static char data[SIZE];
    long taken = 0, drains = t_seen(&log_, WS_EVENT_DRAIN);
    memset(data, 'x', SIZE);
    OK(ws_send_part(connection, "a", 1, WS_TEXT, 0, NULL, NULL));
    while (broadcast(data, SIZE)) {
        taken++;
        CHECK(t_buffered(connection) <= ROOM);
    }
    CHECK(taken > 40);
    OK(ws_send_part(connection, "", 0, WS_TEXT, 1, NULL, NULL));
    t_raw_expect(peer, 0x01, "a", 1);
    t_raw_expect(peer, T_CONT, "", 0);
    while (taken--) t_raw_expect(peer, T_TEXT, data, SIZE);
    t_wait_event(&log_, WS_EVENT_DRAIN, (int)drains + 1);
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(connection, &stats));
    CHECK_EQ(stats.messages_dropped, 1);
}

static void run(int end)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_buffered = ROOM;
    t_raw peer;
    t_latch done = T_LATCH;
    log_ = (t_log)T_LOG;
    server = t_server(&o, &log_);
    OK(ws_server_on(server, WS_EVENT_DRAIN, t_record, &log_));
    t_raw_client(&peer, t_port(server));
    ws_handle connection = t_wait_event(&log_, WS_EVENT_CONNECT, 1)->handle;
    pieces_then_published(&peer, connection);
    OK(ws_on(connection, WS_EVENT_MESSAGE, inside, &done));
    t_raw_send(&peer, T_TEXT, "go", 2);
    t_raw_expect(&peer, T_TEXT, "corked", 6);
    t_raw_expect(&peer, 0x01, "a", 1);
    t_raw_expect(&peer, T_CONT, "b", 1);
    t_raw_expect(&peer, T_TEXT, "one", 3);
    t_raw_expect(&peer, T_TEXT, "two", 3);
    t_raw_expect(&peer, T_TEXT, "three", 5);
    t_wait(&done, 1);
    bounded(&peer, connection);
    OK(ws_send_part(connection, "never", 5, WS_TEXT, 0, NULL, NULL)); /* what waits ends with it */
    CHECK_EQ(broadcast("lost", 4), 1);
    t_raw_expect(&peer, 0x01, "never", 5);
    if (end == 0) OK(ws_destroy(connection));
    else if (end == 1) OK(ws_close(connection, NULL, NULL, NULL));
    t_raw_close(&peer);
    t_wait_event(&log_, WS_EVENT_CLOSE, 1);
    OK(ws_server_destroy(server));
    t_wait_event(&log_, WS_EVENT_DESTROYED, 1);
    t_forget(&log_);
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    T_UNTIL_SO(!ws_stats_get(&stats) && stats.memory_used == 0);
}

int main(void)
{
    for (int end = 0; end < 3; end++) run(end);
    return t_done();
}
