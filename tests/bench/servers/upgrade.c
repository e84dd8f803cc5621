/* SPDX-License-Identifier: Apache-2.0 */
/* upgrade.c - the server's side of an upgrade. */
#define _GNU_SOURCE
#include "upgrade.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

bool upgrade(int fd)
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
