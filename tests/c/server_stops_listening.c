/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_stop_listening: who is connected stays, who is in its handshake gets in, others
 * are refused; the completion waits for the handshakes, and ws_server_stop ends the rest.
 */
#include "t_listen.h"

static ws_handle server;
static t_log at_server = T_LOG;

static void wait_done(t_log *done, int32_t error)
{
    const t_event *e = t_wait_event(done, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(e->operation, WS_OP_SERVER_STOP_LISTENING);
    CHECK_EQ(e->error, error);
    CHECK_EQ(e->handle, server);
    t_forget(done);
}

static void start_on(int port)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = port;
    OK(ws_server_start(server, &config, NULL, NULL));
}

static void connections_live_on(void)
{
    t_log log = T_LOG, done = T_LOG, other = T_LOG;
    start_on(0);
    int port = t_port(server);
    ws_handle client = t_open_client(server, &log);
    OK(ws_server_stop_listening(server, t_record, &done));
    CHECK_EQ(ws_server_stop_listening(server, NULL, NULL), WS_ERR_STATE);
    CHECK_EQ(ws_server_port(server, &(int32_t){0}), WS_ERR_STATE);
    wait_done(&done, WS_OK);
    ws_handle late = t_client(&other);
    OK(ws_connect(late, t_url_of_port(port), NULL, t_record, &other));
    CHECK_EQ(t_wait_event(&other, WS_EVENT_COMPLETION, 1)->error, WS_ERR_CONNECT_FAILED);
    t_echo_round(client, &log, "still here", 10, WS_TEXT, 1);
    CHECK_EQ(ws_server_start(server, NULL, NULL, NULL), WS_ERR_STATE);
    t_stop(server);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1001);
    start_on(port); /* everything is free again */
    OK(t_echo_at(t_url_of_port(port)));
    t_stop(server);
    t_destroy(client, &log), t_destroy(late, &other);
    t_forget(&log), t_forget(&other);
}

/* One has sent nothing, one half of its request. */
static void handshakes_are_waited_for(void)
{
    t_log done = T_LOG;
    t_raw peer, gone;
    start_on(0);
    t_forget(&at_server);
    int port = t_port(server);
    t_log log = T_LOG;
    t_raw_dial(&gone, port);
    t_raw_dial(&peer, port);
    t_raw_write(&peer, T_REQUEST, 20);
    ws_handle behind = t_open_client(server, &log); /* those before it are accepted */
    OK(ws_server_stop_listening(server, t_record, &done));
    t_echo_round(behind, &log, "one", 3, WS_TEXT, 1);
    t_echo_round(behind, &log, "two", 3, WS_TEXT, 2);
    CHECK_EQ(t_seen(&done, 0), 0);
    t_raw_close(&gone);
    CHECK_EQ(t_seen(&done, 0), 0);
    t_raw_write(&peer, T_REQUEST + 20, sizeof T_REQUEST - 1 - 20);
    CHECK_HAS(t_raw_head(&peer), "101");
    wait_done(&done, WS_OK);
    peer.masks = 1;
    t_raw_send(&peer, T_TEXT, "hello", 5);
    t_raw_expect(&peer, T_TEXT, "hello", 5);
    t_raw_close(&peer);
    t_stop(server);
    t_destroy(behind, &log);
    t_forget(&log);
}

static void stop_and_destroy_meanwhile(void)
{
    t_log done = T_LOG, stopped = T_LOG;
    t_raw peer;
    for (int destroy = 0; destroy < 2; destroy++) {
        start_on(0);
        t_log log = T_LOG;
        t_raw_dial(&peer, t_port(server));
        ws_handle behind = t_open_client(server, &log);
        OK(ws_server_stop_listening(server, t_record, &done));
        if (destroy) OK(ws_server_destroy(server));
        else OK(ws_server_stop(server, NULL, t_record, &stopped));
        wait_done(&done, destroy ? WS_ERR_CANCELLED : WS_OK);
        if (destroy) t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
        else CHECK_EQ(t_wait_event(&stopped, WS_EVENT_COMPLETION, 1)->error, WS_OK);
        t_raw_close(&peer);
        t_destroy(behind, &log);
        t_forget(&log);
    }
    t_forget(&stopped);
}

int main(void)
{
    server = ws_server_create(NULL);
    t_listen_server(server, &at_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    CHECK_EQ(ws_server_stop_listening(server, NULL, NULL), WS_ERR_STATE);
    connections_live_on();
    handshakes_are_waited_for();
    stop_and_destroy_meanwhile();
    return t_done();
}
