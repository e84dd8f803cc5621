/* SPDX-License-Identifier: Apache-2.0 */
/* pings.c - connections that are silent but for pongs (RFC 6455 5.5.3). */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { EVENTS = 256, MOST = 125 };

/* Answers each ping; how many. They come whole: nothing else is on the way. */
static int answer(struct stream *s)
{
    unsigned char data[4096], pong[6 + MOST] = {0x8a};
    size_t have = stream_read(s, data, sizeof data);
    int count = 0;
    for (size_t at = 0, size; at < have; at += 2 + size, count++) {
        if (have - at < 2 || data[at] != 0x89 || (size = data[at + 1]) > MOST || have - at < 2 + size) fail("what came is no ping");
        pong[1] = (unsigned char)(0x80 | size); /* masked with zeros */
        memcpy(pong + 6, data + at + 2, size);
        if (stream_write(s, pong, 6 + size) != 6 + size) fail("the server does not read");
    }
    return count;
}

static int answer_until(int epoll, double end)
{
    int count = 0;
    for (double left; (left = end - now()) > 0;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, (int)(left * 1000) + 1);
        for (int i = 0; i < ready; i++) count += answer(events[i].data.ptr);
    }
    return count;
}

void run_pings(void)
{
    struct stream *all = calloc((size_t)options.connections, sizeof *all);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < options.connections; i++) {
        stream_open(&all[i], i);
        stream_nonblocking(&all[i]);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &e)) fail("epoll_ctl: %s", strerror(errno));
    }
    answer_until(epoll, now() + options.warm);
    for (int i = 0; i < options.windows; i++) {
        double start = now(), cpu = server_cpu();
        int count = answer_until(epoll, start + options.seconds);
        printf("{\"pings\": %d, \"seconds\": %.6f, \"cpu\": %.6f}\n", count, now() - start, server_cpu() - cpu);
        fflush(stdout);
    }
}
