/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history: a topic keeps its last messages; who comes back with a position gets what it has missed, exactly once and in
 * order, before the live ones, in any process, also while others publish; or is told that it is too late.
 */
#include "kit.h"

#include <nats/nats.h>

enum { KEPT = 50 };

static n_nats nats;

/* A client gets "POSITION DATA". Calls are one at a time for each bridge. */
static void WS_CALL with_position(const ws_nats_message *m, const void **data, size_t *size, void *user_data)
{
    (void)user_data;
    static _Thread_local char text[300];
    *size = (size_t)snprintf(text, sizeof text, "%s %.*s", m->position, (int)m->size, (const char *)m->data);
    *data = text;
}

static ws_nats_options options(void)
{
    ws_nats_options o = n_options(&nats);
    o.history_topics = "room/#,news";
    o.history_messages = KEPT;
    o.on_format = with_position;
    return o;
}

typedef struct replayed {
    int32_t status;
    int too_late;
    uint64_t messages;
    char position[64];
    char text[120];
} replayed;

static t_latch replays = T_LATCH; /* one at a time; on no stack that ends while it is still used */

static void WS_CALL on_replayed(const ws_nats_replayed *r, void *user_data)
{
    replayed *to = user_data;
    to->status = r->status;
    to->too_late = r->too_late;
    to->messages = r->messages;
    snprintf(to->position, sizeof to->position, "%s", r->position);
    snprintf(to->text, sizeof to->text, "%s", r->text);
    t_add(&replays, 1);
}

static replayed replay(n_node *n, n_client *c, const char *topic, const char *position)
{
    replayed r;
    long before = t_count(&replays);
    N_OK(ws_nats_replay(n->bridge, c->connection, topic, strlen(topic), position, on_replayed, &r));
    t_wait(&replays, before + 1);
    return r;
}

static void publish(n_node *n, const char *topic, int from, int to)
{
    char text[16];
    for (int i = from; i < to; i++) {
        int size = snprintf(text, sizeof text, "%d", i);
        OK(ws_publish(n->server, topic, strlen(topic), text, (size_t)size, WS_TEXT, 0, NULL));
    }
}

/* The messages of a client from its first-th on are numbers from..to-1; position receives that of the last. */
static void has(n_client *c, int first, int from, int to, char position[64])
{
    for (int i = from; i < to; i++) {
        const t_event *e = t_wait_event(&c->log, WS_EVENT_MESSAGE, first + i - from);
        int number;
        CHECK_EQ(sscanf((char *)e->data, "%63s %d", position, &number), 2);
        CHECK_EQ(number, i);
    }
}

/* Waits until a topic's last message is this one in the stream. */
static void is_stored(const char *subject, const char *last)
{
    natsConnection *nc = NULL;
    jsCtx *js = NULL;
    natsMsg *m = NULL;
    CHECK_EQ(natsConnection_ConnectTo(&nc, nats.url), NATS_OK);
    CHECK_EQ(natsConnection_JetStream(&js, nc, NULL), NATS_OK);
    N_UNTIL(!js_GetLastMsg(&m, js, "libws_history", subject, NULL, NULL) && !strcmp(natsMsg_GetData(m), last));
    natsMsg_Destroy(m);
    jsCtx_Destroy(js);
    natsConnection_Destroy(nc);
}

static void what_was_missed_comes_before_what_is_live(void)
{
    n_node a, b;
    n_client one, two, three, four;
    char position[64], later[64];
    n_serve(&a);
    n_serve(&b);
    n_join(&a, options());
    n_join(&b, options());
    n_connect(&one, &a, 1);
    n_connect(&two, &b, 1);
    CHECK_EQ(replay(&a, &one, "room/1", NULL).status, WS_OK);
    replayed r = replay(&b, &two, "room/1", NULL);
    CHECK_EQ(r.status, WS_OK);
    CHECK_EQ(r.messages, 0);
    publish(&a, "room/1", 0, 10); /* the publisher's own clients get it out of the stream, too */
    has(&one, 1, 0, 10, position);
    has(&two, 1, 0, 10, position);
    OK(ws_unsubscribe(two.connection, "room/1", 6));
    publish(&a, "room/2", 0, 5); /* another topic is between */
    publish(&b, "room/1", 10, 30);
    has(&one, 11, 10, 30, later);
    n_connect(&three, &a, 2); /* it comes back to another process */
    r = replay(&a, &three, "room/1", position);
    CHECK_EQ(r.status, WS_OK);
    CHECK_EQ(r.messages, 20);
    CHECK_TEXT(r.position, later);
    CHECK_EQ(ws_nats_replay(a.bridge, three.connection, "room/1", 6, NULL, NULL, NULL), WS_ERR_STATE);
    publish(&a, "room/1", 30, 35);
    has(&three, 1, 10, 35, later);
    /* More than are kept: too late, and live from then on. */
    publish(&a, "room/1", 35, 35 + KEPT + 1);
    has(&one, 36, 35, 35 + KEPT + 1, later);
    n_connect(&four, &b, 2);
    r = replay(&b, &four, "room/1", position);
    CHECK_EQ(r.status, WS_OK);
    CHECK_EQ(r.too_late, 1);
    CHECK_EQ(r.messages, 0);
    CHECK_TEXT(r.position, later);
    publish(&a, "room/1", 90, 92);
    has(&four, 1, 90, 92, later);
    /* Exactly as many as are kept is not too late: the message at the position has gone, and nothing behind it. */
    OK(ws_unsubscribe(four.connection, "room/1", 6));
    publish(&a, "room/1", 92, 92 + KEPT - 1);
    is_stored("libws.h.room.1", "140");
    n_leave(&two);
    n_connect(&two, &a, 3);
    r = replay(&a, &two, "room/1", later);
    CHECK_EQ(r.too_late, 0);
    CHECK_EQ(r.messages, KEPT - 1);
    CHECK_EQ(n_stats(&a).in_lost + n_stats(&b).in_lost, 0);
    n_leave(&one);
    n_leave(&two);
    n_leave(&three);
    n_leave(&four);
    n_finish(&a);
    n_finish(&b);
}

enum { FLOOD = 600 };

static _Atomic int slowest; /* of all clients: what it wants is kept still */

static void *publish_all_the_time(void *argument)
{
    n_node *n = argument;
    for (int i = 0; i < FLOOD; i++) {
        N_UNTIL(i < slowest + KEPT - 1);
        publish(n, "news", i, i + 1);
    }
    return NULL;
}

/* Clients come and go while somebody publishes: each goes on where it was, in either process. */
static void nobody_misses_anything_while_others_publish(void)
{
    enum { CLIENTS = 4 };
    n_node nodes[2];
    n_client c;
    pthread_t thread;
    int connected[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        n_serve(&nodes[i]);
        n_join(&nodes[i], options());
    }
    n_connect(&c, &nodes[0], ++connected[0]);
    char positions[CLIENTS][64];
    int next[CLIENTS] = {0};
    replayed r = replay(&nodes[0], &c, "news", NULL);
    for (int i = 0; i < CLIENTS; i++) strcpy(positions[i], r.position);
    n_leave(&c);
    t_thread(&thread, publish_all_the_time, &nodes[0]);
    for (int round = 0, left = CLIENTS; left; round++) {
        int i = round % CLIENTS, at = round / CLIENTS % 2;
        if (next[i] == FLOOD) continue;
        n_connect(&c, &nodes[at], ++connected[at]);
        r = replay(&nodes[at], &c, "news", positions[i]);
        if (r.status) FAIL("%s; events there:\n%s", r.text, nodes[at].events.texts);
        CHECK_EQ(r.too_late, 0);
        int more = next[i] + (int)r.messages;
        if (!r.messages && more + 2 < slowest + KEPT - 1) more += round % 3; /* some that come live */
        if (more > FLOOD) more = FLOOD;
        has(&c, 1, next[i], more, positions[i]);
        next[i] = more;
        if (more == FLOOD) left--;
        n_leave(&c);
        int least = next[0];
        for (int n = 1; n < CLIENTS; n++)
            if (next[n] < least) least = next[n];
        slowest = least;
    }
    t_join(thread);
    for (int i = 0; i < 2; i++) n_finish(&nodes[i]);
}

static t_latch standing = T_LATCH, released = T_LATCH;

static void WS_CALL stand(const ws_nats_message *m, const void **data, size_t *size, void *user_data)
{
    with_position(m, data, size, user_data);
    t_add(&standing, 1);
    t_wait(&released, 1);
}

/* What the stream has kept already, and is on its way here only, is not live for who comes now. NATS's client delivers
 * for all bridges of a process on one thread, which stands still in that of c. */
static void what_arrives_late_is_not_live(void)
{
    n_node a, b, c;
    n_client one, two, late;
    char position[64];
    ws_nats_options stands = options();
    stands.on_format = stand;
    n_serve(&a);
    n_serve(&b);
    n_serve(&c);
    n_join(&a, options());
    n_join(&b, options());
    n_join(&c, stands);
    n_connect(&one, &c, 1);
    CHECK_EQ(replay(&c, &one, "room/3", NULL).status, WS_OK);
    n_connect(&two, &b, 1);
    CHECK_EQ(replay(&b, &two, "room/4", NULL).status, WS_OK);
    n_connect(&late, &b, 2);
    publish(&a, "room/3", 0, 1);
    t_wait(&standing, 1);
    publish(&a, "room/4", 0, 5);
    is_stored("libws.h.room.4", "4");
    replayed r;
    long before = t_count(&replays);
    N_OK(ws_nats_replay(b.bridge, late.connection, "room/4", 6, NULL, on_replayed, &r));
    for (int i = 0; i < 100 && t_count(&replays) == before; i++) poll(NULL, 0, 2); /* time for the fault, if it is there */
    t_add(&released, 1);
    t_wait(&replays, before + 1);
    CHECK_EQ(r.status, WS_OK);
    publish(&a, "room/4", 5, 6);
    has(&two, 1, 0, 6, position);
    has(&late, 1, 5, 6, position);
    n_leave(&one);
    n_leave(&two);
    n_leave(&late);
    n_finish(&a);
    n_finish(&b);
    n_finish(&c);
}

static void what_is_wrong_is_refused(void)
{
    n_node a;
    n_client one;
    n_serve(&a);
    n_join(&a, options());
    n_connect(&one, &a, 1);
    CHECK_EQ(ws_nats_replay(a.bridge, one.connection, "rooms", 5, NULL, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_nats_last_error(), "no pattern of history_topics fits it");
    CHECK_EQ(ws_publish(a.server, "room", 4, "x", 1, WS_TEXT, one.connection, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "except: messages of this topic come back");
    void *large = calloc(1, 2 << 20);
    OK(ws_publish(a.server, "room", 4, large, 2 << 20, WS_BINARY, 0, NULL));
    free(large);
    n_wait(&a.events, WS_NATS_EVENT_ERROR, 1);
    CHECK_HAS(a.events.texts, "libws.h.room, 2097152 bytes: the NATS server takes 1048576 at once");
    CHECK_EQ(n_stats(&a).out_lost, 1);
    CHECK_EQ(ws_nats_replay(a.bridge, one.connection, "room", 4, "nonsense", NULL, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_nats_replay(a.bridge, 77, "room", 4, NULL, NULL, NULL), WS_ERR_HANDLE);
    OK(ws_subscribe_pattern(one.connection, "room/+", 6));
    CHECK_EQ(ws_nats_replay(a.bridge, one.connection, "room/1", 6, NULL, NULL, NULL), WS_ERR_STATE);
    CHECK_HAS(ws_nats_last_error(), "gets the topic already, by a pattern");
    /* Of another stream, or of a sequence that there is not: too late, whatever it was. */
    replayed r = replay(&a, &one, "news", "abc-7");
    CHECK_EQ(r.status, WS_OK);
    CHECK_EQ(r.too_late, 1);
    n_leave(&one);
    n_finish(&a);
    n_serve(&a);
    ws_nats_options o = options();
    ws_nats *bridge = NULL;
    o.history_topics = "a+";
    CHECK_EQ(ws_nats_join(a.server, &o, &bridge), WS_ERR_PARAMETER);
    CHECK_HAS(ws_nats_last_error(), "options.history_topics: a+ has a \"+\" that is not a whole level");
    o.history_topics = "#";
    o.history_messages = KEPT + 1; /* another number than the stream has */
    n_join(&a, o);
    n_wait(&a.events, WS_NATS_EVENT_ERROR, 1);
    CHECK_HAS(a.events.texts, "have to be the same in all processes");
    n_connect(&one, &a, 1);
    CHECK(replay(&a, &one, "room", NULL).status != WS_OK);
    n_leave(&one);
    n_finish(&a);
}

/* What is kept outlives a restart of NATS, and positions are good behind it. */
static void history_outlives_nats(char *const arguments[])
{
    n_node a;
    n_client one, two;
    char position[64];
    n_serve(&a);
    n_join(&a, options());
    n_connect(&one, &a, 1);
    CHECK_EQ(replay(&a, &one, "room/9", NULL).status, WS_OK);
    publish(&a, "room/9", 0, 5);
    has(&one, 1, 0, 5, position);
    has(&one, 1, 0, 1, position);
    int port = nats.port;
    n_end(&nats, SIGTERM);
    n_wait(&a.events, WS_NATS_EVENT_DISCONNECTED, 1);
    n_connect(&two, &a, 2);
    CHECK_EQ(replay(&a, &two, "room/9", position).status, WS_ERR_CONNECT_FAILED);
    n_start(&nats, port, arguments);
    n_wait(&a.events, WS_NATS_EVENT_RECONNECTED, 1);
    replayed r;
    do r = replay(&a, &two, "room/9", position);
    while (r.status); /* JetStream needs a moment */
    CHECK_EQ(r.too_late, 0);
    has(&two, 1, 1, 5, position);
    n_leave(&one);
    n_leave(&two);
    n_finish(&a);
}

static void without_jetstream_it_is_told(void)
{
    n_node a;
    n_client one;
    n_end(&nats, SIGTERM);
    n_start(&nats, 0, NULL);
    n_serve(&a);
    n_join(&a, options());
    n_wait(&a.events, WS_NATS_EVENT_ERROR, 1);
    CHECK_HAS(a.events.texts, "the NATS server runs without JetStream: nats-server -js");
    n_connect(&one, &a, 1);
    CHECK(replay(&a, &one, "room", NULL).status != WS_OK);
    n_leave(&one);
    n_finish(&a);
}

int main(void)
{
    char directory[] = "/tmp/ws_nats_XXXXXX", command[64];
    CHECK(mkdtemp(directory));
    char *arguments[] = {"-js", "-sd", directory, NULL};
    n_start(&nats, 0, arguments);
    what_was_missed_comes_before_what_is_live();
    nobody_misses_anything_while_others_publish();
    what_arrives_late_is_not_live();
    what_is_wrong_is_refused();
    history_outlives_nats(arguments);
    without_jetstream_it_is_told();
    n_end(&nats, SIGTERM);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    CHECK_EQ(system(command), 0);
    return t_done();
}
