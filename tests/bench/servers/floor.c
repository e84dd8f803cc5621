/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c - the measuring rod: the least that a WebSocket echo server on epoll can
 * do. One thread, one read and one write for what is there; no limits, no timers,
 * no checks, no TLS. Ratios of CPU time are to this.
 *
 *     floor PORT [fanout | threads N]
 *
 * fanout: what one client sends goes to all, with one send for each.
 * threads: N of them, each with an epoll of its own; connections are dealt in turn.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 2 << 20, EVENTS = 512, DESCRIPTORS = 1 << 20, MOST_THREADS = 16 };

struct connection {
    int fd, epoll; /* that of its thread */
    bool upgraded;
    uint8_t *in, *out; /* the begin of a frame; what the kernel did not take */
    size_t in_size, out_size, out_sent;
};

static _Thread_local uint8_t input[BUFFER], output[BUFFER];
static int listener, threads = 1;
static int epolls[MOST_THREADS]; /* of each thread; the first has the listener, too */
static struct connection *open_ones[DESCRIPTORS]; /* for fanout, by descriptor */
static int highest;
static bool fanout;

static void watch(struct connection *c, int operation, uint32_t events)
{
    epoll_ctl(c->epoll, operation, c->fd, &(struct epoll_event){.events = events, .data.ptr = c});
}

static void drop(struct connection *c)
{
    open_ones[c->fd] = NULL;
    close(c->fd);
    free(c->in);
    free(c->out);
    free(c);
}

static bool put(struct connection *c, const uint8_t *data, size_t size)
{
    if (c->out) return false; /* only in fanout: a client that does not read */
    while (size) {
        ssize_t n = send(c->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN) return false;
        if (n < 0) { /* not read before this is gone */
            c->out = memcpy(malloc(size), data, size);
            c->out_size = size;
            c->out_sent = 0;
            watch(c, EPOLL_CTL_MOD, EPOLLOUT);
            return true;
        }
        data += n;
        size -= (size_t)n;
    }
    return true;
}

static bool put_rest(struct connection *c)
{
    ssize_t n = send(c->fd, c->out + c->out_sent, c->out_size - c->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN;
    c->out_sent += (size_t)n;
    if (c->out_sent < c->out_size) return true;
    free(c->out);
    c->out = NULL;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
    return true;
}

static bool put_all(struct connection *c, const uint8_t *data, size_t size)
{
    if (!fanout) return put(c, data, size);
    for (int fd = 0; fd <= highest; fd++)
        if (open_ones[fd] && open_ones[fd]->upgraded) put(open_ones[fd], data, size);
    return true;
}

/* RFC 6455 4.2.2. */
static bool upgrade(struct connection *c, char *head, size_t size)
{
    head[size] = 0;
    char *key = strcasestr(head, "sec-websocket-key: "), text[128], answer[256];
    if (!key || !strstr(head, "\r\n\r\n")) return false;
    uint8_t digest[SHA_DIGEST_LENGTH], accept[32];
    int n = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + strlen("sec-websocket-key: "));
    EVP_EncodeBlock(accept, SHA1((uint8_t *)text, (size_t)n, digest), sizeof digest);
    n = snprintf(answer, sizeof answer,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    c->upgraded = true;
    return put(c, (uint8_t *)answer, (size_t)n);
}

static void unmask(uint8_t *to, const uint8_t *from, size_t size, const uint8_t *mask)
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

/* Appends the reply to the frame at f, as far as it is here: its size, 0 when more is
 * wanted, -1 at a Close frame. */
static ssize_t reply(const uint8_t *f, size_t have, size_t *written)
{
    if (have < 6) return 0;
    if ((f[0] & 15) == 8) return -1;
    size_t size = f[1] & 127, head = size < 126 ? 2 : size == 126 ? 4 : 10;
    if (have < head + 4) return 0;
    if (head > 2) size = 0;
    for (size_t i = 2; i < head; i++) size = size << 8 | f[i];
    if (have < head + 4 + size) return 0;
    uint8_t *to = output + *written;
    memcpy(to, f, head);
    to[1] &= 127;
    unmask(to + head, f + head + 4, size, f + head);
    *written += head + size;
    return (ssize_t)(head + 4 + size);
}

static bool read_on(struct connection *c)
{
    if (c->in_size) memcpy(input, c->in, c->in_size);
    ssize_t n = recv(c->fd, input + c->in_size, BUFFER - 1 - c->in_size, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    size_t size = c->in_size + (size_t)n, used = 0, written = 0;
    if (!c->upgraded) return upgrade(c, (char *)input, size);
    while ((n = reply(input + used, size - used, &written)) > 0) used += (size_t)n;
    if (n < 0 || (written && !put_all(c, output, written))) return false;
    free(c->in);
    c->in_size = size - used;
    c->in = c->in_size ? memcpy(malloc(c->in_size), input + used, c->in_size) : NULL;
    return true;
}

static void accept_all(void)
{
    static int next;
    int one = 1;
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        c->epoll = epolls[next++ % threads];
        open_ones[fd] = c;
        if (fd > highest) highest = fd;
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void *serve(void *mine)
{
    for (struct epoll_event events[EVENTS];;) {
        int ready = epoll_wait(*(int *)mine, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) accept_all();
            else if (!(events[i].events & EPOLLOUT ? put_rest(c) : read_on(c))) drop(c);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 0))};
    int one = 1;
    fanout = argc > 2 && !strcmp(argv[2], "fanout");
    if (argc > 3 && !strcmp(argv[2], "threads")) threads = atoi(argv[3]);
    if (threads < 1 || threads > MOST_THREADS) return 2;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("floor");
        return 1;
    }
    for (int i = 0; i < threads; i++) epolls[i] = epoll_create1(0);
    epoll_ctl(epolls[0], EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
    for (int i = 1; i < threads; i++)
        if (pthread_create(&(pthread_t){0}, NULL, serve, &epolls[i])) return 1;
    serve(&epolls[0]);
}
