/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A callback of a loop may take its time: what comes before it on the same loop, and goes into queues,
 * has woken who dispatches them by then. One queue is a thread's of the library, the other one's
 * descriptor is polled by the test.
 */
#include "t_queue.h"

static ws_handle queues[2];
static t_latch blocked = T_LATCH, go_on = T_LATCH, told = T_LATCH, over = T_LATCH;

static void block(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    t_add(&blocked, 1);
    t_wait(&go_on, 1);
}

static void wait_for_all(const ws_event *e, void *number)
{
    (void)e;
    t_wait(&told, (long)(intptr_t)number);
    t_add(&over, 1);
}

static void *poll_and_dispatch(void *number)
{
    while (t_count(&told) < (long)(intptr_t)number)
        if (t_readable(queues[1], 100)) t_dispatch(queues[1], 0);
    return NULL;
}

int main(void)
{
    enum { EACH = 4 };
    ws_handle clients[EACH];
    queues[0] = t_queue_make(WS_QUEUE_THREAD, 0);
    queues[1] = t_queue_make(0, 0);
    for (int i = 0; i < EACH; i++) clients[i] = t_queue_client(queues[i % 2], NULL);
    ws_handle inline_client = ws_create(NULL);
    pthread_t thread;
    t_thread(&thread, poll_and_dispatch, (void *)(intptr_t)EACH);
    OK(ws_post(inline_client, 0, block, NULL, NULL));
    t_wait(&blocked, 1); /* so all that follows comes to the loop at once */
    for (int i = 0; i < EACH; i++) OK(ws_post(clients[i], 0, t_tick, &told, NULL));
    OK(ws_post(inline_client, 0, wait_for_all, (void *)(intptr_t)EACH, NULL));
    t_add(&go_on, 1);
    t_wait(&over, 1);
    t_join(thread);
    for (int i = 0; i < EACH; i++) OK(ws_destroy(clients[i]));
    OK(ws_destroy(inline_client));
    return t_done();
}
