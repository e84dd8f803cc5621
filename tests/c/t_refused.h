/* SPDX-License-Identifier: Apache-2.0 */
/* t_refused.h - a server whose own errors, of connections that it refuses, are apart from all else. */
#ifndef T_REFUSED_H
#define T_REFUSED_H

#include "t.h"

static t_log t_at_server = T_LOG, t_refused = T_LOG;

static inline void WS_CALL t_own_error(const ws_event *e, void *unused)
{
    (void)unused;
    if (!e->server) t_record(e, &t_refused);
}

/* At 127.0.0.1. */
static inline ws_handle t_refusing_server(ws_server_config config)
{
    static t_log done = T_LOG;
    ws_handle server = ws_server_create(NULL);
    config.server_ip = "127.0.0.1";
    t_listen_server(server, &t_at_server);
    OK(ws_server_on(server, WS_EVENT_ERROR, t_own_error, NULL));
    OK(ws_server_start(server, &config, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 1);
    t_forget(&done);
    return server;
}

static inline void t_refusing_end(ws_handle server)
{
    OK(ws_server_destroy(server));
    t_wait_event(&t_at_server, WS_EVENT_DESTROYED, 1); /* the last one */
    t_forget(&t_at_server), t_forget(&t_refused);
}

static inline uint64_t t_refusals(void)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    return stats.refused;
}

#endif
