/* SPDX-License-Identifier: Apache-2.0 */
/* t_queue.h - queues that the test itself dispatches. */
#ifndef T_QUEUE_H
#define T_QUEUE_H

#include "t.h"

static inline ws_handle t_queue_make(uint32_t flags, int64_t max_bytes)
{
    ws_queue_options o;
    WS_INIT_STRUCT(&o);
    o.flags = flags;
    o.max_bytes = max_bytes;
    ws_handle queue = ws_queue_create(&o);
    CHECK(queue);
    return queue;
}

/* A server and a client that receive by queue. log may be NULL. */
static inline ws_handle t_queue_server(ws_handle queue, t_log *log)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    return t_server(&o, log);
}

static inline ws_handle t_queue_client(ws_handle queue, t_log *log)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    ws_handle client = ws_create(&o);
    CHECK(client);
    if (log) t_listen(client, log);
    return client;
}

/* Dispatches until the condition holds, or the deadline passes. */
#define T_DISPATCH_UNTIL(queue, condition)                                              \
    do {                                                                                \
        long long end_ = t_now() + T_DEADLINE_MS;                                       \
        for (size_t n_; !(condition);) {                                                \
            OK(ws_queue_dispatch(queue, 0, 100, &n_));                                  \
            if (t_now() > end_) FAIL("dispatching did not bring about %s", #condition); \
        }                                                                               \
    } while (0)

/* How many events one call tells that does not wait. */
static inline size_t t_dispatch(ws_handle queue, size_t most)
{
    size_t n = 77;
    OK(ws_queue_dispatch(queue, most, 0, &n));
    return n;
}

#include <poll.h>
#include <sched.h>

/* Whether the queue's descriptor is readable within ms. */
static inline int t_readable(ws_handle queue, int ms)
{
    ws_socket fd = (ws_socket)-1;
    OK(ws_queue_fd(queue, &fd));
    struct pollfd p = {.fd = (int)fd, .events = POLLIN};
    int n = poll(&p, 1, ms);
    CHECK(n >= 0);
    return n;
}

#endif
