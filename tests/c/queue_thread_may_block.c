/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With WS_QUEUE_THREAD callbacks run on a thread of the library that they may
 * block: connections without the queue go on. The queue may be destroyed inside
 * the last destroyed event.
 */
#include "t_queue.h"

static ws_handle queue;
static t_latch blocked = T_LATCH, go_on = T_LATCH, ended = T_LATCH;
static t_log slow = T_LOG, fast = T_LOG, waited = T_LOG;

/* Waits for another event of the same library, as host code in callbacks does. */
static void block(const ws_event *e, void *other)
{
    (void)e;
    t_add(&blocked, 1);
    t_wait(&go_on, 1);
    OK(ws_send(*(ws_handle *)other, "from inside", 11, WS_TEXT, NULL, NULL));
    t_wait_event(&waited, WS_EVENT_MESSAGE, 1);
}

static void last(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    OK(ws_queue_destroy(queue));
    t_add(&ended, 1);
}

int main(void)
{
    queue = t_queue_make(WS_QUEUE_THREAD, 0);
    ws_handle server = t_echo_server(), a = t_queue_client(queue, &slow), b = t_open_client(server, &fast);
    ws_handle c = t_open_client(server, &waited);
    OK(ws_on(a, WS_EVENT_MESSAGE, block, &c));
    OK(ws_connect(a, t_url(server), NULL, NULL, NULL));
    t_wait_event(&slow, WS_EVENT_OPEN, 1);
    OK(ws_send(a, "block", 5, WS_TEXT, NULL, NULL));
    t_wait(&blocked, 1);
    for (int i = 1; i <= 20; i++) t_echo_round(b, &fast, "round", 5, WS_TEXT, i);
    t_add(&go_on, 1);
    for (int i = 1; i <= 3; i++) OK(ws_send(a, "more", 4, WS_TEXT, NULL, NULL));
    t_wait_event(&slow, WS_EVENT_MESSAGE, 4);
    pid_t thread = t_wait_event(&slow, WS_EVENT_OPEN, 1)->thread;
    CHECK(thread != gettid());
    CHECK(thread != t_wait_event(&fast, WS_EVENT_OPEN, 1)->thread);
    CHECK_EQ(t_wait_event(&slow, WS_EVENT_MESSAGE, 4)->thread, thread);
    CHECK_EQ(ws_queue_destroy(queue), WS_ERR_BUSY);
    OK(ws_on(a, WS_EVENT_DESTROYED, last, NULL));
    OK(ws_destroy(a));
    t_wait(&ended, 1);
    CHECK_EQ(ws_queue_destroy(queue), WS_ERR_HANDLE);
    CHECK_TEXT(t_story(&slow), "open message message message message close destroyed");
    return t_done();
}
