/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slots go from connections to queues and back while everything ends at once: what is said
 * of a connection that is gone never reaches who has its slot now.
 */
#include <stdatomic.h>

#include "t_queue.h"

enum { ROUNDS = T_TIMES(60), CONNECTIONS = 20, QUEUES = 40, MAKERS = 2 };

static ws_handle queue;
static atomic_int over;
static atomic_int connected;
static ws_handle accepted[CONNECTIONS];

static void on_connect(const ws_event *e, void *unused)
{
    (void)unused;
    int n = connected;
    if (n < CONNECTIONS) accepted[n] = e->handle;
    connected = n + 1;
}

/* Makes and destroys queues, which takes the slots that connections leave. */
static void *maker(void *unused)
{
    while (!over) {
        ws_handle made[QUEUES];
        for (int i = 0; i < QUEUES; i++) CHECK(made[i] = ws_queue_create(NULL));
        for (int i = 0; i < QUEUES; i++) OK(ws_queue_destroy(made[i]));
    }
    return unused;
}

static void *dispatcher(void *unused)
{
    size_t n;
    while (!over) OK(ws_queue_dispatch(queue, 0, 5, &n));
    return unused;
}

static void one_round(void)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    connected = 0;
    ws_handle server = t_server(&o, NULL), clients[CONNECTIONS];
    OK(ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL));
    for (int i = 0; i < CONNECTIONS; i++) {
        CHECK(clients[i] = ws_create(NULL));
        OK(ws_connect(clients[i], t_url(server), NULL, NULL, NULL));
    }
    T_UNTIL_SO(connected == CONNECTIONS);
    for (int i = 0; i < CONNECTIONS; i++) {
        if (i % 3 == 1) OK(ws_pause(accepted[i]));
        if (i % 3 == 2) OK(ws_abort(accepted[i]));
        ws_destroy(accepted[i]); /* an aborted one may be gone */
    }
    OK(ws_server_destroy(server));
    for (int i = 0; i < CONNECTIONS; i++) OK(ws_destroy(clients[i]));
}

int main(void)
{
    ws_init_options o;
    WS_INIT_STRUCT(&o);
    o.loops = 2;
    OK(ws_init(&o));
    queue = t_queue_make(0, 0);
    pthread_t makers[MAKERS], tells;
    for (int i = 0; i < MAKERS; i++) t_thread(&makers[i], maker, NULL);
    t_thread(&tells, dispatcher, NULL);
    for (int i = 0; i < ROUNDS; i++) one_round();
    over = 1;
    for (int i = 0; i < MAKERS; i++) t_join(makers[i]);
    t_join(tells);
    return t_done();
}
