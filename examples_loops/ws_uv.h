/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_uv.h - libws in a loop of libuv. Copy it into your project.
 *
 *     ws_uv adapter;
 *     ws_uv_start(&adapter, loop, queue);       callbacks of the queue run in uv_run
 *     ...
 *     ws_uv_stop(&adapter, closed);             then closed(handle), when adapter may be freed
 *
 * The adapter lives until closed was called. Stop it before ws_queue_destroy. It keeps the loop
 * alive; uv_unref((uv_handle_t *)&adapter.poll) if it should not.
 */
#ifndef WS_UV_H
#define WS_UV_H

#include <uv.h>

#include <libws/ws.h>

typedef struct ws_uv {
    uv_poll_t poll; /* first: uv_handle_t * is ws_uv * */
    ws_handle queue;
    size_t max_events; /* of one turn of the loop; the others have the next */
} ws_uv;

static inline void ws_uv_ready(uv_poll_t *poll, int status, int events)
{
    ws_uv *a = (ws_uv *)poll;
    size_t count;
    (void)events;
    /* WS_ERR_BUSY: another thread dispatches; the descriptor stays readable, and we come again. */
    if (status == 0) ws_queue_dispatch(a->queue, a->max_events, 0, &count);
}

/* 0, or an error of libuv; UV_EINVAL: no queue that can be watched, see ws_last_error(). */
static inline int ws_uv_start(ws_uv *a, uv_loop_t *loop, ws_handle queue)
{
    int32_t fd;
    if (ws_queue_fd(queue, &fd) != WS_OK) return UV_EINVAL;
    a->queue = queue;
    a->max_events = 64;
    int error = uv_poll_init(loop, &a->poll, fd);
    return error ? error : uv_poll_start(&a->poll, UV_READABLE, ws_uv_ready);
}

/* On the loop's thread; closed may be NULL. */
static inline void ws_uv_stop(ws_uv *a, uv_close_cb closed)
{
    uv_poll_stop(&a->poll);
    uv_close((uv_handle_t *)&a->poll, closed);
}

#endif
