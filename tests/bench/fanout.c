/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fanout - one message to many connections, for fanout.py, which says how it is measured.
 *
 *   fanout libws              a server of libws; ws_server_broadcast
 *   fanout send               the least that does the same: a loop of send()
 *   fanout clients PORT N     N clients that read
 *
 * Servers print their port. They take a line "thread" or "callback", N times: the message
 * is published by the main thread, or when the first client says so; and "cpu". Clients
 * take "go" (read a message on each; "say" before: the first one says so) and print when the last one came.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ws.h"

enum { SIZE = 128, FRAME = SIZE + 4, MOST = 100000 };
static unsigned char frame[FRAME] = {0x82, 126, 0, SIZE};

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void tell(double seconds)
{
    printf("%.9f\n", seconds);
    fflush(stdout);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* ---- libws ------------------------------------------------------------------------- */

static ws_handle server;

static void publish(void)
{
    size_t n;
    tell(now());
    if (ws_server_broadcast(server, frame + 4, SIZE, WS_BINARY, 0, &n)) fail(ws_last_error());
}

static void WS_CALL asked(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    publish();
}

static void serve_libws(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.ping_interval_ms = -1; /* the clients read nothing but the message */
    int32_t port;
    if (!(server = ws_server_create(NULL)) || ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, asked, NULL) ||
        ws_server_start(server, &c, NULL, NULL) || ws_server_port(server, &port))
        fail(ws_last_error());
    printf("%d\n", port);
    fflush(stdout);
}

/* ---- send --------------------------------------------------------------------------- */

static int sockets[MOST], count, listener;

static void loop_of_sends(void)
{
    tell(now());
    for (int i = 0; i < count; i++)
        if (send(sockets[i], frame, FRAME, MSG_NOSIGNAL | MSG_DONTWAIT) != FRAME) fail("send");
}

static void serve_send(int wanted)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&a, size) || listen(listener, 4096) || getsockname(listener, (struct sockaddr *)&a, &size))
        fail("listen");
    printf("%d\n", ntohs(a.sin_port));
    fflush(stdout);
    while (count < wanted) {
        int fd = accept(listener, NULL, NULL), one = 1;
        char head[2048];
        size_t have = 0;
        if (fd < 0) fail("accept");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        while (have < 4 || memcmp(head + have - 4, "\r\n\r\n", 4)) {
            ssize_t n = recv(fd, head + have, sizeof head - have, 0);
            if (n <= 0) fail("recv");
            have += (size_t)n;
        }
        static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n\r\n"; /* the clients do not look */
        if (send(fd, answer, sizeof answer - 1, 0) < 0) fail("send");
        sockets[count++] = fd;
    }
}

static void wait_for_the_first(void)
{
    char said[64];
    if (recv(sockets[0], said, sizeof said, 0) <= 0) fail("recv");
    loop_of_sends();
}

/* ---- clients -------------------------------------------------------------------------- */

static int dial(int port)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char head[2048];
    size_t have = 0;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) || send(fd, request, sizeof request - 1, 0) < 0) fail("connect");
    while (have < 4 || memcmp(head + have - 4, "\r\n\r\n", 4)) {
        ssize_t n = recv(fd, head + have, sizeof head - have, 0);
        if (n <= 0) fail("recv");
        have += (size_t)n;
    }
    return fd;
}

static void read_all(int poller, int wanted)
{
    static int got[MOST * 2]; /* by descriptor */
    memset(got, 0, sizeof got);
    struct epoll_event ready[512];
    unsigned char data[FRAME];
    while (wanted > 0) {
        int n = epoll_wait(poller, ready, 512, 20000);
        if (n <= 0) fail("the message did not come to all");
        for (int i = 0; i < n; i++) {
            ssize_t k = recv(ready[i].data.fd, data, (size_t)(FRAME - got[ready[i].data.fd]), MSG_DONTWAIT);
            if (k <= 0) fail("recv");
            if ((got[ready[i].data.fd] += (int)k) == FRAME) wanted--;
        }
    }
    tell(now());
}

static void clients(int port, int n)
{
    int poller = epoll_create1(0), first = 0;
    for (int i = 0; i < n; i++) {
        int fd = dial(port);
        if (!i) first = fd;
        struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
    }
    puts("ready");
    fflush(stdout);
    for (char line[64]; fgets(line, sizeof line, stdin);) {
        static const unsigned char say[] = {0x81, 0x81, 0, 0, 0, 0, 'x'};
        if (line[0] == 's' && send(first, say, sizeof say, 0) != sizeof say) fail("send");
        if (line[0] != 's') read_all(poller, n);
    }
}

int main(int argc, char **argv)
{
    int libws = argc > 1 && !strcmp(argv[1], "libws");
    if (argc == 4 && !strcmp(argv[1], "clients")) {
        clients(atoi(argv[2]), atoi(argv[3]));
        return 0;
    }
    if (argc != 3) return 2;
    if (libws) serve_libws();
    else serve_send(atoi(argv[2]));
    for (char line[64]; fgets(line, sizeof line, stdin);) {
        if (!strcmp(line, "thread\n")) libws ? publish() : loop_of_sends();
        else if (!strcmp(line, "callback\n") && !libws) wait_for_the_first();
        else if (!strcmp(line, "cpu\n")) tell(cpu());
    }
    return 0;
}
