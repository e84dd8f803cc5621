/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_post to a queue calls a function on the thread that dispatches it, also when nothing else uses the
 * queue; until then the queue cannot be destroyed. ws_shutdown_wait tells what waits.
 */
#include <stdatomic.h>

#include "t_queue.h"

static pid_t by;
static atomic_int ran;

static void note(const ws_event *e, void *number)
{
    CHECK_EQ(e->operation, WS_OP_POST);
    CHECK_EQ(e->error, WS_OK);
    CHECK_EQ(ran++, (intptr_t)number);
    by = gettid();
}

static void on_my_thread(void)
{
    uint64_t id;
    size_t n;
    ws_handle queue = t_queue_make(0, 0);
    CHECK_EQ(ws_post(queue, -1, note, NULL, &id), WS_ERR_PARAMETER);
    CHECK_EQ(ws_post(queue, 0, NULL, NULL, &id), WS_ERR_PARAMETER);
    OK(ws_post(queue, 3600000, note, NULL, &id));
    CHECK_EQ(ws_queue_destroy(queue), WS_ERR_BUSY);
    OK(ws_post_cancel(queue, id));
    CHECK_EQ(ws_post_cancel(queue, id), WS_ERR_STATE);
    for (intptr_t i = 0; i < 40; i++) OK(ws_post(queue, 0, note, (void *)i, NULL));
    T_UNTIL_SO(t_readable(queue, 0));
    CHECK_EQ(ran, 0);
    T_DISPATCH_UNTIL(queue, ran == 40);
    CHECK_EQ(by, gettid());
    OK(ws_post(queue, 30, note, (void *)(intptr_t)40, NULL));
    T_DISPATCH_UNTIL(queue, ran == 41);
    OK(ws_post(queue, 0, WS_COMPLETION_POLL, &ran, NULL));
    ws_event e;
    do {
        e.struct_size = sizeof e;
        OK(ws_queue_poll(queue, &e, 1, T_DEADLINE_MS, &n));
    } while (!n);
    CHECK_EQ(e.type, WS_EVENT_COMPLETION);
    CHECK(e.user_data == &ran && e.handle == queue && e.operation == WS_OP_POST);
    OK(ws_queue_destroy(queue));
    CHECK_EQ(ws_post(queue, 0, note, NULL, NULL), WS_ERR_HANDLE);
}

static void destroys_its_queue(const ws_event *e, void *latch)
{
    int32_t status = ws_queue_destroy(e->handle);
    if (status != WS_OK) CHECK_EQ(status, WS_ERR_BUSY);
    t_add(latch, 1);
}

static void on_a_thread_of_the_library(void)
{
    static t_latch done = T_LATCH;
    ws_handle queue = t_queue_make(WS_QUEUE_THREAD, 0);
    OK(ws_post(queue, 0, t_tick, &done, NULL));
    OK(ws_post(queue, 10, destroys_its_queue, &done, NULL));
    t_wait(&done, 2);
}

int main(void)
{
    static t_log log = T_LOG;
    on_my_thread();
    on_a_thread_of_the_library();
    ws_handle queue = t_queue_make(0, 0);
    OK(ws_post(queue, 3600000, t_record, &log, NULL));
    OK(ws_shutdown_wait(T_DEADLINE_MS)); /* dispatches it: it is nobody's */
    CHECK_EQ(log.count, 1);
    CHECK_EQ(log.events[0]->error, WS_ERR_SHUTDOWN);
    CHECK_EQ(ws_post(queue, 0, t_record, &log, NULL), WS_ERR_SHUTDOWN);
    OK(ws_queue_destroy(queue));
    return t_done();
}
