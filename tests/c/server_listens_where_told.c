/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a server listens: an address or port that cannot be used is refused with
 * the module's id, IPv6 works, NULL is every IPv4 address and any free port.
 */
#include "t.h"

#include <limits.h>
#include <netinet/in.h>
#include <sys/socket.h>

static ws_handle server;
static t_log at_server = T_LOG, at_client = T_LOG;

static int32_t start(const char *ip, int port)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = ip;
    config.server_port = port;
    return ws_server_start(server, &config, NULL, NULL);
}

static void stop(void)
{
    static t_log done = T_LOG;
    OK(ws_server_stop(server, NULL, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 1);
    t_forget(&done);
}

static void connect_to(const char *host)
{
    char url[100];
    snprintf(url, sizeof url, "%s://%s:%d/path?query=1", t_tls() ? "wss" : "ws", host, t_port(server));
    ws_handle client = t_client(&at_client);
    OK(ws_on(client, WS_EVENT_OPEN, t_record, &at_client));
    OK(ws_connect(client, url, NULL, t_record, &at_client));
    CHECK_EQ(t_wait_event(&at_client, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle, &info));
    CHECK_TEXT(info.client_ip, host[0] == '[' ? "::1" : "127.0.0.1");
    t_destroy(client, &at_client);
    t_wait_event(&at_server, WS_EVENT_CLOSE, 1);
    t_forget(&at_client), t_forget(&at_server);
}

/* Whether this machine has ::1. */
static int has_ipv6(void)
{
    struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int has = fd >= 0 && !bind(fd, (struct sockaddr *)&a, sizeof a);
    if (fd >= 0) close(fd);
    return has;
}

int main(void)
{
    server = ws_server_create(NULL);
    t_listen_server(server, &at_server);

    static const char *const bad_addresses[] = {"",    "localhost", "127.0.0",     "256.0.0.1",   "[::1]",
                                                "::g", "192.0.2.1", "2001:db8::1", "127.0.0.1:80"};
    for (size_t i = 0; i < sizeof bad_addresses / sizeof *bad_addresses; i++) {
        int32_t status = start(bad_addresses[i], 0);
        if (status != WS_ERR_LISTEN_IP) FAIL("\"%s\" gives %d: %s", bad_addresses[i], status, ws_last_error());
        CHECK(ws_last_error()[0]);
    }
    static const int bad_ports[] = {-1, 65536, INT_MAX, INT_MIN};
    for (int i = 0; i < 4; i++) {
        CHECK_EQ(start("127.0.0.1", bad_ports[i]), WS_ERR_LISTEN_PORT);
        CHECK_HAS(ws_last_error(), "server_port");
    }
    int taken_port, taken = t_raw_listen(&taken_port);
    CHECK_EQ(start("127.0.0.1", taken_port), WS_ERR_PORT_OCCUPIED);
    CHECK_HAS(ws_last_error(), "127.0.0.1");
    close(taken);
    ws_handle first = t_server(NULL, NULL);
    CHECK_EQ(start("127.0.0.1", t_port(first)), WS_ERR_PORT_OCCUPIED);

    OK(start("127.0.0.1", 0)); /* after all that */
    connect_to("127.0.0.1");
    connect_to("localhost");
    stop();
    if (has_ipv6()) {
        OK(start("::1", 0));
        connect_to("[::1]");
        stop();
    } else {
        CHECK_EQ(start("::1", 0), WS_ERR_LISTEN_IP);
    }
    OK(ws_server_start(server, NULL, NULL, NULL));
    connect_to("127.0.0.1");
    return t_done();
}
