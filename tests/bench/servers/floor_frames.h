/* SPDX-License-Identifier: Apache-2.0 */
/* floor_frames.h - the WebSocket that the measuring rods speak: no checks, no limits. */
#ifndef FLOOR_FRAMES_H
#define FLOOR_FRAMES_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ANSWER = 384, MOST_HEAD = 14 };

/* A listening socket at 127.0.0.1, or the end of the program. */
static inline int floor_listen(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("floor");
        exit(1);
    }
    return listener;
}

/* The answer to a request (RFC 6455 4.2.2), with fields; its size, or -1. head[size] is written. */
static inline int floor_answer(char *head, size_t size, const char *fields, char answer[ANSWER])
{
    head[size] = 0;
    char *key = strcasestr(head, "sec-websocket-key: "), text[128];
    if (!key || !strstr(head, "\r\n\r\n")) return -1;
    uint8_t digest[SHA_DIGEST_LENGTH], accept[32];
    int n = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + strlen("sec-websocket-key: "));
    EVP_EncodeBlock(accept, SHA1((uint8_t *)text, (size_t)n, digest), sizeof digest);
    return snprintf(answer, ANSWER,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%sSec-WebSocket-Accept: %s\r\n\r\n", fields, accept);
}

static inline void floor_unmask(uint8_t *to, const uint8_t *from, size_t size, const uint8_t *mask)
{
    uint64_t word, wide;
    size_t i = 0;
    memcpy(&wide, mask, 4);
    memcpy((uint8_t *)&wide + 4, mask, 4);
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, from + i, 8);
        word ^= wide;
        memcpy(to + i, &word, 8);
    }
    for (; i < size; i++) to[i] = from[i] ^ mask[i & 3];
}

struct floor_frame {
    const uint8_t *mask, *payload;
    size_t head, size; /* of the head without the mask, of the payload */
};

/* The frame at f, as far as it is here: all its bytes, 0 when more is wanted, -1 at a Close frame. */
static inline ssize_t floor_frame(const uint8_t *f, size_t have, struct floor_frame *found)
{
    if (have < 6) return 0;
    if ((f[0] & 15) == 8) return -1;
    size_t size = f[1] & 127, head = size < 126 ? 2 : size == 126 ? 4 : 10;
    if (have < head + 4) return 0;
    if (head > 2) size = 0;
    for (size_t i = 2; i < head; i++) size = size << 8 | f[i];
    if (have < head + 4 + size) return 0;
    *found = (struct floor_frame){f + head, f + head + 4, head, size};
    return (ssize_t)(head + 4 + size);
}

/* Appends the reply to the frame at f; what it returns is what floor_frame does. */
static inline ssize_t floor_reply(const uint8_t *f, size_t have, uint8_t *output, size_t *written)
{
    struct floor_frame frame;
    ssize_t n = floor_frame(f, have, &frame);
    if (n <= 0) return n;
    uint8_t *to = output + *written;
    memcpy(to, f, frame.head);
    to[1] &= 127;
    floor_unmask(to + frame.head, frame.payload, frame.size, frame.mask);
    *written += frame.head + frame.size;
    return n;
}

#endif
