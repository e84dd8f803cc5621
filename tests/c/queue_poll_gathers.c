/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a thread sends between two ws_queue_poll of a queue with WS_QUEUE_GATHER leaves at the second one,
 * at ws_queue_flush, before it waits, or when it ends; without the flag at once.
 */
#include "t_gather.h"

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

int main(void)
{
    queue = t_queue_make(0, 0);
    polling_gathers(0);
    OK(ws_queue_destroy(queue));
    queue = t_queue_make(WS_QUEUE_GATHER, 0);
    polling_gathers(1);
    OK(ws_queue_destroy(queue));
    return t_done();
}
