/* SPDX-License-Identifier: Apache-2.0 */
/* uv.c - a server and a client in a loop of libuv. */
#include "talk.h"
#include "ws_uv.h"

static const char help[] =
    "usage: uv\n"
    "\n"
    "A server and a client in a loop of libuv: 1100 echoes, all on its thread.\n";

static void stop(void *adapter) { ws_uv_stop((ws_uv *)adapter, NULL); } /* then the loop has nothing left to do */

static void begin(uv_timer_t *timer)
{
    talk_begin((talk *)timer->data);
    uv_close((uv_handle_t *)timer, NULL);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    talk t;
    ws_uv adapter;
    uv_timer_t timer;
    uv_loop_t *loop = uv_default_loop();
    talk_make(&t, stop, &adapter);
    if (ws_uv_start(&adapter, loop, t.server) != UV_EINVAL) return 1; /* 0 is no queue */
    if (ws_uv_start(&adapter, loop, t.queue)) return 1;
    uv_timer_init(loop, &timer);
    timer.data = &t;
    uv_timer_start(&timer, begin, 1, 0);
    uv_run(loop, UV_RUN_DEFAULT);
    if (uv_loop_close(loop)) return 1; /* nothing is left in it */
    return talk_end(&t);
}
