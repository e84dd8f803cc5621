/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What callbacks send that ws_queue_dispatch calls leaves when it returns, and what a thread sends
 * between two ws_queue_poll of a queue with WS_QUEUE_GATHER at the second one. ws_queue_flush sends it
 * at once. The order of calls is kept whoever else sends, and what was sent before ws_close or
 * ws_destroy comes before the end.
 */
#include <poll.h>

#include "t_client.h"
#include "t_queue.h"

static ws_handle queue, current;
static t_raw peer;
static int heard;
static void (*then)(const ws_event *e, int nth);

/* A message of the host, which is gathered when nobody wants it at once. */
static void say(const char *text)
{
    OK(ws_send(current, text, strlen(text), WS_TEXT, NULL, NULL));
}

static void expect(const char *text)
{
    t_raw_expect(&peer, T_TEXT, text, strlen(text));
}

static void nothing_has_come(void)
{
    struct pollfd p = {.fd = peer.fd, .events = POLLIN};
    CHECK(peer.at == peer.have && poll(&p, 1, 0) == 0);
}

static void on_message(const ws_event *e, void *unused)
{
    (void)unused;
    current = e->handle;
    then(e, ++heard);
}

static void ignore(const ws_event *e, int nth)
{
    (void)e, (void)nth;
}

/* ---- a server whose connection is `current`, and over which a short message has gone ------------- */

static ws_handle serve(int64_t max_buffered)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    o.max_buffered = max_buffered;
    ws_handle server = ws_server_create(&o);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static void come(const char *text)
{
    t_raw_send(&peer, T_TEXT, text, strlen(text));
}

static void meet(ws_handle server)
{
    t_raw_client(&peer, t_port(server));
    heard = 0;
    then = ignore;
    come("first");
    T_DISPATCH_UNTIL(queue, heard == 1);
    say("the first one opens the way");
    expect("the first one opens the way");
    heard = 0;
}

static void part(ws_handle server)
{
    t_raw_close(&peer);
    t_latch over = T_LATCH;
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &over));
    ws_server_destroy(server);
    T_DISPATCH_UNTIL(queue, t_count(&over));
}

/* Lets one call deliver n messages. */
static void deliver(int n, void (*what)(const ws_event *, int))
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
    for (int i = 0; i < 200; i++) OK(ws_send(e->handle, &(uint32_t){(uint32_t)i}, 4, WS_BINARY, NULL, NULL));
    nothing_has_come();
}

static void answers_leave_together(void)
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

static void much_is_sent_by_and_by(int64_t max_buffered)
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

static void a_flush_sends_at_once(void)
{
    ws_handle server = serve(0);
    meet(server);
    deliver(1, flush);
    expect("two");
    part(server);
}

/* ---- others ------------------------------------------------------------------------------------- */

static const char *of_other;

static void *other(void *unused)
{
    say(of_other);
    return unused;
}

static void other_sends(const char *text)
{
    pthread_t t;
    of_other = text;
    t_thread(&t, other, NULL);
    t_join(t);
}

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
    expect("eleven");
    expect("twelve");
    say("thirteen");
    (void)nth;
}

static void the_order_of_calls_is_kept(void)
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

static void what_was_sent_comes_before_the_end(void)
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

static void a_peer_may_go(void)
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

static void *dispatch_once(void *unused)
{
    size_t n;
    ws_queue_dispatch(queue, 0, T_DEADLINE_MS, &n);
    return unused;
}

static void a_thread_that_ends_sends_what_it_has(void)
{
    ws_handle server = serve(0);
    meet(server);
    then = leave_the_thread;
    come("go on");
    pthread_t t;
    t_thread(&t, dispatch_once, NULL);
    t_join(t);
    expect("of a thread that ends");
    part(server);
}

/* ---- polling --------------------------------------------------------------------------------------- */

static void poll_one(int type)
{
    ws_event e[8] = {{.struct_size = sizeof e[0]}};
    size_t n;
    OK(ws_queue_poll(queue, e, 8, T_DEADLINE_MS, &n));
    CHECK_EQ(n, 1);
    CHECK_EQ(e[0].type, type);
    current = e[0].handle;
}

static void *poll_and_end(void *unused)
{
    poll_one(WS_EVENT_MESSAGE_RECEIVE);
    say("of a thread that polls no more");
    nothing_has_come();
    return unused;
}

static void polling_gathers(int gathers)
{
    ws_handle server = serve(0);
    meet(server);
    size_t n;
    ws_event none = {.struct_size = sizeof none};
    come("1");
    poll_one(WS_EVENT_MESSAGE_RECEIVE);
    say("one");
    say("two");
    if (gathers) nothing_has_come();
    else expect("one"), expect("two");
    OK(ws_queue_poll(queue, &none, 1, 0, &n));
    CHECK_EQ(n, 0);
    if (gathers) expect("one"), expect("two");
    say("at once"); /* nothing was polled */
    expect("at once");

    come("2");
    poll_one(WS_EVENT_MESSAGE_RECEIVE);
    say("three");
    if (gathers) nothing_has_come();
    OK(ws_queue_flush(queue));
    expect("three");
    say("at once, too");
    expect("at once, too");

    come("3");
    poll_one(WS_EVENT_MESSAGE_RECEIVE);
    say("four");
    other_sends("five");
    expect("four");
    expect("five");
    say("six"); /* who waits for events has sent before */
    CHECK_EQ(ws_close_wait(current, NULL, 0), WS_ERR_TIMEOUT);
    expect("six");
    t_raw_expect_close(&peer, 1000);
    t_raw_close(&peer);

    if (gathers) {
        meet(server);
        come("4");
        pthread_t t;
        t_thread(&t, poll_and_end, NULL);
        t_join(t);
        expect("of a thread that polls no more");
    }
    part(server);
}

/* ---- clients ---------------------------------------------------------------------------------------- */

static void client_message(const ws_event *e, void *got)
{
    current = e->handle;
    (*(int *)got)++;
    if (*(int *)got > 1) return;
    for (int i = 0; i < 50; i++) OK(ws_send(e->handle, &(uint32_t){(uint32_t)i}, 4, WS_BINARY, NULL, NULL));
    nothing_has_come();
}

/* Frames of a client are masked, each on its own (RFC 6455 5.3). */
static void clients_gather(void)
{
    int port, got = 0, listener = t_raw_listen(&port);
    t_log log = T_LOG;
    ws_handle client = t_queue_client(queue, &log);
    OK(ws_on(client, WS_EVENT_MESSAGE, client_message, &got));
    t_meet(client, NULL, listener, port, &peer);
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_OPEN) == 1);
    OK(ws_send(client, "open", 4, WS_TEXT, NULL, NULL));
    expect("open");
    come("go on");
    T_DISPATCH_UNTIL(queue, got == 1);
    for (uint32_t i = 0; i < 50; i++) t_raw_expect(&peer, T_BINARY, &i, 4);
    ws_destroy(client);
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_DESTROYED) == 1);
    t_raw_close(&peer);
    close(listener);
    t_forget(&log);
}

static void wrong_calls(void)
{
    CHECK_EQ(ws_queue_flush(0), WS_ERR_HANDLE);
    CHECK_HAS(ws_last_error(), "queue");
    OK(ws_queue_flush(queue)); /* nothing is gathered */
}

int main(void)
{
    queue = t_queue_make(0, 0);
    wrong_calls();
    answers_leave_together();
    much_is_sent_by_and_by(0);
    a_flush_sends_at_once();
    the_order_of_calls_is_kept();
    what_was_sent_comes_before_the_end();
    a_peer_may_go();
    a_thread_that_ends_sends_what_it_has();
    polling_gathers(0);
    clients_gather();
    OK(ws_queue_destroy(queue));
    queue = t_queue_make(WS_QUEUE_GATHER, 0);
    polling_gathers(1);
    answers_leave_together();
    OK(ws_queue_destroy(queue));
    return t_done();
}
