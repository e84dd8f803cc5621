/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One rule for network namespaces: the library listens and connects in that of the thread of its
 * first call, whichever thread calls later. Sockets of another one are given as descriptors. It
 * shows nothing where this process may make no namespaces.
 */
#include "t_client.h"
#include "t_listen.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

static int may; /* this process may make namespaces */
static t_log log_ = T_LOG;

/* The thread goes to a namespace of its own, which has nothing but lo. */
static int leave(void)
{
    if (unshare(CLONE_NEWNET)) {
        printf("this process may not make network namespaces (%s): nothing is shown\n", strerror(errno));
        return 0;
    }
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    CHECK_EQ(ioctl(fd, SIOCSIFFLAGS, &lo), 0);
    close(fd);
    return 1;
}

/* Whether somebody listens at a port of 127.0.0.1, in the namespace of the thread. */
static int answers(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), there = !connect(fd, (struct sockaddr *)&a, sizeof a);
    close(fd);
    return there;
}

/* A thread elsewhere listens and connects where the library is. */
static void *calls_from_elsewhere(void *home)
{
    if (!(may = leave())) return NULL;
    int outside = t_port(*(ws_handle *)home);
    CHECK(!answers(outside));
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, t_url_of_port(outside), NULL, NULL, NULL));
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    t_destroy(client, &log_);
    t_forget(&log_);

    static ws_handle server;
    server = t_server(NULL, NULL);
    CHECK(!answers(t_port(server)));

    /* A socket of its own is as good as any. */
    int port, fd = t_raw_listen(&port);
    ws_listener l;
    WS_INIT_STRUCT(&l);
    l.flags = WS_LISTEN_DESCRIPTOR;
    l.descriptor = fd;
    ws_handle there = ws_server_create(NULL);
    OK(ws_server_on(there, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(t_start_at(there, &l, 1));
    close(fd);
    t_raw peer;
    t_raw_client(&peer, port);
    t_raw_send(&peer, T_TEXT, "hello", 5);
    t_raw_expect(&peer, T_TEXT, "hello", 5);
    t_raw_close(&peer);
    OK(ws_server_destroy(there));
    return &server;
}

/* The first call comes from a thread elsewhere: there the library is from then on. */
static void *calls_first(void *port)
{
    if (!leave()) return NULL;
    OK(ws_init(NULL));
    static int here;
    int fd = t_raw_listen(&here); /* for whom the main thread connects */
    *(int *)port = here;
    return (void *)(intptr_t)fd;
}

static void *is_reached(void *port)
{
    CHECK(answers(*(int *)port));
    return NULL;
}

static int first(void)
{
    pthread_t thread;
    int port = 0;
    void *listener;
    t_thread(&thread, calls_first, &port);
    CHECK_EQ(pthread_join(thread, &listener), 0);
    if (!port) return 0;
    ws_handle client = t_client(&log_);
    t_raw peer;
    CHECK(!answers(port));
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&peer, (int)(intptr_t)listener);
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    t_raw_close(&peer);
    ws_handle server = t_server(NULL, NULL);
    CHECK(!answers(t_port(server)));
    OK(ws_server_destroy(server));
    return t_done();
}

int main(int argc, char **argv)
{
    if (argc > 1) return first();
    pid_t child = fork();
    if (!child) {
        execl("/proc/self/exe", argv[0], "first", (char *)NULL);
        _exit(127);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);

    ws_handle home = t_server(NULL, NULL);
    pthread_t thread;
    void *server;
    t_thread(&thread, calls_from_elsewhere, &home);
    CHECK_EQ(pthread_join(thread, &server), 0);
    if (may) {
        int port = t_port(*(ws_handle *)server);
        is_reached(&port);
    }
    return t_done();
}
