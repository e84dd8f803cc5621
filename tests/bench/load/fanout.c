/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fanout.c - for servers that send every message to all: the first connection sends
 * one, and when the last has it, the next.
 */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

enum { EVENTS = 512 };
static const struct timespec SETTLE = {0, 200000000};

struct connection {
    struct stream stream;
    struct replies replies;
};

static unsigned char buffer[1 << 16];
static struct histogram times;

static void round_of(struct connection *all, int epoll, const struct outgoing *out)
{
    struct epoll_event events[EVENTS];
    if (stream_write(&all->stream, out->data, out->size) != out->size) fail("the server does not read");
    for (int missing = options.connections; missing > 0;) {
        int ready = epoll_wait(epoll, events, EVENTS, 5000);
        if (!ready) fail("%d connections have not got the message for 5 s", missing);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            size_t n;
            do {
                n = stream_read(&c->stream, buffer, sizeof buffer);
                missing -= replies_in(&c->replies, buffer, n);
            } while (n && c->stream.ssl);
        }
    }
}

void run_fanout(void)
{
    struct connection *all = calloc((size_t)options.connections, sizeof *all);
    struct outgoing out = messages(1, 0);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < options.connections; i++) {
        stream_open(&all[i].stream, i);
        stream_nonblocking(&all[i].stream);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].stream.fd, &e)) fail("epoll_ctl: %s", strerror(errno));
    }
    nanosleep(&SETTLE, NULL); /* some take a connection for open after it was answered */
    for (double start = now(); now() - start < options.warm;) round_of(all, epoll, &out);
    uint64_t rounds = 0;
    double start = now(), cpu = server_cpu();
    while (now() - start < options.seconds) {
        double since = now();
        round_of(all, epoll, &out);
        histogram_add(&times, now() - since);
        rounds++;
    }
    cpu = server_cpu() - cpu;
    printf("{\"messages\": %llu, \"seconds\": %.6f, \"cpu\": %.6f, \"p50\": %.1f, \"p99\": %.1f}\n",
           (unsigned long long)(rounds * (uint64_t)options.connections), now() - start, cpu, histogram_quantile(&times, 0.5), histogram_quantile(&times, 0.99));
}
