/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that wait dispatch the queue of their handle when it is the calling thread's, nobody's
 * or that of a thread which has ended, also when that ends in the middle of the wait. A queue that
 * another thread dispatches or polls is left to it.
 */
#include <stdatomic.h>

#include "t_queue.h"

static ws_handle server;

/* All by the thread that has the queue, from the first call to the last. */
static void of_this_thread(void)
{
    t_log log = T_LOG;
    ws_handle queue = t_queue_make(0, 0), client = t_queue_client(queue, &log);
    OK(ws_connect_wait(client, t_url(server), NULL, T_DEADLINE_MS));
    OK(ws_close_wait(client, NULL, -1));
    CHECK_TEXT(t_story(&log), "open close");
    OK(ws_connect_wait(client, t_url(server), NULL, -1));
    OK(ws_destroy_wait(client, -1));
    CHECK_EQ(t_seen(&log, WS_EVENT_DESTROYED), 1);
    for (int i = 0; i < log.count; i++) CHECK_EQ(log.events[i]->thread, gettid());
    OK(ws_queue_destroy(queue)); /* nobody uses it */
    t_forget(&log);
}

static void of_a_server(void)
{
    t_log log = T_LOG;
    ws_handle queue = t_queue_make(0, 0), mine = t_queue_server(queue, &log);
    ws_handle client = t_client(NULL);
    OK(ws_connect_wait(client, t_url(mine), NULL, -1));
    OK(ws_server_stop_wait(mine, NULL, -1));
    OK(ws_server_destroy_wait(mine, -1));
    CHECK_TEXT(t_story(&log), "connect close destroyed");
    OK(ws_queue_destroy(queue));
    OK(ws_destroy_wait(client, -1));
    t_forget(&log);
}

static ws_handle queue_;
static t_latch dispatched = T_LATCH, may_end = T_LATCH;
static atomic_int polls, enough;

static void *dispatches_once(void *unused)
{
    size_t n;
    OK(ws_queue_dispatch(queue_, 0, 0, &n));
    t_add(&dispatched, 1);
    t_wait(&may_end, 1);
    return unused;
}

static void *destroys(void *client)
{
    OK(ws_destroy_wait(*(ws_handle *)client, -1));
    return NULL;
}

/* Who has the queue does not dispatch it, and ends. */
static void of_a_thread_that_ends(void)
{
    t_log log = T_LOG;
    pthread_t owner, waiter;
    queue_ = t_queue_make(0, 0);
    ws_handle client = t_queue_client(queue_, &log);
    t_thread(&owner, dispatches_once, NULL);
    t_wait(&dispatched, 1);
    CHECK_EQ(ws_connect_wait(client, t_url(server), NULL, 50), WS_ERR_TIMEOUT);
    CHECK_EQ(ws_destroy_wait(client, 0), WS_ERR_TIMEOUT);
    CHECK_EQ(log.count, 0);
    t_thread(&waiter, destroys, &client);
    t_add(&may_end, 1);
    t_join(owner);
    t_join(waiter);
    CHECK_EQ(t_seen(&log, WS_EVENT_DESTROYED), 1);
    OK(ws_queue_destroy(queue_));
    t_forget(&log);
}

/* The completion of a call that waits is no event that somebody polls. */
static void *polls_all(void *unused)
{
    while (!enough) {
        ws_event events[8];
        size_t n;
        events[0].struct_size = sizeof events[0];
        OK(ws_queue_poll(queue_, events, 8, 20, &n));
        for (size_t i = 0; i < n; i++) CHECK(events[i].type != WS_EVENT_COMPLETION);
        polls++;
    }
    return unused;
}

static void of_a_thread_that_polls(void)
{
    pthread_t thread;
    queue_ = t_queue_make(0, 0);
    ws_handle client = t_queue_client(queue_, NULL);
    t_thread(&thread, polls_all, NULL);
    T_UNTIL_SO(polls);
    for (int i = 0; i < 20; i++) {
        OK(ws_connect_wait(client, t_url(server), NULL, T_DEADLINE_MS));
        OK(ws_close_wait(client, NULL, T_DEADLINE_MS));
    }
    OK(ws_destroy_wait(client, T_DEADLINE_MS));
    enough = 1;
    t_join(thread);
    OK(ws_queue_destroy(queue_));
}

/* Inside a callback of one queue, a handle of another one or of none may be waited for. */
static void waits_for_another(const ws_event *e, void *other)
{
    (void)e;
    OK(ws_destroy_wait(*(ws_handle *)other, T_DEADLINE_MS));
}

static void inside_a_callback_of_another_queue(void)
{
    t_log log = T_LOG;
    ws_handle queue = t_queue_make(0, 0), client = t_queue_client(queue, &log), other = t_open_client(server, NULL);
    OK(ws_on(client, WS_EVENT_OPEN, waits_for_another, &other));
    OK(ws_connect_wait(client, t_url(server), NULL, -1));
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_OPEN) == 1);
    CHECK_EQ(ws_destroy_wait(other, -1), WS_ERR_HANDLE);
    OK(ws_destroy_wait(client, -1));
    OK(ws_queue_destroy(queue));
    t_forget(&log);
}

int main(void)
{
    server = t_echo_server();
    of_this_thread();
    of_a_server();
    of_a_thread_that_ends();
    of_a_thread_that_polls();
    inside_a_callback_of_another_queue();
    return t_done();
}
