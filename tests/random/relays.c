/* SPDX-License-Identifier: Apache-2.0 */
/* relays.c - random relays of servers: what they get they sometimes hand in again, and each ends once. */
#include "random.h"

typedef struct relay {
    ws_handle server;
    unsigned calls;
    atomic_bool busy, ended;
} relay;

static atomic_long begun, over;

long r_relays_open(void)
{
    return atomic_load(&begun) - atomic_load(&over);
}

static void enter(relay *r)
{
    R_CHECK(!atomic_load(&r->ended), "a relay is called behind its end");
    R_CHECK(!atomic_exchange(&r->busy, true), "two calls of a relay at once");
}

static void WS_CALL on_message(const ws_relay_message *m, void *user)
{
    relay *r = user;
    enter(r);
    r_content_check(m->data, m->size, true, r->server);
    R_CHECK(m->type == WS_TEXT || m->type == WS_BINARY, "a relay gets the type %d", m->type);
    R_CHECK(m->broadcast ? !m->topic_size : m->topic_size == 1, "a relay gets a topic of %zu bytes", m->topic_size);
    r->calls++;
    if (r->calls % 4 == 0) {
        int32_t status = ws_relay_deliver(r->server, m);
        R_CHECK(!status || status == WS_ERR_HANDLE || status == WS_ERR_STATE, "ws_relay_deliver returns %d", status);
    }
    if (r->calls % 100 == 0) ws_server_set_relay(r->server, NULL);
    atomic_store(&r->busy, false);
}

static void WS_CALL on_interest(const ws_relay_interest *i, void *user)
{
    enter(user);
    R_CHECK(i->size == 1, "a relay gets a topic of %zu bytes", i->size);
    atomic_store(&((relay *)user)->busy, false);
}

static void WS_CALL on_end(void *user)
{
    enter(user);
    atomic_store(&((relay *)user)->ended, true);
    free(user);
    atomic_fetch_add(&over, 1);
}

static void set(r_rng *rng, r_thing *server)
{
    relay *r = calloc(1, sizeof *r);
    CHECK(r);
    r->server = server->handle;
    ws_relay o;
    WS_INIT_STRUCT(&o);
    o.flags = r_one_in(rng, 3) ? WS_RELAY_REFUSE : 0;
    o.max_messages = r_one_in(rng, 2) ? r_below(rng, 50) : 0;
    o.max_bytes = r_one_in(rng, 4) ? r_below(rng, 5000) : 0;
    o.drain_timeout_ms = (int32_t)r_below(rng, 20) - 1;
    o.on_message = on_message;
    o.on_interest = r_one_in(rng, 4) ? NULL : on_interest;
    o.on_end = on_end;
    o.user_data = r;
    bool dead = server->dead;
    atomic_fetch_add(&begun, 1);
    int32_t status = R_CALL("ws_server_set_relay", server->handle, ws_server_set_relay(server->handle, &o));
    R_ALLOW("ws_server_set_relay", server, dead, status, WS_OK, WS_ERR_STATE);
    if (!status) return;
    atomic_fetch_add(&over, 1);
    free(r);
}

void r_relay_act(r_rng *rng, r_thing *server)
{
    bool dead = server->dead;
    if (r_one_in(rng, 3)) {
        int32_t status = R_CALL("ws_server_set_relay", server->handle, ws_server_set_relay(server->handle, NULL));
        R_ALLOW("ws_server_set_relay", server, dead, status, WS_OK);
    } else if (r_one_in(rng, 2)) {
        set(rng, server);
    } else {
        ws_relay_message m;
        WS_INIT_STRUCT(&m);
        m.type = r_one_in(rng, 2) ? WS_TEXT : WS_BINARY;
        m.broadcast = (int32_t)r_below(rng, 2);
        m.topic = m.broadcast ? NULL : "a";
        m.topic_size = !m.broadcast;
        m.data = "xxxxxxxx";
        m.size = 8;
        int32_t status = R_CALL("ws_relay_deliver", server->handle, ws_relay_deliver(server->handle, &m));
        R_ALLOW("ws_relay_deliver", server, dead, status, WS_OK, WS_ERR_STATE);
    }
}
