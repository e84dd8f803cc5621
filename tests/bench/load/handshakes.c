/* SPDX-License-Identifier: Apache-2.0 */
/* handshakes.c - connects, upgrades, aborts, and again, on eight threads that block. */
#include "load.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { THREADS = 8 };
static atomic_ullong done;
static atomic_bool over;

static void *shake(void *unused)
{
    (void)unused;
    for (struct stream s; !over; done++) {
        stream_open(&s, 0);
        stream_abort(&s);
    }
    return NULL;
}

static void wait_for(double seconds)
{
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}

void run_handshakes(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, shake, NULL)) fail("no thread");
    wait_for(options.warm);
    unsigned long long before = done;
    double start = now(), cpu = server_cpu();
    wait_for(options.seconds);
    cpu = server_cpu() - cpu;
    unsigned long long count = done - before;
    double seconds = now() - start;
    over = true;
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    printf("{\"handshakes\": %llu, \"seconds\": %.6f, \"cpu\": %.6f}\n", count, seconds, cpu);
}
