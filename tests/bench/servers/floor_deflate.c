/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_deflate.c - the measuring rod with permessage-deflate (RFC 7692): the least that epoll,
 * libdeflate and zlib allow. Without takeover messages are inflated by libdeflate, which wants
 * them whole, and compressed by one zlib stream that all connections share.
 *
 *     floor_deflate PORT LEVEL [takeover]
 *
 * takeover: both streams are zlib's and the connection's own, and keep their windows.
 */
#define _GNU_SOURCE
#include "floor_frames.h"

#include <errno.h>
#include <libdeflate.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zlib.h>

enum { BUFFER = 2 << 20, EVENTS = 512, TAIL = 4 };

struct connection {
    int fd;
    bool upgraded;
    z_stream *inflate, *deflate; /* with takeover */
    uint8_t *in, *out;           /* the begin of a frame; what the kernel did not take */
    size_t in_size, out_size, out_sent;
};

static uint8_t input[BUFFER], output[BUFFER], packed[BUFFER], text[BUFFER];
static int listener, epoll, level;
static bool takeover;
static struct libdeflate_decompressor *whole;
static z_stream shared;

static z_stream *deflater(z_stream *z)
{
    if (deflateInit2(z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) abort();
    return z;
}

static void watch(struct connection *c, int operation, uint32_t events)
{
    epoll_ctl(epoll, operation, c->fd, &(struct epoll_event){.events = events, .data.ptr = c});
}

static void drop(struct connection *c)
{
    close(c->fd);
    if (c->inflate) inflateEnd(c->inflate), free(c->inflate);
    if (c->deflate) deflateEnd(c->deflate), free(c->deflate);
    free(c->in);
    free(c->out);
    free(c);
}

static bool put(struct connection *c, const uint8_t *data, size_t size)
{
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

/* RFC 7692 7.2.2: the message at packed, whose tail is missing. Its bytes at text, or -1. */
static ssize_t unpack(struct connection *c, size_t size)
{
    if (!takeover) { /* libdeflate wants a last block: an empty stored one is 01 00 00 ff ff */
        memcpy(packed + size, "\x00\x00\xff\xff\x01\x00\x00\xff\xff", 9);
        size_t n;
        return libdeflate_deflate_decompress(whole, packed, size + 9, text, sizeof text, &n) == LIBDEFLATE_SUCCESS ? (ssize_t)n : -1;
    }
    memcpy(packed + size, "\x00\x00\xff\xff", TAIL);
    z_stream *z = c->inflate;
    z->next_in = packed, z->avail_in = (unsigned)(size + TAIL), z->next_out = text, z->avail_out = sizeof text;
    int status = inflate(z, Z_SYNC_FLUSH);
    return (status == Z_OK || status == Z_BUF_ERROR) && !z->avail_in ? (ssize_t)(sizeof text - z->avail_out) : -1;
}

/* RFC 7692 7.2.1: the bytes at text, compressed to packed, without the tail. */
static size_t pack(struct connection *c, size_t size)
{
    z_stream *z = takeover ? c->deflate : &shared;
    if (!takeover) deflateReset(z);
    z->next_in = text, z->avail_in = (unsigned)size, z->next_out = packed, z->avail_out = sizeof packed;
    if (deflate(z, Z_SYNC_FLUSH) != Z_OK) abort();
    return sizeof packed - z->avail_out - TAIL;
}

/* Appends the reply to the frame at f; what it returns is what floor_frame does. */
static ssize_t reply(struct connection *c, const uint8_t *f, size_t have, size_t *written)
{
    struct floor_frame frame;
    ssize_t n = floor_frame(f, have, &frame);
    if (n <= 0) return n;
    floor_unmask(packed, frame.payload, frame.size, frame.mask);
    ssize_t size = unpack(c, frame.size);
    if (size < 0) return -1;
    size_t small = pack(c, (size_t)size);
    if (*written + small + MOST_HEAD > BUFFER) return -1;
    uint8_t *to = output + *written, *begin = to;
    *to++ = f[0];
    if (small < 126) {
        *to++ = (uint8_t)small;
    } else {
        int bytes = small < 65536 ? 2 : 8;
        *to++ = bytes == 2 ? 126 : 127;
        for (int i = bytes - 1; i >= 0; i--) *to++ = (uint8_t)((uint64_t)small >> 8 * i);
    }
    memcpy(to, packed, small);
    *written += (size_t)(to - begin) + small;
    return n;
}

static bool upgrade(struct connection *c, char *head, size_t size)
{
    char answer[ANSWER];
    int n = floor_answer(head, size, takeover ? "Sec-WebSocket-Extensions: permessage-deflate\r\n"
        : "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n", answer);
    c->upgraded = true;
    if (takeover) {
        c->inflate = calloc(1, sizeof *c->inflate);
        if (inflateInit2(c->inflate, -15) != Z_OK) abort();
        c->deflate = deflater(calloc(1, sizeof *c->deflate));
    }
    return n > 0 && put(c, (uint8_t *)answer, (size_t)n);
}

static bool read_on(struct connection *c)
{
    if (c->in_size) memcpy(input, c->in, c->in_size);
    ssize_t n = recv(c->fd, input + c->in_size, BUFFER - 1 - c->in_size, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    size_t size = c->in_size + (size_t)n, used = 0, written = 0;
    if (!c->upgraded) return upgrade(c, (char *)input, size);
    while ((n = reply(c, input + used, size - used, &written)) > 0) used += (size_t)n;
    if (n < 0 || (written && !put(c, output, written))) return false;
    free(c->in);
    c->in_size = size - used;
    c->in = c->in_size ? memcpy(malloc(c->in_size), input + used, c->in_size) : NULL;
    return true;
}

static void accept_all(void)
{
    int one = 1;
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *c = calloc(1, sizeof *c);
        c->fd = fd;
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    level = atoi(argv[2]);
    takeover = argc > 3 && !strcmp(argv[3], "takeover");
    whole = libdeflate_alloc_decompressor();
    deflater(&shared);
    listener = floor_listen(atoi(argv[1]));
    epoll = epoll_create1(0);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
    for (struct epoll_event events[EVENTS];;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) accept_all();
            else if (!(events[i].events & EPOLLOUT ? put_rest(c) : read_on(c))) drop(c);
        }
    }
}
