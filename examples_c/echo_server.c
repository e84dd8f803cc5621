/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_server.c - sends back every message, and does it right when a client
 * sends faster than it reads.
 *
 *     echo_server --port 8080 [--host 127.0.0.1] [--loops 2] [--cert F --key F]
 *                 [--origins LIST] [--handshake-timeout MS] [--queue] [--pause-test]
 *                 [--compress] [--takeover BITS]
 *
 * Prints "listening on ws://HOST:PORT" (wss with a certificate) when it is ready;
 * port 0 takes any free one. SIGINT and SIGTERM end it politely: every client gets
 * a Close frame. --origins names the pages that may connect, "*" for all. --queue receives on a
 * thread of this program instead of the library's. --pause-test pauses a connection at every
 * message and resumes it from another thread. --compress speaks permessage-deflate, --takeover with
 * histories of 2^BITS bytes, 8 to 15.
 */
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

static int resume_pipe[2] = {-1, -1}; /* handles to resume, with --pause-test */

/* A message that found the output queue full; the user data of its connection. */
typedef struct {
    size_t size;
    int32_t type;
    char data[];
} waiting;

/* When the queue is full, the connection is not read until there is room again:
 * the client feels it through TCP, and nothing is lost. */
static void echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    int32_t status = ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
    if (status == WS_ERR_FULL) {
        waiting *w = malloc(sizeof *w + e->size);
        if (!w) {
            ws_destroy(e->handle);
            return;
        }
        w->size = e->size;
        w->type = e->message_type;
        memcpy(w->data, e->data, e->size);
        ws_set_user_data(e->handle, w);
        ws_pause(e->handle);
    } else if (status == WS_ERR_MEMORY) {
        ws_destroy(e->handle); /* the memory budget is used up: others need it, too */
    } else if (resume_pipe[1] >= 0) {
        ws_pause(e->handle);
        if (write(resume_pipe[1], &e->handle, sizeof e->handle) < 0) ws_resume(e->handle);
    }
}

static void drain(const ws_event *e, void *user_data)
{
    (void)user_data;
    void *w;
    if (ws_user_data(e->handle, &w) != WS_OK || !w) return;
    if (ws_send(e->handle, ((waiting *)w)->data, ((waiting *)w)->size, ((waiting *)w)->type, NULL, NULL) == WS_ERR_FULL)
        return;
    ws_set_user_data(e->handle, NULL);
    free(w);
    ws_resume(e->handle);
}

static void closed(const ws_event *e, void *user_data)
{
    (void)user_data;
    void *w;
    if (ws_user_data(e->handle, &w) == WS_OK) free(w);
}

/* --queue: callbacks run here. Ends when the queue is gone. */
static void *dispatch(void *queue)
{
    size_t count;
    while (ws_queue_dispatch(*(ws_handle *)queue, 0, -1, &count) == WS_OK) {}
    return NULL;
}

/* --pause-test: resumes from another thread. */
static void *resume(void *unused)
{
    ws_handle handle;
    while (read(resume_pipe[0], &handle, sizeof handle) == sizeof handle) ws_resume(handle);
    return unused;
}

static void thread(void *(*body)(void *), void *argument)
{
    pthread_t t;
    if (pthread_create(&t, NULL, body, argument)) abort();
    pthread_detach(t);
}

int main(int argc, char **argv)
{
    ws_init_options library;
    WS_INIT_STRUCT(&library);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    ws_server_options limits;
    WS_INIT_STRUCT(&limits);
    ws_compression compression;
    WS_INIT_STRUCT(&compression);
    config.server_ip = "127.0.0.1";
    config.server_port = -1;
    int queued = 0, pausing = 0;

    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'}, {"host", required_argument, NULL, 'h'},
        {"loops", required_argument, NULL, 'l'}, {"cert", required_argument, NULL, 'c'},
        {"key", required_argument, NULL, 'k'}, {"origins", required_argument, NULL, 'o'},
        {"hosts", required_argument, NULL, 'H'},
        {"handshake-timeout", required_argument, NULL, 'm'}, {"queue", no_argument, NULL, 'q'},
        {"pause-test", no_argument, NULL, 't'},
        {"compress", no_argument, NULL, 'z'}, {"takeover", required_argument, NULL, 'Z'}, {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'h') config.server_ip = optarg;
        else if (option == 'l') library.loops = atoi(optarg);
        else if (option == 'c') config.cert_path = optarg;
        else if (option == 'k') config.key_path = optarg;
        else if (option == 'o') config.origins = optarg;
        else if (option == 'H') config.hosts = optarg;
        else if (option == 'm') config.handshake_timeout_ms = atoi(optarg);
        else if (option == 'q') queued = 1;
        else if (option == 't') pausing = 1;
        else if (option == 'z') config.compression = &compression;
        else if (option == 'Z') {
            config.compression = &compression;
            compression.flags = WS_TAKEOVER_OUT | WS_TAKEOVER_IN;
            compression.window_bits_out = compression.window_bits_in = atoi(optarg);
        }
        else break;
    }
    if (option != -1 || config.server_port < 0 || optind < argc) {
        fprintf(stderr,
                "usage: echo_server --port PORT [--host ADDRESS] [--loops NUMBER] [--cert FILE --key FILE]\n"
                "    [--origins LIST] [--hosts LIST] [--handshake-timeout MS] [--queue] [--pause-test]\n"
                "    [--compress] [--takeover BITS]\n");
        return 2;
    }

    end_signals signals = block_signals();

    must("init", ws_init(&library));
    if (pausing && pipe(resume_pipe) == 0) thread(resume, NULL);
    if (queued) {
        limits.queue = ws_queue_create(NULL);
        if (!limits.queue) must("queue", WS_ERR_UNKNOWN);
        thread(dispatch, &limits.queue);
    }
    ws_handle server = create_server(&limits);
    must("on", ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL));
    must("on", ws_server_on(server, WS_EVENT_DRAIN, drain, NULL));
    must("on", ws_server_on(server, WS_EVENT_CLOSE, closed, NULL));
    int32_t port = start_server(server, &config);
    int ipv6 = strchr(config.server_ip, ':') != NULL;
    printf("listening on %s://%s%s%s:%d\n", config.cert_path ? "wss" : "ws", ipv6 ? "[" : "", config.server_ip,
           ipv6 ? "]" : "", port);
    fflush(stdout);

    wait_for_signal(&signals);
    stop_server(server);
    must("shutdown", ws_shutdown_wait(-1));
    return 0;
}
