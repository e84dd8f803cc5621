/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_queue_wake ends a wait in ws_queue_dispatch or ws_queue_poll, also one that has still to
 * begin, from any thread and from a handler of signals. The queue's destruction does the same,
 * and so does a shutdown when every event was told.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>

#include "t_queue.h"

enum { ROUNDS = 300 };

static ws_handle queue;

/* ---- waits, by both calls --------------------------------------------------------- */

static int32_t by_dispatch(int32_t timeout_ms, size_t *n)
{
    return ws_queue_dispatch(queue, 0, timeout_ms, n);
}

static int32_t by_poll(int32_t timeout_ms, size_t *n)
{
    ws_event e[4] = {{.struct_size = sizeof e[0]}};
    return ws_queue_poll(queue, e, 4, timeout_ms, n);
}

static int32_t (*const ways[])(int32_t, size_t *) = {by_dispatch, by_poll};
enum { WAYS = 2 };

typedef struct waiter {
    pthread_t thread;
    int way, timeout_ms;
    atomic_int begun, returned;
    int32_t status;
    size_t count;
} waiter;

static void *wait_once(void *at)
{
    waiter *w = at;
    w->count = 77;
    w->begun = 1;
    do w->status = ways[w->way](w->timeout_ms, &w->count);
    while (w->status == WS_ERR_BUSY); /* begin_and_wait is just looking */
    w->returned = 1;
    return NULL;
}

static void begin(waiter *w, int way, int timeout_ms)
{
    *w = (waiter){.way = way, .timeout_ms = timeout_ms};
    t_thread(&w->thread, wait_once, w);
    T_UNTIL_SO(w->begun);
}

/* Nobody can see that a thread sleeps, but that the queue is busy. */
static void begin_and_wait(waiter *w, int way, int timeout_ms)
{
    begin(w, way, timeout_ms);
    size_t n;
    T_UNTIL_SO(ws_queue_dispatch(queue, 0, 0, &n) == WS_ERR_BUSY);
}

static void woken(waiter *w, int32_t status, size_t count)
{
    t_join(w->thread);
    CHECK_EQ(w->status, status);
    CHECK_EQ(w->count, count);
}

/* ---- what wakes -------------------------------------------------------------------- */

static void wakes_who_waits(int way, int timeout_ms)
{
    for (int i = 0; i < ROUNDS; i++) {
        waiter w;
        if (i % 2) begin_and_wait(&w, way, timeout_ms);
        else begin(&w, way, timeout_ms); /* or is about to */
        OK(ws_queue_wake(queue));
        woken(&w, WS_OK, 0);
    }
}

static void is_not_lost(int way)
{
    size_t n = 77;
    OK(ws_queue_wake(queue));
    OK(ws_queue_wake(queue)); /* the same */
    OK(ways[way](0, &n));     /* no wait */
    CHECK_EQ(n, 0);
    n = 77;
    OK(ways[way](-1, &n));
    CHECK_EQ(n, 0);
    waiter w;
    begin_and_wait(&w, way, T_DEADLINE_MS); /* only one wait was ended */
    OK(ws_queue_wake(queue));
    woken(&w, WS_OK, 0);
}

static void events_come_first(int way)
{
    t_log log = T_LOG;
    ws_handle client = t_queue_client(queue, &log);
    OK(ws_destroy(client));
    OK(ws_queue_wake(queue));
    size_t all = 0, n;
    /* The wake may be before the event. */
    for (int i = 0; i < 2; i++) {
        OK(ways[way](-1, &n));
        all += n;
    }
    CHECK_EQ(all, 1);
    t_forget(&log);
}

static void other_wakes_find_nobody(void)
{
    CHECK_EQ(ws_queue_wake(0), WS_ERR_HANDLE);
    CHECK(ws_last_error()[0]);
    ws_handle client = ws_create(NULL), threaded = t_queue_make(WS_QUEUE_THREAD, 0);
    CHECK_EQ(ws_queue_wake(client), WS_ERR_HANDLE);
    CHECK_EQ(ws_queue_wake(threaded), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "WS_QUEUE_THREAD");
    OK(ws_queue_destroy(threaded));
    CHECK_EQ(ws_queue_wake(threaded), WS_ERR_HANDLE);
    OK(ws_destroy(client));
}

/* ---- in a handler of signals --------------------------------------------------------- */

/* The thread sanitizer keeps a signal from a thread until it makes a call that it knows. */
#if defined(__SANITIZE_THREAD__)
enum { WHO_WAITS_GETS_SIGNALS = 0 };
#else
enum { WHO_WAITS_GETS_SIGNALS = 1 };
#endif

static atomic_int handled;

static void handler(int signal)
{
    (void)signal;
    errno = 1234;
    if (ws_queue_wake(queue) != WS_OK || errno != 1234) abort();
    handled++;
}

static void in_a_signal_handler(int way)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART};
    CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
    for (int i = 0; i < ROUNDS; i++) {
        waiter w;
        if (i % 2) begin_and_wait(&w, way, -1);
        else begin(&w, way, -1);
        int before = handled;
        CHECK_EQ(pthread_kill(WHO_WAITS_GETS_SIGNALS && i % 3 ? w.thread : pthread_self(), SIGUSR1), 0);
        woken(&w, WS_OK, 0);
        CHECK(handled > before);
    }
}

/* ---- ends ---------------------------------------------------------------------------- */

static void destruction_wakes(int way)
{
    ws_handle kept = queue;
    for (int i = 0; i < ROUNDS; i++) {
        queue = t_queue_make(0, 0);
        waiter w;
        begin_and_wait(&w, way, i % 2 ? -1 : T_DEADLINE_MS);
        OK(ws_queue_destroy(queue));
        woken(&w, WS_OK, 0);
        CHECK_EQ(ways[way](-1, &w.count), WS_ERR_HANDLE);
    }
    queue = kept;
}

static void *loop_until_shutdown(void *of)
{
    size_t n;
    int32_t status;
    while ((status = ws_queue_dispatch(*(ws_handle *)of, 0, -1, &n)) == WS_OK) {}
    CHECK_EQ(status, WS_ERR_SHUTDOWN);
    CHECK(ws_last_error()[0]);
    return NULL;
}

static void shutdown_wakes(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_queue_server(queue, &log), client = t_queue_client(queue, &log);
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    ws_handle unused = t_queue_make(0, 0), mine = queue;
    pthread_t thread;
    t_thread(&thread, loop_until_shutdown, &mine);
    t_wait_event(&log, WS_EVENT_CONNECT, 1);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    queue = unused;
    waiter w;
    begin_and_wait(&w, 1, -1);
    queue = mine;
    OK(ws_shutdown_wait(-1));
    t_join(thread);
    woken(&w, WS_ERR_SHUTDOWN, 77);
    CHECK_EQ(t_seen(&log, WS_EVENT_DESTROYED), 2);
    for (int way = 0; way < WAYS; way++) {
        size_t n = 77;
        CHECK_EQ(ways[way](-1, &n), WS_ERR_SHUTDOWN);
        CHECK_EQ(ways[way](T_DEADLINE_MS, &n), WS_ERR_SHUTDOWN);
        CHECK_EQ(n, 77);
        OK(ways[way](0, &n)); /* no wait */
    }
    OK(ws_queue_wake(queue)); /* harmless */
    OK(ws_queue_destroy(unused));
    OK(ws_queue_destroy(queue));
}

int main(void)
{
    queue = t_queue_make(0, 0);
    for (int way = 0; way < WAYS; way++) {
        wakes_who_waits(way, -1);
        wakes_who_waits(way, T_DEADLINE_MS);
        is_not_lost(way);
        events_come_first(way);
        in_a_signal_handler(way);
        destruction_wakes(way);
    }
    other_wakes_find_nobody();
    shutdown_wakes();
    return t_done();
}
