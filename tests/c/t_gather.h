/* SPDX-License-Identifier: Apache-2.0 */
/* t_gather.h - a server whose connection says what its queue's thread gathers. Included by one file of a test. */
#ifndef T_GATHER_H
#define T_GATHER_H

#include <poll.h>
#include <string.h>

#include "t_queue.h"

static ws_handle queue, current;
static t_raw peer;
static int heard;
static void (*then)(const ws_event *e, int nth);

static ws_callback said; /* the completion of what the host sends; NULL: none */

/* A message of the host, which is gathered when nobody wants it at once. */
static inline void say(const char *text)
{
    OK(ws_send(current, text, strlen(text), WS_TEXT, said, NULL));
}

static inline void expect(const char *text)
{
    t_raw_expect(&peer, T_TEXT, text, strlen(text));
}

static inline void nothing_has_come(void)
{
    struct pollfd p = {.fd = peer.fd, .events = POLLIN};
    CHECK(peer.at == peer.have && poll(&p, 1, 0) == 0);
}

static inline void on_message(const ws_event *e, void *unused)
{
    (void)unused;
    current = e->handle;
    then(e, ++heard);
}

static inline void ignore(const ws_event *e, int nth)
{
    (void)e, (void)nth;
}

/* ---- a server whose connection is `current`, and over which a short message has gone ------------- */

static const ws_compression *compression; /* of the server; NULL: none */

static inline ws_handle serve(int64_t max_buffered)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    o.max_buffered = max_buffered;
    ws_handle server = ws_server_create(&o);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.compression = compression;
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static inline void come(const char *text)
{
    t_raw_send(&peer, T_TEXT, text, strlen(text));
}

static inline void meet(ws_handle server)
{
    t_raw_client(&peer, t_port(server));
    heard = 0;
    then = ignore;
    come("first");
    T_DISPATCH_UNTIL(queue, heard == 1);
    say("the first one opens the way");
    expect("the first one opens the way");
    heard = 0;
}

static inline void part(ws_handle server)
{
    t_raw_close(&peer);
    t_latch over = T_LATCH;
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &over));
    ws_server_destroy(server);
    T_DISPATCH_UNTIL(queue, t_count(&over));
}

/* Another thread sends while this one waits for it. */
static const char *of_other;

static inline void *other(void *unused)
{
    say(of_other);
    return unused;
}

static inline void other_sends(const char *text)
{
    pthread_t t;
    of_other = text;
    t_thread(&t, other, NULL);
    t_join(t);
}

#endif
