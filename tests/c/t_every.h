/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_every.h - calls every function that takes a handle, with good arguments but
 * for the handle, and checks that all give the same status: WS_ERR_HANDLE, where it is
 * that, is t_stale(handle) from functions of accepted connections.
 */
#ifndef T_EVERY_H
#define T_EVERY_H

#include "t.h"

/* Must never be called: the calls it is given to fail. */
static inline void WS_CALL t_never_relayed(const ws_relay_message *m, void *unused)
{
    (void)unused;
    FAIL("a relay of a server that is not there got %zu bytes", m->size);
}

static inline void WS_CALL t_never(const ws_event *e, void *unused)
{
    (void)unused;
    FAIL("a call that failed has caused an event of type %d", e->type);
}

#define T_EXPECT(call) t_equal(__FILE__, __LINE__, #call, call, want)

/* Functions of clients and of accepted connections. connect: also ws_connect, which only clients have. */
static inline void t_every_connection_call(ws_handle handle, int32_t want, int connect)
{
    int32_t state = 77;
    uint64_t bytes = 77;
    ws_connection info;
    WS_INIT_STRUCT(&info);
    if (connect) T_EXPECT(ws_connect(handle, "ws://127.0.0.1:1/", NULL, t_never, NULL));
    if (connect) T_EXPECT(ws_connect_wait(handle, "ws://127.0.0.1:1/", NULL, 0));
    if (connect) T_EXPECT(ws_reconnect_with(handle, NULL));
    if (connect && handle >> 50 != 2) { /* which servers have, too */
        T_EXPECT(ws_verify_answer(handle, 1, 1));
        T_EXPECT(ws_sign_answer(handle, 1, "x", 1));
    }
    if (want == WS_ERR_HANDLE) want = t_stale(handle);
    T_EXPECT(ws_send(handle, "x", 1, WS_TEXT, NULL, NULL));
    T_EXPECT(ws_send_with(handle, "x", 1, WS_TEXT, NULL, NULL, NULL));
    T_EXPECT(ws_pong(handle, "x", 1));
    T_EXPECT(ws_send(handle, "x", 1, WS_BINARY, t_never, NULL));
    T_EXPECT(ws_close(handle, NULL, t_never, NULL));
    T_EXPECT(ws_close_wait(handle, NULL, 0));
    T_EXPECT(ws_accept(handle, NULL));
    T_EXPECT(ws_respond(handle, NULL));
    if (handle >> 50 != 1) { /* of accepted connections only */
        T_EXPECT(ws_subscribe(handle, "t", 1));
        T_EXPECT(ws_unsubscribe(handle, "t", 1));
    }
    T_EXPECT(ws_on(handle, WS_EVENT_MESSAGE, t_never, NULL));
    T_EXPECT(ws_off(handle, WS_EVENT_MESSAGE, NULL, NULL));
    T_EXPECT(ws_off_wait(handle, WS_EVENT_MESSAGE, NULL, NULL, 0));
    T_EXPECT(ws_set_correlation_id(handle, "id"));
    T_EXPECT(ws_post(handle, 0, t_never, NULL, NULL));
    T_EXPECT(ws_post_cancel(handle, 1));
    T_EXPECT(ws_state(handle, &state));
    T_EXPECT(ws_buffered_amount(handle, &bytes));
    T_EXPECT(ws_connection_info(handle, &info));
    T_EXPECT(ws_destroy(handle));
    CHECK_EQ(state, 77); /* a failed call leaves out-parameters alone */
    CHECK_EQ(bytes, 77);
    CHECK_EQ(info.handle, 0);
    CHECK_EQ(info.client_ip[0], 0);
}

static inline void t_every_server_call(ws_handle handle, int32_t want)
{
    int32_t port = 77;
    ws_socket descriptor = 77;
    size_t count = 77;
    ws_handle list[4] = {77};
    ws_certificate certificate;
    WS_INIT_STRUCT(&certificate);
    T_EXPECT(ws_server_start(handle, NULL, t_never, NULL));
    T_EXPECT(ws_server_set_certificates(handle, &certificate, 1));
    T_EXPECT(ws_server_stop(handle, NULL, t_never, NULL));
    T_EXPECT(ws_server_on(handle, WS_EVENT_CONNECT, t_never, NULL));
    T_EXPECT(ws_server_off(handle, WS_EVENT_CONNECT, NULL, NULL));
    T_EXPECT(ws_server_off_wait(handle, WS_EVENT_CONNECT, NULL, NULL, 0));
    T_EXPECT(ws_server_stop_wait(handle, NULL, 0));
    T_EXPECT(ws_server_port(handle, &port));
    ws_listener_info listener;
    WS_INIT_STRUCT(&listener);
    T_EXPECT(ws_server_listener(handle, 0, &listener));
    T_EXPECT(ws_server_descriptor(handle, 0, &descriptor));
    ws_adopt_options adopted;
    WS_INIT_STRUCT(&adopted);
    ws_handle connection = 77;
    adopted.descriptor = -1;
    T_EXPECT(ws_server_adopt(handle, &adopted, &connection));
    CHECK_EQ(connection, 77);
    T_EXPECT(ws_server_stop_listening(handle, t_never, NULL));
    T_EXPECT(ws_server_connections(handle, list, 4, &count));
    T_EXPECT(ws_publish(handle, "t", 1, "x", 1, WS_TEXT, 0, &count));
    T_EXPECT(ws_publish_with(handle, "t", 1, "x", 1, WS_TEXT, 0, NULL, &count));
    T_EXPECT(ws_server_broadcast_with(handle, "x", 1, WS_TEXT, 0, NULL, &count));
    ws_relay relay;
    WS_INIT_STRUCT(&relay);
    relay.on_message = t_never_relayed;
    T_EXPECT(ws_server_set_relay(handle, &relay));
    T_EXPECT(ws_server_set_relay(handle, NULL));
    ws_relay_message relayed;
    WS_INIT_STRUCT(&relayed);
    relayed.type = WS_TEXT;
    relayed.broadcast = 1;
    T_EXPECT(ws_relay_deliver(handle, &relayed));
    T_EXPECT(ws_topic_subscribers(handle, "t", 1, list, 4, &count));
    T_EXPECT(ws_server_broadcast(handle, "x", 1, WS_TEXT, 0, &count));
    ws_server_stats stats;
    WS_INIT_STRUCT(&stats);
    stats.accepted = 77;
    size_t size = 77;
    T_EXPECT(ws_server_stats_get(handle, &stats));
    if (handle) T_EXPECT(ws_metrics(handle, NULL, 0, &size)); /* 0: the library */
    T_EXPECT(ws_server_destroy(handle));
    CHECK_EQ(stats.accepted, 77);
    CHECK_EQ(size, 77);
    CHECK_EQ(port, 77);
    CHECK_EQ(descriptor, 77);
    CHECK_EQ(count, 77);
    CHECK_EQ(list[0], 77);
}

/* Functions of every kind of handle. */
static inline void t_every_common_call(ws_handle handle, int32_t want)
{
    static int mine;
    void *value = &mine;
    if (want == WS_ERR_HANDLE) want = t_stale(handle);
    T_EXPECT(ws_set_user_data(handle, NULL));
    T_EXPECT(ws_user_data(handle, &value));
    CHECK(value == &mine);
}

/* A handle that is nothing at all, or no longer. */
static inline void t_every_call(ws_handle handle, int32_t want)
{
    t_every_connection_call(handle, want, 1);
    t_every_server_call(handle, want);
    t_every_common_call(handle, want);
}

#endif
