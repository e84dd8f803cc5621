/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What callbacks send that ws_queue_dispatch calls leaves together also with a completion, over TLS, and
 * compressed: the thread gathers what it can, and the connection holds all else. Each completion comes once,
 * in the order of the sends, when the message has left.
 */
#include "t_compression.h"
#include "t_gathered.h"

static int sent, ended, completed;

static void complete(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK_EQ(e->operation, WS_OP_SEND);
    completed++;
}

static void all_ways(void)
{
    answers_leave_together();
    much_is_sent_by_and_by(0);
    much_is_sent_by_and_by(5000); /* nothing that waits for the callback fills the output queue */
    a_flush_sends_at_once();
    the_order_of_calls_is_kept();
    what_was_sent_comes_before_the_end();
    a_peer_may_go();
    a_thread_that_ends_sends_what_it_has();
    a_child_does_not_send_what_its_parent_has_gathered();
}

/* ---- completions ------------------------------------------------------------------------------- */

static void numbered(const ws_event *e, void *number)
{
    CHECK_EQ(e->error, WS_OK);
    CHECK_EQ((int)(intptr_t)number, ended);
    ended++;
}

/* Some with a completion, and some without. */
static void mixed(const ws_event *e, int nth)
{
    (void)nth;
    for (int i = 0; i < 60; i++) {
        uint32_t n = (uint32_t)i;
        ws_callback by = i % 3 ? numbered : NULL;
        OK(ws_send(e->handle, &n, 4, WS_BINARY, by, (void *)(intptr_t)sent));
        sent += i % 3 != 0;
    }
}

static void each_completes_once_and_in_order(void)
{
    sent = ended = 0;
    ws_handle server = serve(0);
    meet(server);
    deliver(2, mixed);
    for (uint32_t i = 0; i < 120; i++) t_raw_expect(&peer, T_BINARY, &(uint32_t){i % 60}, 4);
    T_DISPATCH_UNTIL(queue, ended == sent);
    CHECK_EQ(sent, 80);
    part(server);
}

/* ---- compressed ---------------------------------------------------------------------------------- */

enum { EVENLY = 300 };

static void compressible(const ws_event *e, int nth)
{
    (void)nth;
    char text[EVENLY + 1] = "";
    memset(text, 'e', EVENLY);
    for (int i = 0; i < 20; i++) say(text);
    CHECK(t_buffered(e->handle) > 20 * 2);
    nothing_has_come();
}

static void compressed_messages_leave_together(uint32_t flags)
{
    ws_compression z = t_compression(flags, 0, 100);
    compression = &z;
    ws_handle server = serve(0);
    compression = NULL;
    t_raw_offer(&peer, server, "permessage-deflate",
                flags ? "permessage-deflate; client_no_context_takeover"
                      : "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    heard = 0;
    deliver(1, compressible);
    for (int i = 0; i < 20; i++) {
        t_frame f = t_raw_read(&peer);
        CHECK_EQ(f.first, T_TEXT | 0x40);
        CHECK(f.size < EVENLY / 4);
    }
    part(server);
}

static void describe(char *text, int i)
{
    sprintf(text, "{\"number\":%d,\"name\":\"somebody who has a number, and somebody who has another number\",\"next\":%d}", i, i + 1);
}

static void numbered_texts(const ws_event *e, int nth)
{
    current = e->handle;
    char text[200];
    for (int i = 0; i < 30; i++) {
        describe(text, 30 * (nth - 1) + i);
        say(text);
    }
}

/* With histories each message depends on those before it: they have to be inflated in the order of compressing. */
static void histories_stay_in_order(void)
{
    ws_compression z = t_compression(WS_TAKEOVER_OUT | WS_TAKEOVER_IN, 0, 0);
    compression = &z;
    ws_handle server = serve(0);
    compression = NULL;
    t_log log = T_LOG;
    ws_handle client = t_compressing_client(server, &z, &log);
    heard = 0;
    then = numbered_texts;
    for (int i = 0; i < 3; i++) OK(ws_send(client, "go on", 5, WS_TEXT, NULL, NULL));
    T_DISPATCH_UNTIL(queue, heard == 3);
    for (int i = 0; i < 90; i++) {
        char text[200];
        describe(text, i);
        CHECK_TEXT((const char *)t_wait_event(&log, WS_EVENT_MESSAGE, i + 1)->data, text);
    }
    t_destroy(client, &log);
    t_latch over = T_LATCH;
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &over));
    ws_server_destroy(server);
    T_DISPATCH_UNTIL(queue, t_count(&over));
    t_forget(&log);
}

/* ---- many connections ------------------------------------------------------------------------------ */

enum { CROWD = 100 };

static ws_handle crowd[CROWD];
static int crowded;

static void to_all(const ws_event *e, int nth)
{
    (void)e, (void)nth;
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < CROWD; i++) OK(ws_send(crowd[i], round ? "two" : "one", 3, WS_TEXT, said, NULL));
}

static void keep(const ws_event *e, int nth)
{
    (void)nth;
    crowd[crowded++] = e->handle;
}

/* More connections than one thread may let hold something. */
static void a_crowd_is_sent_to(void)
{
    static t_raw peers[CROWD];
    ws_handle server = serve(0);
    heard = crowded = 0;
    then = keep;
    for (int i = 0; i < CROWD; i++) {
        t_raw_client(&peers[i], t_port(server));
        t_raw_send(&peers[i], T_TEXT, "here", 4);
        T_DISPATCH_UNTIL(queue, crowded == i + 1);
    }
    then = to_all;
    t_raw_send(&peers[0], T_TEXT, "go on", 5);
    T_DISPATCH_UNTIL(queue, heard == CROWD + 1);
    for (int i = 0; i < CROWD; i++) {
        t_raw_expect(&peers[i], T_TEXT, "one", 3);
        t_raw_expect(&peers[i], T_TEXT, "two", 3);
        t_raw_close(&peers[i]);
    }
    t_latch over = T_LATCH;
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &over));
    ws_server_destroy(server);
    T_DISPATCH_UNTIL(queue, t_count(&over));
}

/* ---- clients ------------------------------------------------------------------------------------------ */

static void client_message(const ws_event *e, void *got)
{
    (*(int *)got)++;
    for (int i = 0; i < 50; i++) OK(ws_send(e->handle, &(uint32_t){(uint32_t)i}, 4, WS_BINARY, said, NULL));
    nothing_has_come();
}

/* Frames of a client are masked, each on its own (RFC 6455 5.3), which t_raw_expect checks. */
static void clients_hold(void)
{
    int port, got = 0, listener = t_raw_listen(&port);
    t_log log = T_LOG;
    ws_handle client = t_queue_client(queue, &log);
    OK(ws_on(client, WS_EVENT_MESSAGE, client_message, &got));
    t_meet(client, NULL, listener, port, &peer);
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_OPEN) == 1);
    come("go on");
    T_DISPATCH_UNTIL(queue, got == 1);
    for (uint32_t i = 0; i < 50; i++) t_raw_expect(&peer, T_BINARY, &i, 4);
    ws_destroy(client);
    T_DISPATCH_UNTIL(queue, t_seen(&log, WS_EVENT_DESTROYED) == 1);
    t_raw_close(&peer);
    close(listener);
    t_forget(&log);
}

int main(void)
{
    queue = t_queue_make(0, 0);
    said = complete;
    all_ways();
    clients_hold();
    a_crowd_is_sent_to();
    each_completes_once_and_in_order();
    CHECK(completed > 200);
    said = NULL;
    compressed_messages_leave_together(0);
    compressed_messages_leave_together(WS_TAKEOVER_OUT);
    histories_stay_in_order();
    setenv("WS_TEST_TLS", "1", 1);
    all_ways(); /* gathered, and then encrypted */
    clients_hold();
    each_completes_once_and_in_order();
    compressed_messages_leave_together(WS_TAKEOVER_OUT);
    OK(ws_queue_destroy(queue));
    queue = t_queue_make(WS_QUEUE_GATHER, 0);
    answers_leave_together();
    OK(ws_queue_destroy(queue));
    return t_done();
}
