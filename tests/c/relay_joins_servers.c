/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two servers of one process, joined by relays that hand in at the other one what they get: subscribers of both get
 * what is published at either, once, and in the order of each publisher and topic, compressed or not;
 * nothing goes round.
 */
#include "t_compression.h"
#include "t_relay.h"

enum { CLIENTS = 4, THREADS = 3, TOPICS = 5, MESSAGES = 200 };

typedef struct side {
    ws_handle server, other;
    t_log log;
    uint64_t handed_in;
} side;

static side sides[2];

static void WS_CALL hand_in(const ws_relay_message *m, void *user)
{
    side *s = user;
    OK(ws_relay_deliver(s->other, m));
    s->handed_in++;
}

/* ---- who reads ------------------------------------------------------------------------------------ */

/* What a client has got last of each publisher and topic. */
typedef struct reader {
    ws_handle client;
    t_log log;
    int last[2][THREADS][TOPICS];
    t_latch got;
} reader;

static reader readers[2][CLIENTS];

static void WS_CALL read_one(const ws_event *e, void *user)
{
    reader *r = user;
    int at, thread, topic, n;
    CHECK_EQ(sscanf(e->data, "%d %d %d %d", &at, &thread, &topic, &n), 4);
    if (n != r->last[at][thread][topic] + 1) FAIL("%d came behind %d", n, r->last[at][thread][topic]);
    r->last[at][thread][topic] = n;
    t_add(&r->got, 1);
}

static void open_readers(int at, const ws_compression *z)
{
    for (int i = 0; i < CLIENTS; i++) {
        reader *r = &readers[at][i];
        *r = (reader){.log = T_LOG, .got = T_LATCH};
        memset(r->last, -1, sizeof r->last);
        r->client = i % 2 ? t_compressing_client(sides[at].server, z, &r->log)
                          : t_open_client(sides[at].server, &r->log);
        OK(ws_on(r->client, WS_EVENT_MESSAGE, read_one, r));
        ws_handle connection = t_wait_event(&sides[at].log, WS_EVENT_CONNECT, i + 1)->handle;
        char topic[20];
        for (int t = 0; i < 2 && t < TOPICS; t++) {
            snprintf(topic, sizeof topic, "topic/%d", t);
            OK(ws_subscribe(connection, topic, strlen(topic)));
        }
        if (i >= 2) OK(ws_subscribe_pattern(connection, T_NAME("topic/+")));
    }
}

/* ---- who publishes ----------------------------------------------------------------------------------- */

typedef struct writer {
    int at, thread;
    pthread_t id;
} writer;

static void *publish_all(void *of)
{
    writer *w = of;
    char topic[20], text[400];
    memset(text, ' ', sizeof text);
    for (int n = 0; n < MESSAGES; n++)
        for (int t = 0; t < TOPICS; t++) {
            snprintf(topic, sizeof topic, "topic/%d", t);
            int head = snprintf(text, sizeof text, "%d %d %d %d", w->at, w->thread, t, n);
            text[head] = ' ';
            OK(ws_publish(sides[w->at].server, topic, strlen(topic), text, sizeof text, WS_TEXT, 0, NULL));
        }
    return NULL;
}

int main(void)
{
    ws_compression z = t_compression(0, 0, 0);
    for (int at = 0; at < 2; at++) {
        sides[at] = (side){.log = T_LOG};
        sides[at].server = ws_server_create(NULL);
        t_listen_server(sides[at].server, &sides[at].log);
        t_start_compressing(sides[at].server, &z);
    }
    for (int at = 0; at < 2; at++) {
        sides[at].other = sides[1 - at].server;
        ws_relay o;
        WS_INIT_STRUCT(&o);
        o.on_message = hand_in;
        o.user_data = &sides[at];
        OK(ws_server_set_relay(sides[at].server, &o));
        open_readers(at, &z);
    }
    writer writers[2][THREADS];
    for (int at = 0; at < 2; at++)
        for (int t = 0; t < THREADS; t++) {
            writers[at][t] = (writer){at, t, 0};
            t_thread(&writers[at][t].id, publish_all, &writers[at][t]);
        }
    for (int at = 0; at < 2; at++)
        for (int t = 0; t < THREADS; t++) t_join(writers[at][t].id);
    enum { ALL = THREADS * TOPICS * MESSAGES };
    for (int at = 0; at < 2; at++)
        for (int i = 0; i < CLIENTS; i++) t_wait(&readers[at][i].got, 2 * ALL);
    for (int at = 0; at < 2; at++) {
        ws_server_stats s = t_figures(sides[at].server);
        CHECK_EQ(s.relay_sent, ALL);
        T_UNTIL_SO(t_figures(sides[at].server).relay_delivered == ALL);
        CHECK_EQ(s.relay_dropped + s.relay_refused, 0);
    }
    for (int at = 0; at < 2; at++) {
        for (int i = 0; i < CLIENTS; i++) {
            CHECK_EQ(t_count(&readers[at][i].got), 2 * ALL);
            t_destroy(readers[at][i].client, &readers[at][i].log);
            t_forget(&readers[at][i].log);
        }
        OK(ws_server_destroy_wait(sides[at].server, T_DEADLINE_MS));
        CHECK_EQ(sides[at].handed_in, ALL);
        t_forget(&sides[at].log);
    }
    return t_done();
}
