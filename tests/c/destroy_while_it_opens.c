/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_destroy of another thread at the moment of the open event: either open and
 * close are told, or neither.
 */
#include "t.h"

#include <sched.h>
#include <stdatomic.h>

enum { ROUNDS = T_TIMES(4000) };

static _Atomic ws_handle opening;
static _Atomic int opens, closes;
static t_latch ends = T_LATCH;

static void connected(const ws_event *e, void *unused)
{
    (void)unused;
    if (!e->error) opening = e->handle; /* the open event comes next */
}

static void count(const ws_event *e, void *unused)
{
    (void)e;
    atomic_fetch_add((_Atomic int *)unused, 1);
}

static void *destroy(void *unused)
{
    (void)unused;
    unsigned delay = 0;
    for (int round = 0; round < ROUNDS;) {
        ws_handle handle = atomic_exchange(&opening, 0);
        if (!handle) {
            sched_yield();
            continue;
        }
        for (volatile unsigned i = 0; i < delay; i++) {}
        delay = (delay + 7) % 400;
        OK(ws_destroy(handle));
        round++;
    }
    return NULL;
}

int main(void)
{
    ws_handle server = t_server(NULL, NULL);
    pthread_t thread;
    t_thread(&thread, destroy, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        ws_handle client = ws_create(NULL);
        OK(ws_on(client, WS_EVENT_OPEN, count, &opens));
        OK(ws_on(client, WS_EVENT_CLOSE, count, &closes));
        OK(ws_on(client, WS_EVENT_DESTROYED, t_tick, &ends));
        OK(ws_connect(client, t_url(server), NULL, connected, NULL));
        t_wait(&ends, round + 1);
        CHECK_EQ(opens, closes);
    }
    t_join(thread);
    return t_done();
}
