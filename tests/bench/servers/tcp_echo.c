/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp_echo.c - what the kernel allows for large messages: answers the upgrade like
 * floor.c, then sends back what it receives, whatever that is. Frames stay masked.
 *
 *     tcp_echo PORT
 *
 * One thread; recv and send, as large as they come. It waits for a client that does
 * not read, and lets the others wait.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* To the key that the load client always sends: that of RFC 6455 1.3. */
static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
enum { DESCRIPTORS = 1024 };
static char buffer[1 << 20];

/* The first bytes of a client are its request, in one piece. */
static bool upgraded[DESCRIPTORS];

static bool echo(int fd)
{
    ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    if (!upgraded[fd]) {
        upgraded[fd] = true;
        return send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL) > 0;
    }
    for (ssize_t sent = 0, m; sent < n; sent += m)
        if ((m = send(fd, buffer + sent, (size_t)(n - sent), MSG_NOSIGNAL)) <= 0) return false;
    return true;
}

static void watch(int epoll, int fd)
{
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.fd = fd});
}

static void accept_one(int epoll, int listener)
{
    int one = 1, fd = accept(listener, NULL, NULL);
    if (fd < 0 || fd >= DESCRIPTORS) exit(1);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    upgraded[fd] = false;
    watch(epoll, fd);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0))};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) {
        perror("tcp_echo");
        return 1;
    }
    watch(epoll, listener);
    for (struct epoll_event e; epoll_wait(epoll, &e, 1, -1) > 0;) {
        if (e.data.fd == listener) accept_one(epoll, listener);
        else if (!echo(e.data.fd)) close(e.data.fd);
    }
}
