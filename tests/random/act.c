/* SPDX-License-Identifier: Apache-2.0 */
/* act.c - random calls on clients and connections. */
#include "random.h"

void r_allow(const char *what, r_thing *t, bool was_dead, int32_t status, const int32_t *allowed)
{
    if (r_stop) return; /* the library may be shutting down */
    if (was_dead) {
        R_CHECK(status == t_stale(t->handle), "%s on the stale handle %#llx returns %d", what,
                (unsigned long long)t->handle, status);
        return;
    }
    if (status == t_stale(t->handle)) {
        bool may = t->dying || (t->kind == R_ACCEPTED && (t->ending || t->server->dying));
        R_CHECK(may, "%s does not know %#llx, which is alive: %s", what, (unsigned long long)t->handle,
                ws_last_error());
        return;
    }
    for (; *allowed != INT32_MAX; allowed++)
        if (*allowed == status) return;
    R_FAIL("%s on %#llx returns %d: %s", what, (unsigned long long)t->handle, status, ws_last_error());
}

static size_t random_size(r_rng *rng)
{
    switch (r_below(rng, 20)) {
    case 0: return r_below(rng, 70000);
    case 1: return 65530 + r_below(rng, 12);
    case 2: return 120 + r_below(rng, 12);
    case 3: return r_one_in(rng, 8) ? 100000 + r_below(rng, 400000) : 0;
    default: return r_below(rng, 200);
    }
}

/* One of few keys, or none, and any priority. */
ws_send_options r_rank(r_rng *rng)
{
    ws_send_options o;
    WS_INIT_STRUCT(&o);
    o.key = r_below(rng, 4);
    o.priority = (int32_t)r_below(rng, 8);
    return o;
}

/* A call record for half of the calls, and what the library is told. */
static r_call *maybe_call(r_rng *rng, r_thing *t, int operation)
{
    return r_one_in(rng, 2) ? r_call_new(t, operation) : NULL;
}

static void send_one(r_rng *rng, r_thing *t)
{
    size_t size = random_size(rng);
    char *data = malloc(size + 1);
    CHECK(data);
    r_content_make(rng, data, size);
    r_call *call = maybe_call(rng, t, WS_OP_SEND);
    bool dead = t->dead;
    int32_t status, type = r_one_in(rng, 2) ? WS_TEXT : WS_BINARY;
    ws_callback completion = call ? r_hear_completion : NULL;
    if (r_one_in(rng, 8)) {
        ws_send_options o = r_rank(rng);
        status = R_CALL("ws_send_with", t->handle, ws_send_with(t->handle, data, size, type, &o, completion, call));
    } else {
        status = R_CALL("ws_send", t->handle, ws_send(t->handle, data, size, type, completion, call));
    }
    if ((int64_t)size > t->max_message) R_ALLOW("ws_send of too much", t, dead, status, WS_ERR_TOO_LARGE, WS_ERR_STATE);
    else R_ALLOW("ws_send", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL);
    r_call_returned(call, status);
    memset(data, '!', size); /* it may be reused at once */
    free(data);
}

static void close_one(r_rng *rng, r_thing *t)
{
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.code = r_one_in(rng, 2) ? 0 : 3000 + (int32_t)r_below(rng, 2000);
    o.reason = r_one_in(rng, 2) ? "random" : NULL;
    r_call *call = maybe_call(rng, t, WS_OP_CLOSE);
    bool dead = t->dead;
    int32_t status = R_CALL("ws_close", t->handle,
                            ws_close(t->handle, r_one_in(rng, 3) ? NULL : &o, call ? r_hear_completion : NULL, call));
    R_ALLOW("ws_close", t, dead, status, WS_OK, WS_ERR_STATE);
    r_call_returned(call, status);
}

static int target_port(r_rng *rng, r_thing *t)
{
    if (!t->trusted) return r_peer_port(rng);
    r_thing *server = r_one_in(rng, 3) ? r_take(1, r_below(rng, r_run.servers)) : NULL;
    int port = server ? server->port : 0;
    if (server) r_unpin(server);
    return port ? port : r_home_port();
}

static void connect_one(r_rng *rng, r_thing *t)
{
    ws_connect_options o;
    ws_reconnect_options again;
    r_connect_options(rng, t, &o, &again);
    char url[80];
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/random?%u", target_port(rng, t), r_below(rng, 1000));
    r_call *call = r_one_in(rng, 20) ? NULL : r_call_new(t, WS_OP_CONNECT);
    if (!call) t->silent++; /* before: the open may come before the call returns */
    bool dead = t->dead;
    int32_t status = R_CALL("ws_connect", t->handle,
                            ws_connect(t->handle, url, t->trusted && !t->again ? NULL : &o, call ? r_hear_completion : NULL, call));
    if (t->kind == R_CLIENT) R_ALLOW("ws_connect", t, dead, status, WS_OK, WS_ERR_CONNECTION_EXISTS);
    else R_CHECK(status == WS_ERR_HANDLE, "ws_connect on an accepted connection returns %d", status);
    if (!call && status) t->silent--;
    r_call_returned(call, status);
}

void r_destroy_thing(r_thing *t, bool inside)
{
    bool dead = t->dead;
    t->dying = true;
    int32_t status = t->kind == R_SERVER ? R_CALL("ws_server_destroy", t->handle, ws_server_destroy(t->handle))
                                         : R_CALL("ws_destroy", t->handle, ws_destroy(t->handle));
    R_ALLOW("ws_destroy", t, dead, status, WS_OK);
    if (status) return;
    R_CHECK(++t->destroys == 1, "ws_destroy of %#llx succeeds twice", (unsigned long long)t->handle);
    if (inside && t->kind != R_SERVER) t->dead_inside = true;
    t->dead = true;
}

static void pause_one(r_rng *rng, r_thing *t)
{
    bool dead = t->dead;
    if (r_one_in(rng, 3)) {
        t->paused_once = true;
        R_ALLOW("ws_pause", t, dead, R_CALL("ws_pause", t->handle, ws_pause(t->handle)), WS_OK);
    } else {
        R_ALLOW("ws_resume", t, dead, R_CALL("ws_resume", t->handle, ws_resume(t->handle)), WS_OK);
    }
}

static void look(r_rng *rng, r_thing *t)
{
    bool dead = t->dead;
    int32_t state = -1;
    uint64_t bytes = UINT64_MAX;
    ws_connection info;
    void *user = NULL;
    int32_t status;
    WS_INIT_STRUCT(&info);
    switch (r_below(rng, 4)) {
    case 0:
        status = R_CALL("ws_state", t->handle, ws_state(t->handle, &state));
        R_ALLOW("ws_state", t, dead, status, WS_OK);
        R_CHECK(status || (state >= WS_STATE_CONNECTING && state <= WS_STATE_CLOSED), "ws_state tells %d", state);
        break;
    case 1:
        status = R_CALL("ws_buffered_amount", t->handle, ws_buffered_amount(t->handle, &bytes));
        R_ALLOW("ws_buffered_amount", t, dead, status, WS_OK);
        R_CHECK(status || bytes < 64 << 20, "ws_buffered_amount tells %llu", (unsigned long long)bytes);
        break;
    case 2:
        status = R_CALL("ws_connection_info", t->handle, ws_connection_info(t->handle, &info));
        R_ALLOW("ws_connection_info", t, dead, status, WS_OK, WS_ERR_STATE);
        /* None of a connection that was reset before anybody asked. */
        R_CHECK(status || !strcmp(info.client_ip, "127.0.0.1") || (!*info.client_ip && !info.client_port),
                "ws_connection_info tells %s", info.client_ip);
        R_CHECK(status || info.handle == t->handle, "ws_connection_info tells another handle");
        break;
    default:
        status = R_CALL("ws_user_data", t->handle, ws_user_data(t->handle, &user));
        R_ALLOW("ws_user_data", t, dead, status, WS_OK);
        R_CHECK(status || t->kind != R_CLIENT || user == t, "ws_user_data tells %p", user);
    }
}

void r_act(r_rng *rng, r_thing *t, bool inside)
{
    unsigned choice = r_below(rng, 100);
    if (choice < 40) send_one(rng, t);
    else if (choice < 47) close_one(rng, t);
    else if (choice < 52) r_destroy_thing(t, inside);
    else if (choice < 62) pause_one(rng, t);
    else if (choice < 74) connect_one(rng, t);
    else if (choice < 82) r_listener_act(rng, t, inside);
    else if (choice < 92) r_more(rng, t);
    else look(rng, t);
}

static const int64_t sizes[] = {0, 0, 70000, 1 << 20, 1000};

void r_client_new(r_rng *rng, unsigned place)
{
    r_thing *t = r_thing_new(R_CLIENT, r_next(rng));
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.queue = t->queue = r_queue_for(rng);
    o.user_data = t;
    o.max_message_size = sizes[r_below(rng, 5)];
    o.max_buffered = r_one_in(rng, 2) ? 0 : 100000;
    o.high_water_mark = r_one_in(rng, 2) ? 0 : 1 + r_below(rng, 50000);
    t->max_message = o.max_message_size ? o.max_message_size : 64 << 20;
    t->trusted = r_one_in(rng, 2);
    t->again = r_one_in(rng, 3);
    if (r_one_in(rng, 4)) o.flags |= WS_REFUSE_EARLY;
    if (r_one_in(rng, 4)) o.flags |= WS_PING_EVENTS;
    if (r_one_in(rng, 8)) o.flags |= WS_MANUAL_PONG;
    ws_handle handle = R_CALL("ws_create", 0, ws_create(&o));
    if (!handle) {
        R_CHECK(t->queue || r_stop, "ws_create: %s", ws_last_error()); /* the queue may just have been destroyed */
        free(t);
        return;
    }
    r_thing_known(t, handle);
    if (!r_told_its_end(t, ws_on, r_hear)) return;
    static const int events[] = {WS_EVENT_OPEN, WS_EVENT_MESSAGE, WS_EVENT_CLOSE, WS_EVENT_ERROR, WS_EVENT_DRAIN,
                                 WS_EVENT_OPEN_INFO, WS_EVENT_HEADER_RECEIVE, WS_EVENT_DATA_END, WS_EVENT_PING, WS_EVENT_PONG,
                                 WS_EVENT_RECONNECTING};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        int32_t status = R_CALL("ws_on", handle, ws_on(handle, events[i], r_hear, t));
        R_CHECK(!status || r_stop, "ws_on of a new client returns %d", status);
    }
    r_put(0, place, t);
    connect_one(rng, t);
}

void r_act_somewhere(r_rng *rng, unsigned place)
{
    r_thing *t = r_take(0, place);
    /* A stale handle is used some more, then replaced. */
    if (!t || (t->dead && r_one_in(rng, 3))) r_client_new(rng, place);
    else r_act(rng, t, r_me()->within == t);
    if (t) r_unpin(t);
}

void r_settle_in(r_rng *rng, r_thing *t)
{
    unsigned place = r_below(rng, r_run.connections);
    r_thing *old = r_take(0, place);
    if (old && !old->dead) r_destroy_thing(old, false); /* else nobody would come back to it */
    r_put(0, place, t);
    if (old) r_unpin(old);
}

void r_step(r_rng *rng)
{
    unsigned choice = r_below(rng, 100);
    if (choice < 68) r_act_somewhere(rng, r_below(rng, r_run.connections));
    else if (choice < 84) r_queue_act(rng);
    else if (choice < 90) r_nonsense(rng);
    else if (choice < 92) r_odd(rng);
    else if (choice < 96) r_home_act(rng);
    else r_serve_act(rng, r_below(rng, r_run.servers));
}
