/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that is cancelled while it waits in a call of the library, or in a callback on its way
 * through one, leaves nothing behind: the queue is the next thread's, what was not told comes
 * there, and everything ends as ever.
 */
#include <stdatomic.h>

#include "t_queue.h"

static ws_handle queue, server, client;
static t_log log_ = T_LOG;

/* ---- threads that wait ------------------------------------------------------------- */

/* BUSY: the main thread is just looking whether somebody waits. */
static void waited(int32_t status)
{
    if (status != WS_ERR_BUSY) OK(status);
}

static void *in_dispatch(void *unused)
{
    for (size_t n;;) waited(ws_queue_dispatch(queue, 0, -1, &n));
    return unused;
}

static void *in_poll(void *unused)
{
    ws_event e[4];
    e[0].struct_size = sizeof e[0];
    for (size_t n;;) waited(ws_queue_poll(queue, e, 4, T_DEADLINE_MS, &n));
    return unused;
}

static void cancelled(pthread_t thread)
{
    void *result;
    CHECK_EQ(pthread_cancel(thread), 0);
    CHECK_EQ(pthread_join(thread, &result), 0);
    CHECK(result == PTHREAD_CANCELED);
}

static void is_free(void)
{
    size_t n = 77;
    OK(ws_queue_dispatch(queue, 0, 0, &n));
    CHECK(n != 77);
}

static void while_it_waits(void *(*body)(void *))
{
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        t_thread(&thread, body, NULL);
        size_t n;
        if (i % 2) T_UNTIL_SO(ws_queue_dispatch(queue, 0, 0, &n) == WS_ERR_BUSY);
        cancelled(thread);
        is_free();
        CHECK_EQ(t_readable(queue, 0), 0);
    }
}

/* ---- threads in a callback ------------------------------------------------------------ */

static t_latch inside = T_LATCH;
static atomic_int how; /* the callback ends its thread: 1 by cancellation, 2 by pthread_exit */

static void ends_its_thread(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    int by = atomic_exchange(&how, 0);
    if (!by) return;
    t_add(&inside, 1);
    if (by == 2) pthread_exit(PTHREAD_CANCELED);
    for (;;) { /* no call that blocks: the thread sanitizer does not see what follows one that is cancelled */
        sched_yield();
        pthread_testcancel();
    }
}

/* Events of one turn, of which the first is the last that its thread tells. */
static void in_a_message(int by)
{
    int before = t_seen(&log_, WS_EVENT_MESSAGE);
    long was = t_count(&inside);
    for (int i = 0; i < 40; i++) OK(ws_send(client, "m", 1, WS_TEXT, NULL, NULL));
    pthread_t thread;
    how = by;
    t_thread(&thread, in_dispatch, NULL);
    t_wait(&inside, was + 1);
    if (by == 1) {
        size_t n;
        CHECK_EQ(ws_queue_dispatch(queue, 0, 0, &n), WS_ERR_BUSY);
        CHECK_EQ(ws_off_wait(client, WS_EVENT_PONG, NULL, NULL, 1), WS_ERR_TIMEOUT);
        cancelled(thread);
    } else {
        t_join(thread);
    }
    OK(ws_off_wait(client, WS_EVENT_PONG, NULL, NULL, T_DEADLINE_MS)); /* nothing runs */
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_MESSAGE) == before + 40);
}

static void in_the_last_event(int by, int event)
{
    t_log log = T_LOG;
    ws_handle other = t_queue_client(queue, &log);
    long was = t_count(&inside);
    OK(ws_connect(other, t_url(server), NULL, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_OPEN));
    OK(ws_on(other, event, ends_its_thread, NULL));
    OK(ws_destroy(other));
    how = by;
    pthread_t thread;
    t_thread(&thread, in_dispatch, NULL);
    t_wait(&inside, was + 1);
    if (by == 1) cancelled(thread);
    else t_join(thread);
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_DESTROYED));
    CHECK_TEXT(t_story(&log), "open close destroyed");
    t_forget(&log);
}

static t_latch heard = T_LATCH;

/* A thread of the library is replaced. */
static void in_a_thread_of_the_library(void)
{
    t_log log = T_LOG;
    ws_handle threaded = t_queue_make(WS_QUEUE_THREAD, 0), other = t_queue_client(threaded, &log);
    OK(ws_connect(other, t_url(server), NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    OK(ws_on(other, WS_EVENT_MESSAGE, ends_its_thread, NULL));
    OK(ws_on(other, WS_EVENT_MESSAGE, t_tick, &heard)); /* not the event that ends the thread */
    how = 2;
    for (int i = 0; i < 40; i++) OK(ws_send(other, "m", 1, WS_TEXT, NULL, NULL));
    t_wait(&heard, 39);
    t_destroy(other, &log);
    OK(ws_queue_destroy(threaded));
    t_forget(&log);
}

/* ---- other waits ------------------------------------------------------------------------ */

static t_latch stays = T_LATCH, may_leave = T_LATCH;

static void stay(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    t_add(&stays, 1);
    t_wait(&may_leave, 1);
}

static ws_handle inline_client;

static void *in_off_wait(void *unused)
{
    OK(ws_off_wait(inline_client, WS_EVENT_PONG, NULL, NULL, -1));
    return unused;
}

static void *in_destroy_wait(void *unused)
{
    int32_t status = ws_destroy_wait(inline_client, -1);
    FAIL("it cannot have ended with %d", status);
    return unused;
}

static void *once(void *mine)
{
    size_t n;
    OK(ws_queue_dispatch(*(ws_handle *)mine, 0, 0, &n));
    return NULL;
}

static void *destroys(void *client)
{
    int32_t status = ws_destroy_wait(*(ws_handle *)client, -1);
    FAIL("it cannot have ended with %d", status);
    return NULL;
}

/* A callback that the wait dispatches ends its thread: the next one waits on. */
static void in_a_callback_of_a_wait(int by)
{
    t_log log = T_LOG;
    ws_handle mine = t_queue_make(0, 0), other = t_queue_client(mine, &log);
    OK(ws_connect_wait(other, t_url(server), NULL, T_DEADLINE_MS));
    T_DISPATCH_UNTIL(mine, t_seen(&log, WS_EVENT_OPEN) == 1);
    OK(ws_destroy_wait(t_queue_client(mine, NULL), T_DEADLINE_MS));
    OK(ws_on(other, WS_EVENT_CLOSE, ends_its_thread, NULL));
    long was = t_count(&inside);
    pthread_t thread;
    t_thread(&thread, once, &mine); /* so that it is nobody's */
    t_join(thread);
    how = by;
    t_thread(&thread, destroys, &other);
    t_wait(&inside, was + 1);
    if (by == 1) cancelled(thread);
    else t_join(thread);
    OK(ws_destroy_wait(other, T_DEADLINE_MS));
    CHECK_TEXT(t_story(&log), "open close destroyed");
    OK(ws_queue_destroy(mine));
    t_forget(&log);
}

static void *in_shutdown(void *unused)
{
    OK(ws_shutdown_wait(-1));
    return unused;
}

/* ---- callbacks in the middle of a call ---------------------------------------------------- */

static atomic_int asked, called;

static int32_t WS_CALL allows(const char *url, void *unused)
{
    (void)url, (void)unused;
    asked++;
    pthread_testcancel(); /* not here: the library is not to be left in the middle */
    return 1;
}

static void *connects_when_cancelled(void *unused)
{
    ws_handle other = ws_create(NULL);
    CHECK_EQ(pthread_cancel(pthread_self()), 0);
    OK(ws_connect(other, t_url(server), NULL, NULL, NULL));
    OK(ws_destroy(other));
    called = 1;
    pthread_testcancel();
    return unused;
}

static void in_the_url_filter(void)
{
    OK(ws_set_url_filter(allows, NULL));
    pthread_t thread;
    void *result;
    t_thread(&thread, connects_when_cancelled, NULL);
    CHECK_EQ(pthread_join(thread, &result), 0);
    CHECK(result == PTHREAD_CANCELED && asked && called);
    OK(ws_set_url_filter(NULL, NULL));
}

static void off_and_shutdown(void)
{
    static t_log log = T_LOG;
    inline_client = t_open_client(server, &log);
    OK(ws_on(inline_client, WS_EVENT_MESSAGE, stay, NULL));
    OK(ws_send(inline_client, "m", 1, WS_TEXT, NULL, NULL));
    t_wait(&stays, 1);
    pthread_t thread;
    for (int i = 0; i < 20; i++) {
        t_thread(&thread, in_off_wait, NULL);
        cancelled(thread);
    }
    for (int i = 0; i < 20; i++) {
        t_thread(&thread, in_destroy_wait, NULL);
        if (i % 2) T_UNTIL_SO(ws_send(inline_client, "m", 1, WS_TEXT, NULL, NULL) == WS_ERR_HANDLE);
        cancelled(thread);
    }
    t_thread(&thread, in_shutdown, NULL);
    T_UNTIL_SO(!ws_create(NULL)); /* it has begun */
    cancelled(thread);
    t_add(&may_leave, 1);
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
}

int main(void)
{
    queue = t_queue_make(0, 0);
    server = t_echo_server();
    client = t_queue_client(queue, &log_);
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_OPEN));
    while_it_waits(in_dispatch);
    while_it_waits(in_poll);
    OK(ws_on(client, WS_EVENT_MESSAGE, ends_its_thread, NULL));
    for (int by = 1; by <= 2; by++) {
        in_a_message(by);
        in_the_last_event(by, WS_EVENT_CLOSE);
        in_the_last_event(by, WS_EVENT_DESTROYED);
        in_a_callback_of_a_wait(by);
    }
    OK(ws_destroy(client));
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_DESTROYED));
    in_a_thread_of_the_library();
    in_the_url_filter();
    off_and_shutdown();
    OK(ws_queue_destroy(queue));
    return t_done();
}
