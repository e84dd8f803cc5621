/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconnect.c - a client that stays connected: it connects again when the
 * connection is lost, and finds out by pings that it is.
 *
 *     reconnect URL [--ca FILE] [--ping MS] [--delay MS] [--tries N]
 *
 * Each line of stdin is sent; what is typed while there is no connection is sent
 * by the next one. Prints what happens. At the end of stdin it closes when all was
 * sent. Status 0, or 1 when it gave up.
 */
#include <getopt.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "lines.h"
#include <libws/ws.h>

static sem_t sent; /* posted when a message has left, or never will */
static sem_t over;
static int result;

static void on_open(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    ws_connection_stats_get(e->handle, &stats);
    printf("open, connected again %u times\n", stats.reconnects);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("message %s\n", (const char *)e->data);
}

static void on_reconnecting(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("try %d begins in %lld ms\n", e->attempt, (long long)e->delay_ms);
}

/* Each try that fails is an error; only the last one is the end. */
static void on_error(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("error %s\n", e->text);
    if (e->stage == WS_STAGE_RECONNECT) result = 1;
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("close %d%s\n", e->code, e->will_reconnect ? ", not for long" : "");
}

static void on_sent(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (e->error) printf("not sent: %s\n", e->text);
    sem_post(&sent);
}

/* The client is closed, whatever it was doing. */
static void on_closed(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    sem_post(&over);
}

int main(int argc, char **argv)
{
    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    ws_reconnect_options again;
    WS_INIT_STRUCT(&again);
    again.flags = WS_KEEP_SENDS;
    o.reconnect = &again;
    static const struct option options[] = {
        {"ca", required_argument, NULL, 'a'},    {"ping", required_argument, NULL, 'p'},
        {"delay", required_argument, NULL, 'd'}, {"tries", required_argument, NULL, 't'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'a') o.ca_path = optarg;
        else if (option == 'p') o.ping_interval_ms = o.pong_timeout_ms = atoi(optarg);
        else if (option == 'd') again.first_delay_ms = atoi(optarg);
        else if (option == 't') again.max_tries = atoi(optarg);
        else break;
    }
    if (option != -1 || optind + 1 != argc) {
        fprintf(stderr, "usage: reconnect URL [--ca FILE] [--ping MS] [--delay MS] [--tries N]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    sem_init(&sent, 0, 0);
    sem_init(&over, 0, 0);
    ws_handle client = ws_create(NULL);
    ws_on(client, WS_EVENT_OPEN, on_open, NULL);
    ws_on(client, WS_EVENT_MESSAGE, on_message, NULL);
    ws_on(client, WS_EVENT_RECONNECTING, on_reconnecting, NULL);
    ws_on(client, WS_EVENT_ERROR, on_error, NULL);
    ws_on(client, WS_EVENT_CLOSE, on_close, NULL);
    if (ws_connect(client, argv[optind], &o, NULL, NULL) != WS_OK) {
        fprintf(stderr, "reconnect: %s\n", ws_last_error());
        return 2;
    }
    char *line = NULL;
    size_t space = 0;
    int waiting = 0;
    for (ssize_t n; (n = getline(&line, &space, stdin)) > 0;) {
        if (line[n - 1] == '\n') n--;
        if (ws_send(client, line, (size_t)n, WS_TEXT, on_sent, NULL) == WS_OK) waiting++;
        else printf("not sent: %s\n", ws_last_error());
    }
    free(line);
    while (waiting-- > 0) sem_wait(&sent);
    /* Fails when the server has closed for good, or the client gave up: as well. */
    if (ws_close(client, NULL, on_closed, NULL) == WS_OK) sem_wait(&over);
    ws_shutdown_wait(-1);
    return result;
}
