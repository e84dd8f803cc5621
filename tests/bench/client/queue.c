/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c - what an event of a queue costs the host: when many wait, and when the host sleeps. */
#define _GNU_SOURCE
#include "client.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

enum { BATCH = 64 };

static ws_handle queue;
static ws_event events[BATCH];
static unsigned long long count;

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    count += e->type == WS_EVENT_MESSAGE;
}

static void open_client(void)
{
    queue = ws_queue_create(NULL);
    if (!queue) must("queue", WS_ERR_UNKNOWN);
    client_open(options.port, queue, on_message);
}

/* How many events were taken. */
static size_t take(bool polling, int timeout)
{
    size_t n;
    if (!polling) {
        must("dispatch", ws_queue_dispatch(queue, BATCH, timeout, &n));
        return n;
    }
    events[0].struct_size = sizeof events[0];
    must("poll", ws_queue_poll(queue, events, BATCH, timeout, &n));
    for (size_t i = 0; i < n; i++) on_message(&events[i], NULL);
    return n;
}

/* The queue fills while this thread sleeps. Only full calls count. */
void run_drain(const char *way)
{
    static struct histogram times;
    bool polling = !strcmp(way, "poll");
    open_client();
    for (double end = now() + options.seconds; now() < end; wait_for(0.002)) {
        double begun = now(), after;
        while (take(polling, 0) == BATCH) {
            after = now();
            histogram_add(&times, after - begun);
            begun = after;
        }
    }
    if (!times.total) fail("no call found %d events", BATCH);
    printf("{\"calls\": %llu, \"event_ns\": %.3f}\n", (unsigned long long)times.total, histogram_quantile(&times, 0.5) * 1000 / BATCH);
}

static long switches(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return usage.ru_nvcsw;
}

/* How often this thread, and the process, slept. Once for each time that it finds events is
 * the least; several may come while it is not run. */
void run_wake(const char *way)
{
    bool polling = !strcmp(way, "poll"), descriptor = !strcmp(way, "descriptor");
    struct pollfd waiting = {.events = POLLIN};
    open_client();
    must("descriptor", ws_queue_fd(queue, &waiting.fd));
    for (double end = now() + 0.1; now() < end;) take(polling, -1);
    long mine = switches(RUSAGE_THREAD), all = switches(RUSAGE_SELF);
    unsigned long long before = count, finds = 0;
    for (double end = now() + options.seconds; now() < end;) {
        if (descriptor) poll(&waiting, 1, -1);
        finds += take(polling, descriptor ? 0 : -1) > 0;
    }
    printf("{\"messages\": %llu, \"finds\": %llu, \"switches\": %ld, \"all_switches\": %ld}\n", count - before, finds,
           switches(RUSAGE_THREAD) - mine, switches(RUSAGE_SELF) - all);
}
