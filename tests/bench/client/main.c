/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - what a client costs: receiving and sending as fast as it goes.
 *
 *     client receive bare|callback|queue PORT SECONDS
 *     client send bare|library PORT SECONDS SIZE
 *
 * PORT is that of a raw_peer. The bare ways use a socket alone, as the rod. The only
 * line it prints is JSON.
 */
#include "client.h"

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

double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void must(const char *what, int32_t status)
{
    if (status != WS_OK) fail("%s: %s", what, ws_last_error());
}

static sem_t opened;

static void on_open(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    sem_post(&opened);
}

static void on_error(const ws_event *e, void *user_data)
{
    (void)user_data;
    fail("%s", e->text);
}

ws_handle client_open(int port, ws_handle queue, ws_callback on_message)
{
    char url[64];
    ws_create_options create;
    WS_INIT_STRUCT(&create);
    create.queue = queue;
    sem_init(&opened, 0, 0);
    ws_handle client = ws_create(&create);
    if (!client) must("create", WS_ERR_UNKNOWN);
    must("on", ws_on(client, WS_EVENT_OPEN, on_open, NULL));
    must("on", ws_on(client, WS_EVENT_ERROR, on_error, NULL));
    if (on_message) must("on", ws_on(client, WS_EVENT_MESSAGE, on_message, NULL));
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    must("connect", ws_connect(client, url, NULL, NULL, NULL));
    sem_wait(&opened);
    return client;
}

int main(int argc, char **argv)
{
    if (argc < 5) fail("main.c says how it is used");
    int port = options.port = atoi(argv[3]);
    double seconds = atof(argv[4]);
    if (!strcmp(argv[1], "receive")) run_receive(argv[2], port, seconds);
    else if (!strcmp(argv[1], "send") && argc == 6) run_send(argv[2], port, seconds, (size_t)(options.size = atoi(argv[5])));
    else fail("what is %s", argv[1]);
    fflush(stdout);
    _Exit(0); /* the peer sees an end at any place */
}
