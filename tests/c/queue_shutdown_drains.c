/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_shutdown_wait delivers what waits in queues: by itself for queues that this
 * thread, an ended thread or nobody has dispatched; a queue of another thread
 * stays that thread's, and the wait can time out.
 */
#include "t_queue.h"

enum { QUEUES = 4 };

static t_log at[QUEUES];
static ws_handle queues[QUEUES];
static t_latch dispatched = T_LATCH, goes_on = T_LATCH;

static void *once(void *queue)
{
    size_t n;
    OK(ws_queue_dispatch(*(ws_handle *)queue, 0, 0, &n));
    return NULL;
}

static void *twice(void *queue)
{
    ws_handle q = *(ws_handle *)queue;
    size_t n;
    OK(ws_queue_dispatch(q, 0, 0, &n));
    t_add(&dispatched, 1);
    t_wait(&goes_on, 1);
    T_DISPATCH_UNTIL(q, t_seen(&at[3], WS_EVENT_DESTROYED));
    return NULL;
}

int main(void)
{
    ws_handle server = t_echo_server();
    for (int i = 0; i < QUEUES; i++) {
        at[i] = (t_log)T_LOG;
        queues[i] = t_queue_make(0, 0);
        ws_handle client = t_queue_client(queues[i], &at[i]);
        t_log opened = T_LOG;
        OK(ws_connect(client, t_url(server), NULL, t_record, &opened));
        T_DISPATCH_UNTIL(queues[i], t_seen(&at[i], WS_EVENT_OPEN));
        t_forget(&opened);
    }
    /* queues[0] and [1] are this thread's, [2] an ended one's, [3] another one's; one is nobody's. */
    ws_handle nobodys = t_queue_make(0, 0);
    static t_log there = T_LOG;
    t_queue_client(nobodys, &there);
    pthread_t ends, lives;
    t_thread(&ends, once, &queues[2]);
    t_join(ends);
    t_thread(&lives, twice, &queues[3]);
    t_wait(&dispatched, 1);

    CHECK_EQ(ws_shutdown_wait(50), WS_ERR_TIMEOUT);
    CHECK_EQ(t_seen(&at[3], WS_EVENT_DESTROYED), 0);
    t_add(&goes_on, 1);
    OK(ws_shutdown_wait(-1));
    t_join(lives);
    for (int i = 0; i < QUEUES; i++) {
        CHECK_TEXT(t_story(&at[i]), "open close destroyed");
        pid_t by = at[i].events[1]->thread;
        CHECK_EQ(by == gettid(), i != 3);
        OK(ws_queue_destroy(queues[i]));
    }
    CHECK_TEXT(t_story(&there), "destroyed");
    OK(ws_queue_destroy(nobodys));
    return t_done();
}
