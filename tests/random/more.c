/* SPDX-License-Identifier: Apache-2.0 */
/* more.c - random pings, pieces, aborts and questions. */
#include "random.h"

/* A message in pieces. Only one thread at a time does so on a connection: the order of
 * pieces is the caller's business. */
static void send_parts(r_rng *rng, r_thing *t)
{
    if (atomic_exchange(&t->streaming, true)) return;
    size_t size = r_below(rng, 3000), at = 0;
    char data[3001];
    r_content_make(rng, data, size);
    int32_t type = r_one_in(rng, 2) ? WS_TEXT : WS_BINARY, status = WS_OK;
    while (!status && at <= size) {
        size_t piece = r_one_in(rng, 3) ? size - at : r_below(rng, (unsigned)(size - at + 1));
        int32_t ends = at + piece == size;
        r_call *call = r_one_in(rng, 2) ? r_call_new(t, WS_OP_SEND) : NULL;
        bool dead = t->dead;
        status = R_CALL("ws_send_part", t->handle,
                        ws_send_part(t->handle, data + at, piece, type, ends, call ? r_hear_completion : NULL, call));
        if ((int64_t)(at + piece) > t->max_message || (int64_t)size > t->max_message) R_ALLOW("ws_send_part of too much", t, dead, status, WS_OK, WS_ERR_TOO_LARGE, WS_ERR_STATE, WS_ERR_FULL);
        else R_ALLOW("ws_send_part", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL);
        r_call_returned(call, status);
        at += piece;
        if (ends) break;
    }
    /* What was begun and could not be ended must not stay so. */
    if (status == WS_ERR_FULL || status == WS_ERR_TOO_LARGE) R_CALL("ws_abort", t->handle, ws_abort(t->handle));
    t->streaming = false;
}

/* A function that runs, or is told that its target has ended, or was taken back: then it never comes. */
static void post(r_rng *rng, r_thing *t)
{
    uint64_t id = 0;
    r_call *call = r_call_new(t, WS_OP_POST);
    bool dead = t->dead;
    int32_t status = R_CALL("ws_post", t->handle, ws_post(t->handle, r_below(rng, 3) * 20, r_hear_completion, call, &id));
    /* An accepted connection has to be open, and may have ended before its close event is told. */
    if (status != WS_ERR_NO_CONNECTION || t->kind != R_ACCEPTED) R_ALLOW("ws_post", t, dead, status, WS_OK);
    if (!status && r_one_in(rng, 2)) {
        dead = t->dead;
        int32_t late = R_CALL("ws_post_cancel", t->handle, ws_post_cancel(t->handle, id));
        R_ALLOW("ws_post_cancel", t, dead, late, WS_OK, WS_ERR_STATE);
        if (!late) status = WS_ERR_CANCELLED;
    }
    r_call_returned(call, status);
}

void r_more(r_rng *rng, r_thing *t)
{
    bool dead = t->dead;
    int32_t status;
    switch (r_below(rng, 11)) {
    case 0: {
        char data[125];
        size_t size = r_below(rng, 126);
        memset(data, 'p', sizeof data);
        status = R_CALL("ws_ping", t->handle, ws_ping(t->handle, data, size));
        R_ALLOW("ws_ping", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL);
        status = R_CALL("ws_pong", t->handle, ws_pong(t->handle, data, size));
        R_ALLOW("ws_pong", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL);
        break;
    }
    case 1:
        if (!r_one_in(rng, 3)) break;
        status = R_CALL("ws_abort", t->handle, ws_abort(t->handle));
        R_ALLOW("ws_abort", t, dead, status, WS_OK, WS_ERR_STATE);
        break;
    case 2: {
        ws_connection_stats stats;
        WS_INIT_STRUCT(&stats);
        status = R_CALL("ws_connection_stats_get", t->handle, ws_connection_stats_get(t->handle, &stats));
        R_ALLOW("ws_connection_stats_get", t, dead, status, WS_OK);
        R_CHECK(status || stats.round_trip_us >= -1, "a round trip of %lld us", (long long)stats.round_trip_us);
        break;
    }
    case 3: {
        char text[200];
        size_t size;
        status = R_CALL("ws_connection_text", t->handle,
                        ws_connection_text(t->handle, 1 + (int32_t)r_below(rng, 8), text, sizeof text, &size));
        R_ALLOW("ws_connection_text", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_BUFFER);
        R_CHECK(status || strlen(text) == size, "a text of %zu bytes says %s", size, text);
        break;
    }
    case 4:
        if (r_one_in(rng, 10)) R_CALL("ws_network_changed", 0, ws_network_changed());
        if (t->kind == R_CLIENT) {
            bool gone = t->dead;
            int32_t status = R_CALL("ws_reconnect_with", t->handle, ws_reconnect_with(t->handle, NULL));
            R_ALLOW("ws_reconnect_with", t, gone, status, WS_OK, WS_ERR_STATE);
        }
        break;
    case 5:
    case 6:
    case 7: r_topic_act(rng, t); break;
    case 8: post(rng, t); break;
    default: send_parts(rng, t);
    }
}

void r_connect_options(r_rng *rng, r_thing *t, ws_connect_options *o, ws_reconnect_options *again)
{
    WS_INIT_STRUCT(o);
    WS_INIT_STRUCT(again);
    o->handshake_timeout_ms = r_one_in(rng, 4) ? 1 + (int32_t)r_below(rng, 20) : 50 + (int32_t)r_below(rng, 1000);
    if (r_one_in(rng, 3)) {
        o->ping_interval_ms = 1 + (int32_t)r_below(rng, 200);
        o->pong_timeout_ms = 1 + (int32_t)r_below(rng, 200);
    }
    if (r_one_in(rng, 6)) o->idle_timeout_ms = 1 + (int32_t)r_below(rng, 300);
    if (r_one_in(rng, 6)) o->write_timeout_ms = 1 + (int32_t)r_below(rng, 300);
    if (r_one_in(rng, 8)) o->flags = WS_STRICT_PONG;
    static const ws_compression z = {.struct_size = sizeof z, .flags = WS_TAKEOVER_OUT, .min_size = 1};
    if (r_one_in(rng, 3)) o->compression = &z;
    if (!t->again) return;
    again->flags = r_one_in(rng, 2) ? WS_KEEP_SENDS : 0;
    if (r_one_in(rng, 4)) {
        again->flags |= WS_ASK_BEFORE_RECONNECT;
        again->answer_timeout_ms = 1 + (int32_t)r_below(rng, 50);
    }
    again->first_delay_ms = 1 + (int32_t)r_below(rng, 30);
    again->max_delay_ms = 50;
    again->max_tries = (int32_t)r_below(rng, 5);
    o->reconnect = again;
}
