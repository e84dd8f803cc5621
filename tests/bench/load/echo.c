/* SPDX-License-Identifier: Apache-2.0 */
/* echo.c - each connection sends so many messages, waits for all replies, and sends again. */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { READ_SIZE = 1 << 20, EVENTS = 256 };

struct connection {
    struct stream stream;
    struct replies replies;
    size_t sent;
    int answered;
    bool writing; /* EPOLLOUT is asked for */
    double since;
};

static int epoll;
static struct outgoing out;
static unsigned char buffer[READ_SIZE];

static void watch(struct connection *c, int operation, bool writing)
{
    struct epoll_event e = {.events = writing ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll, operation, c->stream.fd, &e)) fail("epoll_ctl: %s", strerror(errno));
    c->writing = writing;
}

static void write_on(struct connection *c)
{
    while (c->sent < out.size) {
        size_t n = stream_write(&c->stream, out.data + c->sent, out.size - c->sent);
        c->sent += n;
        if (n) continue;
        if (!c->writing) watch(c, EPOLL_CTL_MOD, true);
        return;
    }
    if (c->writing) watch(c, EPOLL_CTL_MOD, false);
}

static void begin(struct connection *c)
{
    c->sent = 0;
    c->answered = 0;
    c->since = now();
    write_on(c);
}

/* How many messages came back. A TLS stream has to be read until it is empty. */
static int read_on(struct connection *c)
{
    int count = 0;
    size_t n;
    do {
        n = stream_read(&c->stream, buffer, sizeof buffer);
        count += replies_in(&c->replies, buffer, n);
    } while (n && c->stream.ssl);
    c->answered += count;
    if (c->answered > options.depth) fail("more replies than messages");
    return count;
}

void run_echo(void)
{
    struct connection *all = calloc((size_t)options.connections, sizeof *all);
    out = messages(options.depth);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < options.connections; i++) {
        stream_open(&all[i].stream, i);
        stream_nonblocking(&all[i].stream);
        watch(&all[i], EPOLL_CTL_ADD, false);
    }
    for (int i = 0; i < options.connections; i++) begin(&all[i]);

    double start = now() + options.warm, end = start + options.seconds, time = 0, cpu = 0;
    uint64_t done = 0;
    bool measuring = false;
    while (time < end) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, 5000);
        if (!ready) fail("the server has not answered for 5 s");
        time = now();
        if (!measuring && time >= start) {
            measuring = true;
            done = 0;
            histogram_clear();
            start = time;
            end = time + options.seconds;
            cpu = server_cpu();
        }
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) write_on(c);
            if (!(events[i].events & ~EPOLLOUT)) continue;
            done += (uint64_t)read_on(c);
            if (c->answered < options.depth) continue;
            histogram_add(now() - c->since);
            begin(c);
        }
    }
    cpu = server_cpu() - cpu;
    printf("{\"messages\": %llu, \"seconds\": %.6f, \"cpu\": %.6f, \"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f}\n",
           (unsigned long long)done, time - start, cpu, histogram_quantile(0.5), histogram_quantile(0.99), histogram_quantile(0.999));
}
