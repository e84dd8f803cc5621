/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_epoll.h - libws in a loop of your own, on poll or epoll. Copy it into your project.
 *
 *     struct epoll_event w = ws_epoll_watch(&queue);        poll: struct pollfd p = ws_poll_watch(queue);
 *     epoll_ctl(epoll, EPOLL_CTL_ADD, ws_epoll_fd(queue), &w);
 *     ... when it is readable ...
 *     ws_loop_dispatch(queue, 64);
 *
 * The descriptor is level-triggered: when 64 events are not all, the loop comes back for the others
 * after its other work. Do not use EPOLLET, and never read the descriptor. Take it out of the loop
 * before ws_queue_destroy, which closes it.
 */
#ifndef WS_EPOLL_H
#define WS_EPOLL_H

#include <poll.h>
#include <sys/epoll.h>

#include <libws/ws.h>

/* -1: not a queue, or one with WS_QUEUE_THREAD; ws_last_error() says which. */
static inline int ws_epoll_fd(ws_handle queue)
{
    int32_t fd;
    return ws_queue_fd(queue, &fd) == WS_OK ? fd : -1;
}

/* data.ptr is where your loop finds the queue again. */
static inline struct epoll_event ws_epoll_watch(ws_handle *queue)
{
    struct epoll_event e = {.events = EPOLLIN};
    e.data.ptr = queue;
    return e;
}

static inline struct pollfd ws_poll_watch(ws_handle queue)
{
    struct pollfd p = {.fd = ws_epoll_fd(queue), .events = POLLIN};
    return p;
}

/* Runs the callbacks of at most max_events events on this thread; 0: of all that wait. Returns
 * WS_OK, or why not: WS_ERR_BUSY while another thread dispatches. */
static inline int32_t ws_loop_dispatch(ws_handle queue, size_t max_events)
{
    size_t count;
    return ws_queue_dispatch(queue, max_events, 0, &count);
}

#endif
