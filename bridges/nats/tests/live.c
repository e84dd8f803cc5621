/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live: what is published on one server reaches the subscribers of the others, once and in its order; only what
 * somebody wants is subscribed in NATS; large messages travel in parts; what others write there is ignored.
 */

#include "kit.h"

#include <nats/nats.h>

static n_nats nats;

/* The interest of a node is known to NATS when NATS has answered behind it. */
static void settle(n_node *n, uint64_t subscriptions)
{
    N_UNTIL(n_stats(n).subscriptions == subscriptions);
    uint64_t parts = n_stats(n).out_parts; /* behind the subscriptions, over the same connection */
    OK(ws_server_broadcast(n->server, "", 0, WS_BINARY, 0, NULL));
    N_UNTIL(n_stats(n).out_parts > parts && !n_stats(n).out_unconfirmed);
}

static void reaches_subscribers_of_all(void)
{
    n_node a, b;
    n_client one, two, three;
    n_serve(&a);
    n_serve(&b);
    n_connect(&one, &a, 1);
    n_connect(&two, &b, 1);
    n_connect(&three, &b, 2);
    n_subscribe(&one, "news");
    n_join(&a, n_options(&nats)); /* what is subscribed before is known */
    n_join(&b, n_options(&nats));
    n_subscribe(&two, "news");
    OK(ws_subscribe_pattern(two.connection, "new+", 4) == WS_ERR_PARAMETER ? WS_OK : 1);
    OK(ws_subscribe_pattern(two.connection, "#", 1));
    OK(ws_subscribe_pattern(two.connection, "room/+", 6));
    OK(ws_subscribe_pattern(two.connection, "room/#", 6));
    OK(ws_subscribe(three.connection, "od\0d. *>", 8));
    N_UNTIL(n_stats(&a).subscriptions == 2 && n_stats(&b).subscriptions == 7);
    settle(&a, 2);
    settle(&b, 7);
    n_publish(&a, "news", "a1");
    n_publish(&a, "room/7", "a2");
    n_publish(&a, "room", "a3");
    OK(ws_publish(a.server, "od\0d. *>", 8, "a4", 2, WS_BINARY, 0, NULL));
    n_publish(&b, "news", "b1");
    OK(ws_server_broadcast(a.server, "all", 3, WS_TEXT, 0, NULL));
    n_publish(&a, "nobody here wants it but two", "a5");
    OK(ws_server_broadcast(a.server, "end", 3, WS_TEXT, 0, NULL));
    /* The empty ones are those of settle. What overlapping patterns fit comes once. b1 is of another process: any
     * order. */
    for (const t_event *e;;) {
        e = t_wait_event(&three.log, WS_EVENT_MESSAGE, t_seen(&three.log, WS_EVENT_MESSAGE));
        if (!strcmp((char *)e->data, "end")) break;
        sched_yield();
    }
    const char *const three_wants[] = {"", "", "a4", "all", "end"};
    CHECK_EQ(t_seen(&three.log, WS_EVENT_MESSAGE), 5);
    for (int i = 0; i < 5; i++)
        CHECK_TEXT((char *)t_wait_event(&three.log, WS_EVENT_MESSAGE, i + 1)->data, three_wants[i]);
    CHECK_EQ(t_wait_event(&three.log, WS_EVENT_MESSAGE, 3)->message_type, WS_BINARY);
    char got[200] = "";
    for (int i = 1; !strstr(got, "end"); i++) {
        const t_event *e = t_wait_event(&two.log, WS_EVENT_MESSAGE, i);
        if (e->size && strcmp((char *)e->data, "b1")) strcat(strcat(got, (char *)e->data), " ");
    }
    CHECK_TEXT(got, "a1 a2 a3 a4 all a5 end ");
    N_UNTIL(n_stats(&b).in_repeated >= 5); /* news by "#"; room/7 by three, room by two; od... by "#" */
    /* The publisher's own clients got it by the server, and nothing came back to it. */
    t_wait_event(&one.log, WS_EVENT_MESSAGE, 6);
    CHECK_EQ(n_stats(&a).in_messages, 2); /* the empty one of b's settle, and b1 */
    CHECK_EQ(n_stats(&a).in_lost + n_stats(&b).in_lost + n_stats(&a).out_lost + n_stats(&b).in_foreign, 0);
    n_leave(&one);
    n_leave(&two);
    n_leave(&three);
    n_finish(&a);
    n_finish(&b);
    CHECK_EQ(a.events.seen[WS_NATS_EVENT_CONNECTED], 1);
    CHECK_EQ(a.events.seen[WS_NATS_EVENT_LEFT], 1);
    CHECK_EQ(a.events.unsure, 0);
}

static void only_wanted_topics_are_subscribed(void)
{
    n_node a;
    n_client one, two;
    ws_nats_options o = n_options(&nats);
    o.linger_ms = 200;
    n_serve(&a);
    n_join(&a, o);
    n_connect(&one, &a, 1);
    n_connect(&two, &a, 2);
    N_UNTIL(n_stats(&a).subscriptions == 1); /* broadcasts */
    for (int i = 0; i < 50; i++) {           /* who flaps costs nothing */
        n_subscribe(&one, "t");
        OK(ws_unsubscribe(one.connection, "t", 1));
    }
    n_subscribe(&one, "t");
    n_subscribe(&two, "t");
    OK(ws_subscribe_pattern(one.connection, "t/#", 3)); /* "t" and "t.>" */
    N_UNTIL(n_stats(&a).subscriptions == 3 && !n_stats(&a).lingering);
    n_leave(&two);
    OK(ws_unsubscribe(one.connection, "t", 1)); /* the pattern wants its subject still */
    n_subscribe(&one, "other");
    N_UNTIL(n_stats(&a).subscriptions == 4);
    OK(ws_unsubscribe_pattern(one.connection, "t/#", 3));
    N_UNTIL(n_stats(&a).subscriptions == 2);
    n_leave(&one);
    N_UNTIL(n_stats(&a).subscriptions == 1);
    CHECK_EQ(n_stats(&a).lingering, 0);
    n_finish(&a);
}

static void large_messages_travel_in_parts(void)
{
    n_node a, b;
    n_client one;
    ws_nats_options o = n_options(&nats);
    n_serve(&a);
    n_serve(&b);
    n_join(&a, o);
    n_join(&b, o);
    n_connect(&one, &b, 1);
    n_subscribe(&one, "t");
    settle(&b, 2);
    CHECK_EQ(n_stats(&b).max_payload, 1 << 20);
    static const size_t sizes[] = {0, 1, (1 << 20) - 300, 1 << 20, (1 << 20) + 1, 3 << 20, 10000001};
    int n = 1;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        void *data = t_bytes(sizes[i], (unsigned)i, 0);
        OK(ws_publish(a.server, "t", 1, data, sizes[i], WS_BINARY, 0, NULL));
        const t_event *e;
        do e = t_wait_event(&one.log, WS_EVENT_MESSAGE, n++);
        while (!e->size && sizes[i]);
        CHECK_EQ(e->size, sizes[i]);
        CHECK(!memcmp(e->data, data, sizes[i]));
        free(data);
    }
    CHECK_EQ(n_stats(&a).out_messages, 7);
    CHECK_EQ(n_stats(&a).out_parts, 3 + 2 + 2 + 4 + 10);
    CHECK_EQ(n_stats(&b).in_incomplete + n_stats(&b).in_lost, 0);
    /* Over max_message, and with parts switched off: refused by name, and counted; the receiver misses them. */
    void *data = t_bytes(17 << 20, 1, 0);
    OK(ws_publish(a.server, "t", 1, data, 17 << 20, WS_BINARY, 0, NULL));
    n_wait(&a.events, WS_NATS_EVENT_ERROR, 1);
    CHECK_HAS(a.events.texts, "libws.t.t, 17825792 bytes: over max_message");
    n_wait(&a.events, WS_NATS_EVENT_LOST, 1);
    CHECK_EQ(a.events.lost_out, 1);
    n_publish(&a, "t", "behind");
    N_UNTIL(n_stats(&b).in_lost == 1);
    n_finish(&a);
    n_serve(&a);
    o.flags = WS_NATS_NO_SPLIT;
    n_join(&a, o);
    OK(ws_publish(a.server, "t", 1, data, 1 << 20, WS_BINARY, 0, NULL));
    n_wait(&a.events, WS_NATS_EVENT_ERROR, 1);
    CHECK_HAS(a.events.texts,
              "libws.t.t, 1048576 bytes: the NATS server takes 1048576 at once (max_payload) with the header");
    CHECK_EQ(a.events.status, WS_ERR_TOO_LARGE);
    free(data);
    n_leave(&one);
    n_finish(&a);
    n_finish(&b);
}

static void garbage_of_others_is_ignored(void)
{
    n_node a;
    n_client one;
    n_serve(&a);
    n_join(&a, n_options(&nats));
    n_connect(&one, &a, 1);
    OK(ws_subscribe_pattern(one.connection, "#", 1));
    settle(&a, 2);
    natsConnection *stranger = NULL;
    CHECK_EQ(natsConnection_ConnectTo(&stranger, nats.url), NATS_OK);
    static const char *const wrong[][3] = {
        {"libws.t.x", NULL, "no header"},
        {"libws.t.x", "nonsense", "x"},
        {"libws.t.x", "1 T me 1 1 1 0 0 1 1 2", "another size"},
        {"libws.t.x%zz", "1 T me 2 1 1 0 0 1 1 1", "x"}, /* no topic */
        {"libws.t.%61", "1 T me 3 1 1 0 0 1 1 1", "x"},  /* "a" has another subject */
        {"libws.t.x", "1 T me 4 1 1 0 0 2 3 1", "x"},    /* a part without its begin */
        {"libws.t.x", "1 T me 5 1 1 0 0 1 3 9000000000", "x"},
        {"libws.t.x", "1 T me 6 1 1 0 0 1 2 2", "x"}, /* its end never comes */
        {"libws.t.x", "1 T me 7 1 1 0 0 1 1 1", "\xff"}, /* text that is none */
        {"libws.t.x", "1 T me 8 1 1 0 0 1 1 3", "end"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        natsMsg *m;
        CHECK_EQ(natsMsg_Create(&m, wrong[i][0], NULL, wrong[i][2], (int)strlen(wrong[i][2])), NATS_OK);
        if (wrong[i][1]) CHECK_EQ(natsMsgHeader_Set(m, "Ws", wrong[i][1]), NATS_OK);
        CHECK_EQ(natsConnection_PublishMsg(stranger, m), NATS_OK);
        natsMsg_Destroy(m);
    }
    CHECK_EQ(natsConnection_Flush(stranger), NATS_OK);
    t_wait_event(&one.log, WS_EVENT_MESSAGE, 2);
    CHECK_TEXT((char *)t_wait_event(&one.log, WS_EVENT_MESSAGE, 2)->data, "end"); /* 1 is that of settle */
    CHECK_EQ(n_stats(&a).in_foreign, 5);
    CHECK_EQ(n_stats(&a).in_refused, 1);
    CHECK_EQ(n_stats(&a).in_messages, 1);
    CHECK_EQ(n_stats(&a).in_incomplete, 2);
    natsConnection_Destroy(stranger);
    n_leave(&one);
    n_finish(&a);
}

static void prefixes_are_clusters(void)
{
    n_node a, b, c;
    n_client one;
    ws_nats_options o = n_options(&nats);
    n_serve(&a);
    n_serve(&b);
    n_serve(&c);
    o.prefix = "my-app.chat";
    o.name = "alpha";
    n_join(&a, o);
    n_join(&b, o);
    o.prefix = "other";
    n_join(&c, o);
    n_connect(&one, &b, 1);
    n_subscribe(&one, "t");
    settle(&b, 2);
    n_publish(&c, "t", "of another cluster");
    N_UNTIL(n_stats(&c).out_messages == 1 && !n_stats(&c).out_unconfirmed);
    n_publish(&a, "t", "end");
    n_heard(&one, " end"); /* the first one is that of settle */
    n_leave(&one);
    n_finish(&a);
    n_finish(&b);
    n_finish(&c);
}

int main(void)
{
    n_start(&nats, 0, NULL);
    reaches_subscribers_of_all();
    only_wanted_topics_are_subscribed();
    large_messages_travel_in_parts();
    garbage_of_others_is_ignored();
    prefixes_are_clusters();
    n_end(&nats, SIGTERM);
    return t_done();
}
