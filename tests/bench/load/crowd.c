/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crowd.c - for several servers that are one: what is published at one of them reaches clients at all. Clients are
 * spread evenly over servers and topics; beside them one connection for each server publishes, in turn, each message when
 * it is due. How late a message arrives is counted apart for clients of the server that got it and for all others. All
 * deliveries have to come.
 */
#define _GNU_SOURCE /* memmem, epoll_pwait2 */
#include "load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

enum { EVENTS = 256, SERVERS = 16, ROOM = 1 << 16, COMMAND = 300 };

struct client {
    struct stream stream;
    int server;
    unsigned char *kept; /* the begin of a frame whose end has not come yet */
    size_t kept_size;
    bool subscribed;
};

static int servers, ports[SERVERS], pids[SERVERS], watched;
static struct histogram own, others;
static uint64_t delivered;
static double counts_from; /* messages of before are warm-up */
static unsigned char buffer[ROOM];

static int list(int *numbers, const char *text)
{
    int n = 0;
    for (char *end; text && *text && n < SERVERS; text = *end ? end + 1 : end) numbers[n++] = (int)strtol(text, &end, 10);
    return n;
}

static double cpu_of(int pid)
{
    options.pid = pid;
    return server_cpu();
}

/* A text frame, masked with zeros: RFC 6455 5.3 wants a key, and any is one. */
static void send_text(struct client *c, const char *text)
{
    unsigned char frame[COMMAND + 8] = {0x81};
    size_t size = strlen(text), head = size < 126 ? 2 : 4;
    frame[1] = (unsigned char)(0x80 | (size < 126 ? size : 126));
    if (size >= 126) {
        frame[2] = (unsigned char)(size >> 8);
        frame[3] = (unsigned char)size;
    }
    memcpy(frame + head + 4, text, size);
    if (stream_write(&c->stream, frame, head + 4 + size) != head + 4 + size) fail("a server does not read");
}

/* Centrifugo puts several answers into one frame. */
static void take(struct client *c, const char *payload, size_t size)
{
    const char *end = payload + size;
    if (memmem(payload, size, "\"error\"", 7)) fail("a server says %.*s", (int)(size < 300 ? size : 300), payload);
    if (!c->subscribed && (*payload == '+' || memmem(payload, size, "\"id\":2", 6))) c->subscribed = true;
    for (const char *at = payload; (at = memmem(at, (size_t)(end - at), "@L", 2)); at++) {
        int from;
        double sent;
        if (sscanf(at, "@L%d %lf", &from, &sent) != 2) fail("not understood: %.40s", at);
        if (sent < counts_from) continue;
        histogram_add(from == c->server ? &own : &others, now() - sent);
        delivered++;
    }
}

static size_t whole_frame(const unsigned char *p, size_t size)
{
    if (size < 2) return 0;
    if ((p[0] & 15) == 8) fail("a server closed a connection");
    size_t head = p[1] < 126 ? 2 : 4;
    if (p[1] > 126) fail("a frame of more than 64 KiB");
    if (size < head) return 0;
    size_t length = p[1] < 126 ? p[1] : (size_t)p[2] << 8 | p[3];
    return size < head + length ? 0 : head + length;
}

/* Whether something has come. */
static bool receive(struct client *c)
{
    memcpy(buffer, c->kept, c->kept_size);
    size_t n = stream_read(&c->stream, buffer + c->kept_size, sizeof buffer - 1 - c->kept_size);
    size_t size = c->kept_size + n, at = 0;
    buffer[size] = 0;
    for (size_t frame; (frame = whole_frame(buffer + at, size - at)); at += frame) {
        size_t head = buffer[at + 1] < 126 ? 2 : 4;
        take(c, (char *)buffer + at + head, frame - head);
    }
    c->kept_size = size - at;
    if (c->kept_size) c->kept = realloc(c->kept, c->kept_size);
    memcpy(c->kept, buffer + at, c->kept_size);
    return n;
}

static bool centrifugo(void) { return options.way && !strcmp(options.way, "centrifugo"); }

/* The connection number i; one without a topic publishes. */
static void enter(struct client *c, int i, int server, int topic)
{
    char text[COMMAND];
    options.port = ports[server];
    c->server = server;
    c->kept = malloc(1);
    stream_open(&c->stream, i);
    if (centrifugo()) send_text(c, "{\"id\":1,\"connect\":{}}");
    if (topic >= 0) {
        snprintf(text, sizeof text, centrifugo() ? "{\"id\":2,\"subscribe\":{\"channel\":\"t%d\"}}" : "+t%d", topic);
        send_text(c, text);
        while (!c->subscribed) receive(c);
    }
    stream_nonblocking(&c->stream);
}

static void publish(struct client *c, unsigned long long k, int topic)
{
    char data[128], text[COMMAND];
    snprintf(data, sizeof data, "@L%d %.9f %*s", c->server, now(), options.size > 30 ? options.size - 30 : 0, "");
    if (centrifugo()) snprintf(text, sizeof text, "{\"id\":%llu,\"publish\":{\"channel\":\"t%d\",\"data\":\"%s\"}}", k + 10, topic, data);
    else snprintf(text, sizeof text, "t%d %s", topic, data);
    send_text(c, text);
}

/* Waits until a moment, or until something has come. */
static void serve(int epoll, double until)
{
    struct epoll_event events[EVENTS];
    double left = until - now();
    struct timespec wait = {0, left > 0 ? (long)(left * 1e9) % 1000000000 : 0};
    int ready = epoll_pwait2(epoll, events, EVENTS, &wait, NULL);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
}

void run_crowd(void)
{
    int clients = options.connections, count;
    double before[SERVERS];
    servers = list(ports, options.ports);
    watched = list(pids, options.pids);
    if (!servers || options.topics < 1 || options.rate <= 0 || clients % (servers * options.topics))
        fail("want ports, a rate, and as many clients for each topic at each server");
    count = clients + servers;
    struct client *all = calloc((size_t)count, sizeof *all);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < count; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &all[i]};
        enter(&all[i], i, i % servers, i < clients ? i / servers % options.topics : -1);
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].stream.fd, &e)) fail("epoll_ctl: %s", strerror(errno));
    }
    for (double end = now() + 1; now() < end;) serve(epoll, now() + 0.1); /* what subscribes in the engine */
    uint64_t warm = (uint64_t)(options.warm * options.rate), total = warm + (uint64_t)(options.seconds * options.rate),
             each = (uint64_t)(clients / options.topics), want = (total - warm) * each;
    counts_from = 1e300;
    double start = now();
    for (uint64_t k = 0; k < total || delivered < want;) {
        double due = start + (double)k / options.rate;
        if (k < total && now() >= due) {
            if (k == warm) {
                counts_from = now();
                for (int i = 0; i < watched; i++) before[i] = cpu_of(pids[i]);
            }
            publish(&all[clients + (int)(k % (uint64_t)servers)], k, (int)(k / (uint64_t)servers % (uint64_t)options.topics));
            k++;
            continue;
        }
        if (k == total && now() > due + 60) fail("%llu of %llu have come", (unsigned long long)delivered, (unsigned long long)want);
        serve(epoll, k < total ? due : now() + 0.5);
    }
    printf("{\"messages\": %llu, \"deliveries\": %llu, \"own\": [%.1f, %.1f], \"others\": [%.1f, %.1f], \"cpu\": [",
           (unsigned long long)(total - warm), (unsigned long long)delivered, histogram_quantile(&own, .5), histogram_quantile(&own, .99),
           histogram_quantile(&others, .5), histogram_quantile(&others, .99));
    for (int i = 0; i < watched; i++) printf("%s%.6f", i ? ", " : "", cpu_of(pids[i]) - before[i]);
    printf("]}\n");
}
