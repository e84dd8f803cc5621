/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics: who gets what is published and broadcast, what ends a subscription, and what
 * the calls refuse.
 */
#include "t.h"

enum { CLIENTS = 5 };

static ws_handle server;

/* Connection i belongs to client i. */
typedef struct room {
    ws_handle clients[CLIENTS], connections[CLIENTS];
    t_log logs[CLIENTS], log;
} room;

static int32_t subscribe(ws_handle connection, const char *topic)
{
    return ws_subscribe(connection, topic, strlen(topic));
}

static int32_t unsubscribe(ws_handle connection, const char *topic)
{
    return ws_unsubscribe(connection, topic, strlen(topic));
}

static size_t publish(const char *topic, const char *text, ws_handle except)
{
    size_t n = 77;
    OK(ws_publish(server, topic, strlen(topic), text, strlen(text), WS_TEXT, except, &n));
    return n;
}

static size_t broadcast(const char *text, ws_handle except)
{
    size_t n = 77;
    OK(ws_server_broadcast(server, text, strlen(text), WS_TEXT, except, &n));
    return n;
}

static void begin(room *r)
{
    *r = (room){.log = T_LOG};
    server = t_server(NULL, &r->log);
    for (int i = 0; i < CLIENTS; i++) {
        r->logs[i] = (t_log)T_LOG;
        r->clients[i] = t_open_client(server, &r->logs[i]);
        r->connections[i] = t_wait_event(&r->log, WS_EVENT_CONNECT, i + 1)->handle;
    }
}

static void finish(room *r)
{
    for (int i = 0; i < CLIENTS; i++) t_destroy(r->clients[i], &r->logs[i]);
    OK(ws_server_destroy(server));
    t_wait_event(&r->log, WS_EVENT_DESTROYED, 1);
    t_forget(&r->log);
}

/* The messages of a client so far are these, separated by blanks; the last one is "end". */
static void heard(room *r, int client, const char *want)
{
    char all[1024] = "";
    for (int n = 1;; n++) {
        const t_event *e = t_wait_event(&r->logs[client], WS_EVENT_MESSAGE, n);
        CHECK_EQ(e->message_type, WS_TEXT);
        strcat(all, (char *)e->data);
        if (!strcmp((char *)e->data, "end")) break;
        strcat(all, " ");
    }
    CHECK_TEXT(all, want);
}

static void reach_those_who_subscribed(void)
{
    room r;
    begin(&r);
    CHECK_EQ(publish("news", "nobody", 0), 0);
    for (int i = 0; i < 3; i++) {
        OK(subscribe(r.connections[i], "news"));
        OK(subscribe(r.connections[i], "news")); /* once more is no error */
    }
    OK(subscribe(r.connections[2], "sports"));
    OK(ws_subscribe(r.connections[3], "new\0s", 5)); /* any bytes */
    CHECK_EQ(publish("news", "news1", 0), 3);
    CHECK_EQ(publish("sports", "sports1", 0), 1);
    CHECK_EQ(publish("new", "nobody", 0), 0);
    CHECK_EQ(publish("news", "news2", r.connections[1]), 2);
    CHECK_EQ(publish("news", "news3", r.connections[4]), 3); /* has not subscribed */
    size_t n = 0;
    OK(ws_publish(server, "new\0s", 5, "zero", 4, WS_TEXT, 0, &n));
    CHECK_EQ(n, 1);
    OK(unsubscribe(r.connections[0], "news"));
    OK(unsubscribe(r.connections[0], "news"));
    OK(unsubscribe(r.connections[0], "never"));
    CHECK_EQ(publish("news", "news4", 0), 2);
    CHECK_EQ(broadcast("all", r.connections[4]), 4);
    CHECK_EQ(ws_server_broadcast(server, "end", 3, WS_TEXT, 0, NULL), WS_OK);
    heard(&r, 0, "news1 news2 news3 all end");
    heard(&r, 1, "news1 news3 news4 all end");
    heard(&r, 2, "news1 sports1 news2 news3 news4 all end");
    heard(&r, 3, "zero all end");
    heard(&r, 4, "end");
    finish(&r);
}

/* A subscription ends with its connection, whatever ends that, and a new connection has none. */
static void end_with_the_connection(void)
{
    room r;
    begin(&r);
    for (int i = 0; i < CLIENTS; i++) OK(subscribe(r.connections[i], "t"));
    OK(ws_close(r.clients[0], NULL, NULL, NULL));
    OK(ws_abort(r.clients[1]));
    OK(ws_destroy(r.connections[2]));
    OK(ws_close(r.connections[3], NULL, NULL, NULL));
    int32_t late = subscribe(r.connections[3], "late");
    CHECK(late == WS_ERR_STATE || late == WS_ERR_NO_CONNECTION); /* closing, or has ended */
    t_wait_event(&r.log, WS_EVENT_CLOSE, 4);
    CHECK_EQ(publish("t", "x", 0), 1);
    CHECK_EQ(broadcast("y", r.connections[0]), 1); /* who has ended leaves nobody out */
    CHECK_EQ(publish("t", "end", 0), 1);
    heard(&r, 4, "x y end");
    T_UNTIL_SO(subscribe(r.connections[0], "t") != WS_ERR_STATE); /* its close event has returned */
    CHECK_EQ(subscribe(r.connections[0], "t"), WS_ERR_NO_CONNECTION);
    CHECK_EQ(unsubscribe(r.connections[0], "t"), WS_ERR_NO_CONNECTION);
    ws_handle again = t_open_client(server, NULL);
    t_wait_event(&r.log, WS_EVENT_CONNECT, CLIENTS + 1);
    CHECK_EQ(publish("t", "z", 0), 1);
    OK(ws_destroy(again));
    OK(ws_server_stop(server, NULL, t_record, &r.log));
    t_wait_event(&r.log, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(publish("t", "nobody", 0), 0);
    CHECK_EQ(broadcast("nobody", 0), 0);
    finish(&r);
}

static void WS_CALL welcome(const ws_event *e, void *unused)
{
    (void)unused;
    OK(subscribe(e->handle, "lobby"));
    OK(ws_publish(e->server, "lobby", 5, "welcome", 7, WS_TEXT, 0, NULL));
}

/* "say X": to the lobby, but for who says it; "leave": no more, from the next call on. */
static void WS_CALL talk(const ws_event *e, void *unused)
{
    (void)unused;
    size_t n;
    if (!strcmp(e->data, "leave")) {
        OK(ws_publish(e->server, "lobby", 5, "bye", 3, WS_TEXT, 0, NULL));
        OK(unsubscribe(e->handle, "lobby"));
    }
    OK(ws_publish(e->server, "lobby", 5, e->data, e->size, WS_TEXT, e->handle, &n));
    OK(ws_send(e->handle, "end", 3, WS_TEXT, NULL, NULL));
}

/* In the connect event, and inside callbacks together with ws_send. */
static void inside_callbacks(void)
{
    t_log logs[2] = {T_LOG, T_LOG};
    ws_handle clients[2];
    server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, welcome, NULL));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, talk, NULL));
    for (int i = 0; i < 2; i++) {
        clients[i] = t_open_client(server, &logs[i]);
        for (int j = 0; j <= i; j++) t_wait_event(&logs[j], WS_EVENT_MESSAGE, i + 1 - j);
    }
    static const char *const want[2][6] = {{"welcome", "welcome", "one", "two", "bye", "leave"},
                                           {"welcome", "end", "end", "bye", "end"}};
    OK(ws_send(clients[1], "one", 3, WS_TEXT, NULL, NULL));
    OK(ws_send(clients[1], "two", 3, WS_TEXT, NULL, NULL));
    OK(ws_send(clients[1], "leave", 5, WS_TEXT, NULL, NULL));
    for (int i = 0; i < 2; i++)
        for (int n = 0; n < 6 - i; n++)
            CHECK_TEXT((char *)t_wait_event(&logs[i], WS_EVENT_MESSAGE, n + 1)->data, want[i][n]);
    for (int i = 0; i < 2; i++) t_destroy(clients[i], &logs[i]);
    OK(ws_server_destroy(server));
}

#define REFUSED(call, want, name)          \
    do {                                   \
        CHECK_EQ(call, want);              \
        CHECK_HAS(ws_last_error(), name);  \
    } while (0)

static void refuse_nonsense(void)
{
    room r;
    char name[256] = "";
    size_t n = 77;
    begin(&r);
    ws_handle c = r.connections[0];
    REFUSED(ws_subscribe(r.clients[0], "t", 1), WS_ERR_HANDLE, "connection");
    REFUSED(ws_subscribe(server, "t", 1), WS_ERR_HANDLE, "connection");
    REFUSED(ws_subscribe(0, "t", 1), WS_ERR_HANDLE, "connection");
    REFUSED(ws_subscribe(c, NULL, 1), WS_ERR_PARAMETER, "topic");
    REFUSED(ws_subscribe(c, name, 0), WS_ERR_PARAMETER, "topic_size");
    REFUSED(ws_subscribe(c, name, 256), WS_ERR_PARAMETER, "topic_size");
    REFUSED(ws_unsubscribe(r.clients[0], "t", 1), WS_ERR_HANDLE, "connection");
    REFUSED(ws_unsubscribe(c, NULL, 1), WS_ERR_PARAMETER, "topic");
    REFUSED(ws_unsubscribe(c, name, 256), WS_ERR_PARAMETER, "topic_size");
    OK(ws_subscribe(c, name, 255));
    REFUSED(ws_publish(c, "t", 1, "x", 1, WS_TEXT, 0, &n), WS_ERR_HANDLE, "server");
    REFUSED(ws_publish(server, NULL, 1, "x", 1, WS_TEXT, 0, &n), WS_ERR_PARAMETER, "topic");
    REFUSED(ws_publish(server, "t", 0, "x", 1, WS_TEXT, 0, &n), WS_ERR_PARAMETER, "topic_size");
    REFUSED(ws_publish(server, "t", 1, NULL, 1, WS_TEXT, 0, &n), WS_ERR_PARAMETER, "data");
    REFUSED(ws_publish(server, "t", 1, "x", 1, 3, 0, &n), WS_ERR_PARAMETER, "type");
    REFUSED(ws_publish(server, "t", 1, "\xff", 1, WS_TEXT, 0, &n), WS_ERR_PARAMETER, "UTF-8");
    REFUSED(ws_publish(server, "t", 1, "x", 1, WS_TEXT, r.clients[0], &n), WS_ERR_HANDLE, "except");
    REFUSED(ws_publish(server, "t", 1, "x", 1, WS_TEXT, server, &n), WS_ERR_HANDLE, "except");
    REFUSED(ws_server_broadcast(c, "x", 1, WS_TEXT, 0, &n), WS_ERR_HANDLE, "server");
    REFUSED(ws_server_broadcast(server, NULL, 1, WS_TEXT, 0, &n), WS_ERR_PARAMETER, "data");
    REFUSED(ws_server_broadcast(server, "\xff", 1, WS_TEXT, 0, &n), WS_ERR_PARAMETER, "UTF-8");
    REFUSED(ws_server_broadcast(server, "x", (size_t)1 << 47, WS_TEXT, 0, &n), WS_ERR_TOO_LARGE, "size");
    CHECK_EQ(n, 77);
    OK(ws_server_broadcast(server, NULL, 0, WS_BINARY, 0, &n));
    CHECK_EQ(n, CLIENTS);
    CHECK_EQ(t_wait_event(&r.logs[0], WS_EVENT_MESSAGE, 1)->size, 0);
    ws_handle old = server;
    finish(&r);
    CHECK_EQ(ws_server_broadcast(old, "x", 1, WS_TEXT, 0, &n), WS_ERR_HANDLE);
}

static void keep_to_the_limits(void)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_subscriptions = -2;
    CHECK_EQ(ws_server_create(&o), 0);
    CHECK_HAS(ws_last_error(), "max_subscriptions");
    o.max_subscriptions = 3;
    o.max_send_size = 10;
    t_log log = T_LOG;
    server = t_server(&o, &log);
    ws_handle client = t_open_client(server, NULL), c = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(subscribe(c, "1"));
    OK(subscribe(c, "2"));
    OK(subscribe(c, "3"));
    REFUSED(subscribe(c, "4"), WS_ERR_FULL, "max_subscriptions");
    OK(subscribe(c, "3"));
    OK(unsubscribe(c, "1"));
    OK(subscribe(c, "4"));
    REFUSED(ws_server_broadcast(server, "more than 10", 12, WS_TEXT, 0, NULL), WS_ERR_TOO_LARGE, "max_send_size");
    REFUSED(ws_publish(server, "2", 1, "more than 10", 12, WS_TEXT, 0, NULL), WS_ERR_TOO_LARGE, "max_send_size");
    OK(ws_destroy(client));
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    server = t_server(NULL, &log);
    client = t_open_client(server, NULL);
    c = t_wait_event(&log, WS_EVENT_CONNECT, 2)->handle;
    for (int i = 0; i < 1024; i++) OK(ws_subscribe(c, &i, sizeof i));
    CHECK_EQ(subscribe(c, "one more"), WS_ERR_FULL);
    OK(ws_destroy(client));
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 2);
    t_forget(&log);
}

int main(void)
{
    reach_those_who_subscribed();
    end_with_the_connection();
    inside_callbacks();
    refuse_nonsense();
    keep_to_the_limits();
    return t_done();
}
