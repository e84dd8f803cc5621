/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "::" takes clients of both families, or of IPv6 only, and then "0.0.0.0" may have the same port.
 */
#include "t_listen.h"

#include <arpa/inet.h>

static int has_ipv6(void)
{
    struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int has = fd >= 0 && !bind(fd, (struct sockaddr *)&a, sizeof a);
    if (fd >= 0) close(fd);
    return has;
}

static int32_t start(ws_handle server, const char *ip, int port, uint32_t flags)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = ip;
    c.server_port = port;
    c.flags = flags;
    return ws_server_start(server, &c, NULL, NULL);
}

static const char *url(const char *host, int port)
{
    static char text[64];
    snprintf(text, sizeof text, "%s://%s:%d/", t_tls() ? "wss" : "ws", host, port);
    return text;
}

static ws_handle echoing(void)
{
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    return server;
}

/* Two servers, and two places of one, on one port. */
static void shared(void)
{
    ws_handle six = echoing(), four = echoing(), both = echoing(), late = ws_server_create(NULL);
    OK(start(six, "::", 0, WS_IPV6_ONLY));
    int port = t_port(six);
    CHECK_EQ(t_listener(six, 0).flags, WS_LISTEN_IPV6_ONLY);
    OK(start(four, "0.0.0.0", port, 0));
    OK(t_echo_at(url("[::1]", port)));
    OK(t_echo_at(url("127.0.0.1", port)));
    OK(ws_server_destroy_wait(four, T_DEADLINE_MS));
    CHECK_EQ(t_echo_at(url("127.0.0.1", port)), WS_ERR_CONNECT_FAILED); /* it is not for those */
    OK(ws_server_destroy_wait(six, T_DEADLINE_MS));

    ws_listener l[2];
    for (int i = 0; i < 2; i++) WS_INIT_STRUCT(&l[i]);
    l[0].ip = "::";
    l[0].flags = WS_LISTEN_IPV6_ONLY;
    l[0].port = l[1].port = port;
    OK(t_start_at(both, l, 2));
    OK(t_echo_at(url("[::1]", port)));
    OK(t_echo_at(url("127.0.0.1", port)));
    CHECK_EQ(start(late, "::", port, 0), WS_ERR_PORT_OCCUPIED);
    OK(ws_server_destroy_wait(both, T_DEADLINE_MS));

    OK(start(late, "::", 0, 0)); /* as ever */
    port = t_port(late);
    CHECK_EQ(t_listener(late, 0).flags, 0);
    OK(ws_server_on(late, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(t_echo_at(url("127.0.0.1", port)));
    OK(t_echo_at(url("[::1]", port)));
    OK(ws_server_destroy(late));
}

static void wrong_ones(void)
{
    ws_handle server = ws_server_create(NULL);
    CHECK_EQ(start(server, NULL, 0, WS_IPV6_ONLY), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.server_ip");
    CHECK_HAS(ws_last_error(), "WS_IPV6_ONLY");
    ws_listener l;
    WS_INIT_STRUCT(&l);
    l.flags = WS_LISTEN_IPV6_ONLY;
    l.ip = "127.0.0.1";
    CHECK_EQ(t_start_at(server, &l, 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.listeners[0].ip");
    l.ip = NULL;
    l.path = "/tmp/x";
    CHECK_EQ(t_start_at(server, &l, 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.listeners[0].flags");
    OK(ws_server_destroy(server));
}

int main(void)
{
    wrong_ones();
    if (has_ipv6()) shared();
    else printf("this machine has no ::1: little is shown\n");
    return t_done();
}
