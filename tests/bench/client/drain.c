/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drain.c - what an event costs that comes out of a queue, 64 at each ws_queue_dispatch,
 * on the thread that asks. The peer floods, so that there always are as many; the loop
 * fills the queue meanwhile, or has stopped because it is full.
 */
#include "client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { EVENTS = 64 };

static unsigned long long count;

static void on_message(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    count++;
}

static void *open_it(void *port)
{
    return (void *)(uintptr_t)client_open(*(int *)port, *(ws_handle *)((char *)port + 8), on_message);
}

static double thread_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void run_drain(int port, double seconds)
{
    struct {
        int port;
        ws_handle queue;
    } what = {port, ws_queue_create(NULL)};
    pthread_t opener;
    size_t n;
    if (!what.queue || pthread_create(&opener, NULL, open_it, &what)) fail("no queue or no thread");
    while (!count) must("dispatch", ws_queue_dispatch(what.queue, 1, -1, &n));
    pthread_join(opener, NULL);
    unsigned long long calls = 0, told = 0;
    double cpu = 0;
    for (double end = now() + seconds; now() < end;) {
        double begun = thread_cpu(), at = now();
        must("dispatch", ws_queue_dispatch(what.queue, EVENTS, 0, &n));
        double over = now();
        if (n != EVENTS) continue;
        cpu += thread_cpu() - begun;
        histogram_add((over - at) / EVENTS);
        calls++;
        told += n;
    }
    printf("{\"calls\": %llu, \"events\": %llu, \"ns_p50\": %.0f, \"ns_p99\": %.0f, \"ns_cpu\": %.1f}\n", calls, told, histogram_quantile(0.5) * 1000,
           histogram_quantile(0.99) * 1000, calls ? cpu / (double)told * 1e9 : 0);
}
