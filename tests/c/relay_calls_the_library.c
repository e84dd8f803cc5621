/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions of a relay may call the library: they publish, hand in, take the relay off and stop the server; what would
 * wait for itself is refused.
 */
#include "t_relay.h"

static ws_handle server;
static t_log at_server = T_LOG;
static t_relay relay = T_RELAY;
static t_latch called = T_LATCH;

static void begin(void (*message)(t_relay *, const ws_relay_message *))
{
    server = t_server(NULL, &at_server);
    relay.message = message;
    t_relay_set(server, &relay);
    t_publish(server, "t", "0");
}

static void finish(void)
{
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    CHECK(relay.ended);
    t_relay_forget(&relay);
    t_forget(&at_server);
}

static void refuses_waits(t_relay *r, const ws_relay_message *m)
{
    (void)m;
    CHECK_EQ(ws_server_stop_wait(r->server, NULL, 0), WS_ERR_IN_CALLBACK);
    CHECK_HAS(ws_last_error(), "ws_server_stop_wait inside a function of the server's relay would wait for itself");
    CHECK_EQ(ws_server_destroy_wait(r->server, 0), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_shutdown_wait(0), WS_ERR_IN_CALLBACK);
    t_log log = T_LOG;
    ws_handle client = t_open_client(r->server, &log); /* what waits for others is allowed */
    OK(ws_close_wait(client, NULL, T_DEADLINE_MS));
    OK(ws_destroy_wait(client, T_DEADLINE_MS));
    t_forget(&log);
    t_add(&called, 1);
}

static void publishes(t_relay *r, const ws_relay_message *m)
{
    if (m->size == 1) {
        CHECK_EQ(ws_publish(r->server, T_NAME("u"), "own", 3, WS_TEXT, 0, NULL), WS_OK);
        ws_relay_message in = *m; /* as it is */
        OK(ws_relay_deliver(r->server, &in));
    }
}

static void takes_itself_off(t_relay *r, const ws_relay_message *m)
{
    (void)m;
    OK(ws_server_set_relay(r->server, NULL));
    t_publish(r->server, "t", "behind");
}

static void stops(t_relay *r, const ws_relay_message *m)
{
    (void)m;
    OK(ws_server_stop(r->server, NULL, NULL, NULL));
}

static void destroys(t_relay *r, const ws_relay_message *m)
{
    (void)m;
    OK(ws_server_destroy(r->server));
}

int main(void)
{
    begin(refuses_waits);
    t_wait(&called, 1);
    t_relay_says(&relay, "t=0");
    finish();
    begin(publishes);
    t_relay_says(&relay, "t=0 u=own");
    finish();
    begin(takes_itself_off);
    t_relay_says(&relay, "t=0 end");
    finish();
    begin(stops);
    t_relay_wait_end(&relay);
    finish();
    begin(destroys);
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    CHECK(relay.ended);
    t_relay_forget(&relay);
    t_forget(&at_server);
    return t_done();
}
