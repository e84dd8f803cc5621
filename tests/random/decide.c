/* SPDX-License-Identifier: Apache-2.0 */
/* decide.c - random answers to the upgrades and requests that a server is asked about. */
#include "random.h"

/* Handles that are decided about later, by whoever comes along. */
enum { LATER = 16 };
static _Atomic ws_handle later[LATER];

/* The handle may have ended, and its request may be answered already or no upgrade. */
static void expect(const char *call, int32_t status)
{
    R_CHECK(!status || status == WS_ERR_STATE || status == WS_ERR_NO_CONNECTION || r_stop, "%s returns %d: %s", call, status,
            ws_last_error());
}

static void respond(r_rng *rng, ws_handle handle)
{
    char body[300];
    ws_header field = {"X-Random", "yes"};
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.status = r_one_in(rng, 2) ? 200 : 403;
    r.headers = &field;
    r.header_count = r_below(rng, 2);
    r.flags = r_one_in(rng, 2) ? WS_LAST_RESPONSE : 0;
    r_content_make(rng, body, sizeof body);
    r.body = body;
    r.body_size = r_below(rng, sizeof body);
    expect("ws_respond", R_CALL("ws_respond", handle, ws_respond(handle, &r)));
}

static void decide(r_rng *rng, ws_handle handle)
{
    switch (r_below(rng, 10)) {
    case 0: respond(rng, handle); break;
    case 1: later[r_below(rng, LATER)] = handle; break;
    case 2: break; /* decision_timeout_ms does */
    case 3: expect("ws_destroy", R_CALL("ws_destroy", handle, ws_destroy(handle))); break;
    case 4: expect("ws_abort", R_CALL("ws_abort", handle, ws_abort(handle))); break;
    case 5: expect("ws_pause", R_CALL("ws_pause", handle, ws_pause(handle))); /* and never resumed, or by chance */
    /* fall through */
    default: expect("ws_accept", R_CALL("ws_accept", handle, ws_accept(handle, NULL)));
    }
}

void WS_CALL r_hear_request(const ws_event *e, void *server)
{
    r_thing *t = server;
    R_CHECK(e->type == WS_EVENT_UPGRADE || e->type == WS_EVENT_REQUEST, "event %d instead of a request", e->type);
    R_CHECK(*e->method && *e->target, "a request without method or target");
    const char *name, *value;
    for (size_t at = 0; ws_header_next(e->data, e->size, &at, &name, &value);) R_CHECK(*name, "a field without a name");
    if (e->type == WS_EVENT_REQUEST && r_one_in(&t->rng, 2)) respond(&t->rng, e->handle);
    else decide(&t->rng, e->handle);
}

void r_decide_later(r_rng *rng)
{
    ws_handle handle = atomic_exchange(&later[r_below(rng, LATER)], 0);
    if (handle) decide(rng, handle);
}
