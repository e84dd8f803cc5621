/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topic_patterns: who gets what by a pattern, once by several; who is asked about; the events of
 * topics that begin and end; and what the calls refuse, by name.
 */
#include "t.h"

enum { CLIENTS = 3 };

/* Connection i belongs to client i. */
typedef struct room {
    ws_handle server, clients[CLIENTS], connections[CLIENTS];
    t_log logs[CLIENTS], log;
} room;

#define NAME(text) text, sizeof text - 1

static size_t publish(room *r, const char *topic, const char *text)
{
    size_t n = 77;
    OK(ws_publish(r->server, topic, strlen(topic), text, strlen(text), WS_TEXT, 0, &n));
    return n;
}

static void begin(room *r, const ws_server_options *options)
{
    *r = (room){.log = T_LOG};
    r->server = t_server(options, &r->log);
    for (int i = 0; i < CLIENTS; i++) {
        r->logs[i] = (t_log)T_LOG;
        r->clients[i] = t_open_client(r->server, &r->logs[i]);
        r->connections[i] = t_wait_event(&r->log, WS_EVENT_CONNECT, i + 1)->handle;
    }
}

static void finish(room *r)
{
    for (int i = 0; i < CLIENTS; i++) t_destroy(r->clients[i], &r->logs[i]);
    OK(ws_server_destroy(r->server));
    t_wait_event(&r->log, WS_EVENT_DESTROYED, 1);
    t_forget(&r->log);
}

static void heard(room *r, int client, const char *want)
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

static void reach_what_they_fit(void)
{
    room r;
    begin(&r, NULL);
    ws_handle a = r.connections[0], b = r.connections[1], c = r.connections[2];
    OK(ws_subscribe_pattern(a, NAME("room/+/news")));
    OK(ws_subscribe_pattern(a, NAME("room/+/news"))); /* once more is no error */
    OK(ws_subscribe_pattern(a, NAME("room/#")));
    OK(ws_subscribe_pattern(b, NAME("#")));
    OK(ws_subscribe(c, NAME("room/+/news"))); /* a name as any other */
    CHECK_EQ(publish(&r, "room/7/news", "1"), 2);
    CHECK_EQ(publish(&r, "room", "2"), 2);
    CHECK_EQ(publish(&r, "room/+/news", "3"), 3);
    CHECK_EQ(publish(&r, "$room/7/news", "none"), 0);
    OK(ws_unsubscribe(a, NAME("room/#"))); /* there is no such topic, and the pattern stays */
    CHECK_EQ(publish(&r, "room/7", "4"), 2);
    OK(ws_unsubscribe_pattern(a, NAME("room/#")));
    OK(ws_unsubscribe_pattern(a, NAME("room/#")));
    CHECK_EQ(publish(&r, "room/7", "5"), 1);
    CHECK_EQ(publish(&r, "room/7/news", "6"), 2);
    OK(ws_server_broadcast(r.server, NAME("end"), WS_TEXT, 0, NULL));
    heard(&r, 0, "1 2 3 4 6 end");
    heard(&r, 1, "1 2 3 4 5 6 end");
    heard(&r, 2, "3 end");
    finish(&r);
}

static int32_t how(ws_handle connection, const char *topic)
{
    int32_t found = 77;
    OK(ws_is_subscribed(connection, topic, strlen(topic), &found));
    return found;
}

static void answer_who_gets_what(void)
{
    room r;
    size_t n, at = 0, name_size;
    ws_handle all[CLIENTS] = {0};
    begin(&r, NULL);
    ws_handle a = r.connections[0], b = r.connections[1];
    OK(ws_subscriptions(a, NULL, 0, &n));
    CHECK_EQ(n, 0);
    OK(ws_subscribe(a, NAME("t/1")));
    OK(ws_subscribe_pattern(a, NAME("+/1")));
    OK(ws_subscribe_pattern(b, NAME("t/#")));
    CHECK_EQ(how(a, "t/1"), WS_BY_TOPIC | WS_BY_PATTERN);
    CHECK_EQ(how(a, "u/1"), WS_BY_PATTERN);
    CHECK_EQ(how(a, "t"), 0);
    CHECK_EQ(how(r.connections[2], "t/1"), 0);
    OK(ws_topic_subscribers(r.server, NAME("t/1"), NULL, 0, &n));
    CHECK_EQ(n, 2);
    OK(ws_topic_subscribers(r.server, NAME("t/1"), all, CLIENTS, &n));
    CHECK_EQ(n, 2);
    CHECK((all[0] == a && all[1] == b) || (all[0] == b && all[1] == a));
    all[0] = all[1] = 77;
    CHECK_EQ(ws_topic_subscribers(r.server, NAME("t/1"), all, 1, &n), WS_ERR_BUFFER);
    CHECK_EQ(n, 2);
    CHECK_EQ(all[0], 77);
    OK(ws_topic_subscribers(r.server, NAME("x"), all, CLIENTS, &n));
    CHECK_EQ(n, 0);

    char list[32];
    memset(list, '!', sizeof list);
    OK(ws_subscriptions(a, NULL, 0, &n));
    CHECK_EQ(n, 12);
    CHECK_EQ(ws_subscriptions(a, list, 11, &n), WS_ERR_BUFFER);
    CHECK_HAS(ws_last_error(), "capacity");
    CHECK_EQ(list[0], '!');
    OK(ws_subscriptions(a, list, sizeof list, &n));
    CHECK_EQ(n, 12);
    CHECK_EQ(list[12], '!');
    const void *name;
    int32_t pattern;
    CHECK_EQ(ws_subscription_next(list, n, &at, &name, &name_size, &pattern), 1);
    CHECK_TEXT(name, "+/1");
    CHECK_EQ(name_size, 3);
    CHECK_EQ(pattern, 1);
    CHECK_EQ(ws_subscription_next(list, n, &at, &name, &name_size, &pattern), 1);
    CHECK_TEXT(name, "t/1");
    CHECK_EQ(pattern, 0);
    CHECK_EQ(ws_subscription_next(list, n, &at, &name, &name_size, &pattern), 0);
    at = 0;
    CHECK_EQ(ws_subscription_next(list, 5, &at, &name, &name_size, &pattern), 0); /* a list that was cut */
    CHECK_EQ(ws_subscription_next(NULL, n, &at, &name, &name_size, &pattern), 0);
    CHECK_EQ(ws_subscription_next(list, n, NULL, &name, &name_size, &pattern), 0);
    CHECK_EQ(ws_subscription_next(list, n, &at, NULL, &name_size, &pattern), 0);
    CHECK_EQ(ws_subscription_next(list, n, &at, &name, NULL, &pattern), 0);
    CHECK_EQ(ws_subscription_next(list, n, &at, &name, &name_size, NULL), 0);
    finish(&r);
}

static const t_event *news(room *r, int type, int n, const char *name, int pattern)
{
    const t_event *e = t_wait_event(&r->log, type, n);
    CHECK_TEXT((char *)e->data, name);
    CHECK_EQ(e->size, strlen(name));
    CHECK_EQ(e->pattern, pattern);
    CHECK_EQ(e->handle, r->server);
    CHECK_EQ(e->server, 0);
    return e;
}

static void tell_which_begin_and_end(void)
{
    room r;
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.flags = WS_TOPIC_EVENTS;
    for (int by_flag = 0; by_flag < 2; by_flag++) {
        begin(&r, by_flag ? &o : NULL);
        ws_handle a = r.connections[0], b = r.connections[1];
        if (!by_flag) {
            OK(ws_subscribe(a, NAME("before"))); /* nobody listens: it is not told, nor its end */
            CHECK_EQ(ws_on(a, WS_EVENT_TOPIC_BEGIN, t_record, &r.log), WS_ERR_PARAMETER);
            CHECK_HAS(ws_last_error(), "ws_server_on");
        }
        OK(ws_server_on(r.server, WS_EVENT_TOPIC_BEGIN, t_record, &r.log));
        OK(ws_server_on(r.server, WS_EVENT_TOPIC_END, t_record, &r.log));
        OK(ws_subscribe(a, NAME("t")));
        OK(ws_subscribe(b, NAME("t")));
        OK(ws_subscribe(b, NAME("before")));
        OK(ws_subscribe_pattern(b, NAME("t")));
        news(&r, WS_EVENT_TOPIC_BEGIN, 1, "t", 0);
        news(&r, WS_EVENT_TOPIC_BEGIN, 2 + by_flag, "t", 1);
        if (by_flag) news(&r, WS_EVENT_TOPIC_BEGIN, 2, "before", 0);
        OK(ws_unsubscribe(b, NAME("before")));
        OK(ws_unsubscribe(a, NAME("before")));
        OK(ws_unsubscribe(a, NAME("t")));
        if (by_flag) news(&r, WS_EVENT_TOPIC_END, 1, "before", 0);
        CHECK_EQ(t_seen(&r.log, WS_EVENT_TOPIC_END), by_flag);
        OK(ws_close(r.clients[1], NULL, NULL, NULL)); /* takes both others with it */
        t_wait_event(&r.log, WS_EVENT_TOPIC_END, 2 + by_flag);
        OK(ws_subscribe(a, NAME("t")));
        news(&r, WS_EVENT_TOPIC_BEGIN, 3 + by_flag, "t", 0);
        OK(ws_server_stop(r.server, NULL, NULL, NULL));
        news(&r, WS_EVENT_TOPIC_END, 3 + by_flag, "t", 0);
        CHECK_EQ(t_seen(&r.log, WS_EVENT_TOPIC_BEGIN), 3 + by_flag);
        CHECK_EQ(t_seen(&r.log, WS_EVENT_TOPIC_END), 3 + by_flag);
        finish(&r);
    }
}

/* Inside the callback that tells of it a topic may end, and begin. */
static void WS_CALL again(const ws_event *e, void *log)
{
    ws_handle *connection = ((void **)log)[1];
    t_record(e, ((void **)log)[0]);
    if (e->type == WS_EVENT_TOPIC_BEGIN) OK(ws_unsubscribe(*connection, e->data, e->size));
    else if (t_seen(((void **)log)[0], WS_EVENT_TOPIC_END) < 50) OK(ws_subscribe(*connection, e->data, e->size));
}

static void take_turns(void)
{
    room r;
    begin(&r, NULL);
    void *both[] = {&r.log, &r.connections[0]};
    OK(ws_server_on(r.server, WS_EVENT_TOPIC_BEGIN, again, both));
    OK(ws_server_on(r.server, WS_EVENT_TOPIC_END, again, both));
    OK(ws_subscribe(r.connections[0], NAME("turn")));
    t_wait_event(&r.log, WS_EVENT_TOPIC_END, 50);
    int turn = WS_EVENT_TOPIC_BEGIN;
    for (int i = 0; i < r.log.count; i++) {
        int type = r.log.events[i]->type;
        if (type != WS_EVENT_TOPIC_BEGIN && type != WS_EVENT_TOPIC_END) continue;
        CHECK_EQ(type, turn);
        turn = WS_EVENT_TOPIC_BEGIN + WS_EVENT_TOPIC_END - turn;
    }
    CHECK_EQ(turn, WS_EVENT_TOPIC_BEGIN);
    finish(&r);
}

#define REFUSED(call, want, name)         \
    do {                                  \
        CHECK_EQ(call, want);             \
        CHECK_HAS(ws_last_error(), name); \
    } while (0)

static void refuse_nonsense(void)
{
    room r;
    char name[256];
    size_t n = 77;
    int32_t found = 77;
    memset(name, 'a', sizeof name);
    begin(&r, NULL);
    ws_handle c = r.connections[0], client = r.clients[0];
    static const char *const bad[][2] = {{"a+", "\"a+\""},         {"+a/b", "level 1"}, {"a/#/b", "level 2"},
                                         {"a/b#", "\"b#\""},       {"#/", "level 1"},   {"##", "whole level"},
                                         {"a/+/#/+", "last one"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        REFUSED(ws_subscribe_pattern(c, bad[i][0], strlen(bad[i][0])), WS_ERR_PARAMETER, bad[i][1]);
        CHECK_HAS(ws_last_error(), "pattern");
        REFUSED(ws_unsubscribe_pattern(c, bad[i][0], strlen(bad[i][0])), WS_ERR_PARAMETER, bad[i][1]);
    }
    REFUSED(ws_subscribe_pattern(c, NULL, 1), WS_ERR_PARAMETER, "pattern");
    REFUSED(ws_subscribe_pattern(c, name, 0), WS_ERR_PARAMETER, "pattern_size");
    REFUSED(ws_subscribe_pattern(c, name, 256), WS_ERR_PARAMETER, "pattern_size");
    REFUSED(ws_subscribe_pattern(client, "t", 1), WS_ERR_HANDLE, "connection");
    REFUSED(ws_unsubscribe_pattern(c, name, 256), WS_ERR_PARAMETER, "pattern_size");
    REFUSED(ws_unsubscribe_pattern(r.server, "t", 1), WS_ERR_HANDLE, "connection");
    OK(ws_subscribe_pattern(c, name, 255));
    REFUSED(ws_is_subscribed(client, "t", 1, &found), WS_ERR_HANDLE, "connection");
    REFUSED(ws_is_subscribed(c, NULL, 1, &found), WS_ERR_PARAMETER, "topic");
    REFUSED(ws_is_subscribed(c, "t", 0, &found), WS_ERR_PARAMETER, "topic_size");
    REFUSED(ws_is_subscribed(c, "t", 1, NULL), WS_ERR_PARAMETER, "how");
    REFUSED(ws_subscriptions(client, NULL, 0, &n), WS_ERR_HANDLE, "connection");
    REFUSED(ws_subscriptions(c, NULL, 1, &n), WS_ERR_PARAMETER, "buffer");
    REFUSED(ws_subscriptions(c, NULL, 0, NULL), WS_ERR_PARAMETER, "size");
    REFUSED(ws_topic_subscribers(c, "t", 1, NULL, 0, &n), WS_ERR_HANDLE, "server");
    REFUSED(ws_topic_subscribers(r.server, NULL, 1, NULL, 0, &n), WS_ERR_PARAMETER, "topic");
    REFUSED(ws_topic_subscribers(r.server, "t", 1, NULL, 1, &n), WS_ERR_PARAMETER, "connections");
    REFUSED(ws_topic_subscribers(r.server, "t", 1, NULL, 0, NULL), WS_ERR_PARAMETER, "count");
    CHECK_EQ(n, 77);
    CHECK_EQ(found, 77);
    finish(&r);
    CHECK_EQ(ws_subscribe_pattern(c, "t", 1), WS_ERR_NO_CONNECTION);
}

static void keep_to_the_limits(void)
{
    room r;
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_subscriptions = 2;
    begin(&r, &o);
    ws_handle c = r.connections[0];
    OK(ws_subscribe_pattern(c, NAME("a/#")));
    OK(ws_subscribe(c, NAME("a/#")));
    REFUSED(ws_subscribe_pattern(c, NAME("b")), WS_ERR_FULL, "max_subscriptions");
    OK(ws_subscribe_pattern(c, NAME("a/#")));
    OK(ws_unsubscribe_pattern(c, NAME("a/#")));
    OK(ws_subscribe_pattern(c, NAME("b")));
    finish(&r);
}

int main(void)
{
    reach_what_they_fit();
    answer_who_gets_what();
    tell_which_begin_and_end();
    take_turns();
    refuse_nonsense();
    keep_to_the_limits();
    return t_done();
}
