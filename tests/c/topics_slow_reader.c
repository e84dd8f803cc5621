/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics_slow_reader: a client that never reads holds up none of the others, and no more
 * memory than its queue may have; what it missed is counted, and a drain event follows.
 */
#include "t.h"

enum { CLIENTS = T_TIMES(1000), ROOM = 200000, SIZE = 1000, STEP = 50, MOST = 100000 };

static t_latch arrived = T_LATCH;

static void WS_CALL take(const ws_event *e, void *unused)
{
    (void)unused;
    if (e->size != SIZE) FAIL("a message of %zu bytes", e->size);
    t_add(&arrived, 1);
}

static uint64_t memory(void)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    return (uint64_t)stats.memory_used;
}

int main(void)
{
    static char data[SIZE];
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_buffered = ROOM;
    t_log log = T_LOG;
    ws_handle server = ws_server_create(&o);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &log));
    OK(ws_server_on(server, WS_EVENT_DRAIN, t_record, &log));
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.write_timeout_ms = -1;
    config.ping_interval_ms = -1; /* or, on a busy machine, a ping is among what it gets */
    OK(ws_server_start(server, &config, NULL, NULL));
    t_raw slow;
    t_raw_small_client(&slow, t_port(server));
    ws_handle stuck = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    int count = t_tls() ? CLIENTS / 10 : CLIENTS; /* a client over TLS takes long to connect */
    for (int i = 0; i < count; i++) OK(ws_on(t_open_client(server, NULL), WS_EVENT_MESSAGE, take, NULL));
    t_wait_event(&log, WS_EVENT_CONNECT, count + 1);

    uint64_t before = memory();
    long sent = 0, missed = 0;
    while (missed < 100) {
        for (int i = 0; i < STEP; i++, sent++) {
            size_t n;
            OK(ws_server_broadcast(server, data, SIZE, WS_BINARY, 0, &n));
            CHECK(n == (size_t)count || n == (size_t)count + 1);
            missed += n == (size_t)count;
        }
        CHECK(sent < MOST);
        t_wait(&arrived, sent * count); /* all the others have all */
        CHECK(memory() - before < 4 * ROOM);
    }
    CHECK_EQ(t_count(&arrived), sent * count);
    ws_connection_stats c;
    WS_INIT_STRUCT(&c);
    OK(ws_connection_stats_get(stuck, &c));
    CHECK_EQ(c.messages_dropped, missed);
    ws_stats all;
    WS_INIT_STRUCT(&all);
    OK(ws_stats_get(&all));
    CHECK_EQ(all.dropped, missed);
    for (long i = 0; i < sent - missed; i++) CHECK_EQ(t_raw_read(&slow).size, SIZE); /* it gets the rest */
    CHECK_EQ(t_wait_event(&log, WS_EVENT_DRAIN, 1)->handle, stuck);
    t_raw_close(&slow);
    return t_done();
}
