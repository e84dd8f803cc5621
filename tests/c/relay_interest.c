/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A relay knows which topics and patterns somebody on its server has subscribed to: what there is already comes first,
 * then what begins and ends, in one line with the messages, without what has changed back meanwhile.
 */
#include "t_relay.h"

enum { CLIENTS = 2, MANY = 1000 };

typedef struct room {
    ws_handle server, clients[CLIENTS], connections[CLIENTS];
    t_log logs[CLIENTS], log;
    t_relay relay;
} room;

static void begin(room *r)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_subscriptions = -1;
    *r = (room){.log = T_LOG, .relay = T_RELAY};
    r->server = t_server(&o, &r->log);
    for (int i = 0; i < CLIENTS; i++) {
        r->logs[i] = (t_log)T_LOG;
        r->clients[i] = t_open_client(r->server, &r->logs[i]);
        r->connections[i] = t_wait_event(&r->log, WS_EVENT_CONNECT, i + 1)->handle;
    }
}

static void finish(room *r)
{
    OK(ws_server_set_relay(r->server, NULL));
    t_relay_wait_end(&r->relay);
    t_relay_forget(&r->relay);
    for (int i = 0; i < CLIENTS; i++) t_destroy(r->clients[i], &r->logs[i]);
    OK(ws_server_destroy(r->server));
    t_wait_event(&r->log, WS_EVENT_DESTROYED, 1);
    t_forget(&r->log);
}

/* The first that subscribes and the last that leaves; a topic and a pattern of the same name are two things. */
static void begins_and_ends(void)
{
    room r;
    begin(&r);
    t_relay_set(r.server, &r.relay);
    ws_handle a = r.connections[0], b = r.connections[1];
    OK(ws_subscribe(a, T_NAME("t")));
    t_relay_wait(&r.relay, 1);
    OK(ws_subscribe(b, T_NAME("t")));
    OK(ws_subscribe(b, T_NAME("t")));
    OK(ws_subscribe_pattern(a, T_NAME("t")));
    t_relay_wait(&r.relay, 2);
    OK(ws_subscribe_pattern(a, T_NAME("+/x/#")));
    t_relay_wait(&r.relay, 3);
    CHECK_EQ(t_figures(r.server).relay_subscriptions, 3);
    OK(ws_unsubscribe(a, T_NAME("t")));
    OK(ws_unsubscribe(a, T_NAME("t")));
    OK(ws_unsubscribe_pattern(a, T_NAME("t")));
    t_relay_wait(&r.relay, 4);
    OK(ws_unsubscribe(b, T_NAME("t")));
    t_relay_wait(&r.relay, 5);
    t_destroy(r.clients[0], &r.logs[0]); /* the end of a connection ends its subscriptions */
    t_relay_says(&r.relay, "+t +~t +~+/x/# -~t -t -~+/x/#");
    CHECK_EQ(t_figures(r.server).relay_subscriptions, 0);
    r.clients[0] = t_open_client(r.server, &r.logs[0]);
    finish(&r);
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* In no order, but before all that follows, messages included. */
static void what_there_is_comes_first(void)
{
    static const char *const patterns[] = {"+", "#", "+/+", "+/+/#", "a/+", "a/#", "a/b", "+/b", "+/+/c/+/+"};
    enum { PATTERNS = sizeof patterns / sizeof *patterns };
    room r;
    begin(&r);
    char want[MANY + PATTERNS][32], *sorted[MANY + PATTERNS];
    for (int i = 0; i < MANY; i++) {
        snprintf(want[i], sizeof *want, "+topic/%d", i);
        OK(ws_subscribe(r.connections[i % 2], want[i] + 1, strlen(want[i] + 1)));
    }
    for (int i = 0; i < PATTERNS; i++) {
        snprintf(want[MANY + i], sizeof *want, "+~%s", patterns[i]);
        OK(ws_subscribe_pattern(r.connections[0], patterns[i], strlen(patterns[i])));
        OK(ws_subscribe_pattern(r.connections[1], patterns[i], strlen(patterns[i])));
    }
    OK(ws_subscribe(r.connections[0], T_NAME("gone")));
    OK(ws_unsubscribe(r.connections[0], T_NAME("gone")));
    t_relay_set(r.server, &r.relay);
    t_publish(r.server, "topic/0", "first");
    OK(ws_subscribe(r.connections[0], T_NAME("later")));
    t_relay_wait(&r.relay, MANY + PATTERNS + 2);
    CHECK_EQ(r.relay.count, MANY + PATTERNS + 2);
    CHECK_TEXT(r.relay.words[MANY + PATTERNS], "topic/0=first");
    CHECK_TEXT(r.relay.words[MANY + PATTERNS + 1], "+later");
    CHECK_EQ(t_figures(r.server).relay_subscriptions, MANY + PATTERNS + 1);
    for (int i = 0; i < MANY + PATTERNS; i++) sorted[i] = want[i];
    qsort(sorted, MANY + PATTERNS, sizeof *sorted, compare);
    qsort(r.relay.words, MANY + PATTERNS, sizeof *sorted, compare);
    for (int i = 0; i < MANY + PATTERNS; i++) CHECK_TEXT(r.relay.words[i], sorted[i]);
    finish(&r);
}

/* While the relay is busy what begins and ends again is nothing to it, and so is what ends and begins. */
static void what_changes_back_is_left_out(void)
{
    room r;
    begin(&r);
    ws_handle a = r.connections[0];
    OK(ws_subscribe(a, T_NAME("stays")));
    t_relay_set(r.server, &r.relay);
    t_relay_wait(&r.relay, 1);
    t_relay_stand(&r.relay, true);
    t_publish(r.server, "x", "1");
    t_relay_wait_standing(&r.relay);
    for (int i = 0; i < MANY; i++) {
        OK(ws_unsubscribe(a, T_NAME("stays")));
        OK(ws_subscribe(a, T_NAME("comes")));
        OK(ws_subscribe(a, T_NAME("stays")));
        OK(ws_unsubscribe(a, T_NAME("comes")));
        OK(ws_subscribe_pattern(a, T_NAME("p/#")));
        OK(ws_unsubscribe_pattern(a, T_NAME("p/#")));
    }
    OK(ws_subscribe(a, T_NAME("new")));
    t_publish(r.server, "x", "2");
    OK(ws_unsubscribe(a, T_NAME("stays")));
    t_publish(r.server, "x", "3");
    t_relay_stand(&r.relay, false);
    t_relay_says(&r.relay, "+stays x=1 +new x=2 -stays x=3");
    finish(&r);
}

static void not_asked_for(void)
{
    room r;
    begin(&r);
    ws_relay o = t_relay_options(&r.relay);
    o.on_interest = NULL;
    OK(ws_server_set_relay(r.server, &o));
    OK(ws_subscribe(r.connections[0], T_NAME("t")));
    t_publish(r.server, "t", "1");
    t_relay_says(&r.relay, "t=1");
    CHECK_EQ(t_figures(r.server).relay_subscriptions, 0);
    finish(&r);
}

int main(void)
{
    begins_and_ends();
    what_there_is_comes_first();
    what_changes_back_is_left_out();
    not_asked_for();
    return t_done();
}
