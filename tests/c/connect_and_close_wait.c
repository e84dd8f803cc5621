/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_connect_wait returns when the connection is open, or with the error that its completion has;
 * ws_close_wait when the close event was told. A wait that is too short leaves what has begun
 * going on, and tells so.
 */
#include "t.h"

static ws_handle server;

static void to_and_fro(void)
{
    t_log log = T_LOG;
    ws_handle client = t_client(&log);
    for (int i = 1; i <= 3; i++) {
        OK(ws_connect_wait(client, t_url(server), NULL, i == 1 ? -1 : T_DEADLINE_MS));
        CHECK_EQ(t_state(client), WS_STATE_OPEN);
        CHECK_EQ(ws_connect_wait(client, t_url(server), NULL, -1), WS_ERR_CONNECTION_EXISTS);
        t_echo_round(client, &log, "x", 1, WS_TEXT, i);
        OK(ws_close_wait(client, NULL, i == 1 ? -1 : T_DEADLINE_MS));
        CHECK_EQ(t_seen(&log, WS_EVENT_CLOSE), i); /* told before the wait was over */
        CHECK_EQ(t_state(client), WS_STATE_CLOSED);
        CHECK_EQ(ws_close_wait(client, NULL, -1), WS_ERR_STATE);
    }
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1000);
    OK(ws_destroy_wait(client, -1));
    CHECK_TEXT(t_story(&log), "open message close open message close open message close destroyed");
    t_forget(&log);
}

static void refused(void)
{
    ws_handle client = t_client(NULL);
    int port, taken = t_raw_refuse(&port);
    CHECK_EQ(ws_connect_wait(client, t_url_of_port(port), NULL, -1), WS_ERR_CONNECT_FAILED);
    CHECK_HAS(ws_last_error(), "refused");
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    close(taken);
    CHECK_EQ(ws_connect_wait(client, NULL, NULL, -1), WS_ERR_PARAMETER);
    CHECK_EQ(ws_connect_wait(client, "http://a/", NULL, -1), WS_ERR_URL);
    CHECK_EQ(ws_connect_wait(client, t_url(server), NULL, -2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "timeout_ms");
    CHECK_EQ(ws_close_wait(client, NULL, -2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "timeout_ms");
    OK(ws_destroy_wait(client, -1));
}

/* A server that does not answer: neither the request nor the Close frame. */
static void too_short(void)
{
    t_log log = T_LOG;
    t_raw slow;
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&log);
    CHECK_EQ(ws_connect_wait(client, t_url_of_port(port), NULL, 0), WS_ERR_TIMEOUT);
    CHECK_HAS(ws_last_error(), "goes on");
    CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
    t_raw_server(&slow, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);

    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.timeout_ms = 3600000;
    CHECK_EQ(ws_close_wait(client, &options, 50), WS_ERR_TIMEOUT);
    CHECK_HAS(ws_last_error(), "goes on");
    CHECK_EQ(t_state(client), WS_STATE_CLOSING);
    CHECK_EQ(t_seen(&log, WS_EVENT_CLOSE), 0);
    t_raw_expect_close(&slow, 1000);
    t_raw_send_close(&slow, 1000, "");
    t_raw_close(&slow);
    int32_t status = ws_close_wait(client, NULL, -1); /* it waits on, if there is something to wait for */
    if (status != WS_ERR_STATE) OK(status);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(&log), "open close");

    options.timeout_ms = 1;
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&slow, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 2);
    CHECK_EQ(ws_close_wait(client, &options, -1), WS_ERR_TIMEOUT); /* the peer's time is over */
    CHECK_HAS(ws_last_error(), "the peer did not answer");
    CHECK_EQ(t_seen(&log, WS_EVENT_CLOSE), 2);
    t_raw_close(&slow);
    close(listener);
    OK(ws_destroy_wait(client, -1));
    t_forget(&log);
}

static ws_handle waiting;

static void *connects(void *port)
{
    CHECK_EQ(ws_connect_wait(waiting, t_url_of_port(*(int *)port), NULL, -1), WS_ERR_CANCELLED);
    return NULL;
}

static void ended_meanwhile(void)
{
    t_raw slow;
    pthread_t thread;
    int port, listener = t_raw_listen(&port);
    waiting = t_client(NULL);
    t_thread(&thread, connects, &port);
    t_raw_take(&slow, listener);
    OK(ws_close_wait(waiting, NULL, -1)); /* while connecting there is no close event */
    t_join(thread);
    t_raw_close(&slow);
    t_thread(&thread, connects, &port);
    t_raw_take(&slow, listener);
    OK(ws_destroy_wait(waiting, -1));
    t_join(thread);
    t_raw_close(&slow);
    close(listener);
}

static void accepted(void)
{
    static t_log log = T_LOG;
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &log));
    OK(ws_server_on(server, WS_EVENT_CLOSE, t_record, &log));
    ws_handle client = t_open_client(server, NULL);
    ws_handle connection = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    CHECK_EQ(ws_connect_wait(connection, t_url(server), NULL, -1), WS_ERR_HANDLE);
    OK(ws_close_wait(connection, NULL, -1));
    CHECK_TEXT(t_story(&log), "connect close");
    OK(ws_destroy_wait(client, -1));
}

int main(void)
{
    server = t_echo_server();
    to_and_fro();
    refused();
    too_short();
    ended_meanwhile();
    accepted();
    return t_done();
}
