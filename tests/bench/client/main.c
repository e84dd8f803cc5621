/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - what the library costs a host in calls and events, beside a bare socket.
 *
 *     client receive bare|callback|queue PORT SECONDS SIZE   as fast as it goes; of raw_peer PORT flood SIZE
 *     client flood bare|library PORT SECONDS SIZE            sends as fast as it goes; to raw_peer PORT sink
 *     client call client|server|client-busy|server-busy PORT SECONDS SIZE
 *                                                            how long a call takes that sends; PORT is not used
 *     client drain dispatch|poll PORT SECONDS SIZE           a full queue, 64 events a call; of a flood
 *     client wake dispatch|poll|descriptor PORT SECONDS SIZE wake-ups of a host that sleeps; of raw_peer PORT pace SIZE
 *
 * PORT is else that of a raw_peer. The only line it prints is JSON.
 */
#include "client.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct options options; /* for stream.c: the bare ways open their socket with it */

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "client: ");
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

static double seconds_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double now(void) { return seconds_of(CLOCK_MONOTONIC); }

double process_cpu(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

void wait_for(double seconds)
{
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}

void start_thread(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, argument)) fail("no thread");
}

void must(const char *what, int32_t status)
{
    if (status != WS_OK) fail("%s: %s", what, ws_last_error());
}

static void on_open(const ws_event *e, void *opened)
{
    (void)e;
    sem_post(opened);
}

static void on_error(const ws_event *e, void *user_data)
{
    (void)user_data;
    fail("%s", e->text);
}

ws_handle client_open(int port, ws_handle queue, ws_callback on_message)
{
    sem_t opened;
    char url[64];
    ws_create_options create;
    WS_INIT_STRUCT(&create);
    create.queue = queue;
    sem_init(&opened, 0, 0);
    ws_handle client = ws_create(&create);
    if (!client) must("create", WS_ERR_UNKNOWN);
    must("on", ws_on(client, WS_EVENT_OPEN, on_open, &opened));
    must("on", ws_on(client, WS_EVENT_ERROR, on_error, NULL));
    if (on_message) must("on", ws_on(client, WS_EVENT_MESSAGE, on_message, NULL));
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    must("connect", ws_connect(client, url, NULL, NULL, NULL));
    while (queue && sem_trywait(&opened)) {
        size_t n;
        must("dispatch", ws_queue_dispatch(queue, 1, -1, &n));
    }
    if (!queue) sem_wait(&opened);
    must("off", ws_off(client, WS_EVENT_OPEN, on_open, &opened));
    return client;
}

int main(int argc, char **argv)
{
    if (argc != 6) fail("main.c says how it is used");
    const char *what = argv[1], *way = argv[2];
    options.port = atoi(argv[3]);
    options.seconds = atof(argv[4]);
    options.size = atoi(argv[5]);
    if (!strcmp(what, "receive")) run_receive(way);
    else if (!strcmp(what, "flood")) run_flood(way);
    else if (!strcmp(what, "call")) run_call(way, strstr(way, "-busy") != NULL);
    else if (!strcmp(what, "drain")) run_drain(way);
    else if (!strcmp(what, "wake")) run_wake(way);
    else fail("what is %s", what);
    fflush(stdout);
    _Exit(0); /* the peer sees an end at any place */
}
