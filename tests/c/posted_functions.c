/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_post calls a function once where the callbacks of a connection run, now or later, in order and
 * never inside the call; or it is cancelled, and the return says which. What the end of the connection
 * finds waiting is told that, before the destroyed event.
 */
#include <stdatomic.h>

#include "t_queue.h"

static ws_handle server, client;
static t_log log_ = T_LOG;

static void bad_values(void)
{
    uint64_t id = 77;
    CHECK_EQ(ws_post(client, 0, NULL, NULL, &id), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "callback");
    CHECK_EQ(ws_post(client, -1, t_record, &log_, &id), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "delay_ms");
    CHECK_EQ(ws_post(client, 1ll << 31, t_record, &log_, &id), WS_ERR_PARAMETER);
    CHECK_EQ(ws_post(server, 0, t_record, &log_, &id), WS_ERR_HANDLE);
    CHECK_EQ(ws_post(0, 0, t_record, &log_, &id), WS_ERR_HANDLE);
    CHECK_EQ(id, 77);
    CHECK_EQ(ws_post_cancel(client, 12345), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "id");
    CHECK_EQ(ws_post_cancel(server, 1), WS_ERR_HANDLE);
}

enum { MANY = 200 };
static atomic_int running, ran;

static void in_order(const ws_event *e, void *number)
{
    CHECK_EQ(running++, 0);
    CHECK_EQ(e->type, WS_EVENT_COMPLETION);
    CHECK_EQ(e->operation, WS_OP_POST);
    CHECK_EQ(e->error, WS_OK);
    CHECK_EQ(e->handle, client);
    CHECK_EQ(ran++, (intptr_t)number);
    running--;
}

static void now(void)
{
    OK(ws_pause(client)); /* it holds nothing of this back */
    for (intptr_t i = 0; i < MANY; i++) OK(ws_post(client, 0, in_order, (void *)i, NULL));
    T_UNTIL_SO(ran == MANY);
    OK(ws_resume(client));
}

static void posts_again(const ws_event *e, void *latch)
{
    long seen = t_count(latch);
    if (seen < 5) OK(ws_post(e->handle, 0, posts_again, latch, NULL));
    CHECK_EQ(t_count(latch), seen); /* not inside the call */
    t_add(latch, 1);
}

static void later(void)
{
    static t_latch again = T_LATCH;
    t_log log = T_LOG;
    uint64_t ids[3];
    long long begin = t_now();
    OK(ws_post(client, 120, t_record, &log, &ids[0]));
    OK(ws_post(client, 3600000, t_record, &log, &ids[1]));
    OK(ws_post(client, 60, t_record, &log, &ids[2]));
    CHECK(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    OK(ws_post_cancel(client, ids[1]));
    CHECK_EQ(ws_post_cancel(client, ids[1]), WS_ERR_STATE);
    t_wait_event(&log, WS_EVENT_COMPLETION, 2);
    CHECK(t_now() - begin >= 120); /* never early */
    CHECK_EQ(ws_post_cancel(client, ids[0]), WS_ERR_STATE); /* it has run */
    CHECK_EQ(log.count, 2);
    OK(ws_post(client, 0, posts_again, &again, NULL));
    t_wait(&again, 6);
    t_forget(&log);
}

/* Either it runs, or it was cancelled: never both, never neither. */
static void cancelled_or_run(void)
{
    static t_latch runs = T_LATCH;
    long cancelled = 0;
    for (int i = 0; i < 300; i++) {
        uint64_t id;
        OK(ws_post(client, i % 3 ? 0 : 1, t_tick, &runs, &id));
        int32_t status = ws_post_cancel(client, id);
        cancelled += status == WS_OK;
        if (status) CHECK_EQ(status, WS_ERR_STATE);
    }
    t_wait(&runs, 300 - cancelled);
    OK(ws_post(client, 100, t_tick, &runs, NULL)); /* behind all of them */
    t_wait(&runs, 301 - cancelled);
    CHECK_EQ(t_count(&runs), 301 - cancelled);
}

static void at_the_end(void)
{
    t_log log = T_LOG, accepted = T_LOG;
    uint64_t id;
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &accepted));
    ws_handle ends = t_open_client(server, &log);
    ws_handle connection = t_wait_event(&accepted, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_server_off_wait(server, WS_EVENT_CONNECT, t_record, &accepted, -1));
    OK(ws_post(connection, 3600000, t_record, &accepted, &id));
    OK(ws_post(connection, 0, t_record, &accepted, NULL));
    CHECK_EQ(t_wait_event(&accepted, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    OK(ws_post(ends, 3600000, t_record, &log, NULL));
    OK(ws_close_wait(ends, NULL, -1)); /* a client's stay */
    CHECK_EQ(t_wait_event(&accepted, WS_EVENT_COMPLETION, 2)->error, WS_ERR_CANCELLED);
    CHECK_EQ(ws_post(connection, 0, t_record, &accepted, NULL), WS_ERR_NO_CONNECTION);
    CHECK_EQ(ws_post_cancel(connection, id), WS_ERR_NO_CONNECTION);
    OK(ws_destroy_wait(ends, -1));
    CHECK_TEXT(t_story(&log), "open close post-done destroyed");
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_ERR_CANCELLED);
    t_forget(&log);
    t_forget(&accepted);
}

int main(void)
{
    server = t_echo_server();
    client = t_open_client(server, &log_);
    bad_values();
    now();
    later();
    cancelled_or_run();
    at_the_end();
    return t_done();
}
