/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_latest.h - for tests of ws_send_with and its likes: a connection whose peer does not read, a wall
 * of large messages before it, and small ones that say who they are.
 */
#ifndef T_LATEST_H
#define T_LATEST_H

#include "t_client.h"

enum { SIZE = 20000, THICK = 50, ROOM = 80 * SIZE };

static int listener, port;

/* One end is ours, the other a raw one that does not read. */
typedef struct pair {
    ws_handle handle, server;
    t_raw peer;
    t_log log;
} pair;

static inline ws_handle small_server(int64_t max_buffered, t_log *log)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_buffered = max_buffered;
    return t_server(&o, log);
}

static inline void begin(pair *p, int accepted)
{
    *p = (pair){.log = T_LOG};
    if (accepted) {
        p->server = small_server(ROOM, &p->log);
        t_raw_small_client(&p->peer, t_port(p->server));
        p->handle = t_wait_event(&p->log, WS_EVENT_CONNECT, 1)->handle;
    } else {
        ws_create_options o;
        WS_INIT_STRUCT(&o);
        o.max_buffered = ROOM;
        p->handle = ws_create(&o);
        CHECK(p->handle);
        t_listen(p->handle, &p->log);
        t_meet(p->handle, NULL, listener, port, &p->peer);
        t_wait_event(&p->log, WS_EVENT_OPEN, 1);
    }
}

static inline void finish(pair *p)
{
    if (p->peer.fd >= 0) t_raw_close(&p->peer);
    if (p->server) OK(ws_server_destroy(p->server));
    else OK(ws_destroy(p->handle));
    t_wait_event(&p->log, WS_EVENT_DESTROYED, 1);
    t_forget(&p->log);
}

static inline ws_send_options rank(uint64_t key, int32_t priority)
{
    ws_send_options o;
    WS_INIT_STRUCT(&o);
    o.key = key;
    o.priority = priority;
    return o;
}

/* A message says who it is. */
typedef struct note {
    uint32_t who, n;
} note;

enum { WALL = 1000000 };

static inline int32_t send_note(ws_handle handle, uint32_t who, uint32_t n, uint64_t key, int32_t priority,
                         ws_callback completion, void *user_data)
{
    note m = {who, n};
    ws_send_options o = rank(key, priority);
    return ws_send_with(handle, &m, sizeof m, WS_BINARY, &o, completion, user_data);
}

static inline void send_wall(ws_handle handle, uint32_t n)
{
    static _Thread_local struct {
        note head;
        char rest[SIZE - sizeof(note)];
    } m;
    m.head = (note){WALL, n};
    OK(ws_send_with(handle, &m, sizeof m, WS_BINARY, NULL, NULL, NULL));
}

/* Many large messages that wait, for a peer that does not read; how many they are, from 0 on. */
static inline uint32_t wall(ws_handle handle)
{
    uint32_t n = 0;
    while (!t_buffered(handle)) send_wall(handle, n++);
    for (int i = 0; i < THICK; i++) send_wall(handle, n++);
    CHECK(t_buffered(handle) > THICK / 2 * SIZE);
    return n;
}

static inline note read_note(t_raw *peer)
{
    t_frame f = t_raw_read(peer);
    CHECK_EQ(f.first, T_BINARY);
    note m;
    memcpy(&m, f.data, sizeof m);
    CHECK_EQ(f.size, m.who == WALL ? SIZE : sizeof m);
    return m;
}

static inline void expect(t_raw *peer, uint32_t who, uint32_t n)
{
    note m = read_note(peer);
    CHECK_EQ(m.who, who);
    CHECK_EQ(m.n, n);
}

static inline void expect_wall(t_raw *peer, uint32_t from, uint32_t to)
{
    for (uint32_t n = from; n < to; n++) expect(peer, WALL, n);
}

static inline uint64_t replaced_of(ws_handle handle)
{
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(handle, &stats));
    return stats.messages_replaced;
}

static inline ws_stats library(void)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    return stats;
}

static t_latch sent = T_LATCH, replaced = T_LATCH, cut = T_LATCH;

static inline void fresh_latches(void)
{
    sent = replaced = cut = (t_latch)T_LATCH;
}

/* What became of a message is 1 before its completion, which comes once. */
static inline void WS_CALL once(const ws_event *e, void *became)
{
    CHECK_EQ(e->operation, WS_OP_SEND);
    CHECK_EQ(*(int32_t *)became, 1);
    *(int32_t *)became = e->error;
    if (e->error == WS_ERR_REPLACED) CHECK_HAS(e->text, "replaced");
    t_add(e->error == WS_OK ? &sent : e->error == WS_ERR_REPLACED ? &replaced : &cut, 1);
}

#endif
