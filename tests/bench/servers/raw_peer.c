/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw_peer.c - a server that only sends, or only reads, for what clients cost.
 *
 *     raw_peer PORT flood SIZE    messages of SIZE bytes without end
 *     raw_peer PORT pace SIZE     one each millisecond
 *     raw_peer PORT sink          reads all, and looks at nothing
 *
 * A thread for each client.
 */
#include "upgrade.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static unsigned char buffer[1 << 18]; /* messages to send */
static size_t used, whole; /* its bytes; those of one message */
static const char *mode;

/* As many binary messages as the buffer holds. */
static void fill(size_t size)
{
    size_t head = size < 126 ? 2 : 4;
    whole = head + size;
    while (used + head + size <= sizeof buffer) {
        buffer[used] = 0x82;
        buffer[used + 1] = (unsigned char)(head == 2 ? size : 126);
        if (head == 4) {
            buffer[used + 2] = (unsigned char)(size >> 8);
            buffer[used + 3] = (unsigned char)size;
        }
        memset(buffer + used + head, 'x', size);
        used += head + size;
    }
}

static void flood(int fd)
{
    for (size_t sent = 0;; sent %= used) {
        ssize_t n = send(fd, buffer + sent, used - sent, MSG_NOSIGNAL);
        if (n <= 0) return;
        sent += (size_t)n;
    }
}

static void pace(int fd)
{
    static const struct timespec millisecond = {0, 1000000};
    while (send(fd, buffer, whole, MSG_NOSIGNAL) == (ssize_t)whole) nanosleep(&millisecond, NULL);
}

static void sink(int fd)
{
    unsigned char data[1 << 16];
    while (recv(fd, data, sizeof data, 0) > 0) {}
}

static void *serve(void *descriptor)
{
    int fd = (int)(intptr_t)descriptor;
    if (upgrade(fd)) (!strcmp(mode, "flood") ? flood : !strcmp(mode, "pace") ? pace : sink)(fd);
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    size_t size = argc > 3 ? (size_t)atoi(argv[3]) : 0;
    if (size > 65535) return 2;
    mode = argv[2];
    fill(size);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)atoi(argv[1]))};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) {
        perror("raw_peer");
        return 1;
    }
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;) {
        pthread_t thread;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd)) return 1;
        pthread_detach(thread);
    }
}
