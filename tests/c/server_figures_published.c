/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_stats counts what is published and broadcast once for each connection that gets
 * it, whatever the size and whatever stands before it, and what found no room under dropped.
 */
#include "t_figures.h"

enum { CLIENTS = 4, ROOM = 100000, SIZE = 1000, MOST = 100000 };

static ws_handle server, connections[CLIENTS];
static t_raw peers[CLIENTS];
static t_log at_server = T_LOG;
static _Atomic uint64_t messages, bytes; /* that must have been counted as sent */

static void begin(int policy)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_buffered = policy < 0 ? 0 : ROOM;
    o.full_policy = policy < 0 ? WS_FULL_REFUSE : policy;
    server = ws_server_create(&o);
    t_listen_server(server, &at_server);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.write_timeout_ms = -1;
    config.ping_interval_ms = -1;
    OK(ws_server_start(server, &config, NULL, NULL));
    messages = bytes = 0;
}

static void finish(void)
{
    OK(ws_server_destroy(server));
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    t_forget(&at_server);
}

static void publish(const void *data, size_t size, int type, ws_handle except, size_t want)
{
    size_t n = 77;
    OK(ws_publish(server, "t", 1, data, size, type, except, &n));
    CHECK_EQ(n, want);
    messages += n;
    bytes += n * size;
}

static void broadcast(const void *data, size_t size, int type, size_t want)
{
    size_t n = 77;
    OK(ws_server_broadcast(server, data, size, type, 0, &n));
    CHECK_EQ(n, want);
    messages += n;
    bytes += n * size;
}

/* What a call has taken is counted when it returns. */
static void is_counted(void)
{
    ws_server_stats s = t_figures(server);
    CHECK_EQ(s.messages_sent, messages);
    CHECK_EQ(s.bytes_sent, bytes);
}

static void of_any_size(void)
{
    static const size_t sizes[] = {0, 1, 125, 126, 512, 513, 65535, 65536, 200000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        void *data = t_bytes(sizes[i], (unsigned)i, 1);
        publish(data, sizes[i], WS_TEXT, 0, CLIENTS - 1);
        publish(data, sizes[i], WS_BINARY, connections[0], CLIENTS - 2);
        broadcast(data, sizes[i], WS_TEXT, CLIENTS);
        is_counted();
        for (int c = 0; c < CLIENTS; c++) {
            if (c < CLIENTS - 1) t_raw_expect(&peers[c], T_TEXT, data, sizes[i]);
            if (c && c < CLIENTS - 1) t_raw_expect(&peers[c], T_BINARY, data, sizes[i]);
            t_raw_expect(&peers[c], T_TEXT, data, sizes[i]);
        }
        free(data);
    }
}

static t_latch answered = T_LATCH;

/* Between what a callback corks. */
static void WS_CALL answer(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_send(e->handle, e->data, e->size, WS_TEXT, NULL, NULL));
    publish("published", 9, WS_TEXT, 0, CLIENTS - 1);
    OK(ws_send(e->handle, "behind", 6, WS_TEXT, NULL, NULL));
    broadcast("for all", 7, WS_TEXT, CLIENTS);
    messages += 2;
    bytes += e->size + 6;
    t_add(&answered, 1);
}

static void inside_callbacks(void)
{
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, answer, NULL));
    for (int round = 1; round <= 3; round++) {
        t_raw_send(&peers[0], T_TEXT, "asks", 4);
        t_raw_expect(&peers[0], T_TEXT, "asks", 4);
        t_raw_expect(&peers[0], T_TEXT, "published", 9);
        t_raw_expect(&peers[0], T_TEXT, "behind", 6);
        t_raw_expect(&peers[0], T_TEXT, "for all", 7);
        for (int c = 1; c < CLIENTS; c++) {
            if (c < CLIENTS - 1) t_raw_expect(&peers[c], T_TEXT, "published", 9);
            t_raw_expect(&peers[c], T_TEXT, "for all", 7);
        }
        t_wait(&answered, round);
        T_UNTIL_SO(t_figures(server).messages_sent >= messages); /* what was corked is counted as it leaves */
        is_counted();
    }
    OK(ws_server_off(server, WS_EVENT_MESSAGE_RECEIVE, answer, NULL));
}

/* It waits for the last piece of another message. */
static void between_pieces(void)
{
    OK(ws_send_part(connections[0], "pie", 3, WS_TEXT, 0, NULL, NULL));
    broadcast("waits", 5, WS_TEXT, CLIENTS);
    OK(ws_send_part(connections[0], "ces", 3, WS_TEXT, 1, NULL, NULL));
    messages += 1;
    bytes += 6;
    t_raw_expect(&peers[0], 0x01, "pie", 3);
    t_raw_expect(&peers[0], T_CONT, "ces", 3);
    for (int c = 0; c < CLIENTS; c++) t_raw_expect(&peers[c], T_TEXT, "waits", 5);
    is_counted();
}

static void all_that_is_taken(void)
{
    begin(-1);
    for (int i = 0; i < CLIENTS; i++) {
        t_raw_client(&peers[i], t_port(server));
        connections[i] = t_wait_event(&at_server, WS_EVENT_CONNECT, i + 1)->handle;
        if (i < CLIENTS - 1) OK(ws_subscribe(connections[i], "t", 1));
    }
    of_any_size();
    inside_callbacks();
    between_pieces();
    CHECK_EQ(t_figures(server).dropped, 0);
    for (int i = 0; i < CLIENTS; i++) t_raw_close(&peers[i]);
    finish();
}

/* The figures of one connection are the same. */
static void connection_says(ws_handle connection, uint64_t sent, uint64_t dropped)
{
    ws_connection_stats c;
    WS_INIT_STRUCT(&c);
    OK(ws_connection_stats_get(connection, &c));
    CHECK_EQ(c.messages_sent, sent);
    CHECK_EQ(c.messages_dropped, dropped);
}

static ws_handle slow(t_raw *peer)
{
    t_raw_small_client(peer, t_port(server));
    ws_handle connection = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    connection_says(connection, 0, 0); /* it counts from here on */
    return connection;
}

/* Published to a queue that is full, which refuses. */
static void what_finds_no_room(void)
{
    static char data[SIZE];
    t_raw peer;
    begin(WS_FULL_REFUSE);
    ws_handle stuck = slow(&peer);
    uint64_t library = t_totals().dropped, missed = 0;
    for (long i = 0; missed < 10; i++) {
        size_t n;
        CHECK(i < MOST);
        OK(ws_server_broadcast(server, data, SIZE, WS_BINARY, 0, &n));
        messages += n;
        bytes += n * SIZE;
        missed += !n;
    }
    int32_t refused = ws_send(stuck, data, SIZE, WS_BINARY, NULL, NULL); /* the host is told, nothing is dropped */
    if (refused == WS_OK) {
        messages++;
        bytes += SIZE;
    } else {
        CHECK_EQ(refused, WS_ERR_FULL);
    }
    is_counted();
    CHECK_EQ(t_figures(server).dropped, missed);
    CHECK_EQ(t_totals().dropped - library, missed);
    connection_says(stuck, messages, missed);
    for (uint64_t i = 0; i < messages; i++) t_raw_expect(&peer, T_BINARY, data, SIZE);
    t_raw_close(&peer);
    finish();
}

static t_latch gone = T_LATCH, dropped = T_LATCH;

static void WS_CALL completed(const ws_event *e, void *unused)
{
    (void)unused;
    if (e->error) CHECK_EQ(e->error, WS_ERR_FULL);
    t_add(e->error ? &dropped : &gone, 1);
}

/* Sent and published by turns where the oldest make room. */
static void what_makes_room(void)
{
    static char data[SIZE];
    t_raw peer;
    begin(WS_FULL_DROP_OLDEST);
    ws_handle stuck = slow(&peer);
    uint64_t library = t_totals().dropped, sent = 0;
    for (long i = 0; t_figures(server).dropped < 50; i++) {
        CHECK(i < MOST);
        if (i % 2) {
            broadcast(data, SIZE, WS_BINARY, 1);
            continue;
        }
        OK(ws_send(stuck, data, SIZE, WS_BINARY, completed, NULL));
        messages++;
        bytes += SIZE;
        sent++;
    }
    OK(ws_send(stuck, "end", 3, WS_TEXT, NULL, NULL));
    messages++;
    bytes += 3;
    is_counted();
    uint64_t arrived = 1;
    while (t_raw_read(&peer).first != T_TEXT) arrived++;
    ws_server_stats s = t_figures(server);
    CHECK_EQ(s.dropped, messages - arrived);
    CHECK_EQ(t_totals().dropped - library, s.dropped);
    connection_says(stuck, messages, s.dropped);
    T_UNTIL_SO((uint64_t)(t_count(&gone) + t_count(&dropped)) == sent);
    CHECK(t_count(&dropped) > 0 && (uint64_t)t_count(&dropped) < s.dropped);
    t_raw_close(&peer);
    finish();
}

/* The published one that ends a connection is dropped; what waited ends with it. */
static void what_ends_a_connection(void)
{
    static char data[SIZE];
    t_raw peer;
    begin(WS_FULL_CLOSE);
    slow(&peer);
    size_t n = 1;
    for (long i = 0; n; i++) {
        CHECK(i < MOST);
        OK(ws_server_broadcast(server, data, SIZE, WS_BINARY, 0, &n));
        messages += n;
        bytes += n * SIZE;
    }
    is_counted();
    CHECK_EQ(t_figures(server).dropped, 1);
    OK(ws_server_broadcast(server, data, SIZE, WS_BINARY, 0, &n)); /* it is not open any more */
    CHECK_EQ(n, 0);
    CHECK_EQ(t_figures(server).dropped, 1);
    t_raw_close(&peer);
    finish();
}

int main(void)
{
    all_that_is_taken();
    what_finds_no_room();
    what_makes_room();
    what_ends_a_connection();
    return t_done();
}
