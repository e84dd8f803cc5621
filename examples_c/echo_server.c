/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_server.c - sends back every message.
 *
 *     echo_server --port 8080 [--host 127.0.0.1] [--loops 2]
 *
 * Prints "listening on ws://HOST:PORT" when it is ready; port 0 takes any free
 * one. SIGINT and SIGTERM end it politely: every client gets a Close frame.
 */
#include <getopt.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ws.h"

static void must(const char *what, int32_t status)
{
    if (status == WS_OK) return;
    fprintf(stderr, "echo_server: %s: %s\n", what, ws_last_error());
    exit(1);
}

/* The whole work. A client that sends and never reads would fill its queue for
 * ever: when it is full, that connection ends. */
static void echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    int32_t status = ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
    if (status == WS_ERR_FULL || status == WS_ERR_MEMORY) ws_destroy(e->handle);
}

static void stopped(const ws_event *e, void *user_data)
{
    (void)e;
    sem_post(user_data);
}

static int usage(void)
{
    fprintf(stderr, "usage: echo_server --port PORT [--host ADDRESS] [--loops NUMBER]\n");
    return 2;
}

int main(int argc, char **argv)
{
    ws_init_options library;
    WS_INIT_STRUCT(&library);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = -1;

    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},
        {"host", required_argument, NULL, 'h'},
        {"loops", required_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'h') config.server_ip = optarg;
        else if (option == 'l') library.loops = atoi(optarg);
        else return usage();
    }
    if (config.server_port < 0 || optind < argc) return usage();

    /* Blocked in every thread, so that only sigwait below sees them. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);

    must("init", ws_init(&library));
    ws_handle server = ws_server_create(NULL);
    if (!server) must("create", WS_ERR_UNKNOWN);
    must("on", ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL));
    must("start", ws_server_start(server, &config, NULL, NULL));

    int32_t port;
    must("port", ws_server_port(server, &port));
    int ipv6 = strchr(config.server_ip, ':') != NULL;
    printf(ipv6 ? "listening on ws://[%s]:%d\n" : "listening on ws://%s:%d\n", config.server_ip, port);
    fflush(stdout);

    int received;
    sigwait(&signals, &received);

    sem_t over;
    sem_init(&over, 0, 0);
    must("stop", ws_server_stop(server, stopped, &over));
    sem_wait(&over);
    must("shutdown", ws_shutdown_wait(-1));
    return 0;
}
