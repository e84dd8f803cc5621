/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_libevent.h - libws in a loop of libevent. Copy it into your project.
 *
 *     struct event *watch = ws_libevent_new(base, &queue);     callbacks run in event_base_dispatch
 *     ...
 *     event_free(watch);
 *
 * Free it before ws_queue_destroy. Level-triggered, without EV_ET.
 */
#ifndef WS_LIBEVENT_H
#define WS_LIBEVENT_H

#include <event2/event.h>

#include <libws/ws.h>

enum { WS_LIBEVENT_MAX_EVENTS = 64 }; /* of one turn of the loop; the others have the next */

static inline void ws_libevent_ready(evutil_socket_t fd, short what, void *queue)
{
    size_t count;
    (void)fd, (void)what;
    ws_queue_dispatch(*(ws_handle *)queue, WS_LIBEVENT_MAX_EVENTS, 0, &count);
}

/* queue is looked at until event_free. NULL: no memory, or no queue that can be watched, see
 * ws_last_error(). */
static inline struct event *ws_libevent_new(struct event_base *base, ws_handle *queue)
{
    int32_t fd;
    if (ws_queue_fd(*queue, &fd) != WS_OK) return NULL;
    struct event *watch = event_new(base, fd, EV_READ | EV_PERSIST, ws_libevent_ready, queue);
    if (watch && event_add(watch, NULL) != 0) {
        event_free(watch);
        return NULL;
    }
    return watch;
}

#endif
