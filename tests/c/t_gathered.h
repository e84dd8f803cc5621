/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_gathered.h - what callbacks of ws_queue_dispatch send leaves together, whatever the connection is and
 * however it is sent: see say. Included by one file of a test.
 */
#ifndef T_GATHERED_H
#define T_GATHERED_H

#include <sys/wait.h>

#include "t_client.h"
#include "t_gather.h"

/* Lets one call deliver n messages. */
static inline void deliver(int n, void (*what)(const ws_event *, int))
{
    then = what;
    for (int i = 0; i < n; i++) come("go on");
    t_raw_settle(&peer);
    T_DISPATCH_UNTIL(queue, heard >= n);
}

/* ---- dispatching ------------------------------------------------------------------------------- */

static uint64_t before;

static void answer(const ws_event *e, int nth)
{
    (void)e;
    char text[20];
    uint64_t size = t_buffered(current);
    if (nth > 1 && size) CHECK(size > before);
    sprintf(text, "answer %d", nth);
    say(text);
    before = t_buffered(current);
    CHECK(before >= strlen(text) + 2);
    nothing_has_come();
}

static void one_callback_of_many(const ws_event *e, int nth)
{
    (void)nth;
    for (int i = 0; i < 200; i++) OK(ws_send(e->handle, &(uint32_t){(uint32_t)i}, 4, WS_BINARY, said, NULL));
    nothing_has_come();
}

static inline void answers_leave_together(void)
{
    ws_handle server = serve(0);
    meet(server);
    deliver(1, answer);
    expect("answer 1");
    heard = 0;
    deliver(1, one_callback_of_many);
    for (uint32_t i = 0; i < 200; i++) t_raw_expect(&peer, T_BINARY, &i, 4);
    CHECK_EQ(t_buffered(current), 0);
    part(server);
}

/* More than the outbox holds leaves by and by; nothing is refused that the kernel takes. */
static void much(const ws_event *e, int nth)
{
    (void)e, (void)nth;
    static char text[1001];
    memset(text, 'm', 1000);
    for (int i = 0; i < 300; i++) say(text);
}

static inline void much_is_sent_by_and_by(int64_t max_buffered)
{
    ws_handle server = serve(max_buffered);
    meet(server);
    deliver(1, much);
    char text[1001] = "";
    memset(text, 'm', 1000);
    for (int i = 0; i < 300; i++) expect(text);
    part(server);
}

static void flush(const ws_event *e, int nth)
{
    (void)e, (void)nth;
    say("one");
    nothing_has_come();
    OK(ws_queue_flush(queue));
    expect("one");
    say("two"); /* is gathered again */
    nothing_has_come();
}

static inline void a_flush_sends_at_once(void)
{
    ws_handle server = serve(0);
    meet(server);
    deliver(1, flush);
    expect("two");
    part(server);
}

/* ---- others ------------------------------------------------------------------------------------- */

static void with_others(const ws_event *e, int nth)
{
    static char large[5001];
    memset(large, 'l', 5000);
    say("one");
    say("two");
    nothing_has_come();
    other_sends("three"); /* nobody waits for this callback */
    expect("one");
    expect("two");
    expect("three");
    say("four");
    say(large); /* is not gathered, and what is goes first */
    expect("four");
    expect(large);
    say("five");
    OK(ws_ping(e->handle, "p", 1));
    expect("five");
    t_raw_expect(&peer, T_PING, "p", 1);
    say("six");
    OK(ws_send_part(e->handle, "se", 2, WS_TEXT, 0, NULL, NULL));
    CHECK_EQ(ws_send(e->handle, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    OK(ws_send_part(e->handle, "ven", 3, WS_TEXT, 1, NULL, NULL));
    expect("six");
    t_raw_expect(&peer, 1, "se", 2);
    t_raw_expect(&peer, T_CONT, "ven", 3);
    size_t n;
    say("eight"); /* the offer is taken back meanwhile, and comes anew */
    say("nine");
    OK(ws_server_broadcast(e->server, "ten", 3, WS_TEXT, 0, &n));
    expect("eight");
    expect("nine");
    t_raw_expect(&peer, T_TEXT, "ten", 3);
    ws_connection_stats s;
    WS_INIT_STRUCT(&s);
    say("eleven");
    say("twelve");
    OK(ws_connection_stats_get(e->handle, &s));
    OK(ws_queue_flush(queue));
    expect("eleven");
    expect("twelve");
    say("thirteen");
    (void)nth;
}

static inline void the_order_of_calls_is_kept(void)
{
    ws_handle server = serve(0);
    meet(server);
    deliver(1, with_others);
    expect("thirteen");
    ws_server_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_server_stats_get(server, &s));
    CHECK_EQ(s.messages_sent, 15);
    part(server);
}

static void close_it(const ws_event *e, int nth)
{
    (void)nth;
    say("last words");
    nothing_has_come();
    OK(ws_close(e->handle, NULL, NULL, NULL));
    CHECK_EQ(ws_send(e->handle, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_STATE);
}

static void destroy_it(const ws_event *e, int nth)
{
    (void)nth;
    say("last words");
    nothing_has_come();
    ws_destroy(e->handle);
}

static void abort_it(const ws_event *e, int nth)
{
    (void)nth;
    say("last words");
    OK(ws_abort(e->handle));
}

static inline void what_was_sent_comes_before_the_end(void)
{
    ws_handle server = serve(0);
    meet(server);
    deliver(1, close_it);
    expect("last words");
    t_raw_expect_close(&peer, 1000);
    t_raw_close(&peer);
    meet(server);
    deliver(1, destroy_it);
    expect("last words");
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    meet(server);
    deliver(1, abort_it);
    expect("last words");
    t_raw_expect_end(&peer);
    part(server);
}

/* The peer has gone: what was sent to it is lost, and nothing else. */
static void reset_by_the_peer(const ws_event *e, int nth)
{
    if (nth == 1) t_raw_reset(&peer);
    ws_send(e->handle, "to nobody", 9, WS_TEXT, NULL, NULL);
}

static inline void a_peer_may_go(void)
{
    ws_handle server = serve(0);
    t_log log = T_LOG;
    OK(ws_server_on(server, WS_EVENT_CLOSE, t_record, &log));
    meet(server);
    deliver(1, reset_by_the_peer);
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_CLOSE) == 1);
    meet(server); /* its slot is another one's now */
    deliver(1, answer);
    expect("answer 1");
    part(server);
    t_forget(&log);
}

/* ---- threads that end ------------------------------------------------------------------------------ */

static void leave_the_thread(const ws_event *e, int nth)
{
    (void)e;
    say("of a thread that ends");
    if (nth == 1) pthread_exit(NULL);
}

/* The completion of what was sent before may come alone. */
static void *dispatch_until_it_ends(void *unused)
{
    size_t n;
    while (!heard) ws_queue_dispatch(queue, 0, T_DEADLINE_MS, &n);
    return unused;
}

static inline void a_thread_that_ends_sends_what_it_has(void)
{
    ws_handle server = serve(0);
    meet(server);
    then = leave_the_thread;
    come("go on");
    pthread_t t;
    t_thread(&t, dispatch_until_it_ends, NULL);
    t_join(t);
    expect("of a thread that ends");
    part(server);
}

/* ---- children -------------------------------------------------------------------------------------- */

static pid_t child;

static void fork_here(const ws_event *e, int nth)
{
    (void)e, (void)nth;
    say("the parent's");
    child = fork();
    CHECK(child >= 0);
    if (!child) alarm(20); /* another thread may have had a lock */
    else CHECK_EQ(waitpid(child, &(int){0}, 0), child);
    if (child) nothing_has_come();
}

/* A child that goes on where its parent was sends nothing: that is for the parent. */
static inline void a_child_does_not_send_what_its_parent_has_gathered(void)
{
    ws_handle server = serve(0);
    meet(server);
    then = fork_here;
    child = -1;
    come("go on");
    t_raw_settle(&peer);
    for (size_t n; child < 0;) {
        ws_queue_dispatch(queue, 0, T_DEADLINE_MS, &n);
        if (!child) _exit(0);
    }
    expect("the parent's");
    part(server);
}

#endif
