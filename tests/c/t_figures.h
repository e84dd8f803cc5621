/* SPDX-License-Identifier: Apache-2.0 */
/* t_figures.h - for tests of what a server has counted. */
#ifndef T_FIGURES_H
#define T_FIGURES_H

#include "t.h"

static inline ws_server_stats t_figures(ws_handle server)
{
    ws_server_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_server_stats_get(server, &s));
    return s;
}

static inline ws_stats t_totals(void)
{
    ws_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_stats_get(&s));
    return s;
}

/* A figure comes to a value, and is never above it. */
#define T_COMES_TO(server, figure, want)                      \
    do {                                                      \
        uint64_t want_ = (uint64_t)(want);                    \
        T_UNTIL_SO(t_figures(server).figure >= want_);        \
        CHECK_EQ(t_figures(server).figure, want_);            \
    } while (0)

static inline uint64_t t_limited(const ws_server_stats *s)
{
    return s->refused_descriptors + s->refused_ceiling + s->refused_connections + s->refused_clients +
           s->refused_per_client + s->refused_rate;
}

static inline uint64_t t_rejected(const ws_server_stats *s)
{
    return s->refused_bad_requests + s->refused_origins + s->refused_late + s->refused_sizes + s->refused_unavailable;
}

#endif
