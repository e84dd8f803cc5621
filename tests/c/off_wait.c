/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_off_wait returns when no callback of the connection is running, or when its
 * time is over; inside a callback of the connection it refuses, of another one it works.
 */
#include "t.h"

static t_latch inside = T_LATCH, may_leave = T_LATCH;
static int left; /* written before the callback returns, read after the wait */

static void stay(const ws_event *e, void *user_data)
{
    (void)e;
    (void)user_data;
    t_add(&inside, 1);
    t_wait(&may_leave, t_count(&inside));
    left++;
}

static ws_handle server, client;

/* Begins a callback that stays until may_leave. */
static void begin_callback(long times)
{
    OK(ws_send(client, "in", 2, WS_TEXT, NULL, NULL));
    t_wait(&inside, times);
}

static void *wait_for_ever(void *unused)
{
    OK(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, -1));
    CHECK_EQ(left, 2);
    return unused;
}

static void waits_for_a_running_callback(void)
{
    begin_callback(1);
    CHECK_EQ(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, 0), WS_ERR_TIMEOUT);
    CHECK_EQ(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, 50), WS_ERR_TIMEOUT);
    CHECK_EQ(left, 0);
    OK(ws_off(client, WS_EVENT_MESSAGE, stay, NULL)); /* does not wait */
    t_add(&may_leave, 1);
    OK(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, -1)); /* nothing to remove, and still it waits */
    CHECK_EQ(left, 1);

    OK(ws_on(client, WS_EVENT_MESSAGE, stay, NULL));
    begin_callback(2);
    pthread_t thread;
    t_thread(&thread, wait_for_ever, NULL);
    t_add(&may_leave, 1);
    t_join(thread);
    OK(ws_off_wait(client, WS_EVENT_MESSAGE, stay, NULL, 0)); /* idle: at once */
}

/* Freed right after ws_off_wait: a later call would use it. */
static void user_data_may_be_freed(void)
{
    for (int i = 0; i < T_TIMES(300); i++) {
        t_latch *mine = malloc(sizeof *mine);
        *mine = (t_latch)T_LATCH;
        OK(ws_on(client, WS_EVENT_MESSAGE, t_tick, mine));
        for (int n = 0; n < 20; n++) OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
        t_wait(mine, 1 + i % 5);
        OK(ws_off_wait(client, WS_EVENT_MESSAGE, t_tick, mine, T_DEADLINE_MS));
        memset(mine, 0xa5, sizeof *mine);
        free(mine);
    }
}

static ws_handle other;

static void call_inside(const ws_event *e, void *done)
{
    CHECK_EQ(ws_off_wait(e->handle, WS_EVENT_MESSAGE, call_inside, done, -1), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_off_wait(e->handle, WS_EVENT_CLOSE, NULL, NULL, 0), WS_ERR_IN_CALLBACK);
    CHECK(ws_last_error()[0]);
    OK(ws_off_wait(other, WS_EVENT_MESSAGE, NULL, NULL, -1)); /* of another connection, which is idle */
    t_add(done, 1);
}

static void inside_a_callback(void)
{
    static t_latch done = T_LATCH;
    OK(ws_on(client, WS_EVENT_MESSAGE, call_inside, &done));
    for (int i = 1; i <= 2; i++) { /* it removed nothing, so it is called again */
        OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
        t_wait(&done, i);
    }
    /* Echoes of user_data_may_be_freed may still come: none is in a callback when the client goes. */
    OK(ws_off_wait(client, WS_EVENT_MESSAGE, call_inside, &done, T_DEADLINE_MS));
}

int main(void)
{
    server = t_echo_server();
    client = t_open_client(server, NULL);
    other = t_open_client(server, NULL);
    OK(ws_on(client, WS_EVENT_MESSAGE, stay, NULL));
    waits_for_a_running_callback();
    user_data_may_be_freed();
    inside_a_callback();
    return t_done();
}
