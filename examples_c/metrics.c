/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics.c - an echo server that Prometheus can watch.
 *
 *     metrics --port 8080
 *
 * WebSocket clients get their messages back; a GET of /metrics on the same port gets the
 * figures of the library and of the server. A real one would let only its own network
 * ask, or answer on a second server that listens on 127.0.0.1.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

static void answer(ws_handle handle, int32_t status, const char *type, const char *body, size_t size)
{
    ws_header fields[] = {{"Content-Type", type}, {"Cache-Control", "no-store"}};
    ws_response response;
    WS_INIT_STRUCT(&response);
    response.status = status;
    response.headers = fields;
    response.header_count = 2;
    response.body = body;
    response.body_size = size;
    ws_respond(handle, &response);
}

/* The text with room for what grows between the two questions; NULL without memory. */
static char *metrics(ws_handle server, size_t *size)
{
    if (ws_metrics(server, NULL, 0, size) != WS_OK) return NULL;
    size_t room = *size + 1024;
    char *text = malloc(room);
    if (text && ws_metrics(server, text, room, size) == WS_OK) return text;
    free(text);
    return NULL;
}

static void on_request(const ws_event *e, void *user_data)
{
    (void)user_data;
    size_t path = strcspn(e->target, "?"), size;
    if (path != strlen("/metrics") || strncmp(e->target, "/metrics", path)) {
        answer(e->handle, 404, "text/plain", "only /metrics is here\n", 22);
        return;
    }
    if (strcmp(e->method, "GET") && strcmp(e->method, "HEAD")) {
        answer(e->handle, 405, "text/plain", "GET it\n", 7);
        return;
    }
    char *text = metrics(e->server, &size);
    if (text) answer(e->handle, 200, "text/plain; version=0.0.4", text, size); /* it is copied */
    else answer(e->handle, 503, "text/plain", "no memory\n", 10);
    free(text);
}

static void echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
}

int main(int argc, char **argv)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    static const struct option options[] = {{"port", required_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option != 'p') return 2;
        config.server_port = atoi(optarg);
    }
    end_signals signals = block_signals();

    ws_handle server = create_server(NULL);
    ws_server_on(server, WS_EVENT_REQUEST, on_request, NULL);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL);
    int32_t port = start_server(server, &config);
    printf("listening on ws://%s:%d, figures at http://%s:%d/metrics\n", config.server_ip, port, config.server_ip,
           port);
    fflush(stdout);
    wait_for_signal(&signals);
    stop_server(server);
    return ws_shutdown_wait(-1);
}
