/* SPDX-License-Identifier: Apache-2.0 */
/* hear.c - what is told, and whether it may be told now. */
#include "random.h"

/* Whatever runs for a thing runs alone, and never inside a call or another callback. */
bool r_enter(r_thing *t, const char *what)
{
    r_thread *me = r_me();
    R_CHECK(!me->calling, "%s of %#llx inside a call", what, (unsigned long long)t->handle);
    R_CHECK(!me->within, "%s of %#llx inside a callback of %#llx", what, (unsigned long long)t->handle,
            (unsigned long long)me->within->handle);
    int other = atomic_exchange(&t->inside, gettid());
    R_CHECK(!other, "%s of %#llx while thread %d runs another callback of it", what, (unsigned long long)t->handle,
            other);
    me->within = t;
    r_count_events++;
    r_doing(what, t->handle);
    return true;
}

void r_leave(r_thing *t, bool entered)
{
    if (!entered) return;
    t->inside = 0;
    r_me()->within = NULL;
    r_done();
}

static void check_event(r_thing *t, const ws_event *e)
{
    R_CHECK(!t->destroyed, "event %d of %#llx after its destroyed event", e->type, (unsigned long long)t->handle);
    R_CHECK(e->struct_size == sizeof *e && e->data && e->reason && e->text, "event %d is not filled in", e->type);
    R_CHECK(strlen(e->reason) == e->reason_size, "the reason of event %d has another size", e->type);
    R_CHECK(e->handle == t->handle, "event %d has handle %#llx, not %#llx", e->type, (unsigned long long)e->handle,
            (unsigned long long)t->handle);
    ws_handle server = t->server ? t->server->handle : 0;
    R_CHECK(e->server == server, "event %d of %#llx has server %#llx, not %#llx", e->type,
            (unsigned long long)e->handle,
            (unsigned long long)e->server, (unsigned long long)server);
    if (t->kind == R_CLIENT && e->type != WS_EVENT_COMPLETION)
        R_CHECK(e->user_data == t, "event %d of %#llx has other user data", e->type, (unsigned long long)e->handle);
}

/* Nothing but the ends comes after ws_destroy. A batch that was polled was made before. */
static void check_alive(r_thing *t, const ws_event *e, bool polled)
{
    if (polled) return;
    R_CHECK(!t->dead_inside, "event %d of %#llx after ws_destroy in its callback", e->type,
            (unsigned long long)t->handle);
    if (t->dead)
        R_CHECK(++t->late == 1, "event %d of %#llx is the second one after ws_destroy", e->type,
                (unsigned long long)t->handle);
}

static void open_event(r_thing *t, const ws_event *e)
{
    R_CHECK(!t->open, "%#llx opens while it is open", (unsigned long long)t->handle);
    R_CHECK(t->kind == R_ACCEPTED || t->again || t->opens < t->connected + t->silent, "%#llx opens without a connect",
            (unsigned long long)t->handle);
    R_CHECK(t->kind == R_ACCEPTED || e->status == 101, "open has status %d", e->status);
    t->open = true;
    t->opens++;
    r_count_opens++;
}

static void message_event(r_thing *t, const ws_event *e)
{
    R_CHECK(t->open, "a message of %#llx while it is not open", (unsigned long long)t->handle);
    R_CHECK((int64_t)e->size <= t->max_message, "a message of %zu bytes is over max_message_size", e->size);
    R_CHECK(e->message_type == WS_TEXT || e->message_type == WS_BINARY, "message_type is %d", e->message_type);
    r_content_check(e->data, e->size, t->trusted, t->handle);
}

/* Two ends of ours never find fault with each other's frames. */
static void check_close_code(r_thing *t, const ws_event *e)
{
    R_CHECK(!t->trusted || (e->code != 1002 && e->code != 1007), "%#llx ends with %d, \"%s\", and its peer is libws",
            (unsigned long long)t->handle, e->code, e->reason);
}

static void close_event(r_thing *t)
{
    R_CHECK(t->open, "%#llx closes while it is not open: %ld opens, %ld closes", (unsigned long long)t->handle,
            t->opens, t->closes);
    t->open = false;
    t->closes++;
    t->ending = true;
}

static void error_event(r_thing *t, const ws_event *e)
{
    R_CHECK(e->error && *e->text, "an error of %#llx without id or text", (unsigned long long)t->handle);
    R_CHECK(!t->trusted || e->stage != WS_STAGE_PROTOCOL, "%#llx finds a violation, and its peer is libws: %s",
            (unsigned long long)t->handle, e->text);
    if (t->open || t->kind != R_CLIENT) return;
    t->errors++;
    R_CHECK(t->again || t->errors <= t->failed + t->silent, "%#llx: %ld errors, %ld failed connects: %s", (unsigned long long)t->handle,
            t->errors, t->failed, e->text);
}

static void destroyed_event(r_thing *t)
{
    R_CHECK(t->opens == t->closes, "%#llx is destroyed with %ld opens and %ld closes", (unsigned long long)t->handle,
            t->opens, t->closes);
    R_CHECK(t->untold <= 0, "%#llx is destroyed with %ld calls not completed", (unsigned long long)t->handle,
            t->untold);
    R_CHECK(t->conns == 0, "server %#llx is destroyed before %ld of its connections", (unsigned long long)t->handle,
            t->conns);
    R_CHECK(t->kind == R_ACCEPTED || t->destroys == 1 || t->dying || r_stop, "%#llx is destroyed by nobody",
            (unsigned long long)t->handle);
    if (t->kind == R_ACCEPTED)
        R_CHECK(t->heard_close_as_server, "the server did not hear that %#llx closed", (unsigned long long)t->handle);
    t->destroyed = true;
    t->dead = true;
    r_nonsense_remember(t->handle, t->kind);
    r_thing_over(t);
    if (t->kind == R_ACCEPTED) r_unpin(t);
}

/* An event of a client or connection, as its own listeners see it. */
static void note(r_thing *t, const ws_event *e, bool polled)
{
    check_event(t, e);
    switch (e->type) {
    case WS_EVENT_OPEN:
        check_alive(t, e, polled);
        open_event(t, e);
        break;
    case WS_EVENT_MESSAGE:
    case WS_EVENT_MESSAGE_RECEIVE:
        check_alive(t, e, polled);
        message_event(t, e);
        break;
    case WS_EVENT_DRAIN:
        check_alive(t, e, polled);
        R_CHECK(t->open, "drain of %#llx while it is not open", (unsigned long long)t->handle);
        break;
    case WS_EVENT_HEADER_RECEIVE:
        check_alive(t, e, polled);
        R_CHECK(!t->open && e->size, "a header of %zu bytes for %#llx", e->size, (unsigned long long)t->handle);
        break;
    case WS_EVENT_OPEN_INFO:
    case WS_EVENT_DATA_END:
    case WS_EVENT_PING:
    case WS_EVENT_PONG:
        check_alive(t, e, polled);
        R_CHECK(t->open, "event %d of %#llx while it is not open", e->type, (unsigned long long)t->handle);
        break;
    case WS_EVENT_RECONNECTING:
    case WS_EVENT_BEFORE_RECONNECT:
    case WS_EVENT_VERIFY:
    case WS_EVENT_SIGN:
        check_alive(t, e, polled);
        R_CHECK(t->again && !t->open && e->attempt > 0 && e->delay_ms >= 0, "attempt %d of %#llx after %lld ms", e->attempt,
                (unsigned long long)t->handle, (long long)e->delay_ms);
        break;
    case WS_EVENT_CLOSE:
        R_CHECK(t->again || !e->will_reconnect, "%#llx connects again, unasked", (unsigned long long)t->handle);
        check_close_code(t, e);
        close_event(t);
        break;
    case WS_EVENT_ERROR: error_event(t, e); break;
    case WS_EVENT_DESTROYED: destroyed_event(t); break;
    default: R_FAIL("event %d", e->type);
    }
}

/* What a host does in a callback: often nothing, sometimes anything. */
static void react(r_thing *t)
{
    if (r_stop) return;
    if (r_one_in(&t->rng, 3)) r_act(&t->rng, t, true);
    if (r_one_in(&t->rng, 12)) r_act_somewhere(&t->rng, r_below(&t->rng, r_run.connections));
    if (r_one_in(&t->rng, 40)) r_nonsense(&t->rng);
    if (r_one_in(&t->rng, 40)) r_queue_act(&t->rng);
}

void WS_CALL r_hear(const ws_event *e, void *thing)
{
    r_thing *t = thing;
    bool entered = r_enter(t, "an event of its own");
    R_CHECK(e->type != WS_EVENT_MESSAGE || !t->messages_off, "a message of %#llx after ws_off in its callback",
            (unsigned long long)t->handle);
    note(t, e, false);
    if (e->type != WS_EVENT_DESTROYED) react(t);
    r_leave(t, entered);
}

/* ---- servers ------------------------------------------------------------------------ */

static void echo(r_thing *t, const ws_event *e)
{
    if (r_stop || (t->server != r_home && r_one_in(&t->rng, 4))) return;
    bool dead = t->dead;
    int32_t status = R_CALL("ws_send", t->handle, ws_send(t->handle, e->data, e->size, e->message_type, NULL, NULL));
    R_ALLOW("ws_send of an echo", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL);
}

static r_thing *accepted(r_thing *server, const ws_event *e)
{
    r_thing *t = r_thing_new(R_ACCEPTED, r_next(&server->rng));
    t->server = server;
    t->max_message = server->max_message;
    r_pin(server);
    r_pin(t); /* until destroyed */
    r_thing_known(t, e->handle);
    server->conns++;
    r_count_accepted++;
    return t;
}

/* The listeners of a new connection. Its server may be destroyed meanwhile. */
static void listen_accepted(r_thing *t)
{
    static const int events[] = {WS_EVENT_DESTROYED, WS_EVENT_MESSAGE, WS_EVENT_CLOSE, WS_EVENT_ERROR, WS_EVENT_DRAIN};
    for (int i = 0; i < 5; i++) {
        int32_t status = R_CALL("ws_on", t->handle, ws_on(t->handle, events[i], r_hear, t));
        R_CHECK(!status || (status == t_stale(t->handle) && (t->dying || t->server->dying || r_stop)),
                "ws_on in the connect event returns %d", status);
        if (status && i == 0) t->deaf = true;
    }
}

static void closed_for_server(r_thing *t)
{
    R_CHECK(!t->heard_close_as_server, "the server hears twice that %#llx closed", (unsigned long long)t->handle);
    t->heard_close_as_server = true;
    t->server->conns--;
}

void WS_CALL r_hear_server(const ws_event *e, void *thing)
{
    r_thing *server = thing;
    if (e->handle == server->handle) {
        bool entered = r_enter(server, "an event of a server");
        check_event(server, e);
        R_CHECK(e->type == WS_EVENT_ERROR || e->type == WS_EVENT_DESTROYED, "a server has event %d", e->type);
        if (e->type == WS_EVENT_DESTROYED) destroyed_event(server);
        r_leave(server, entered);
        return;
    }
    R_CHECK(!server->destroyed, "event %d of a connection after its server's destroyed event", e->type);
    r_thing *t = e->type == WS_EVENT_CONNECT ? accepted(server, e) : r_thing_of(e->handle);
    R_CHECK(t, "event %d of %#llx, which never connected", e->type, (unsigned long long)e->handle);
    R_CHECK(t->server == server, "%#llx is told to the server of somebody else", (unsigned long long)e->handle);
    bool entered = r_enter(t, "an event for its server");
    check_event(t, e);
    switch (e->type) {
    case WS_EVENT_CONNECT:
        check_alive(t, e, false);
        open_event(t, e);
        listen_accepted(t);
        if (!r_stop && r_one_in(&t->rng, 3)) r_settle_in(&t->rng, t);
        break;
    case WS_EVENT_MESSAGE_RECEIVE:
        check_alive(t, e, false);
        message_event(t, e);
        echo(t, e);
        break;
    case WS_EVENT_DRAIN:
    case WS_EVENT_ERROR: break;
    case WS_EVENT_CLOSE:
        if (t->open) close_event(t); /* its own listeners are not there */
        closed_for_server(t);
        if (t->deaf) {
            t->dead = true;
            t->destroyed = true;
            r_thing_over(t);
        }
        break;
    default: R_FAIL("event %d of a connection for its server", e->type);
    }
    if (!t->destroyed) react(t);
    bool over = t->deaf && t->destroyed;
    r_leave(t, entered);
    if (over) r_unpin(t);
    if (!r_stop && r_one_in(&server->rng, 400) && server != r_home) r_server_act(&server->rng, server);
}

/* ---- completions ------------------------------------------------------------------------ */

static void complete(r_call *call, const ws_event *e)
{
    r_thing *t = call->thing;
    check_event(t, e);
    R_CHECK(e->type == WS_EVENT_COMPLETION, "a completion is event %d", e->type);
    R_CHECK(e->operation == call->operation, "the completion of operation %d says %d", call->operation, e->operation);
    R_CHECK(!e->error || *e->text, "a failed completion without text");
    if (e->operation == WS_OP_CONNECT) {
        /* An error comes right behind its completion, unless a pause or ws_destroy comes between. */
        if (!t->paused_once && !t->silent && !t->dying && !t->again && !r_stop)
            R_CHECK(t->errors == t->failed, "%#llx: %ld errors after %ld failed connects", (unsigned long long)t->handle, t->errors, t->failed);
        if (e->error) t->failed++, r_count_failed++;
        else t->connected++;
    }
    r_call_told(call);
}

void WS_CALL r_hear_completion(const ws_event *e, void *user_data)
{
    r_call *call = user_data;
    r_thing *t = call->thing;
    bool entered = r_enter(t, "a completion");
    complete(call, e);
    if (t->kind != R_SERVER) react(t);
    r_leave(t, entered);
}

/* ---- events that were polled ---------------------------------------------------------------- */

void r_hear_polled(const ws_event *e)
{
    r_count_polled++;
    r_count_events++;
    if (e->type == WS_EVENT_COMPLETION) {
        if (e->user_data) complete(e->user_data, e);
        return;
    }
    if (e->type == WS_EVENT_UPGRADE || e->type == WS_EVENT_REQUEST) {
        r_thing *server = r_thing_of(e->server);
        R_CHECK(server && !server->destroyed, "a request to a server that is gone");
        r_hear_request(e, server);
        return;
    }
    r_thing *t = r_thing_of(e->handle);
    if (e->type == WS_EVENT_CONNECT) {
        R_CHECK(!t, "%#llx connects twice", (unsigned long long)e->handle);
        r_thing *server = r_thing_of(e->server);
        R_CHECK(server && !server->destroyed, "a connection of a server that is gone");
        t = accepted(server, e);
        check_event(t, e);
        open_event(t, e);
        if (!r_stop) listen_accepted(t);
        return;
    }
    if (!t) { /* a connection that nobody heard connect, or one whose end only its server could hear */
        R_CHECK(e->server && e->type == WS_EVENT_DESTROYED, "event %d of %#llx, which nobody knows", e->type,
                (unsigned long long)e->handle);
        return;
    }
    if (t->kind == R_SERVER) {
        R_CHECK(e->type == WS_EVENT_ERROR || e->type == WS_EVENT_DESTROYED, "a server has event %d", e->type);
        check_event(t, e);
        if (e->type == WS_EVENT_DESTROYED) destroyed_event(t);
        return;
    }
    note(t, e, true);
    if (e->type == WS_EVENT_CLOSE && t->server) closed_for_server(t);
    if (!r_stop && e->type != WS_EVENT_DESTROYED && r_one_in(&t->rng, 3)) r_act(&t->rng, t, false);
}
