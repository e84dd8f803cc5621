/* SPDX-License-Identifier: Apache-2.0 */
/* t_client.h - for tests of what a client can be told by its options. */
#ifndef T_CLIENT_H
#define T_CLIENT_H

#include "t.h"

static inline ws_connect_options t_options(void)
{
    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    return o;
}

/* Tries again by exact waits of delay_ms, for ever. */
static inline ws_reconnect_options t_again(int delay_ms)
{
    ws_reconnect_options o;
    WS_INIT_STRUCT(&o);
    o.first_delay_ms = delay_ms;
    o.max_delay_ms = delay_ms;
    o.exact = 1;
    return o;
}

/* A client with flags. log may be NULL; it gets what t_listen listens to, and reconnecting. */
static inline ws_handle t_flagged_client(uint32_t flags, t_log *log)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.flags = flags;
    ws_handle client = ws_create(&o);
    CHECK(client);
    if (log) {
        t_listen(client, log);
        OK(ws_on(client, WS_EVENT_RECONNECTING, t_record, log));
    }
    return client;
}

/* Connects a client to a raw server and upgrades. options may be NULL. */
static inline void t_meet(ws_handle client, const ws_connect_options *options, int listener, int port, t_raw *peer)
{
    OK(ws_connect(client, t_url_of_port(port), options, NULL, NULL));
    t_raw_server(peer, listener);
}

static inline uint64_t t_buffered(ws_handle handle)
{
    uint64_t bytes = 0;
    OK(ws_buffered_amount(handle, &bytes));
    return bytes;
}

#endif
