/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_busy.h - a host that keeps calling, for tests of what interrupts it: it connects, starts
 * and stops servers, sends, publishes and asks, so that a signal finds it deep inside.
 */
#ifndef T_BUSY_H
#define T_BUSY_H

#include "t.h"

typedef struct t_busy {
    ws_handle server, client, accepted;
    t_log log;
    t_latch gone, completed;
    long lives, sends;
} t_busy;

static inline void t_busy_begin(t_busy *b)
{
    *b = (t_busy){.log = T_LOG, .gone = T_LATCH, .completed = T_LATCH};
    b->server = t_server(NULL, &b->log);
    b->client = t_open_client(b->server, NULL);
    b->accepted = t_wait_event(&b->log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_subscribe(b->accepted, "room", 4));
}

static inline void t_busy_once(t_busy *b)
{
    static const char large[20000] = {1};
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    ws_handle h = ws_create(NULL);
    CHECK(h);
    OK(ws_on(h, WS_EVENT_DESTROYED, t_tick, &b->gone));
    OK(ws_connect(h, "wss://localhost:1/path?query", NULL, NULL, NULL));
    OK(ws_destroy(h));
    ws_handle server = ws_server_create(NULL);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &b->gone));
    OK(ws_server_start(server, NULL, NULL, NULL));
    OK(ws_server_destroy(server));
    b->lives += 2;
    int32_t sent = ws_send(b->accepted, large, sizeof large, WS_BINARY, t_tick, &b->completed);
    CHECK(sent == WS_OK || sent == WS_ERR_FULL);
    b->sends += sent == WS_OK;
    sent = ws_send(b->client, "a few words", 11, WS_TEXT, NULL, NULL);
    CHECK(sent == WS_OK || sent == WS_ERR_FULL);
    OK(ws_publish(b->server, "room", 4, large, 3000, WS_BINARY, 0, NULL));
    OK(ws_stats_get(&stats));
}

/* Nothing is lost, and all ends are told. */
static inline void t_busy_end(t_busy *b)
{
    t_wait(&b->gone, b->lives);
    t_wait(&b->completed, b->sends);
}

#endif
