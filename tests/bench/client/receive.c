/* SPDX-License-Identifier: Apache-2.0 */
/* receive.c - counts messages, and the CPU time of the process for them. */
#include "client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static atomic_ullong count;
static unsigned char buffer[1 << 18];

static void on_message(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    /* One thread at a time, so that a locked addition is not the library's cost. */
    atomic_store_explicit(&count, atomic_load_explicit(&count, memory_order_relaxed) + 1, memory_order_relaxed);
}

static void *dispatch(void *queue)
{
    size_t n;
    while (ws_queue_dispatch(*(ws_handle *)queue, 64, -1, &n) == WS_OK) {}
    return NULL;
}

/* The frames' heads are read, as nobody can do without. */
static void *receive_bare(void *stream)
{
    struct replies replies = {.left = 0};
    options.deflated = ""; /* any length will do */
    for (;;) count += (unsigned)replies_in(&replies, buffer, stream_read(stream, buffer, sizeof buffer));
    return NULL;
}

static double process_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void wait_for(double seconds)
{
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}

static void start(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, argument)) fail("no thread");
}

void run_receive(const char *way, int port, double seconds)
{
    static ws_handle queue;
    static struct stream stream;
    if (!strcmp(way, "bare")) {
        stream_open(&stream, 0);
        start(receive_bare, &stream);
    } else {
        if (!strcmp(way, "queue")) {
            queue = ws_queue_create(NULL);
            if (!queue) must("queue", WS_ERR_UNKNOWN);
            start(dispatch, &queue);
        }
        client_open(port, queue, on_message);
    }
    wait_for(0.2);
    unsigned long long before = count;
    double since = now(), cpu = process_cpu();
    wait_for(seconds);
    printf("{\"messages\": %llu, \"cpu\": %.6f, \"seconds\": %.6f}\n", count - before, process_cpu() - cpu, now() - since);
}
