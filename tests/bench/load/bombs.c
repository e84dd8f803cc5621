/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bombs.c - what a connection feels beside others that send, as fast as they can, compressed
 * messages that inflate to a thousand times their size: pings of its own (RFC 6455 5.5.2), the
 * next one some time after the pong.
 */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { EVENTS = 64, PONG = 2 };

static const double pause_between = 0.002; /* seconds */

struct bomber {
    struct stream stream;
    size_t at; /* of the message */
};

static struct histogram times;

static void throw_on(struct bomber *b, const struct outgoing *out)
{
    for (size_t n; (n = stream_write(&b->stream, out->data + b->at, out->size - b->at)) > 0;) b->at = (b->at + n) % out->size;
}

static void add(int epoll, int fd, uint32_t events, void *whose)
{
    struct epoll_event e = {.events = events, .data.ptr = whose};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e)) fail("epoll_ctl: %s", strerror(errno));
}

void run_bombs(void)
{
    static const unsigned char ping[6] = {0x89, 0x80};
    struct bomber *all = calloc((size_t)options.connections, sizeof *all);
    struct outgoing out = messages(1, 0);
    struct stream probe;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < options.connections; i++) {
        stream_open(&all[i].stream, i);
        stream_nonblocking(&all[i].stream);
        add(epoll, all[i].stream.fd, EPOLLOUT, &all[i]);
    }
    options.deflated = NULL;
    stream_open(&probe, options.connections);
    stream_nonblocking(&probe);
    add(epoll, probe.fd, EPOLLIN, NULL);
    double start = now(), from = start + options.warm, end = from + options.seconds, sent = 0, due = start, cpu = 0;
    size_t pong = 0; /* bytes of it */
    for (double time; (time = now()) < end || sent > 0;) {
        if (time > end + 30) fail("a pong is missing");
        if (cpu == 0 && time >= from) cpu = server_cpu();
        if (sent == 0 && time >= due) {
            if (stream_write(&probe, ping, sizeof ping) != sizeof ping) fail("the server does not read");
            sent = time;
        }
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, 1);
        for (int i = 0; i < ready; i++) {
            unsigned char data[64];
            if (events[i].data.ptr) {
                throw_on(events[i].data.ptr, &out);
            } else if ((pong += stream_read(&probe, data, sizeof data)) >= PONG) {
                double back = now();
                if (sent >= from) histogram_add(&times, back - sent);
                pong = 0, sent = 0, due = back + pause_between;
            }
        }
    }
    printf("{\"messages\": %llu, \"seconds\": %.6f, \"cpu\": %.6f, \"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f}\n",
           (unsigned long long)times.total, now() - from, server_cpu() - cpu, histogram_quantile(&times, 0.5),
           histogram_quantile(&times, 0.99), histogram_quantile(&times, 0.999));
}
