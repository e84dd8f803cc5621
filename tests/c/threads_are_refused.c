/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A system that gives no thread, or not enough, ends no process: the first call fails with
 * a text, and works when it is made again later. One that gives just enough is good for
 * everything from then on.
 */
#include "t_refusals.h"

enum { PLENTY = 1 << 30 };

/* ws_init wants many threads, ws_create as few as can be. */
static int start(int n)
{
    static t_log log = T_LOG;
    ws_init_options many;
    WS_INIT_STRUCT(&many);
    many.loops = 64;
    t_threads_left = n;
    int32_t status = ws_init(&many);
    if (status) {
        CHECK_EQ(status, WS_ERR_UNKNOWN);
        CHECK_HAS(ws_last_error(), "threads");
        t_threads_left = n;
        ws_handle few = (ws_create)(NULL);
        if (!few) CHECK_HAS(ws_last_error(), "threads");
        t_threads_left = PLENTY;
        if (!few) few = (ws_create)(NULL);
        CHECK(few);
        OK(ws_destroy(few));
    }
    t_threads_left = PLENTY; /* the kit and queues have threads of their own */
    ws_handle server = t_echo_server(), client = t_client(&log);
    t_threads_left = 0;
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_echo_round(client, &log, "hello", 5, WS_TEXT, 1);
    return t_done();
}

int main(void)
{
    for (int n = 0; n < 24; n++) t_in_child("threads", n, start);
    for (int n = 24; n < 160; n += 17) t_in_child("threads", n, start);
    return 0;
}
