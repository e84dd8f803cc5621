/* SPDX-License-Identifier: Apache-2.0 */
/* relay_kit.h - relay.c over NATS. */
#include "kit.h"

typedef ws_nats *r_bridge;

static n_nats r_nats;

static void r_begin(void) { n_start(&r_nats, 0, NULL); }
static void r_kill(void) { n_end(&r_nats, SIGKILL); }
static void r_again(void) { n_start(&r_nats, r_nats.port, NULL); }
static void r_end(void) { n_end(&r_nats, SIGTERM); }

static void r_join(ws_handle server, const char *prefix, r_bridge *bridge)
{
    ws_nats_options o = n_options(&r_nats);
    o.prefix = prefix;
    N_OK(ws_nats_join(server, &o, bridge));
}

static void r_leave(r_bridge bridge)
{
    N_OK(ws_nats_leave_wait(bridge, 0));
}
