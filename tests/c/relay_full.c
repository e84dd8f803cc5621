/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A relay that stands still holds up nobody who publishes: its queue has bounds, and beyond them messages are dropped
 * for the relay alone, or refused for all, as it was asked for. What was published is sent, dropped, or waits.
 */
#include "t_relay.h"

enum { MOST = 10 };

static ws_handle server, client, connection;
static t_log at_server = T_LOG, at_client = T_LOG;
static t_relay relay = T_RELAY;
static uint64_t published;

static void begin(uint32_t flags, int64_t messages, int64_t bytes)
{
    server = t_server(NULL, &at_server);
    client = t_open_client(server, &at_client);
    connection = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_subscribe(connection, T_NAME("t")));
    ws_relay o = t_relay_options(&relay);
    o.flags = flags;
    o.max_messages = messages;
    o.max_bytes = bytes;
    OK(ws_server_set_relay(server, &o));
    t_relay_stand(&relay, true);
    CHECK_EQ(t_publish(server, "t", "0"), 1);
    t_relay_wait_standing(&relay);
    published = 1;
}

static void adds_up(void)
{
    ws_server_stats s = t_figures(server);
    CHECK_EQ(s.relay_sent + s.relay_dropped + (uint64_t)s.relay_waiting, published);
}

static void finish(void)
{
    t_relay_stand(&relay, false);
    OK(ws_server_set_relay(server, NULL));
    t_relay_wait_end(&relay);
    adds_up();
    CHECK_EQ(t_figures(server).relay_waiting, 0);
    t_relay_forget(&relay);
    t_destroy(client, &at_client);
    t_forget(&at_client);
    OK(ws_server_destroy(server));
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    t_forget(&at_server);
}

static void publish(const char *text, int32_t want)
{
    size_t n = 0;
    CHECK_EQ(ws_publish(server, T_NAME("t"), text, strlen(text), WS_TEXT, 0, &n), want);
    CHECK_EQ(n, want == WS_OK);
    published += want == WS_OK;
    adds_up();
}

static void come(int messages)
{
    t_wait_event(&at_client, WS_EVENT_MESSAGE, messages);
    CHECK_EQ(t_seen(&at_client, WS_EVENT_MESSAGE), messages);
}

static void drops(void)
{
    begin(0, MOST, 0);
    char text[2] = "a";
    for (int i = 0; i < MOST + 3; i++, text[0]++) publish(text, WS_OK);
    OK(ws_server_broadcast(server, T_NAME("all"), WS_TEXT, 0, NULL));
    published++;
    adds_up();
    ws_server_stats s = t_figures(server);
    CHECK_EQ(s.relay_waiting, MOST);
    CHECK_EQ(s.relay_waiting_bytes, 2 * MOST);
    CHECK_EQ(s.relay_dropped, 4);
    CHECK_EQ(s.relay_refused, 0);
    T_UNTIL_SO(t_figures(server).relay_lag_ms > 0);
    come(1 + MOST + 4); /* all of it, here */
    t_relay_stand(&relay, false);
    t_relay_says(&relay, "+t t=0 t=a t=b t=c t=d t=e t=f t=g t=h t=i t=j");
    publish("again", WS_OK);
    t_relay_wait(&relay, MOST + 3);
    finish();
}

static void refuses(void)
{
    begin(WS_RELAY_REFUSE, MOST, 0);
    for (int i = 0; i < MOST; i++) publish("fits", WS_OK);
    CHECK_EQ(ws_publish(server, T_NAME("t"), T_NAME("not"), WS_TEXT, 0, NULL), WS_ERR_FULL);
    CHECK_HAS(ws_last_error(), "relay: 10 messages of 50 bytes wait for it, and max_messages is 10");
    CHECK_EQ(ws_server_broadcast(server, T_NAME("not"), WS_TEXT, 0, NULL), WS_ERR_FULL);
    t_deliver(server, "t", "comes in"); /* that has nothing to do with it */
    CHECK_EQ(t_figures(server).relay_refused, 2);
    CHECK_EQ(t_figures(server).relay_dropped, 0);
    come(1 + MOST + 1);
    t_relay_stand(&relay, false);
    t_relay_wait(&relay, MOST + 2);
    publish("again", WS_OK);
    t_relay_wait(&relay, MOST + 3);
    CHECK_TEXT(relay.words[MOST + 2], "t=again");
    finish();
}

static void counts_bytes(void)
{
    char large[101];
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = 0;
    begin(0, 0, 100); /* of topics and data */
    publish(large, WS_OK);
    CHECK_EQ(t_figures(server).relay_dropped, 1); /* it never fits */
    publish(large + 1, WS_OK);
    CHECK_EQ(t_figures(server).relay_waiting_bytes, 100);
    publish("", WS_OK);
    CHECK_EQ(t_figures(server).relay_dropped, 2);
    OK(ws_subscribe(connection, T_NAME("u"))); /* interests always fit */
    t_relay_stand(&relay, false);
    t_relay_wait(&relay, 4);
    CHECK_TEXT(relay.words[3], "+u");
    CHECK_EQ(strlen(relay.words[2]), 2 + 99);
    finish();
}

/* What waits for a relay is in the memory budget, like all that waits. */
static void is_in_the_budget(void)
{
    enum { SIZE = 1 << 20, MESSAGES = 8 };
    begin(0, 0, 0);
    ws_stats before = t_totals();
    char *data = t_bytes(SIZE, 1, 1);
    for (int i = 0; i < MESSAGES; i++) OK(ws_publish(server, T_NAME("nobody"), data, SIZE, WS_TEXT, 0, NULL));
    published += MESSAGES;
    CHECK_EQ(t_figures(server).relay_waiting, MESSAGES);
    CHECK(t_totals().memory_used >= before.memory_used + MESSAGES * SIZE);
    t_relay_stand(&relay, false);
    t_relay_wait(&relay, 2 + MESSAGES);
    T_UNTIL_SO(t_totals().memory_used < before.memory_used + 2 * SIZE); /* the last one may still be with it */
    free(data);
    finish();
}

int main(void)
{
    drops();
    refuses();
    counts_bytes();
    is_in_the_budget();
    return t_done();
}
