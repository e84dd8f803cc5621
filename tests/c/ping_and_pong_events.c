/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_ping sends up to 125 bytes; the pong tells how long it took, or -1 when it
 * answers none of our pings. Pings of the peer are told as well. Both only when
 * somebody listens, or WS_PING_EVENTS was given for ws_queue_poll.
 */
#include "t_client.h"

static int port, listener;

static void rounds(t_raw *peer, ws_handle handle, t_log *log)
{
    char data[126];
    memset(data, 'p', sizeof data);
    static const size_t sizes[] = {0, 1, 124, 125};
    for (int i = 0; i < 4; i++) {
        OK(ws_ping(handle, sizes[i] ? data : NULL, sizes[i]));
        t_raw_expect(peer, T_PING, data, sizes[i]);
        t_raw_send(peer, T_PONG, data, sizes[i]);
        const t_event *e = t_wait_event(log, WS_EVENT_PONG, i + 1);
        CHECK_EQ(e->size, sizes[i]);
        CHECK(!memcmp(e->data, data, sizes[i]));
        CHECK(e->round_trip_us >= 0);
        CHECK_EQ(e->handle, handle);
    }
    CHECK_EQ(ws_ping(handle, data, 126), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "size");
    CHECK_EQ(ws_ping(handle, NULL, 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "data");

    t_raw_send(peer, T_PONG, "nobody asked", 12);
    const t_event *e = t_wait_event(log, WS_EVENT_PONG, 5);
    CHECK_TEXT((char *)e->data, "nobody asked");
    CHECK_EQ(e->round_trip_us, -1);

    /* The answer to a later ping answers the earlier ones, RFC 6455 5.5.3. */
    OK(ws_ping(handle, "first", 5));
    OK(ws_ping(handle, "second", 6));
    t_raw_expect(peer, T_PING, "first", 5);
    t_raw_expect(peer, T_PING, "second", 6);
    t_raw_send(peer, T_PONG, "second", 6);
    t_raw_send(peer, T_PONG, "first", 5);
    CHECK(t_wait_event(log, WS_EVENT_PONG, 6)->round_trip_us >= 0);
    CHECK_EQ(t_wait_event(log, WS_EVENT_PONG, 7)->round_trip_us, -1);

    /* Pings of the peer, between the fragments of a message, too. */
    t_raw_send(peer, 0x01, "frag", 4);
    t_raw_send(peer, T_PING, "between", 7);
    t_raw_send(peer, T_CONT, "ment", 4);
    t_raw_send(peer, T_PING, "", 0);
    t_raw_expect(peer, T_PONG, "between", 7);
    t_raw_expect(peer, T_PONG, "", 0);
    CHECK_TEXT((char *)t_wait_event(log, WS_EVENT_PING, 1)->data, "between");
    CHECK_EQ(t_wait_event(log, WS_EVENT_PING, 2)->size, 0);
    CHECK_TEXT((char *)t_wait_event(log, WS_EVENT_MESSAGE, 1)->data, "fragment");

    /* Who no longer listens hears no more. */
    OK(ws_off(handle, WS_EVENT_PING, NULL, NULL));
    OK(ws_off(handle, WS_EVENT_PONG, NULL, NULL));
    t_raw_send(peer, T_PING, "unheard", 7);
    t_raw_send(peer, T_PONG, "unheard", 7);
    t_raw_expect(peer, T_PONG, "unheard", 7);
    t_raw_send(peer, T_TEXT, "end", 3);
    t_wait_event(log, WS_EVENT_MESSAGE, 2);
    CHECK_EQ(t_seen(log, WS_EVENT_PING), 2);
    CHECK_EQ(t_seen(log, WS_EVENT_PONG), 7);

    t_raw_send_close(peer, 1000, "");
    t_raw_expect_close(peer, 1000);
    if (peer->masks) t_raw_expect_end(peer);
    t_raw_close(peer);
    t_wait_event(log, WS_EVENT_CLOSE, 1);
}

static t_log accepted = T_LOG;

static void WS_CALL on_connect(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_on(e->handle, WS_EVENT_PING, t_record, &accepted));
    OK(ws_on(e->handle, WS_EVENT_PONG, t_record, &accepted));
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, t_record, &accepted));
    OK(ws_on(e->handle, WS_EVENT_CLOSE, t_record, &accepted));
    t_record(e, &accepted);
}

static void WS_CALL ping_again(const ws_event *e, void *log)
{
    t_record(e, log);
    if (e->data && !strcmp(e->data, "0")) OK(ws_ping(e->handle, "1", 1));
}

/* For hosts that poll nobody has to listen, but they have to ask for it. */
static void is_polled(int asked)
{
    ws_queue_options q;
    WS_INIT_STRUCT(&q);
    ws_handle queue = ws_queue_create(&q);
    CHECK(queue);
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    o.flags = asked ? WS_PING_EVENTS : 0;
    ws_handle client = ws_create(&o);
    CHECK(client);
    t_raw peer;
    t_meet(client, NULL, listener, port, &peer);
    t_raw_send(&peer, T_PING, "hello", 5);
    t_raw_send(&peer, T_PONG, "there", 5);
    t_raw_send(&peer, T_TEXT, "end", 3);
    char story[200] = "";
    long long end = t_now() + T_DEADLINE_MS;
    for (int done = 0; !done;) {
        ws_event events[8];
        size_t n;
        events[0].struct_size = sizeof *events;
        OK(ws_queue_poll(queue, events, 8, 1000, &n));
        for (size_t i = 0; i < n; i++) {
            const ws_event *e = &events[i];
            if (e->type == WS_EVENT_PING || e->type == WS_EVENT_PONG) {
                CHECK_TEXT((const char *)e->data, e->type == WS_EVENT_PING ? "hello" : "there");
                if (e->type == WS_EVENT_PONG) CHECK_EQ(e->round_trip_us, -1);
                strcat(story, e->type == WS_EVENT_PING ? "ping " : "pong ");
            }
            done |= e->type == WS_EVENT_MESSAGE;
        }
        CHECK(t_now() < end);
    }
    CHECK_TEXT(story, asked ? "ping pong " : "");
    OK(ws_destroy(client));
    t_raw_close(&peer);
}

int main(void)
{
    t_raw peer;
    t_log events = T_LOG;
    listener = t_raw_listen(&port);
    ws_handle client = t_client(&events);
    OK(ws_on(client, WS_EVENT_PING, t_record, &events));
    OK(ws_on(client, WS_EVENT_PONG, t_record, &events));
    CHECK_EQ(ws_ping(client, "x", 1), WS_ERR_STATE);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    CHECK_EQ(ws_ping(client, "x", 1), WS_ERR_STATE);
    t_raw_server(&peer, listener);
    t_wait_event(&events, WS_EVENT_OPEN, 1);
    rounds(&peer, client, &events);
    CHECK_EQ(ws_ping(client, "x", 1), WS_ERR_STATE);

    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL));
    t_raw_client(&peer, t_port(server));
    rounds(&peer, t_wait_event(&accepted, WS_EVENT_CONNECT, 1)->handle, &accepted);

    /* A ping inside a callback, after all that was sent before. */
    t_forget(&events);
    OK(ws_on(client, WS_EVENT_PONG, ping_again, &events));
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&events, WS_EVENT_OPEN, 1);
    OK(ws_ping(client, "0", 1));
    t_raw_expect(&peer, T_PING, "0", 1);
    t_raw_send(&peer, T_PONG, "0", 1);
    t_raw_expect(&peer, T_PING, "1", 1);
    t_raw_close(&peer);
    t_destroy(client, &events);

    is_polled(0);
    is_polled(1);
    close(listener);
    return t_done();
}
