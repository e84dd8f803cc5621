/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads_send_while_connections_end: threads send over clients and accepted connections
 * that end in every way meanwhile, while new ones take their descriptors and their places
 * in the tables. What arrives is whole and meant for the one that gets it.
 */
#include "t.h"

#include <stdatomic.h>

enum { PLACES = 12, SESSIONS = T_TIMES(400), THREADS = 4, ENDS_AFTER = 30, MOST = 1100 };

/* A client and the connection that it is for the server; never used again. */
static struct session {
    _Atomic ws_handle client, connection;
    atomic_int heard;
} sessions[SESSIONS];
static atomic_int newest, over;
static t_latch ended = T_LATCH;

struct message {
    uint32_t session, size;
    unsigned char rest[MOST];
};

static int may(int32_t status)
{
    return status == WS_OK || status == WS_ERR_HANDLE || status == WS_ERR_NO_CONNECTION || status == WS_ERR_STATE ||
           status == WS_ERR_FULL;
}

static int32_t say(ws_handle to, uint32_t session, uint32_t size)
{
    struct message m = {session, size, {0}};
    memset(m.rest, (int)(session + size), size);
    return ws_send(to, &m, offsetof(struct message, rest) + size, WS_BINARY, NULL, NULL);
}

static void check(const ws_event *e, uint32_t session)
{
    struct message m;
    CHECK(e->size >= offsetof(struct message, rest) && e->size <= sizeof m);
    memcpy(&m, e->data, e->size);
    CHECK_EQ(m.session, session);
    CHECK_EQ(e->size, offsetof(struct message, rest) + m.size);
    for (uint32_t i = 0; i < m.size; i++) CHECK_EQ(m.rest[i], (unsigned char)(session + m.size));
}

/* The first message of a connection says whose it is. */
static void WS_CALL server_hears(const ws_event *e, void *unused)
{
    (void)unused;
    uint32_t session;
    memcpy(&session, e->data, sizeof session);
    CHECK(session < SESSIONS);
    ws_handle none = 0;
    if (atomic_compare_exchange_strong(&sessions[session].connection, &none, e->handle)) return;
    CHECK_EQ(none, e->handle);
    check(e, session);
}

static void WS_CALL client_hears(const ws_event *e, void *at)
{
    struct session *s = at;
    check(e, (uint32_t)(s - sessions));
    if (atomic_fetch_add(&s->heard, 1) != ENDS_AFTER) return;
    switch ((s - sessions) % 4) {
    case 0: OK(ws_destroy(e->handle)); break;
    case 1: CHECK(may(ws_abort(s->connection))); break;
    case 2: CHECK(may(ws_close(s->connection, NULL, NULL, NULL))); break;
    default: CHECK(may(ws_abort(e->handle))); break;
    }
}

static void WS_CALL opened(const ws_event *e, void *at)
{
    CHECK(may(say(e->handle, (uint32_t)((struct session *)at - sessions), 0)));
}

static void WS_CALL closed(const ws_event *e, void *unused)
{
    (void)unused;
    ws_destroy(e->handle);
}

static void *send_to_all(void *index)
{
    unsigned seed = (unsigned)(intptr_t)index;
    while (!over) {
        int at = rand_r(&seed) % (newest + 1);
        if (sessions[at].heard > ENDS_AFTER && rand_r(&seed) % 16) continue; /* stale ones now and then */
        ws_handle to = rand_r(&seed) % 2 ? sessions[at].connection : sessions[at].client;
        if (to && sessions[at].connection) CHECK(may(say(to, (uint32_t)at, (uint32_t)rand_r(&seed) % MOST)));
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, server_hears, NULL));
    for (intptr_t i = 0; i < THREADS; i++) t_thread(&threads[i], send_to_all, (void *)(i + 1));
    for (int i = 0; i < SESSIONS; i++) {
        if (i >= PLACES) t_wait(&ended, i - PLACES + 1);
        ws_handle client = t_client(NULL);
        sessions[i].client = client;
        OK(ws_on(client, WS_EVENT_OPEN, opened, &sessions[i]));
        OK(ws_on(client, WS_EVENT_MESSAGE, client_hears, &sessions[i]));
        OK(ws_on(client, WS_EVENT_CLOSE, closed, NULL));
        OK(ws_on(client, WS_EVENT_DESTROYED, t_tick, &ended));
        OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
        newest = i;
    }
    t_wait(&ended, SESSIONS);
    over = 1;
    for (int i = 0; i < THREADS; i++) t_join(threads[i]);
    return t_done();
}
