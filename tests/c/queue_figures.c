/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_stats says how many events wait in the queues of the host, and how many bytes of
 * messages: of all queues together, and no more when they were told.
 */
#include "t_figures.h"
#include "t_queue.h"

enum { QUEUES = 2, MESSAGES = 20, EACH = 64 };

static void waits(uint64_t events, uint64_t bytes)
{
    T_UNTIL_SO(t_totals().queued_events >= events);
    ws_stats s = t_totals();
    CHECK_EQ(s.queued_events, events);
    CHECK_EQ(s.queued_bytes, bytes);
}

static t_gate gate = T_GATE;

int main(void)
{
    static t_log logs[QUEUES] = {T_LOG, T_LOG};
    ws_handle queues[QUEUES], servers[QUEUES];
    t_raw peers[QUEUES];
    waits(0, 0);
    for (int i = 0; i < QUEUES; i++) {
        queues[i] = t_queue_make(0, 0);
        servers[i] = t_queue_server(queues[i], &logs[i]);
    }
    waits(0, 0); /* nobody asked for the completion of a start */
    uint64_t events = 0, bytes = 0;
    for (int i = 0; i < QUEUES; i++) {
        t_raw_client(&peers[i], t_port(servers[i]));
        waits(++events, bytes); /* connect */
        for (size_t n = 0; n < MESSAGES; n++) {
            char *data = t_bytes(n * 100, (unsigned)n, 0);
            t_raw_send(&peers[i], T_BINARY, data, n * 100);
            free(data);
            events++, bytes += n * 100 + EACH;
        }
        waits(events, bytes);
    }
    /* One event each: connect first, then the messages in their order. */
    for (size_t n = 0; n <= MESSAGES; n++) {
        CHECK_EQ(t_dispatch(queues[0], 1), 1);
        events--;
        if (n) bytes -= (n - 1) * 100 + EACH;
        waits(events, bytes);
    }
    CHECK_EQ(t_seen(&logs[0], WS_EVENT_MESSAGE_RECEIVE), MESSAGES);
    CHECK_EQ(t_seen(&logs[1], 0), 0);
    CHECK_EQ(t_dispatch(queues[1], 0), MESSAGES + 1);
    waits(0, 0);
    CHECK_EQ(t_seen(&logs[1], WS_EVENT_MESSAGE_RECEIVE), MESSAGES);

    /* What a pause holds back is still in the queue. */
    ws_handle paused = t_wait_event(&logs[0], WS_EVENT_CONNECT, 1)->handle;
    for (int n = 0; n < 3; n++) t_raw_send(&peers[0], T_TEXT, "hello", 5);
    waits(3, 3 * (5 + EACH));
    OK(ws_pause(paused));
    CHECK_EQ(t_dispatch(queues[0], 0), 0);
    waits(3, 3 * (5 + EACH));
    OK(ws_resume(paused));
    T_DISPATCH_UNTIL(queues[0], t_seen(&logs[0], WS_EVENT_MESSAGE_RECEIVE) == MESSAGES + 3);
    waits(0, 0);

    /* A Close frame is no event before the host has heard what came before it. */
    t_raw closing;
    t_raw_client(&closing, t_port(servers[0]));
    waits(1, 0);
    CHECK_EQ(t_dispatch(queues[0], 0), 1);
    t_gate_close(&gate); /* both frames are read in one round */
    t_raw_send(&closing, T_TEXT, "last", 4);
    t_raw_send_close(&closing, 1000, "");
    t_raw_settle(&closing);
    t_gate_open(&gate);
    waits(1, 4 + EACH);
    t_gate_close(&gate); /* the loop has done with them */
    t_gate_open(&gate);
    waits(1, 4 + EACH);
    T_DISPATCH_UNTIL(queues[0], t_seen(&logs[0], WS_EVENT_CLOSE) == 1);
    t_raw_expect_close(&closing, 1000);
    t_raw_close(&closing);

    /* A connection that is destroyed takes along what nobody wants to hear. */
    t_raw_send(&peers[1], T_TEXT, "unheard", 7);
    waits(1, 7 + EACH);
    OK(ws_server_destroy(servers[1]));
    T_DISPATCH_UNTIL(queues[1], t_seen(&logs[1], WS_EVENT_DESTROYED) == 1);
    OK(ws_server_destroy(servers[0]));
    T_DISPATCH_UNTIL(queues[0], t_seen(&logs[0], WS_EVENT_DESTROYED) == 1);
    waits(0, 0);
    for (int i = 0; i < QUEUES; i++) {
        t_raw_close(&peers[i]);
        t_forget(&logs[i]);
        OK(ws_queue_destroy(queues[i]));
    }
    return t_done();
}
