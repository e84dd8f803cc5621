/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a server: start, list, stop (every client is told 1001, the port
 * is free when the completion comes), start again, destroy with open connections.
 */
#include "t.h"

enum { CLIENTS = 5, ROUNDS = 5 };

static t_log at_server = T_LOG;

/* False when somebody else has the port. */
static int start_on(ws_handle server, int port, t_log *completions)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = port;
    long long end = t_now() + T_DEADLINE_MS;
    int32_t status;
    while ((status = ws_server_start(server, &config, completions ? t_record : NULL, completions)) == WS_ERR_STATE)
        CHECK(t_now() < end); /* a stop without completion is still under way */
    if (status != WS_ERR_PORT_OCCUPIED) OK(status);
    return status == WS_OK;
}

static void states_without_start(ws_handle server)
{
    int32_t port;
    size_t count = 77;
    CHECK_EQ(ws_server_port(server, &port), WS_ERR_STATE);
    CHECK_EQ(ws_server_stop(server, NULL, t_record, &at_server), WS_ERR_STATE);
    OK(ws_server_connections(server, NULL, 0, &count));
    CHECK_EQ(count, 0);
}

/* What ws_server_connections says while CLIENTS are open. */
static void lists(ws_handle server)
{
    ws_handle list[CLIENTS + 1] = {0};
    size_t count = 0;
    CHECK_EQ(ws_server_connections(server, list, CLIENTS - 1, &count), WS_ERR_BUFFER);
    CHECK_EQ(count, CLIENTS);
    CHECK_EQ(list[0], 0); /* then nothing is written */
    OK(ws_server_connections(server, list, CLIENTS + 1, &count));
    CHECK_EQ(count, CLIENTS);
    CHECK_EQ(list[CLIENTS], 0);
    for (int i = 0; i < CLIENTS; i++) /* oldest first */
        CHECK_EQ(list[i], t_wait_event(&at_server, WS_EVENT_CONNECT, i + 1)->handle);
}

/* Returns whether the port was free afterwards. Another program may take it in between. */
static int stop_and_start_again(ws_handle server)
{
    static t_log logs[CLIENTS], done = T_LOG;
    ws_handle clients[CLIENTS];
    CHECK(start_on(server, 0, &done));
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->operation, WS_OP_SERVER_START);
    CHECK_EQ(ws_server_start(server, NULL, t_record, &done), WS_ERR_STATE);
    int port = t_port(server);
    ws_handle other = ws_server_create(NULL);
    CHECK(!start_on(other, port, NULL));
    OK(ws_server_destroy(other));
    for (int i = 0; i < CLIENTS; i++) {
        logs[i] = (t_log)T_LOG;
        clients[i] = t_open_client(server, &logs[i]);
    }
    t_raw half_way; /* one that has not finished its request is dropped */
    t_raw_dial(&half_way, port);
    t_raw_text(&half_way, "GET / HTTP/1.1\r\n");
    t_wait_event(&at_server, WS_EVENT_CONNECT, CLIENTS);
    lists(server);

    OK(ws_server_stop(server, NULL, t_record, &done));
    CHECK_EQ(ws_server_stop(server, NULL, t_record, &done), WS_ERR_STATE);
    CHECK_EQ(ws_server_port(server, &(int32_t){0}), WS_ERR_STATE);
    for (int i = 0; i < CLIENTS; i++) {
        const t_event *closed = t_wait_event(&logs[i], WS_EVENT_CLOSE, 1);
        CHECK_EQ(closed->code, 1001);
        CHECK_TEXT(closed->reason, "server is going away");
        CHECK_EQ(closed->clean, 1);
        t_destroy(clients[i], &logs[i]);
        t_forget(&logs[i]);
    }
    const t_event *stopped = t_wait_event(&done, WS_EVENT_COMPLETION, 2);
    CHECK_EQ(stopped->operation, WS_OP_SERVER_STOP);
    CHECK_EQ(stopped->error, WS_OK);
    CHECK_EQ(stopped->handle, server);
    CHECK_EQ(t_seen(&at_server, WS_EVENT_CONNECT), CLIENTS);
    CHECK_EQ(t_seen(&at_server, WS_EVENT_CLOSE), CLIENTS); /* all before the completion */
    CHECK_EQ(t_seen(&at_server, 0), 2 * CLIENTS);
    t_raw_close(&half_way);
    states_without_start(server);
    int is_free = start_on(server, port, NULL); /* the same port, at once */
    if (is_free) CHECK_EQ(t_port(server), port);
    else CHECK(start_on(server, 0, NULL));
    t_forget(&at_server);
    ws_handle client = t_open_client(server, &logs[0]);
    t_destroy(client, &logs[0]);
    t_wait_event(&at_server, WS_EVENT_CLOSE, 1);
    OK(ws_server_stop(server, NULL, NULL, NULL)); /* a completion is optional */
    t_forget(&done), t_forget(&at_server), t_forget(&logs[0]);
    return is_free;
}

static void destroy_with_open_connections(ws_handle server)
{
    static t_log logs[CLIENTS], done = T_LOG;
    CHECK(start_on(server, 0, NULL));
    for (int i = 0; i < CLIENTS; i++) {
        logs[i] = (t_log)T_LOG;
        t_open_client(server, &logs[i]);
    }
    t_wait_event(&at_server, WS_EVENT_CONNECT, CLIENTS);
    OK(ws_server_stop(server, NULL, t_record, &done)); /* a stop that is under way is cancelled */
    OK(ws_server_destroy(server));
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    CHECK_EQ(t_seen(&at_server, WS_EVENT_CLOSE), CLIENTS); /* every connect has its close */
    CHECK_EQ(t_seen(&at_server, WS_EVENT_DESTROYED), 1);
    CHECK_EQ(at_server.events[at_server.count - 1]->type, WS_EVENT_DESTROYED);
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->operation, WS_OP_SERVER_STOP);
    CHECK_EQ(t_seen(&done, 0), 1);
    for (int i = 0; i < CLIENTS; i++) t_wait_event(&logs[i], WS_EVENT_CLOSE, 1);
}

int main(void)
{
    ws_handle server = ws_server_create(NULL);
    t_listen_server(server, &at_server);
    states_without_start(server);
    int times_free = 0;
    for (int i = 0; i < ROUNDS; i++) times_free += stop_and_start_again(server);
    CHECK(times_free > ROUNDS / 2);
    destroy_with_open_connections(server);
    return t_done();
}
