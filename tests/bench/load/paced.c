/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paced.c - latency at a rate: message k is due k / rate after the start, on the
 * connection whose turn it is, whether the last one is answered or not. Its time
 * runs from when it was due, so that what a slow reply holds up is counted.
 * Spins: a client that sleeps would be late itself.
 */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { EVENTS = 256 };

struct connection {
    struct stream stream;
    struct replies replies;
    uint64_t answered;
};

static unsigned char buffer[1 << 20];
static struct histogram times;

static void send_one(struct connection *c, const struct outgoing *out)
{
    if (stream_write(&c->stream, out->data, out->size) != out->size) fail("the server does not keep up with %.0f messages a second", options.rate);
}

void run_paced(void)
{
    uint64_t width = (uint64_t)options.connections;
    struct connection *all = calloc(width, sizeof *all);
    struct outgoing out = messages(1, 0);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (uint64_t i = 0; i < width; i++) {
        stream_open(&all[i].stream, (int)i);
        stream_nonblocking(&all[i].stream);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].stream.fd, &e)) fail("epoll_ctl: %s", strerror(errno));
    }
    uint64_t sent = 0, answered = 0, warm = (uint64_t)(options.warm * options.rate),
             total = warm + (uint64_t)(options.seconds * options.rate);
    double start = now(), cpu = 0, measured = start, late = 0;
    while (answered < total) {
        double time = now();
        if (sent == total && time > start + 30 + (double)total / options.rate) fail("replies are missing");
        while (sent < total && start + (double)sent / options.rate <= time) {
            if (sent == warm) {
                cpu = server_cpu();
                measured = time;
            }
            double behind = time - (start + (double)sent / options.rate);
            if (sent >= warm && behind > late) late = behind;
            send_one(&all[sent++ % width], &out);
        }
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, 0);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            size_t n;
            do {
                n = stream_read(&c->stream, buffer, sizeof buffer);
                time = now();
                for (int count = replies_in(&c->replies, buffer, n); count > 0; count--) {
                    uint64_t k = (uint64_t)(c - all) + c->answered++ * width;
                    if (k >= warm) histogram_add(&times, time - (start + (double)k / options.rate));
                    answered++;
                }
            } while (n && c->stream.ssl);
        }
    }
    cpu = server_cpu() - cpu;
    printf("{\"messages\": %llu, \"seconds\": %.6f, \"cpu\": %.6f, \"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"late\": %.1f}\n",
           (unsigned long long)(total - warm), now() - measured, cpu, histogram_quantile(&times, 0.5), histogram_quantile(&times, 0.99),
           histogram_quantile(&times, 0.999), late * 1e6);
}
