/* SPDX-License-Identifier: Apache-2.0 */
/*
 * member ME: one process of a cluster, for cluster.py. It does what lines of stdin say, and answers each with a line.
 *
 *   join URLS [HOW DIRECTORY]
 *                        joins; "ok" when NATS is there. HOW: nkey or creds, with the files of credentials/main.go;
 *                        or history, which three servers keep
 *   clients N TOPICS K   N clients, each subscribes to K of the topics "t/0" to "t/TOPICS-1"
 *   topics N             one more client, which subscribes to "many/0" to "many/N-1"; "ok" when NATS has them
 *   publish ROUNDS TOPICS MS
 *                        a numbered message to each topic, so many times, with a pause in between
 *   many N STEP          one message to each STEP-th of "many/0" to "many/N-1"
 *   read MS              clients take nothing for so long: the callbacks wait
 *   enter N              N members enter "lobby"
 *   members              how many are there, in all processes
 *   keep N               N numbered messages to "h/1", a topic with history (HOW: history)
 *   replay POSITION      one more client, which has missed what is behind it (none: nothing); its position, and how many
 *                        messages those were
 *   figures              what clients got and the bridge counted, in JSON
 *   leave                leaves
 */
#include <inttypes.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ws_nats.h>

enum { MEMBERS = 16, TOPICS = 64, CLIENTS = 11000, OWN = 2 /* subjects of the bridge: broadcasts, presence */ };

typedef struct reader {
    ws_handle client;
    int last[MEMBERS][TOPICS]; /* the number of the latest message; 0: none yet */
} reader;

static ws_handle server;
static ws_nats *bridge;
static int me, readers, published[TOPICS];
static reader *all[CLIENTS];
static ws_handle accepted[CLIENTS];
static _Atomic int connections;
static atomic_long received, missing, wrong, many, events[8], lost_out, lost_in, unsure;
static atomic_int pause_ms;

static void fail(const char *what)
{
    fprintf(stderr, "member %d: %s: %s, %s\n", me, what, ws_last_error(), ws_nats_last_error());
    exit(1);
}

static void WS_CALL on_connect(const ws_event *e, void *user_data)
{
    (void)user_data;
    int n = connections;
    if (n < CLIENTS) accepted[n] = e->handle;
    connections++;
}

static void WS_CALL on_message(const ws_event *e, void *user_data)
{
    reader *r = user_data;
    int from, topic, number, ms = pause_ms;
    if (ms) poll(NULL, 0, ms);
    if (e->size && *(const char *)e->data == 'm') {
        many++;
        return;
    }
    if (sscanf(e->data, "%d %d %d", &from, &topic, &number) != 3 || from < 0 || from >= MEMBERS || topic < 0 ||
        topic >= TOPICS) {
        wrong++;
        return;
    }
    int *last = &r->last[from][topic];
    if (*last && number <= *last) wrong++;
    else if (*last) missing += number - *last - 1;
    *last = number;
    received++;
}

static void WS_CALL on_event(const ws_nats_event *e, void *user_data)
{
    (void)user_data;
    events[e->type]++;
    lost_out += (long)e->lost_out;
    lost_in += (long)e->lost_in;
    unsure += (long)e->unsure;
    fprintf(stderr, "member %d: %s\n", me, e->text);
}

static ws_handle connect_one(reader *r)
{
    char url[64];
    int32_t port;
    int n = connections;
    if (ws_server_port(server, &port)) fail("port");
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    ws_handle client = ws_create(NULL);
    if (!client || ws_on(client, WS_EVENT_MESSAGE, on_message, r) || ws_connect_wait(client, url, NULL, 60000))
        fail("connect");
    while (connections == n) poll(NULL, 0, 1);
    r->client = client;
    return accepted[n];
}

static void clients(int count, int topics, int each)
{
    char topic[32];
    for (int i = 0; i < count && readers < CLIENTS; i++) {
        reader *r = all[readers++] = calloc(1, sizeof *r);
        if (!r) fail("memory");
        ws_handle connection = connect_one(r);
        for (int k = 0; k < each; k++) {
            int n = snprintf(topic, sizeof topic, "t/%d", (i * each + k) % topics);
            if (ws_subscribe(connection, topic, (size_t)n)) fail("subscribe");
        }
    }
}

static ws_nats_stats stats(void)
{
    ws_nats_stats s;
    WS_INIT_STRUCT(&s);
    if (bridge && ws_nats_stats_get(bridge, &s)) fail("stats");
    return s;
}

/* NATS answers behind all subscriptions that were sent before. */
static void settle(uint64_t subscriptions)
{
    while (stats().subscriptions < subscriptions) poll(NULL, 0, 5);
    ws_nats_stats before = stats();
    ws_server_broadcast(server, "m", 1, WS_TEXT, 0, NULL);
    for (ws_nats_stats s = before; s.out_messages == before.out_messages || s.out_unconfirmed; s = stats())
        poll(NULL, 0, 5);
}

static void publish(int rounds, int topics, int ms)
{
    char topic[32], text[64];
    for (int round = 0; round < rounds; round++) {
        for (int t = 0; t < topics; t++) {
            int n = snprintf(topic, sizeof topic, "t/%d", t),
                size = snprintf(text, sizeof text, "%d %d %d", me, t, ++published[t]);
            if (ws_publish(server, topic, (size_t)n, text, (size_t)size, WS_TEXT, 0, NULL)) fail("publish");
        }
        if (ms) poll(NULL, 0, ms);
    }
}

static void WS_CALL on_replayed(const ws_nats_replayed *r, void *done)
{
    if (r->status) printf("error %d\n", r->status);
    else printf("%s %d\n", r->too_late ? "late" : r->position, (int)r->messages);
    fflush(stdout);
    *(_Atomic int *)done = 1;
}

static void replay(const char *position)
{
    _Atomic int done = 0;
    reader *r = calloc(1, sizeof *r);
    if (!r) fail("memory");
    ws_handle connection = connect_one(r);
    if (ws_nats_replay(bridge, connection, "h/1", 3, strcmp(position, "none") ? position : NULL, on_replayed, &done))
        fail("replay");
    while (!done) poll(NULL, 0, 1);
}

static void keep(int count)
{
    char text[64];
    for (int i = 0; i < count; i++) {
        int size = snprintf(text, sizeof text, "%d 0 %d", me, ++published[0]);
        if (ws_publish(server, "h/1", 3, text, (size_t)size, WS_TEXT, 0, NULL)) fail("keep");
    }
}

static void figures(void)
{
    ws_nats_stats s = stats();
    printf("{\"received\": %ld, \"missing\": %ld, \"wrong\": %ld, \"many\": %ld, \"disconnected\": "
           "%ld, \"reconnected\": %ld, \"told_lost_out\": %ld, "
           "\"told_lost_in\": %ld, \"told_unsure\": %ld, \"connected\": %d, \"out\": %" PRIu64
           ", \"out_lost\": %" PRIu64 ", \"unconfirmed\": %" PRIu64 ", "
           "\"unsure\": %" PRIu64 ", \"in\": %" PRIu64 ", \"in_lost\": %" PRIu64 ", \"repeated\": %" PRIu64
           ", \"dropped\": %" PRIu64 ", \"foreign\": %" PRIu64 ", "
           "\"subscriptions\": %" PRIu64 ", \"others\": %" PRIu64 "}\n",
           received, missing, wrong, many, events[WS_NATS_EVENT_DISCONNECTED],
           events[WS_NATS_EVENT_RECONNECTED], lost_out, lost_in, unsure, s.connected, s.out_messages, s.out_lost,
           s.out_unconfirmed, s.out_unsure, s.in_messages, s.in_lost, s.in_repeated, s.in_dropped, s.in_foreign,
           s.subscriptions, s.others);
}

/* The first line of a file. */
static char *line_of(const char *directory, const char *name)
{
    static char line[200];
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file)) fail(path);
    fclose(file);
    line[strcspn(line, "\n")] = 0;
    return line;
}

static void join(const char *urls, const char *how, const char *directory)
{
    char seed[1200], creds[1200];
    snprintf(seed, sizeof seed, "%s/user.seed", directory);
    snprintf(creds, sizeof creds, "%s/user.creds", directory);
    ws_nats_options o;
    WS_INIT_STRUCT(&o);
    o.urls = urls;
    o.reconnect_wait_ms = 100;
    o.ping_interval_ms = 1000;
    o.flags = WS_NATS_PRESENCE;
    if (!strcmp(how, "nkey")) {
        o.nkey = line_of(directory, "user.pub");
        o.nkey_seed_file = seed;
    }
    if (!strcmp(how, "creds")) o.credentials_file = creds;
    if (!strcmp(how, "history")) {
        o.history_topics = "h/#";
        o.history_replicas = 3;
    }
    o.on_event = on_event;
    if (ws_nats_join_wait(server, &o, 60000, &bridge)) fail("join");
}

int main(int argc, char **argv)
{
    char line[2000], word[900], how[16] = "", directory[900] = "";
    int a, b, c;
    if (argc > 1) me = atoi(argv[1]);
    ws_server_options limits;
    WS_INIT_STRUCT(&limits);
    limits.max_buffered = 64 << 20; /* what clients do not get is not what is tested */
    limits.max_subscriptions = 1 << 20;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.max_connections = CLIENTS;
    server = ws_server_create(&limits);
    if (!server || ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL) ||
        ws_server_start(server, &config, NULL, NULL))
        fail("server");
    while (fgets(line, sizeof line, stdin)) {
        if (!strcmp(line, "join none\n")) { /* alone */
        } else if (sscanf(line, "join %899s %15s %899s", word, how, directory) >= 1) {
            join(word, how, directory);
            *how = *directory = 0;
        } else if (sscanf(line, "clients %d %d %d", &a, &b, &c) == 3) {
            clients(a, b, c);
            if (bridge) settle((uint64_t)(a * c < b ? a * c : b) + OWN);
        } else if (sscanf(line, "topics %d", &a) == 1) {
            reader *r = calloc(1, sizeof *r);
            if (!r) fail("memory");
            ws_handle connection = connect_one(r);
            for (int i = 0; i < a; i++) {
                int n = snprintf(word, sizeof word, "many/%d", i);
                if (ws_subscribe(connection, word, (size_t)n)) fail("subscribe");
            }
            settle((uint64_t)a + OWN);
        } else if (sscanf(line, "publish %d %d %d", &a, &b, &c) == 3) {
            publish(a, b, c);
        } else if (sscanf(line, "many %d %d", &a, &b) == 2) {
            for (int i = 0; i < a; i += b) {
                int n = snprintf(word, sizeof word, "many/%d", i);
                if (ws_publish(server, word, (size_t)n, "m", 1, WS_TEXT, 0, NULL)) fail("publish");
            }
        } else if (sscanf(line, "read %d", &a) == 1) {
            pause_ms = a;
        } else if (sscanf(line, "enter %d", &a) == 1) {
            for (int i = 0; i < a; i++) {
                int n = snprintf(word, sizeof word, "%d of %d", i, me);
                if (ws_nats_enter(bridge, "lobby", 5, word, (size_t)n)) fail("enter");
            }
        } else if (sscanf(line, "keep %d", &a) == 1) {
            keep(a);
        } else if (sscanf(line, "replay %899s", word) == 1) {
            replay(word);
            continue;
        } else if (!strcmp(line, "members\n")) {
            size_t size, count;
            if (ws_nats_members(bridge, "lobby", 5, NULL, 0, &size, &count)) fail("members");
            printf("%zu\n", count);
            fflush(stdout);
            continue;
        } else if (!strcmp(line, "figures\n")) {
            figures();
            fflush(stdout);
            continue;
        } else if (!strcmp(line, "leave\n")) {
            if (ws_nats_leave_wait(bridge, 0)) fail("leave");
            bridge = NULL;
        } else {
            fprintf(stderr, "member: not understood: %s", line);
            return 2;
        }
        puts("ok");
        fflush(stdout);
    }
    if (bridge) ws_nats_leave_wait(bridge, 0);
    return ws_shutdown_wait(-1);
}
