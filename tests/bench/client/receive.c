/* SPDX-License-Identifier: Apache-2.0 */
/* receive.c - counts messages, and the CPU time of the process for them. */
#include "client.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

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
    for (;;) count += (unsigned)replies_in(&replies, buffer, stream_read(stream, buffer, sizeof buffer));
    return NULL;
}

void run_receive(const char *way)
{
    static ws_handle queue;
    static struct stream stream;
    if (!strcmp(way, "bare")) {
        stream_open(&stream, 0);
        start_thread(receive_bare, &stream);
    } else if (!strcmp(way, "queue")) {
        queue = ws_queue_create(NULL);
        if (!queue) must("queue", WS_ERR_UNKNOWN);
        client_open(options.port, queue, on_message);
        start_thread(dispatch, &queue);
    } else {
        client_open(options.port, 0, on_message);
    }
    wait_for(0.2);
    unsigned long long before = count;
    double since = now(), cpu = process_cpu();
    wait_for(options.seconds);
    printf("{\"messages\": %llu, \"cpu\": %.6f, \"seconds\": %.6f}\n", count - before, process_cpu() - cpu, now() - since);
}
