/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closed_standard_descriptors: in a host that has closed 0, 1 and 2 no descriptor of the library
 * gets one of these numbers, so that what the host prints reaches no peer. The host is a child
 * (this program, with a word); its peers live here, so that their descriptors are not its own.
 */
#include "t.h"

#include <fcntl.h>
#include <sys/wait.h>

enum { CONTROL = 10, COMPLAINTS };

/* ---- the child: it does what it is told, and answers with a number ---------------- */

static char path[64];
static ws_handle server, client, local, by_path;
static t_log server_log = T_LOG, client_log = T_LOG, local_log = T_LOG, path_log = T_LOG;

/* Bit n: n is open. Prints as well. */
static int low(void)
{
    int open = 0;
    for (int n = 0; n < 3; n++) open |= (fcntl(n, F_GETFD) >= 0) << n;
    for (int n = 0; n < 3; n++) (void)!write(n, "SECRET", 6);
    return open;
}

static int starts(void)
{
    ws_listener at_path;
    WS_INIT_STRUCT(&at_path);
    at_path.path = path;
    at_path.flags = t_tls() ? WS_LISTEN_PLAIN : 0;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.listeners = &at_path;
    config.listener_count = 1;
    server = ws_server_create(NULL);
    t_listen_server(server, &server_log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(ws_server_start(server, &config, t_record, &server_log));
    t_wait_event(&server_log, WS_EVENT_COMPLETION, 1);
    return t_port(server);
}

/* A client by TCP and one by the socket file have their messages back. */
static int talks(void)
{
    char url[128];
    local = t_open_client(server, &local_log);
    t_echo_round(local, &local_log, "by TCP", 6, WS_TEXT, 1);
    snprintf(url, sizeof url, "ws+unix:%s:/", path);
    by_path = t_client(&path_log);
    OK(ws_connect(by_path, url, NULL, NULL, NULL));
    t_wait_event(&path_log, WS_EVENT_OPEN, 1);
    t_echo_round(by_path, &path_log, "by the file", 11, WS_TEXT, 1);
    return low();
}

static int queue_descriptor(void)
{
    ws_handle queue = ws_queue_create(NULL);
    ws_socket fd;
    OK(ws_queue_fd(queue, &fd));
    int open = low() | (fd < 3) << 8;
    OK(ws_queue_destroy(queue));
    return open;
}

static int child(void)
{
    int32_t order[2], answer = 0;
    CHECK_EQ(dup2(2, COMPLAINTS), COMPLAINTS);
#if defined(__GLIBC__) /* elsewhere it is a constant, and complaints are lost */
    stderr = fdopen(COMPLAINTS, "w"); /* of failed checks */
#endif
    for (int n = 0; n < 3; n++) close(n);
    snprintf(path, sizeof path, "/tmp/ws-closed-%d", (int)getpid());
    while (read(CONTROL, order, sizeof order) == sizeof order) {
        switch (order[0]) {
        case 'c':
            client = t_client(&client_log);
            OK(ws_connect(client, t_url_of_port(order[1]), NULL, NULL, NULL));
            answer = 0;
            break;
        case 'm':
            t_wait_event(&client_log, WS_EVENT_OPEN, 1);
            OK(ws_send(client, "hello", 5, WS_TEXT, NULL, NULL));
            answer = low();
            break;
        case 's': answer = starts(); break;
        case 't': answer = talks(); break;
        case 'q': answer = queue_descriptor(); break;
        default: answer = low();
        }
        if (write(CONTROL, &answer, sizeof answer) != sizeof answer) return 1;
    }
    return t_done();
}

/* ---- the parent -------------------------------------------------------------------- */

static int control;

static int tell(int what, int value)
{
    int32_t order[2] = {what, value}, answer;
    CHECK_EQ(write(control, order, sizeof order), sizeof order);
    if (recv(control, &answer, sizeof answer, MSG_WAITALL) != sizeof answer) FAIL("the child has ended at '%c'", what);
    return answer;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return child();
    int ends[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    control = ends[0];
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], CONTROL);
        execl("/proc/self/exe", "child", "child", NULL);
        _exit(127);
    }
    close(ends[1]);

    int port, listener = t_raw_listen(&port);
    t_raw peer = {0}, other = {0}, silent = {0};
    CHECK_EQ(tell('l', 0), 0);
    /* A client in its handshake: the request, or that of TLS, has come, and waits. */
    CHECK_EQ(tell('c', port), 0);
    peer.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    CHECK(peer.fd >= 0);
    CHECK_EQ(tell('l', 0), 0);
    t_secure(&peer, 1);
    CHECK_EQ(tell('l', 0), 0);
    t_raw_head(&peer);
    t_raw_text(&peer, t_raw_answer(&peer));
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(tell('m', 0), 0);
        t_raw_expect(&peer, T_TEXT, "hello", 5);
    }
    /* A server: one connection stays in its handshake. */
    port = tell('s', 0);
    CHECK_EQ(tell('l', 0), 0);
    t_raw_dial_cut(&silent, port, 1, "", 0);
    t_raw_client(&other, port);
    CHECK_EQ(tell('l', 0), 0);
    t_raw_send(&other, T_TEXT, "echo", 4);
    t_raw_expect(&other, T_TEXT, "echo", 4);
    CHECK_EQ(tell('t', 0), 0);
    CHECK_EQ(tell('q', 0), 0);
    t_raw_close(&peer), t_raw_close(&other), t_raw_close(&silent);
    close(listener);
    close(control);
    int status;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK_EQ(status, 0);
    return 0;
}
