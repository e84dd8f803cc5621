/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a relay ends: what waits for it drains or is dropped, on_end is its last call, and a stop, the destroyed event
 * and a shutdown come behind it.
 */
#include "t_relay.h"

static ws_handle server;
static t_log at_server = T_LOG;
static t_relay relay = T_RELAY;

static void begin(int32_t drain)
{
    server = t_server(NULL, &at_server);
    ws_relay o = t_relay_options(&relay);
    o.drain_timeout_ms = drain;
    relay.server = server;
    OK(ws_server_set_relay(server, &o));
}

/* One message is with it, three wait. */
static void crowd(void)
{
    t_relay_stand(&relay, true);
    t_publish(server, "t", "0");
    t_relay_wait_standing(&relay);
    for (const char *text = "123"; *text; text++) OK(ws_publish(server, T_NAME("t"), text, 1, WS_TEXT, 0, NULL));
}

static void finish(void)
{
    OK(ws_server_destroy(server));
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    CHECK(relay.ended);
    t_relay_forget(&relay);
    t_forget(&at_server);
}

static t_latch stopped = T_LATCH;

static void WS_CALL on_stopped(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK_EQ(e->error, WS_OK);
    CHECK(relay.ended);
    t_add(&stopped, 1);
}

static void WS_CALL say_goodbye(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_publish(e->server, T_NAME("t"), T_NAME("left"), WS_TEXT, 0, NULL));
}

/* Also what is published while connections close; what comes behind that is for nobody. */
static void drains_before_the_end_of_a_stop(void)
{
    t_log log = T_LOG;
    begin(0);
    ws_handle client = t_open_client(server, &log);
    t_wait_event(&at_server, WS_EVENT_CONNECT, 1);
    OK(ws_server_on(server, WS_EVENT_CLOSE, say_goodbye, NULL));
    crowd();
    OK(ws_server_stop(server, NULL, on_stopped, NULL));
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    T_UNTIL_SO(t_figures(server).relay_waiting == 4);
    ws_relay o = t_relay_options(&relay);
    CHECK_EQ(ws_server_set_relay(server, &o), WS_ERR_STATE);
    CHECK_EQ(t_count(&stopped), 0);
    t_relay_stand(&relay, false);
    t_wait(&stopped, 1);
    t_relay_says(&relay, "t=0 t=1 t=2 t=3 t=left end");
    CHECK_EQ(t_publish(server, "t", "nobody"), 0);
    ws_relay_message m = t_relayed("t", "nobody");
    CHECK_EQ(ws_relay_deliver(server, &m), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "server: has no relay");
    CHECK_EQ(t_figures(server).relay_sent, 5);
    CHECK_EQ(t_figures(server).relay_dropped, 0);
    t_destroy(client, &log);
    t_forget(&log);
    finish();
}

static void take_a_while(t_relay *r, const ws_relay_message *m)
{
    (void)r, (void)m;
    long long end = t_now() + 3;
    while (t_now() < end) sched_yield();
}

/* The time of the end is over before all have left: the others are counted. */
static void drops_what_is_late(void)
{
    enum { MESSAGES = 500 };
    begin(1);
    relay.message = take_a_while;
    for (int i = 0; i < MESSAGES; i++) t_publish(server, "t", "slow");
    OK(ws_server_stop(server, NULL, on_stopped, NULL));
    t_wait(&stopped, 2);
    ws_server_stats s = t_figures(server);
    CHECK(s.relay_dropped > 0);
    CHECK_EQ(s.relay_sent + s.relay_dropped, MESSAGES);
    CHECK_EQ(s.relay_waiting, 0);
    CHECK_EQ((int)s.relay_sent, relay.count - 1);
    finish();
}

/* Without patience, and by a destroy, what waits is dropped at once; the call that runs is waited for. */
static void drops_at_once(void (*end)(void), int32_t drain)
{
    begin(drain);
    crowd();
    end();
    T_UNTIL_SO(t_figures(server).relay_dropped == 3);
    CHECK(!relay.ended);
    t_relay_stand(&relay, false);
    t_relay_wait_end(&relay);
    t_relay_says(&relay, "t=0 end");
    finish();
}

static void stop(void) { OK(ws_server_stop(server, NULL, NULL, NULL)); }
static void take_off(void) { OK(ws_server_set_relay(server, NULL)); }

/* Its figures cannot be asked for any more. */
static void a_destroy_drops(void)
{
    begin(0);
    crowd();
    OK(ws_server_destroy(server));
    t_relay_stand(&relay, false);
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    CHECK(relay.ended);
    CHECK(relay.count < 1 + 3 + 1 || !strcmp(relay.words[4], "end")); /* it may just have come to them */
    t_relay_forget(&relay);
    t_forget(&at_server);
}

static t_relay second = T_RELAY;

static void sets_the_second(t_relay *r) { t_relay_set(r->server, &second); }

/* One at a time: the next one has its place in on_end. */
static void one_follows_the_other(void)
{
    begin(0);
    ws_relay o = t_relay_options(&second);
    CHECK_EQ(ws_server_set_relay(server, &o), WS_ERR_STATE);
    relay.end = sets_the_second;
    crowd();
    OK(ws_server_set_relay(server, NULL));
    OK(ws_server_set_relay(server, NULL)); /* once more is no error */
    t_publish(server, "t", "between"); /* for nobody */
    CHECK_EQ(ws_server_set_relay(server, &o), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "wait for its on_end");
    t_deliver(server, "t", "comes in"); /* until the end */
    t_relay_stand(&relay, false);
    t_relay_wait_end(&relay);
    t_publish(server, "t", "4");
    t_relay_says(&second, "t=4");
    t_relay_says(&relay, "t=0 t=1 t=2 t=3 end");
    OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    t_relay_says(&second, "t=4 end");
    CHECK_EQ(t_figures(server).relay_sent, 5);
    t_relay_forget(&second);
    finish();
}

/* Before the first start, and again after a stop. */
static void outlives_no_stop(void)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    server = ws_server_create(NULL);
    t_listen_server(server, &at_server);
    OK(ws_server_set_relay(server, NULL));
    for (int i = 0; i < 3; i++) {
        t_relay_set(server, &relay);
        ws_relay_message m = t_relayed("t", "early");
        CHECK_EQ(ws_relay_deliver(server, &m), i ? WS_OK : WS_ERR_STATE);
        OK(ws_server_start(server, &config, NULL, NULL));
        t_publish(server, "t", "1");
        OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
        t_relay_says(&relay, "t=1 end");
        t_relay_forget(&relay);
    }
    t_relay_set(server, &relay);
    finish();
}

/* ws_shutdown_wait ends it as ws_server_destroy does. */
static void a_shutdown_waits(void)
{
    begin(0);
    OK(ws_shutdown_wait(T_DEADLINE_MS));
    CHECK(relay.ended);
    t_relay_forget(&relay);
    t_forget(&at_server);
}

int main(void)
{
    drains_before_the_end_of_a_stop();
    drops_what_is_late();
    drops_at_once(stop, -1);
    drops_at_once(take_off, -1);
    a_destroy_drops();
    one_follows_the_other();
    outlives_no_stop();
    a_shutdown_waits();
    return t_done();
}
