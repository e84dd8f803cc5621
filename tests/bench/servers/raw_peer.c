/* SPDX-License-Identifier: Apache-2.0 */
/*
 * raw_peer.c - a server that only sends, or only reads, for what clients cost.
 *
 *     raw_peer PORT flood SIZE    messages of SIZE bytes without end
 *     raw_peer PORT sink          reads all, and looks at nothing
 *
 * One client at a time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned char buffer[1 << 18];

/* RFC 6455 4.2.2. False for a probe, which ends without a request. */
static bool upgrade(int fd)
{
    char head[4096] = "", text[128], answer[256];
    for (size_t got = 0; !strstr(head, "\r\n\r\n");) {
        ssize_t n = recv(fd, head + got, sizeof head - 1 - got, 0);
        if (n <= 0) return false;
        head[got += (size_t)n] = 0;
    }
    char *key = strcasestr(head, "sec-websocket-key: ");
    if (!key) return false;
    unsigned char digest[SHA_DIGEST_LENGTH], accept[32];
    int n = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + strlen("sec-websocket-key: "));
    EVP_EncodeBlock(accept, SHA1((unsigned char *)text, (size_t)n, digest), sizeof digest);
    n = snprintf(answer, sizeof answer,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    return send(fd, answer, (size_t)n, MSG_NOSIGNAL) == n;
}

/* As many binary messages as the buffer holds. */
static size_t fill(size_t size)
{
    size_t used = 0, head = size < 126 ? 2 : 4;
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
    return used;
}

static void flood(int fd, size_t used)
{
    for (size_t sent = 0;; sent %= used) {
        ssize_t n = send(fd, buffer + sent, used - sent, MSG_NOSIGNAL);
        if (n <= 0) return;
        sent += (size_t)n;
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    size_t size = argc > 3 ? (size_t)atoi(argv[3]) : 0;
    if (size > 65535) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)atoi(argv[1]))};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) {
        perror("raw_peer");
        return 1;
    }
    size_t used = size ? fill(size) : 0;
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; close(fd)) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (!upgrade(fd)) continue;
        if (used) flood(fd, used);
        else
            while (recv(fd, buffer, sizeof buffer, 0) > 0) {}
    }
}
