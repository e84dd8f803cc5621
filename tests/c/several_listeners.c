/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that listens at several places: all of them or none, without TLS where it is
 * told so, on the loops it is told, on a port that others have, and with TCP keep-alive.
 */
#include "t_listen.h"

#include <limits.h>
#include <netinet/tcp.h>

static ws_handle server;

static void all_places(const char *directory)
{
    char path[100];
    strcpy(path, t_path(directory, "s"));
    ws_listener more[3];
    for (int i = 0; i < 3; i++) WS_INIT_STRUCT(&more[i]);
    more[0].ip = "127.0.0.2";
    more[1].path = path;
    more[2].flags = WS_LISTEN_PLAIN;
    more[2].ip = "127.0.0.1";
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.listeners = more;
    config.listener_count = 3;
    OK(ws_server_start(server, &config, NULL, NULL));

    static const char *const addresses[] = {"127.0.0.1", "127.0.0.2", NULL, "127.0.0.1"};
    char url[200];
    for (int i = 0; i < 4; i++) {
        ws_listener_info info = t_listener(server, (size_t)i);
        CHECK_EQ(info.count, 4);
        CHECK_EQ(info.listener, i - 1);
        CHECK_TEXT(info.address, i == 2 ? path : addresses[i]);
        CHECK_EQ(info.flags, i == 3 ? WS_LISTEN_PLAIN : 0);
        if (i == 2) {
            CHECK_EQ(info.port, 0);
            OK(t_echo_at(t_unix_url(path, 1)));
            continue;
        }
        snprintf(url, sizeof url, "%s://%s:%d/", i != 3 && t_tls() ? "wss" : "ws", info.address, info.port);
        if (i != 1 || !t_tls()) OK(t_echo_at(url)); /* the certificate is for 127.0.0.1 */
    }
    CHECK_EQ(t_listener(server, 0).port, t_port(server));
    ws_listener_info info;
    WS_INIT_STRUCT(&info);
    CHECK_EQ(ws_server_listener(server, 4, &info), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "index");
    t_stop(server);
    CHECK_EQ(ws_server_listener(server, 0, &info), WS_ERR_STATE);

    int taken_port, taken = t_raw_listen(&taken_port);
    more[2].port = taken_port;
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PORT_OCCUPIED);
    CHECK(!t_exists(path)); /* none of them */
    close(taken);
    more[2].port = 0;
    OK(ws_server_start(server, &config, NULL, NULL));
    t_stop(server);
}

static void refused(ws_listener l, const char *member, int32_t want)
{
    int32_t status = t_start_at(server, &l, 1);
    if (status != want) FAIL("%s: %d: %s", member, status, ws_last_error());
    CHECK_HAS(ws_last_error(), "config.listeners[0]");
    CHECK_HAS(ws_last_error(), member);
}

static void nonsense(void)
{
    ws_listener l, good;
    WS_INIT_STRUCT(&good);
    good.ip = "127.0.0.1";
#define REFUSED(change, member, want) (l = good, change, refused(l, member, want))
    REFUSED(l.struct_size = 3, "struct_size", WS_ERR_PARAMETER);
    REFUSED(l.flags = 16, "flags", WS_ERR_PARAMETER);
    REFUSED(l.ip = "localhost", "ip", WS_ERR_LISTEN_IP);
    REFUSED(l.ip = "", "ip", WS_ERR_LISTEN_IP);
    REFUSED(l.port = 65536, "port", WS_ERR_LISTEN_PORT);
    REFUSED(l.port = INT_MIN, "port", WS_ERR_LISTEN_PORT);
    REFUSED(l.backlog = -1, "backlog", WS_ERR_PARAMETER);
    REFUSED(l.first_loop = 2, "first_loop", WS_ERR_PARAMETER);
    REFUSED(l.first_loop = -1, "first_loop", WS_ERR_PARAMETER);
    REFUSED((l.first_loop = 1, l.loops = 2), "loops", WS_ERR_PARAMETER);
    REFUSED(l.loops = -1, "loops", WS_ERR_PARAMETER);
    REFUSED(l.path = "/tmp/x", "ip", WS_ERR_PARAMETER);
    REFUSED(l.mode = 0600, "mode", WS_ERR_PARAMETER);
    REFUSED((l.ip = NULL, l.path = "/tmp/x", l.mode = 01777), "mode", WS_ERR_PARAMETER);
    REFUSED((l.ip = NULL, l.path = "/tmp/x", l.mode = -1), "mode", WS_ERR_PARAMETER);
    REFUSED((l.ip = NULL, l.path = ""), "path", WS_ERR_LISTEN_IP);
    char lengthy[200];
    memset(lengthy, 'x', sizeof lengthy);
    lengthy[104] = 0;
    REFUSED((l.ip = NULL, l.path = lengthy), "path", WS_ERR_PARAMETER);
    REFUSED(l.descriptor = 1, "descriptor", WS_ERR_PARAMETER);
    REFUSED((l.ip = NULL, l.flags = WS_LISTEN_DESCRIPTOR, l.descriptor = -1), "descriptor", WS_ERR_PARAMETER);
    REFUSED((l.ip = NULL, l.flags = WS_LISTEN_DESCRIPTOR, l.descriptor = 100000), "descriptor", WS_ERR_PARAMETER);
    REFUSED((l.ip = NULL, l.path = "/tmp/x", l.flags = WS_LISTEN_REUSE_PORT), "flags", WS_ERR_PARAMETER);
    CHECK_EQ(t_start_at(server, NULL, 1), WS_ERR_PARAMETER);
    CHECK_EQ(t_start_at(server, NULL, 0), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "listener_count");
    CHECK_EQ(t_start_at(server, &good, 65), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "65");
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    static const int times[] = {-1, INT_MIN, 32400001, INT_MAX};
    for (int i = 0; i < 4; i++) {
        config.tcp_keep_alive_ms = times[i];
        CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "tcp_keep_alive_ms");
    }
}

/* On which threads the connections of one listener are told, when callbacks are the loops'. */
static void loops(void)
{
    static t_log log = T_LOG;
    ws_listener l[2];
    for (int i = 0; i < 2; i++) {
        WS_INIT_STRUCT(&l[i]);
        l[i].ip = "127.0.0.1";
        l[i].first_loop = i;
        l[i].loops = 1;
    }
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &log));
    OK(t_start_at(server, l, 2));
    pid_t on[2] = {0};
    for (int i = 0; i < 8; i++) {
        CHECK_EQ(t_listener(server, i % 2).loop, i % 2);
        OK(t_echo_at(t_url_of_port(t_listener(server, i % 2).port)));
        pid_t thread = t_wait_event(&log, WS_EVENT_CONNECT, i + 1)->thread;
        if (!on[i % 2]) on[i % 2] = thread;
        if (!t_by_queue()) CHECK_EQ(thread, on[i % 2]);
    }
    if (!t_by_queue()) CHECK(on[0] != on[1]);
    t_stop(server);
    OK(ws_server_off(server, WS_EVENT_CONNECT, NULL, NULL));
}

static void shared_port(void)
{
    ws_listener l;
    WS_INIT_STRUCT(&l);
    l.ip = "127.0.0.1";
    l.flags = WS_LISTEN_REUSE_PORT;
    OK(t_start_at(server, &l, 1));
    CHECK_EQ(t_listener(server, 0).count, 2); /* one for each loop */
    int port = t_port(server);
    CHECK_EQ(t_listener(server, 1).port, port);
    CHECK(t_listener(server, 0).loop != t_listener(server, 1).loop);
    for (int i = 0; i < 8; i++) OK(t_echo_at(t_url_of_port(port)));

    ws_handle second = ws_server_create(NULL);
    OK(ws_server_on(second, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = port;
    CHECK_EQ(ws_server_start(second, &config, NULL, NULL), WS_ERR_PORT_OCCUPIED);
    config.flags = WS_REUSE_PORT;
    OK(ws_server_start(second, &config, NULL, NULL));
    t_stop(server);
    for (int i = 0; i < 8; i++) OK(t_echo_at(t_url_of_port(port)));
    t_stop(second);
}

/* The accepted socket among the descriptors of this process. */
static int accepted(int port)
{
    for (int fd = 0; fd < 4096; fd++) {
        struct sockaddr_in a, peer;
        socklen_t size = sizeof a, peer_size = sizeof peer;
        if (!getsockname(fd, (struct sockaddr *)&a, &size) && a.sin_family == AF_INET && ntohs(a.sin_port) == port &&
            !getpeername(fd, (struct sockaddr *)&peer, &peer_size))
            return fd;
    }
    FAIL("there is no accepted socket of port %d", port);
}

static void keep_alive(void)
{
    for (int ms = 0; ms < 5000; ms += 4500) {
        t_log log = T_LOG;
        ws_server_config config;
        WS_INIT_STRUCT(&config);
        config.server_ip = "127.0.0.1";
        config.tcp_keep_alive_ms = ms;
        OK(ws_server_start(server, &config, NULL, NULL));
        ws_handle client = t_open_client(server, &log);
        int fd = accepted(t_port(server)), on = 77, idle = 77;
        socklen_t size = sizeof on;
        CHECK_EQ(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &size), 0);
        CHECK_EQ(on, ms != 0);
        CHECK_EQ(getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, &size), 0);
        if (ms) CHECK_EQ(idle, 5);
        t_destroy(client, &log);
        t_forget(&log);
        t_stop(server);
    }
}

int main(void)
{
    ws_init_options options;
    WS_INIT_STRUCT(&options);
    options.loops = 2;
    OK(ws_init(&options));
    server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    const char *directory = t_directory();
    nonsense();
    all_places(directory);
    CHECK_EQ(rmdir(directory), 0);
    loops();
    shared_port();
    keep_alive();
    return t_done();
}
