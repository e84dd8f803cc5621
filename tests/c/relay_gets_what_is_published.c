/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A relay gets what is published and broadcast on its server, in that order, on one thread; what it hands in goes to
 * the connections of the server and never out again.
 */
#include "t_compression.h"
#include "t_relay.h"
#include <time.h>

enum { CLIENTS = 3 };

typedef struct room {
    ws_handle server, clients[CLIENTS], connections[CLIENTS];
    t_log logs[CLIENTS], log;
    t_relay relay;
} room;

static void begin(room *r, const ws_server_options *options)
{
    *r = (room){.log = T_LOG, .relay = T_RELAY};
    r->server = t_server(options, &r->log);
    for (int i = 0; i < CLIENTS; i++) {
        r->logs[i] = (t_log)T_LOG;
        r->clients[i] = t_open_client(r->server, &r->logs[i]);
        r->connections[i] = t_wait_event(&r->log, WS_EVENT_CONNECT, i + 1)->handle;
    }
    t_relay_set(r->server, &r->relay);
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

/* All texts of a client up to "end". */
static void has_come(room *r, int client, const char *want)
{
    char all[1024] = "";
    for (int n = 1;; n++) {
        const t_event *e = t_wait_event(&r->logs[client], WS_EVENT_MESSAGE, n);
        strcat(all, (char *)e->data);
        if (!strcmp((char *)e->data, "end")) break;
        strcat(all, " ");
    }
    CHECK_TEXT(all, want);
}

static void in_the_order_of_the_calls(void)
{
    room r;
    begin(&r, NULL);
    OK(ws_subscribe(r.connections[0], T_NAME("a")));
    OK(ws_subscribe_pattern(r.connections[1], T_NAME("room/+")));
    t_relay_wait(&r.relay, 2);
    CHECK_EQ(t_publish(r.server, "a", "1"), 1);
    CHECK_EQ(t_publish(r.server, "nobody", "2"), 0); /* others may want it */
    CHECK_EQ(t_publish(r.server, "room/7", "3"), 1);
    OK(ws_server_broadcast(r.server, T_NAME("4"), WS_TEXT, 0, NULL));
    OK(ws_publish(r.server, T_NAME("a"), T_NAME("5"), WS_TEXT, r.connections[0], NULL)); /* left out here only */
    OK(ws_send(r.connections[0], T_NAME("mine"), WS_TEXT, NULL, NULL));
    CHECK_EQ(t_publish(r.server, "a", ""), 1);
    /* What nobody gets. */
    CHECK_EQ(ws_publish(r.server, T_NAME("a"), T_NAME("\xff"), WS_TEXT, 0, NULL), WS_ERR_PARAMETER);
    OK(ws_server_broadcast(r.server, T_NAME("end"), WS_TEXT, 0, NULL));
    t_relay_says(&r.relay, "+a +~room/+ a=1 nobody=2 room/7=3 *=4 a=5 a= *=end");
    has_come(&r, 0, "1 4 mine  end");
    has_come(&r, 1, "3 4 end");
    ws_server_stats s = t_figures(r.server);
    CHECK_EQ(s.relay_sent, 7);
    CHECK_EQ(s.relay_dropped + s.relay_refused + s.relay_delivered, 0);
    CHECK_EQ(s.relay_waiting + s.relay_waiting_bytes + s.relay_lag_ms, 0);
    CHECK_EQ(s.relay_subscriptions, 2);
    finish(&r);
}

static ws_relay_message seen[4];
static char topic[300], data[4][8];
static t_latch looked = T_LATCH;

static void look(t_relay *relay, const ws_relay_message *m)
{
    (void)relay;
    long n = t_count(&looked);
    seen[n] = *m;
    memcpy(data[n], m->data, m->size);
    if (m->topic) memcpy(topic, m->topic, m->topic_size);
    t_add(&looked, 1);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void with_all_that_belongs_to_a_message(void)
{
    room r;
    char name[255];
    begin(&r, NULL);
    r.relay.message = look;
    for (size_t i = 0; i < sizeof name; i++) name[i] = (char)i;
    int64_t before = now_ms();
    OK(ws_publish(r.server, name, sizeof name, "a\0b", 3, WS_BINARY, 0, NULL));
    ws_send_options o;
    WS_INIT_STRUCT(&o);
    o.key = UINT64_MAX;
    o.priority = 7;
    OK(ws_publish_with(r.server, T_NAME("k"), T_NAME("v"), WS_TEXT, 0, &o, NULL));
    OK(ws_server_broadcast_with(r.server, T_NAME("b"), WS_BINARY, 0, &o, NULL));
    t_wait(&looked, 3);
    int64_t after = now_ms();
    CHECK(seen[0].type == WS_BINARY && !seen[0].broadcast && !seen[0].priority && !seen[0].key);
    CHECK(seen[0].topic_size == 255 && !memcmp(topic + 1, name + 1, 254)); /* "k" has taken its first byte */
    CHECK(seen[0].size == 3 && !memcmp(data[0], "a\0b", 3));
    CHECK(seen[1].type == WS_TEXT && seen[1].priority == 7 && seen[1].key == UINT64_MAX);
    CHECK(seen[2].type == WS_BINARY && seen[2].broadcast && seen[2].priority == 7 && seen[2].key == UINT64_MAX);
    for (int i = 0; i < 3; i++) CHECK(seen[i].time_ms >= before && seen[i].time_ms <= after);
    r.relay.message = NULL;
    finish(&r);
}

/* Each goes to those of the server only, in one order with what is published here. */
static void what_is_handed_in(const ws_server_options *options)
{
    room r;
    begin(&r, options);
    OK(ws_subscribe(r.connections[0], T_NAME("a")));
    OK(ws_subscribe_pattern(r.connections[1], T_NAME("#")));
    t_deliver(r.server, "a", "1");
    CHECK_EQ(t_publish(r.server, "a", "2"), 2);
    t_deliver(r.server, "a/b", "3");
    t_deliver(r.server, "nobody", "4");
    t_deliver(r.server, NULL, "5");
    ws_relay_message m = t_relayed("a", "6");
    m.type = WS_BINARY;
    m.key = 1;
    m.priority = 3;
    m.time_ms = now_ms() - 3600000;
    OK(ws_relay_deliver(r.server, &m));
    ws_server_stats s = t_figures(r.server);
    CHECK_EQ(s.relay_delivered, 5);
    CHECK(s.relay_age_ms >= 3600000 && s.relay_age_ms < 2 * 3600000);
    t_deliver(r.server, NULL, "end");
    CHECK_EQ(t_figures(r.server).relay_age_ms, 0);
    has_come(&r, 0, "1 2 5 6 end");
    has_come(&r, 1, "1 2 3 4 5 6 end");
    has_come(&r, 2, "5 end");
    CHECK_EQ(t_wait_event(&r.logs[0], WS_EVENT_MESSAGE, 4)->message_type, WS_BINARY);
    CHECK_EQ(t_wait_event(&r.logs[2], WS_EVENT_MESSAGE, 1)->message_type, WS_TEXT);
    t_relay_says(&r.relay, "+a +~# a=2");
    finish(&r);
}

/* Those with compression get it compressed (RFC 7692), others as it is. */
static void compressed_for_those_who_agreed(void)
{
    ws_compression z = t_compression(0, 0, 0);
    t_log log = T_LOG, plain = T_LOG, packed = T_LOG;
    t_relay relay = T_RELAY;
    t_raw raw;
    char text[5000];
    ws_handle server = ws_server_create(NULL);
    t_listen_server(server, &log);
    t_start_compressing(server, &z);
    ws_handle a = t_open_client(server, &plain), b = t_compressing_client(server, &z, &packed);
    t_raw_offer(&raw, server, "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    t_wait_event(&log, WS_EVENT_CONNECT, 3);
    t_relay_set(server, &relay);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    for (int n = 1; n <= 3; n++) {
        t_deliver(server, NULL, text);
        CHECK_TEXT((char *)t_wait_event(&plain, WS_EVENT_MESSAGE, n)->data, text);
        CHECK_TEXT((char *)t_wait_event(&packed, WS_EVENT_MESSAGE, n)->data, text);
        t_frame f = t_raw_read(&raw);
        CHECK_EQ(f.first, T_TEXT | 0x40); /* RSV1, RFC 7692 7.2.3.1 */
        CHECK(f.size < 100);
    }
    t_raw_close(&raw);
    t_destroy(a, &plain);
    t_destroy(b, &packed);
    OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    t_relay_wait_end(&relay); /* it was before that */
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_relay_forget(&relay);
    t_forget(&log);
}

/* ws_relay.returning: a message has one place in one order, which the other end of the relay knows. */
static void what_comes_back_goes_to_the_relay_only(void)
{
    room r = {.relay = T_RELAY};
    begin(&r, NULL);
    OK(ws_server_set_relay(r.server, NULL));
    t_relay_wait_end(&r.relay);
    t_relay_forget(&r.relay);
    ws_relay o = t_relay_options(&r.relay);
    o.returning = "a,room/+#";
    CHECK_EQ(ws_server_set_relay(r.server, &o), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "relay.returning: \"room/+#\"");
    o.returning = "a,room/#";
    o.max_messages = 4;
    OK(ws_server_set_relay(r.server, &o));
    OK(ws_subscribe_pattern(r.connections[0], T_NAME("#")));
    t_relay_wait(&r.relay, 1);
    CHECK_EQ(t_publish(r.server, "b", "1"), 1);
    CHECK_EQ(t_publish(r.server, "a", "2"), 0);
    CHECK_EQ(t_publish(r.server, "room/7", "3"), 0);
    CHECK_EQ(t_publish(r.server, "rooms", "4"), 1);
    CHECK_EQ(ws_publish(r.server, T_NAME("a"), T_NAME("x"), WS_TEXT, r.connections[1], NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "except: messages of this topic come back");
    t_relay_wait(&r.relay, 5);
    t_relay_stand(&r.relay, true);
    CHECK_EQ(t_publish(r.server, "b", "5"), 1);
    t_relay_wait_standing(&r.relay);
    for (int i = 0; i < 5; i++) CHECK_EQ(t_publish(r.server, "a", "6"), 0); /* the fifth has no room */
    CHECK_EQ(t_figures(r.server).relay_dropped, 1);
    t_relay_stand(&r.relay, false);
    t_relay_wait(&r.relay, 10);
    t_deliver(r.server, "a", "2, back");
    OK(ws_server_set_relay(r.server, NULL));
    t_relay_wait_end(&r.relay);
    CHECK_EQ(t_publish(r.server, "a", "7"), 1); /* there is nobody to bring it back */
    OK(ws_server_broadcast(r.server, T_NAME("end"), WS_TEXT, 0, NULL));
    has_come(&r, 0, "1 4 5 2, back 7 end");
    t_relay_says(&r.relay, "+~# b=1 a=2 room/7=3 rooms=4 b=5 a=6 a=6 a=6 a=6 end");
    t_relay_forget(&r.relay);
    t_relay_set(r.server, &r.relay);
    finish(&r);
}

int main(void)
{
    ws_server_options drops;
    WS_INIT_STRUCT(&drops);
    drops.full_policy = WS_FULL_DROP_OLDEST;
    in_the_order_of_the_calls();
    with_all_that_belongs_to_a_message();
    what_is_handed_in(NULL);
    what_is_handed_in(&drops);
    what_comes_back_goes_to_the_relay_only();
    compressed_for_those_who_agreed();
    return t_done();
}
