/* SPDX-License-Identifier: Apache-2.0 */
/* echo.c - each connection sends so many messages, waits for all replies, and sends again. */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { READ_SIZE = 1 << 20, EVENTS = 256, PATIENCE = 5 };

struct connection {
    struct stream stream;
    struct replies replies;
    const struct outgoing *out; /* what it sends now */
    size_t sent;
    int answered, rounds;
    bool writing; /* EPOLLOUT is asked for */
    double since;
};

static int epoll;
static struct outgoing batches[VARIANTS]; /* one, or with compression one for each message that is the first */
static int batch_count;
static uint64_t received; /* bytes of replies */
static struct histogram times;
static unsigned char buffer[READ_SIZE];

static void watch(struct connection *c, int operation, bool writing)
{
    struct epoll_event e = {.events = writing ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = c};
    if (epoll_ctl(epoll, operation, c->stream.fd, &e)) fail("epoll_ctl: %s", strerror(errno));
    c->writing = writing;
}

static void write_on(struct connection *c)
{
    while (c->sent < c->out->size) {
        size_t n = stream_write(&c->stream, c->out->data + c->sent, c->out->size - c->sent);
        c->sent += n;
        if (n) continue;
        if (!c->writing) watch(c, EPOLL_CTL_MOD, true);
        return;
    }
    if (c->writing) watch(c, EPOLL_CTL_MOD, false);
}

static void begin(struct connection *c)
{
    c->out = &batches[c->rounds++ % batch_count];
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
        received += n;
        count += replies_in(&c->replies, buffer, n);
    } while (n && c->stream.ssl);
    c->answered += count;
    if (c->answered > options.depth) fail("more replies than messages");
    return count;
}

/* What a measurement has counted. */
struct account {
    uint64_t done, received;
    double since, cpu;
};

static struct account begin_account(void)
{
    histogram_clear(&times);
    return (struct account){.received = received, .since = now(), .cpu = server_cpu()};
}

static void tell(const struct account *a)
{
    double seconds = now() - a->since, cpu = server_cpu() - a->cpu;
    printf("{\"messages\": %llu, \"seconds\": %.6f, \"cpu\": %.6f, \"p50\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"resident\": %ld, \"received\": %llu}\n",
           (unsigned long long)a->done, seconds, cpu, histogram_quantile(&times, 0.5), histogram_quantile(&times, 0.99), histogram_quantile(&times, 0.999),
           server_resident(), (unsigned long long)(received - a->received));
    fflush(stdout);
}

/* Warm-up and measurement last until each connection could have had its turn, too: what
 * the server has done is not answered at once when there is much of it. */
static bool is_over(double time, double since, double seconds, uint64_t done)
{
    return time >= since + seconds && (done >= (uint64_t)options.connections * (uint64_t)options.depth || time >= since + seconds + PATIENCE);
}

/* Until the time is over, and then until the last reply is here: the next load is another one. */
static void run_load(struct connection *all)
{
    int resting = 0;
    bool measuring = false, over = false;
    struct account account = {.since = now()};
    batch_count = options.deflated ? VARIANTS : 1;
    for (int i = 0; i < batch_count; i++) batches[i] = messages(options.depth, i * options.depth);
    for (int i = 0; i < options.connections; i++) begin(&all[i]);
    while (resting < options.connections) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(epoll, events, EVENTS, 5000);
        if (!ready) fail("the server has not answered for 5 s");
        double time = now();
        if (!measuring && is_over(time, account.since, options.warm, account.done)) {
            measuring = true;
            account = begin_account();
        } else if (measuring && !over && is_over(time, account.since, options.seconds, account.done)) {
            over = true;
            tell(&account);
        }
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) write_on(c);
            if (!(events[i].events & ~EPOLLOUT)) continue;
            account.done += (uint64_t)read_on(c);
            if (c->answered < options.depth) continue;
            histogram_add(&times, now() - c->since);
            if (over) resting++;
            else begin(c);
        }
    }
    for (int i = 0; i < batch_count; i++) free(batches[i].data);
}

void run_echo(void)
{
    struct connection *all = calloc((size_t)options.connections, sizeof *all);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < options.connections; i++) {
        stream_open(&all[i].stream, i);
        stream_nonblocking(&all[i].stream);
        watch(&all[i], EPOLL_CTL_ADD, false);
    }
    if (!options.loads) run_load(all);
    for (const char *next = options.loads; next; next = strchr(next, ',')) {
        next += *next == ',';
        if (sscanf(next, "%dx%d", &options.size, &options.depth) != 2) fail("what is the load %s", next);
        run_load(all);
    }
}
