/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relay: what every relay between processes has to do, whatever carries the messages; RELAY_KIT names a header that
 * begins and ends the engine (r_begin, r_kill, r_again, r_end) and lets a server join and leave (r_join, r_leave).
 */
#include RELAY_KIT

typedef struct node {
    ws_handle server;
    t_log log;
    r_bridge bridge;
} node;

typedef struct reader {
    ws_handle client, connection;
    t_log log;
} reader;

static void begin(node *n, const char *prefix)
{
    *n = (node){.log = T_LOG};
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_message_size = 16 << 20;
    n->server = t_server(&o, &n->log);
    r_join(n->server, prefix, &n->bridge);
}

static void finish(node *n)
{
    r_leave(n->bridge);
    OK(ws_server_destroy(n->server));
    t_wait_event(&n->log, WS_EVENT_DESTROYED, 1);
    t_forget(&n->log);
}

/* The count-th client of a node. */
static void enter(reader *r, node *at, int count)
{
    *r = (reader){.log = T_LOG};
    r->client = t_open_client(at->server, &r->log);
    r->connection = t_wait_event(&at->log, WS_EVENT_CONNECT, count)->handle;
}

static void publish(node *n, const char *topic, size_t size, const char *text)
{
    OK(ws_publish(n->server, topic, size, text, strlen(text), WS_TEXT, 0, NULL));
}

/* Publishes until a client gets it: from then on the engine knows what is wanted. */
static void meet(node *from, const char *topic, size_t size, reader *to)
{
    int seen = t_seen(&to->log, WS_EVENT_MESSAGE);
    do {
        publish(from, topic, size, "?");
        poll(NULL, 0, 5);
    } while (t_seen(&to->log, WS_EVENT_MESSAGE) == seen);
}

/* What a client got behind the questions, separated by blanks, up to "end". */
static void got(reader *r, const char *want)
{
    char all[1024] = "";
    for (int n = 1; !strstr(all, "end"); n++) {
        const t_event *e = t_wait_event(&r->log, WS_EVENT_MESSAGE, n);
        if (strcmp((char *)e->data, "?")) strcat(strcat(all, *all ? " " : ""), e->size ? (char *)e->data : "-");
    }
    CHECK_TEXT(all, want);
}

static void reaches_who_has_subscribed(void)
{
    node a, b, c;
    reader one, two, three;
    begin(&a, "p");
    begin(&b, "p");
    begin(&c, "q"); /* another cluster */
    enter(&one, &a, 1);
    enter(&two, &b, 1);
    enter(&three, &b, 2);
    OK(ws_subscribe(one.connection, "news", 4));
    OK(ws_subscribe(two.connection, "news", 4));
    OK(ws_subscribe_pattern(two.connection, "room/#", 6));
    OK(ws_subscribe_pattern(two.connection, "room/+", 6));
    OK(ws_subscribe(three.connection, "\0 *?[.>\xff", 8));
    meet(&b, "news", 4, &one);
    meet(&a, "news", 4, &two);
    meet(&a, "room", 4, &two);
    meet(&a, "room/7", 6, &two);
    meet(&a, "room/7/x", 8, &two);
    meet(&a, "\0 *?[.>\xff", 8, &three);
    publish(&c, "news", 4, "of another cluster");
    publish(&a, "news", 4, "1");
    publish(&a, "room", 4, "2");
    publish(&a, "room/7", 6, "3");
    publish(&a, "rooms/7", 7, "nobody");
    publish(&a, "\0 *?[.>\xff", 8, "4");
    publish(&a, "\0 *?[.>\xfe", 8, "nobody");
    OK(ws_publish(a.server, "room/8/9", 8, "", 0, WS_BINARY, 0, NULL));
    OK(ws_server_broadcast(a.server, "all", 3, WS_TEXT, 0, NULL));
    OK(ws_server_broadcast(a.server, "end", 3, WS_TEXT, 0, NULL));
    got(&one, "1 all end");
    got(&two, "1 2 3 - all end");
    got(&three, "4 all end");
    t_destroy(one.client, &one.log);
    t_destroy(two.client, &two.log);
    t_destroy(three.client, &three.log);
    finish(&a);
    finish(&b);
    finish(&c);
}

/* Three publish at once; what each has published to a topic comes once and in its order, also where patterns overlap.
 */
static void order_of_each_publisher_is_kept(void)
{
    enum { NODES = 3, MESSAGES = 300 };
    node nodes[NODES];
    reader readers[NODES];
    for (int i = 0; i < NODES; i++) {
        begin(&nodes[i], "p");
        enter(&readers[i], &nodes[i], 1);
        OK(ws_subscribe_pattern(readers[i].connection, "t/+", 3));
        OK(ws_subscribe(readers[i].connection, "t/1", 3));
    }
    for (int i = 0; i < NODES; i++)
        for (int n = 0; n < NODES; n++)
            if (i != n) meet(&nodes[n], "t/1", 3, &readers[i]), meet(&nodes[n], "t/0", 3, &readers[i]);
    char text[32], topic[8];
    for (int i = 0; i < MESSAGES; i++)
        for (int n = 0; n < NODES; n++) {
            snprintf(text, sizeof text, "%d %d", n, i);
            snprintf(topic, sizeof topic, "t/%d", i % 3);
            publish(&nodes[n], topic, 3, text);
        }
    for (int i = 0; i < NODES; i++) {
        int next[NODES] = {0};
        for (int m = 1, left = NODES * MESSAGES; left; m++) {
            const t_event *e = t_wait_event(&readers[i].log, WS_EVENT_MESSAGE, m);
            int from, number;
            if (sscanf((char *)e->data, "%d %d", &from, &number) != 2) continue;
            CHECK_EQ(number, next[from]);
            next[from]++;
            left--;
        }
    }
    for (int i = 0; i < NODES; i++) {
        t_destroy(readers[i].client, &readers[i].log);
        finish(&nodes[i]);
    }
}

static void large_messages_arrive(void)
{
    node a, b;
    reader one;
    begin(&a, "p");
    begin(&b, "p");
    enter(&one, &b, 1);
    OK(ws_subscribe(one.connection, "t", 1));
    meet(&a, "t", 1, &one);
    void *data = t_bytes(5000001, 1, 0);
    OK(ws_publish(a.server, "t", 1, data, 5000001, WS_BINARY, 0, NULL));
    const t_event *e;
    int n = 1;
    do e = t_wait_event(&one.log, WS_EVENT_MESSAGE, n++);
    while (e->size == 1);
    CHECK_EQ(e->message_type, WS_BINARY);
    CHECK_EQ(e->size, 5000001);
    CHECK(!memcmp(e->data, data, 5000001));
    free(data);
    t_destroy(one.client, &one.log);
    finish(&a);
    finish(&b);
}

/* Who is here gets everything meanwhile, and the others again when it is back. */
static void the_engine_goes_and_comes_back(void)
{
    node a, b;
    reader here, there;
    begin(&a, "p");
    begin(&b, "p");
    enter(&here, &a, 1);
    enter(&there, &b, 1);
    OK(ws_subscribe(here.connection, "t", 1));
    OK(ws_subscribe(there.connection, "t", 1));
    meet(&a, "t", 1, &there);
    meet(&b, "t", 1, &here);
    r_kill();
    for (int i = 0; i < 100; i++) publish(&a, "t", 1, "meanwhile");
    publish(&a, "t", 1, "end");
    for (int n = 1, meanwhile = 0; meanwhile < 100; n++)
        meanwhile += !strcmp((char *)t_wait_event(&here.log, WS_EVENT_MESSAGE, n)->data, "meanwhile");
    OK(ws_subscribe(there.connection, "new", 3)); /* it is wanted behind the return, too */
    r_again();
    meet(&a, "new", 3, &there);
    meet(&a, "t", 1, &there);
    meet(&b, "t", 1, &here);
    t_destroy(here.client, &here.log);
    t_destroy(there.client, &there.log);
    finish(&a);
    finish(&b);
}

int main(void)
{
    r_begin();
    reaches_who_has_subscribed();
    order_of_each_publisher_is_kept();
    large_messages_arrive();
    the_engine_goes_and_comes_back();
    r_end();
    return t_done();
}
