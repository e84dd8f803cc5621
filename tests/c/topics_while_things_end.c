/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics_while_things_end: threads publish, and connections come, subscribe, leave and
 * end in every way meanwhile, and so does the server, again and again. Nothing hangs, and
 * no memory is left.
 */
#include "t.h"

#include <stdatomic.h>

enum { ROUNDS = 12, CLIENTS = 24, THREADS = 3 };

static _Atomic ws_handle server;
static _Atomic ws_handle connections[CLIENTS];
static atomic_int came, over;

static void WS_CALL come(const ws_event *e, void *unused)
{
    (void)unused;
    connections[atomic_fetch_add(&came, 1) % CLIENTS] = e->handle;
    OK(ws_subscribe(e->handle, "t", 1));
}

/* Callbacks publish, too, and the subscription comes and goes. */
static void WS_CALL heard(const ws_event *e, void *unused)
{
    (void)unused;
    ws_unsubscribe(e->handle, "t", 1);
    ws_publish(e->server, "t", 1, e->data, e->size, e->message_type, e->handle, NULL);
    ws_subscribe(e->handle, "t", 1);
}

static void WS_CALL answer(const ws_event *e, void *unused)
{
    (void)unused;
    if (e->size % 16 == 0) ws_send(e->handle, "again", 5, WS_TEXT, NULL, NULL);
}

/* WS_OK, or what a call gives while its server or connection ends. */
static int may(int32_t status)
{
    return status == WS_OK || status == WS_ERR_HANDLE || status == WS_ERR_NO_CONNECTION || status == WS_ERR_STATE ||
           status == WS_ERR_FULL;
}

static void *publish(void *index)
{
    static const char data[5000];
    for (unsigned i = (unsigned)(intptr_t)index; !over; i += THREADS) {
        size_t n = 0;
        ws_handle s = server, c = connections[i % CLIENTS];
        CHECK(may(ws_publish(s, "t", 1, data, i % 300, WS_BINARY, c, &n)));
        CHECK(may(ws_server_broadcast(s, data, i % sizeof data, WS_BINARY, 0, &n)));
        CHECK(n <= CLIENTS);
        if (!c) continue;
        if (i % 7 == 0) CHECK(may(ws_send(c, "sent", 4, WS_TEXT, NULL, NULL)));
        if (i % 50 == 0) CHECK(may(ws_send_part(c, "part", 4, WS_TEXT, i % 100 == 0, NULL, NULL)));
        if (i % 211 == 0) CHECK(may(ws_close(c, NULL, NULL, NULL)));
        if (i % 223 == 0) CHECK(may(ws_destroy(c)));
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (int round = 0; round < ROUNDS; round++) {
        t_log log = T_LOG, clients_log = T_LOG;
        ws_handle clients[CLIENTS];
        ws_server_options o;
        WS_INIT_STRUCT(&o);
        o.max_buffered = T_TIMES(1 << 20); /* which the end of each connection waits for */
        o.full_policy = round % 3;
        server = t_server(&o, &log);
        OK(ws_server_on(server, WS_EVENT_CONNECT, come, NULL));
        OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, heard, NULL));
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = t_open_client(server, NULL);
            OK(ws_on(clients[i], WS_EVENT_MESSAGE, answer, NULL));
            OK(ws_on(clients[i], WS_EVENT_DESTROYED, t_record, &clients_log));
        }
        t_wait_event(&log, WS_EVENT_CONNECT, CLIENTS);
        over = 0;
        for (intptr_t i = 0; i < THREADS; i++) t_thread(&threads[i], publish, (void *)i);
        for (int i = 0; i < CLIENTS; i += 2) {
            CHECK(may(ws_send(clients[i + 1], "go", 2, WS_TEXT, NULL, NULL)));
            OK(ws_destroy(clients[i]));
        }
        if (round % 2) {
            OK(ws_server_stop(server, NULL, t_record, &log));
            t_wait_event(&log, WS_EVENT_COMPLETION, 1);
        }
        OK(ws_server_destroy(server));
        t_wait_event(&log, WS_EVENT_DESTROYED, 1);
        over = 1;
        for (int i = 0; i < THREADS; i++) t_join(threads[i]);
        for (int i = 1; i < CLIENTS; i += 2) OK(ws_destroy(clients[i]));
        t_wait_event(&clients_log, WS_EVENT_DESTROYED, CLIENTS);
        for (int i = 0; i < CLIENTS; i++) connections[i] = 0;
        t_forget(&log);
        t_forget(&clients_log);
        ws_stats stats;
        WS_INIT_STRUCT(&stats);
        T_UNTIL_SO(!ws_stats_get(&stats) && stats.memory_used == 0);
    }
    return t_done();
}
