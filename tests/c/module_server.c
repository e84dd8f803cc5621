/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What OpenHarmony's module promises of its server, and where its own breaks the promise:
 * it listens on the address it is told, no client can stop it, bursts arrive, connect,
 * messageReceive and close say who and what, and an ended connection is 2302006.
 */
#include "t_client.h"

#include <arpa/inet.h>
#include <sys/socket.h>

enum { BURST = 2000 };

static t_log at_server = T_LOG;

static ws_handle started(const char *ip)
{
    static t_log done = T_LOG;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = ip;
    ws_handle server = ws_server_create(NULL);
    t_listen_server(server, &at_server);
    OK(ws_server_start(server, &config, t_record, &done));
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_forget(&done);
    return server;
}

static void ended(ws_handle server)
{
    OK(ws_server_destroy(server));
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    t_forget(&at_server);
}

/* Whether somebody listens at 127.0.0.host. */
static int listens(int host, int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (unsigned)host - 1);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    int failed = connect(fd, (struct sockaddr *)&a, sizeof a);
    close(fd);
    return !failed;
}

/* serverIP: in the module's releases it is checked and ignored. */
static void listens_on_its_address_only(void)
{
    ws_handle server = started("127.0.0.2");
    CHECK(listens(2, t_port(server)));
    CHECK(!listens(1, t_port(server)));
    ended(server);
    server = started(NULL); /* 0.0.0.0 */
    CHECK(listens(1, t_port(server)));
    CHECK(listens(2, t_port(server)));
    ended(server);
}

/* connect, messageReceive, listAllConnections: who it is, by address and port. */
static void says_who(ws_handle server, t_raw *peer)
{
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    CHECK_EQ(getsockname(peer->fd, (struct sockaddr *)&own, &size), 0);
    ws_handle connection = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle, list[2] = {0};
    size_t count = 0;
    OK(ws_server_connections(server, list, 2, &count));
    CHECK_EQ(count, 1);
    CHECK_EQ(list[0], connection);
    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(connection, &info));
    CHECK_TEXT(info.client_ip, "127.0.0.1");
    CHECK_EQ(info.client_port, ntohs(own.sin_port));
    CHECK_EQ(info.server, server);
    t_raw_send(peer, T_TEXT, "text", 4);
    t_raw_send(peer, T_BINARY, "\0\1", 2);
    const t_event *text = t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 1);
    CHECK_EQ(text->handle, connection);
    CHECK_EQ(text->message_type, WS_TEXT);
    CHECK_TEXT((const char *)text->data, "text");
    const t_event *binary = t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 2);
    CHECK_EQ(binary->message_type, WS_BINARY);
    CHECK_EQ(binary->size, 2);
}

/* send: in the module all but the first of a burst wait for the next send, and 5242864 bytes are the most. */
static void sends_bursts_and_large_messages(t_raw *peer, ws_handle connection)
{
    for (int i = 0; i < BURST; i++) OK(ws_send(connection, &i, sizeof i, WS_BINARY, NULL, NULL));
    for (int i = 0; i < BURST; i++) t_raw_expect(peer, T_BINARY, &i, sizeof i);
    const size_t most = 5242864;
    char *large = t_bytes(most + 1, 1, 1);
    OK(ws_send(connection, large, most, WS_TEXT, NULL, NULL));
    t_raw_expect(peer, T_TEXT, large, most);
    OK(ws_send(connection, large, most + 1, WS_TEXT, NULL, NULL)); /* our limit is another, and can be set */
    t_raw_expect(peer, T_TEXT, large, most + 1);
    free(large);
}

/* close: of one connection, with or without options; then it does not exist. */
static void closes_one(ws_handle server, t_raw *peer, ws_handle connection, const ws_close_options *o, int code,
                       const char *reason, int n)
{
    OK(ws_close(connection, o, NULL, NULL));
    CHECK_TEXT(t_raw_expect_close(peer, code), reason);
    t_raw_send_close(peer, code, reason);
    t_raw_expect_end(peer);
    t_raw_close(peer);
    const t_event *closed = t_wait_event(&at_server, WS_EVENT_CLOSE, n);
    CHECK_EQ(closed->handle, connection);
    CHECK_EQ(closed->server, server);
    CHECK_EQ(closed->code, code);
    CHECK_TEXT(closed->reason, reason);
    T_UNTIL_SO(ws_send(connection, "x", 1, WS_TEXT, NULL, NULL) == WS_ERR_NO_CONNECTION);
    CHECK_EQ(ws_close(connection, NULL, NULL, NULL), WS_ERR_NO_CONNECTION);
}

static void keeps_its_promises(void)
{
    ws_handle server = started("127.0.0.1");
    t_raw peer, other;
    t_raw_client(&peer, t_port(server));
    says_who(server, &peer);
    ws_handle connection = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    sends_bursts_and_large_messages(&peer, connection);
    t_raw_client(&other, t_port(server));
    ws_handle second = t_wait_event(&at_server, WS_EVENT_CONNECT, 2)->handle;
    closes_one(server, &peer, connection, NULL, 1000, "CLOSE_NORMAL", 1);

    /* Only a code: the module gives 401. */
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.code = 3007;
    closes_one(server, &other, second, &o, 3007, "CLOSE_NORMAL", 2);

    /* An empty Close frame, which stops the module's server, and a lost connection, which is told as code 0 there. */
    t_raw_client(&peer, t_port(server));
    t_raw_client(&other, t_port(server));
    t_wait_event(&at_server, WS_EVENT_CONNECT, 4);
    t_raw_send(&peer, T_CLOSE, NULL, 0);
    t_raw_expect_close(&peer, 0);
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&at_server, WS_EVENT_CLOSE, 3)->code, 1005);
    t_raw_send(&other, T_TEXT, "on", 2);
    t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 3);
    t_raw_reset(&other);
    const t_event *error = t_wait_event(&at_server, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(t_wait_event(&at_server, WS_EVENT_CLOSE, 4)->code, 1006);
    t_raw_client(&peer, t_port(server));
    t_wait_event(&at_server, WS_EVENT_CONNECT, 5);
    t_raw_close(&peer);
    ended(server);
}

/* stop: also without clients, where the module may keep the port; listeners stay. */
static void stops_and_starts(void)
{
    static t_log done = T_LOG;
    ws_handle server = started("127.0.0.1");
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = t_port(server);
    OK(ws_server_stop(server, NULL, t_record, &done));
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    CHECK(!listens(1, config.server_port));
    CHECK_EQ(ws_server_stop(server, NULL, NULL, NULL), WS_ERR_STATE);
    OK(ws_server_start(server, &config, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 2);
    t_raw peer;
    t_raw_client(&peer, config.server_port);
    t_wait_event(&at_server, WS_EVENT_CONNECT, 1);
    t_raw_close(&peer);
    ended(server);
}

int main(void)
{
    listens_on_its_address_only();
    keeps_its_promises();
    stops_and_starts();
    return t_done();
}
