/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listening socket that the host has opened stays the host's; one that a server hands
 * over goes on without the server, and the server does not hear of it any more.
 */
#include "t_listen.h"

#include <fcntl.h>

static ws_handle server, second;

static int32_t start_with(ws_handle on, int descriptor)
{
    ws_listener l;
    WS_INIT_STRUCT(&l);
    l.flags = WS_LISTEN_DESCRIPTOR;
    l.descriptor = descriptor;
    return t_start_at(on, &l, 1);
}

static void hosts_own(void)
{
    int port, fd = t_raw_listen(&port);
    for (int i = 0; i < 2; i++) { /* it can be given again */
        OK(start_with(server, fd));
        CHECK_EQ(t_port(server), port);
        CHECK_EQ(t_listener(server, 0).flags, WS_LISTEN_DESCRIPTOR);
        OK(t_echo_at(t_url_of_port(port)));
        t_stop(server);
        int listens = 0;
        socklen_t size = sizeof listens;
        CHECK_EQ(getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size), 0);
        CHECK(listens);
    }
    OK(start_with(server, fd));
    close(fd); /* the host needs it no longer */
    OK(t_echo_at(t_url_of_port(port)));
    t_stop(server);
}

static void what_does_not_listen(void)
{
    int ends[2], port, bound = t_raw_refuse(&port);
    CHECK_EQ(pipe(ends), 0);
    CHECK_EQ(start_with(server, ends[0]), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "descriptor");
    CHECK_EQ(start_with(server, bound), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "listens");
    close(bound);
    CHECK_EQ(start_with(server, bound), WS_ERR_PARAMETER);
    int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CHECK_EQ(start_with(server, udp), WS_ERR_PARAMETER);
    close(udp), close(ends[0]), close(ends[1]);
}

#if defined(__linux__)
/* How often the pollers of this process watch a socket. */
static int watched(int socket)
{
    struct stat s;
    CHECK_EQ(fstat(socket, &s), 0);
    int n = 0;
    char name[64], inode[32], line[200];
    snprintf(inode, sizeof inode, " ino:%lx ", (long)s.st_ino);
    for (int fd = 0; fd < 1024; fd++) {
        snprintf(name, sizeof name, "/proc/self/fdinfo/%d", fd);
        FILE *f = fopen(name, "re");
        while (f && fgets(line, sizeof line, f)) n += !strncmp(line, "tfd:", 4) && strstr(line, inode);
        if (f) fclose(f);
    }
    return n;
}

static void is_watched(int socket, int times) { T_UNTIL_SO(watched(socket) == times); }
#else
static void is_watched(int socket, int times) { (void)socket, (void)times; } /* no list of theirs can be read */
#endif

/* While the duplicate lives, so does the kernel's socket. Epoll would go on telling of it to
 * the server that has closed its own descriptor, and the loop would never sleep again. */
static void handed_over(void)
{
    int port, own = t_raw_listen(&port);
    ws_socket duplicate = -1, none;
    OK(start_with(server, own));
    close(own);
    OK(ws_server_descriptor(server, 0, &duplicate));
    int fd = (int)duplicate;
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(ws_server_descriptor(server, 1, &none), WS_ERR_PARAMETER);
    is_watched(fd, 1);
    t_stop(server);
    CHECK_EQ(ws_server_descriptor(server, 0, &none), WS_ERR_STATE);
    is_watched(fd, 0);
    t_raw waits; /* in the backlog, for who comes next; a TLS handshake would want an answer */
    if (!t_tls()) t_raw_dial(&waits, port);
    OK(start_with(second, fd));
    close(fd);
    OK(t_echo_at(t_url_of_port(port)));
    if (!t_tls()) t_raw_close(&waits);
    t_stop(second);
}

#if !defined(_WIN32) /* which has no Unix sockets */
static void file_of_a_socket_that_was_handed_over_stays(const char *directory)
{
    char path[100];
    int fd = -1;
    strcpy(path, t_path(directory, "s"));
    OK(t_start_at_path(server, path, 0));
    OK(ws_server_descriptor(server, 0, &fd));
    OK(start_with(second, fd));
    close(fd);
    CHECK_TEXT(t_listener(second, 0).address, path);
    t_stop(server);
    CHECK(t_exists(path));
    OK(t_echo_at(t_unix_url(path, 1)));
    t_stop(second); /* it was not made there */
    CHECK(t_exists(path));
    OK(t_start_at_path(server, path, 0)); /* nobody listens: it is replaced */
    t_stop(server);
    CHECK(!t_exists(path));
}
#endif

int main(void)
{
    server = ws_server_create(NULL), second = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(ws_server_on(second, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    hosts_own();
    what_does_not_listen();
    handed_over();
#if !defined(_WIN32)
    const char *directory = t_directory();
    file_of_a_socket_that_was_handed_over_stays(directory);
    CHECK_EQ(rmdir(directory), 0);
#endif
    return t_done();
}
