/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.c - load for a server that echoes. Answers of one connection come in the order of its messages, so a ring of
 * times says how long each took. With --rate the times are those at which messages were due, so that a server that
 * stalls is not asked less, and the delay of what waited behind the stall counts.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "commands.h"
#include "say.h"
#include "stop.h"
#include "target.h"
#include "terminal.h"

static const settings *s;
static bench_load load;

/* One connection. */
typedef struct lane {
    ws_handle client;
    pthread_mutex_t lock;  /* guards the ring: with --rate another thread than the loop sends */
    int64_t *due_us;       /* ring of the messages under way */
    size_t first, count;
} lane;

static atomic_int open_now, failed, stopping, ended;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards this_second and bytes */
static histogram this_second;
static uint64_t bytes;
static atomic_int first_error;
static atomic_llong unsent; /* with --rate: due, but the ring or the output queue was full */

/* With the lane's lock. A message that finds the ring full is not sent: the pipeline is what the server gets. */
static void send_one(lane *l, int64_t due_us)
{
    if (stopping) return;
    if (l->count == load.pipeline) {
        unsent++;
        return;
    }
    l->due_us[(l->first + l->count++) % load.pipeline] = due_us;
    if (ws_send(l->client, load.message, load.size, load.type, NULL, NULL) == WS_OK) return;
    l->count--;
    unsent++;
}

/* With --rate: one message after the other, each on the next connection. Timers of the library are too coarse. */
static void *send_at_rate(void *of)
{
    lane *lanes = of;
    int64_t begun = now_us();
    for (int64_t i = 0; !stopping; i++) {
        int64_t due = begun + (int64_t)((double)i * 1e6 / (double)load.rate), left;
        while ((left = due - now_us()) > 0 && !stopping) load_sleep_us(left < 50000 ? left : 50000);
        lane *l = &lanes[i % load.connections];
        pthread_mutex_lock(&l->lock);
        send_one(l, due);
        pthread_mutex_unlock(&l->lock);
    }
    return NULL;
}

static void begin(lane *l)
{
    int64_t now = now_us();
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < load.pipeline && !load.rate; i++) send_one(l, now);
    pthread_mutex_unlock(&l->lock);
}

static void on_open(const ws_event *e, void *user)
{
    (void)e;
    open_now++;
    begin(user);
}

static void on_message(const ws_event *e, void *user)
{
    lane *l = user;
    int64_t now = now_us();
    pthread_mutex_lock(&l->lock);
    int asked = l->count > 0; /* else it says more than it was asked */
    int64_t took = now - l->due_us[l->first];
    if (asked) {
        l->first = (l->first + 1) % load.pipeline;
        l->count--;
        if (!load.rate) send_one(l, now);
    }
    pthread_mutex_unlock(&l->lock);
    if (!asked) return;
    pthread_mutex_lock(&lock);
    histogram_add(&this_second, took);
    bytes += e->size;
    pthread_mutex_unlock(&lock);
}

static void on_error(const ws_event *e, void *user)
{
    (void)user;
    failed++;
    if (!first_error++) say("%s", e->text);
}

static void on_close(const ws_event *e, void *user)
{
    (void)e, (void)user;
    open_now--;
    ended++;
}

static int connect_all(const target *t, lane *lanes)
{
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    options.max_message_size = -1;
    for (int64_t i = 0; i < load.connections; i++) {
        lane *l = &lanes[i];
        pthread_mutex_init(&l->lock, NULL);
        l->due_us = need(calloc(load.pipeline, sizeof *l->due_us));
        l->client = ws_create(&options);
        ws_on(l->client, WS_EVENT_OPEN, on_open, l);
        ws_on(l->client, WS_EVENT_MESSAGE, on_message, l);
        ws_on(l->client, WS_EVENT_ERROR, on_error, l);
        ws_on(l->client, WS_EVENT_CLOSE, on_close, l);
        if (!l->client || ws_connect(l->client, t->url, &t->options, NULL, NULL) != WS_OK) return wrong("%s", ws_last_error());
        while (i - open_now - failed > 256 && !stop_wanted()) load_sleep(1); /* servers have a backlog */
    }
    while (open_now + failed + ended < load.connections && !stop_wanted()) load_sleep(5);
    return open_now ? 0 : STATUS_FAILED;
}

static void take_second(histogram *h, uint64_t *size)
{
    pthread_mutex_lock(&lock);
    *h = this_second;
    *size = bytes;
    memset(&this_second, 0, sizeof this_second);
    bytes = 0;
    pthread_mutex_unlock(&lock);
}

/* Measures, a line of CSV for each second. */
static void measure(bench_result *r, FILE *csv)
{
    static histogram h;
    uint64_t size;
    int64_t begun = now_us(), end = begun + s->duration_ms * 1000, now = begun;
    take_second(&h, &size); /* what came before was for warming up */
    unsent = 0;
    if (csv) fputs("second,messages,bytes,p50_us,p99_us,max_us\n", csv);
    for (int second = 1; now < end && !stop_wanted() && open_now; second++) {
        int64_t until = begun + second * INT64_C(1000000);
        if (until > end) until = end;
        while ((now = now_us()) < until && !stop_wanted()) load_sleep(until - now > 50000 ? 50 : 1);
        take_second(&h, &size);
        histogram_merge(&r->all, &h);
        r->bytes += size;
        if (csv)
            fprintf(csv, "%d,%llu,%llu,%lld,%lld,%lld\n", second, (unsigned long long)h.total, (unsigned long long)size,
                (long long)histogram_at(&h, .5), (long long)histogram_at(&h, .99), (long long)h.longest_us);
    }
    r->seconds = (double)(now - begun) / 1e6;
    r->connections = open_now;
    r->failed = failed;
    r->unsent = unsent;
}

int run_bench(const settings *of)
{
    static bench_result result;
    static target t; /* what it points to lives as long as the program */
    FILE *csv = NULL;
    s = of;
    if (make_target(&t, s) || load_make(&load, s)) return STATUS_USAGE;
    settings *given = (settings *)of;
    if (!given->duration_ms) given->duration_ms = 10000;
    if (s->csv && !(csv = strcmp(s->csv, "-") ? fopen(s->csv, "w") : stdout)) return wrong("--csv %s: %s", s->csv, strerror(errno));
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.loops = (int32_t)s->loops;
    if (ws_init(&init) != WS_OK) return wrong("%s", ws_last_error());
    lane *lanes = need(calloc((size_t)load.connections, sizeof *lanes));
    int status = connect_all(&t, lanes);
    if (!status) {
        pthread_t pacer;
        int paced = load.rate && !pthread_create(&pacer, NULL, send_at_rate, lanes);
        int64_t warm = s->duration_ms < 1000 ? s->duration_ms : 1000;
        for (int64_t until = now_us() + warm * 1000; now_us() < until && !stop_wanted();) load_sleep(10);
        measure(&result, csv);
        stopping = 1;
        if (paced) pthread_join(pacer, NULL);
        load_print(&result, &load, s, csv == stdout);
        if (failed || !result.all.total) status = STATUS_FAILED;
    }
    stopping = 1;
    for (int64_t i = 0; i < load.connections; i++) ws_close(lanes[i].client, NULL, NULL, NULL);
    for (int64_t until = now_us() + 2000000; open_now > 0 && now_us() < until;) load_sleep(5);
    ws_shutdown_wait(2000);
    if (csv && csv != stdout && fclose(csv)) return wrong("--csv %s: %s", s->csv, strerror(errno));
    return status;
}
