/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What callbacks send that ws_queue_dispatch calls leaves when it returns. ws_queue_flush sends it at
 * once. The order of calls is kept whoever else sends, and what was sent before ws_close or ws_destroy
 * comes before the end.
 */
#include "t_gathered.h"

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
    much_is_sent_by_and_by(5000);
    a_flush_sends_at_once();
    the_order_of_calls_is_kept();
    what_was_sent_comes_before_the_end();
    a_peer_may_go();
    a_thread_that_ends_sends_what_it_has();
    a_child_does_not_send_what_its_parent_has_gathered();
    clients_gather();
    OK(ws_queue_destroy(queue));
    queue = t_queue_make(WS_QUEUE_GATHER, 0);
    answers_leave_together();
    OK(ws_queue_destroy(queue));
    return t_done();
}
