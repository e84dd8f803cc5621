/* SPDX-License-Identifier: Apache-2.0 */
/* ws_connection_info tells the peer of either end, from the first event to the last. */
#include "t.h"

#include <arpa/inet.h>

static ws_connection of(ws_handle handle)
{
    ws_connection info;
    memset(&info, 0xee, sizeof info);
    info.struct_size = sizeof info;
    OK(ws_connection_info(handle, &info));
    CHECK_EQ(info.struct_size, sizeof info);
    CHECK_EQ(info.handle, handle);
    return info;
}

static int client_port;
static t_latch connects = T_LATCH, closes = T_LATCH;

static void in_event(const ws_event *e, void *unused)
{
    (void)unused;
    ws_connection info = of(e->handle);
    CHECK_TEXT(info.client_ip, "127.0.0.1");
    CHECK_EQ(info.server, e->server);
    if (e->type == WS_EVENT_CONNECT) client_port = info.client_port;
    CHECK_EQ(info.client_port, client_port);
    if (e->type == WS_EVENT_CONNECT) t_add(&connects, 1);
    if (e->type == WS_EVENT_CLOSE) t_add(&closes, 1);
}

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    ws_handle server = t_server(NULL, &at_server), client = t_client(&at_client);
    OK(ws_server_on(server, WS_EVENT_CONNECT, in_event, NULL));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, in_event, NULL));
    OK(ws_server_on(server, WS_EVENT_CLOSE, in_event, NULL));
    ws_connection never;
    WS_INIT_STRUCT(&never);
    CHECK_EQ(ws_connection_info(client, &never), WS_ERR_STATE); /* never connected */

    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    ws_connection info = of(client);
    CHECK_EQ(info.client_port, t_port(server)); /* its peer is the server */
    CHECK_TEXT(info.client_ip, "127.0.0.1");
    CHECK_EQ(info.server, 0);
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    ws_handle accepted = t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 1)->handle;
    info = of(accepted);
    CHECK_EQ(info.client_port, client_port);
    CHECK_EQ(info.server, server);
    CHECK_EQ(t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->server, server);
    OK(ws_close(client, NULL, NULL, NULL));
    t_wait(&closes, 1);
    t_wait_event(&at_client, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(of(client).client_ip, "127.0.0.1"); /* of the last connection */

    /* A raw peer knows its own port. */
    t_raw peer;
    struct sockaddr_in own;
    socklen_t size = sizeof own;
    t_raw_client(&peer, t_port(server));
    CHECK_EQ(getsockname(peer.fd, (struct sockaddr *)&own, &size), 0);
    CHECK_EQ(of(t_wait_event(&at_server, WS_EVENT_CONNECT, 2)->handle).client_port, ntohs(own.sin_port));
    t_wait(&connects, 2); /* the shutdown must not come between the listeners of connect */
    t_raw_close(&peer);
    return t_done();
}
