/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_close while connecting cancels the attempt: its completion fails with
 * WS_ERR_CANCELLED, there is no open and no close, and the client can connect
 * again at once. ws_destroy and ws_shutdown_wait end an attempt, too.
 */
#include "t.h"

static t_log events = T_LOG;
static t_latch closes = T_LATCH;

/* A client that waits for the answer of a server that says nothing. */
static ws_handle connecting(int listener, int port, t_raw *peer)
{
    ws_handle client = t_client(&events);
    OK(ws_connect(client, t_url_of_port(port), NULL, t_record, &events));
    CHECK_EQ(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL), WS_ERR_CONNECTION_EXISTS);
    OK(ws_send(client, "early", 5, WS_TEXT, NULL, NULL)); /* it is dropped */
    t_raw_take(peer, listener);
    t_raw_head(peer);
    CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
    return client;
}

int main(void)
{
    int port, listener = t_raw_listen(&port);
    t_raw peer;
    ws_handle client = connecting(listener, port, &peer);
    OK(ws_close(client, NULL, t_record, &events));
    const t_event *cancelled = t_wait_event(&events, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(cancelled->operation, WS_OP_CONNECT);
    CHECK_EQ(cancelled->error, WS_ERR_CANCELLED);
    const t_event *closed = t_wait_event(&events, WS_EVENT_COMPLETION, 2);
    CHECK_EQ(closed->operation, WS_OP_CLOSE);
    CHECK_EQ(closed->error, WS_OK);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&events, WS_EVENT_ERROR, 1)->error, WS_ERR_CANCELLED);
    CHECK_EQ(t_seen(&events, WS_EVENT_OPEN) + t_seen(&events, WS_EVENT_CLOSE), 0);
    t_forget(&events);

    /* Cancelled and begun anew without waiting, many times: only the last one counts. */
    ws_handle server = t_echo_server();
    for (int i = 0; i < 100; i++) {
        OK(ws_connect(client, t_url(server), NULL, t_record, &events));
        OK(ws_close(client, NULL, t_tick, &closes));
        if (t_state(client) != WS_STATE_CLOSED) t_wait(&closes, i + 1); /* it was open already */
    }
    OK(ws_connect(client, t_url(server), NULL, t_record, &events));
    CHECK_EQ(t_wait_event(&events, WS_EVENT_COMPLETION, 101)->error, WS_OK);
    OK(ws_send(client, "alive", 5, WS_TEXT, NULL, NULL));
    CHECK_TEXT((char *)t_wait_event(&events, WS_EVENT_MESSAGE, 1)->data, "alive");
    CHECK_EQ(t_seen(&events, WS_EVENT_OPEN), t_seen(&events, WS_EVENT_CLOSE) + 1);
    t_destroy(client, &events);
    t_forget(&events);

    client = connecting(listener, port, &peer);
    OK(ws_destroy(client));
    t_wait_event(&events, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(&events), "connect-done destroyed");
    CHECK_EQ(t_wait_event(&events, WS_EVENT_COMPLETION, 1)->error, WS_ERR_CANCELLED);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    t_forget(&events);

    connecting(listener, port, &peer);
    int status = t_done();
    CHECK_TEXT(t_story(&events), "connect-done destroyed");
    t_raw_close(&peer);
    return status;
}
