/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A socket has one completion port at most. A connection that the host has given to one of its own is refused, and stays the
 * host's; a listener may be in the host's, as the library waits for it by other means.
 */
#include "t_requests.h"

static int port, listener;

static void put_into_a_port(int socket)
{
    static HANDLE ports;
    ports = CreateIoCompletionPort((HANDLE)(intptr_t)socket, ports, 1, 1);
    CHECK(ports != NULL);
}

static void a_connection_stays_the_hosts(ws_handle server)
{
    t_raw peer;
    t_raw_dial_cut(&peer, port, 1, "", 0);
    int fd = accept(listener, NULL, NULL);
    CHECK(fd >= 0);
    put_into_a_port(fd);
    ws_adopt_options o;
    WS_INIT_STRUCT(&o);
    o.descriptor = (ws_socket)fd;
    CHECK_EQ(ws_server_adopt(server, &o, NULL), WS_ERR_UNKNOWN);
    CHECK_HAS(ws_last_error(), "options.descriptor");
    CHECK_HAS(ws_last_error(), "completion port");
    size_t count = 1;
    OK(ws_server_connections(server, NULL, 0, &count));
    CHECK_EQ(count, 0);
    CHECK_EQ(send(fd, "still mine", 10, 0), 10);
    t_raw_bytes(&peer, "still mine", 10);
    close(fd);
    t_raw_close(&peer);
}

static void a_listener_may_be_in_one(ws_handle server)
{
    put_into_a_port(listener);
    ws_listener l;
    WS_INIT_STRUCT(&l);
    l.flags = WS_LISTEN_DESCRIPTOR;
    l.descriptor = (ws_socket)listener;
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.flags = WS_LISTENERS_ONLY;
    c.listeners = &l;
    c.listener_count = 1;
    for (int round = 0; round < 3; round++) {
        OK(ws_server_start(server, &c, NULL, NULL));
        t_raw peer;
        t_raw_client(&peer, port);
        t_raw_close(&peer);
        OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    }
}

int main(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.flags = WS_NO_LISTENERS;
    listener = t_raw_listen(&port);
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_start(server, &c, NULL, NULL));
    a_connection_stays_the_hosts(server);
    OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    a_listener_may_be_in_one(server);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    close(listener);
    return t_done();
}
