/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chat_server.c - what one says, all receive.
 *
 *     chat_server --port 8080 [--host 127.0.0.1]
 *
 * Open http://127.0.0.1:8080/ in two windows, or try it with wscat. The first message
 * of a client is its name. A client that reads too slowly is closed, with a reason, so
 * that it cannot hold up the room. Pages of other hosts may not connect, which is the
 * default. GET /healthz says "ok".
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chat_page.h"
#include "server.h"

enum { ROOM = 1000, NAME = 32, MESSAGE = 4096 };

static ws_handle server;

/* Sends a line to everybody. Callbacks are serial with one loop, so nobody else
 * writes to the list meanwhile; a handle that has turned stale is no danger. */
static void say(const char *line)
{
    static ws_handle all[ROOM];
    size_t count;
    if (ws_server_connections(server, all, ROOM, &count) != WS_OK) return; /* more than the room holds */
    for (size_t i = 0; i < count; i++) {
        void *name;
        if (ws_user_data(all[i], &name) != WS_OK || !name) continue; /* not introduced yet */
        if (ws_send(all[i], line, strlen(line), WS_TEXT, NULL, NULL) == WS_ERR_FULL) {
            ws_close_options slow;
            WS_INIT_STRUCT(&slow);
            slow.code = 1008;
            slow.reason = "you read too slowly";
            ws_close(all[i], &slow, NULL, NULL);
        }
    }
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    char line[MESSAGE + NAME + 3];
    void *name;
    if (e->message_type != WS_TEXT || ws_user_data(e->handle, &name) != WS_OK) return;
    if (!name) {
        name = calloc(1, NAME);
        if (!name) return;
        strcpy(name, e->size < NAME ? (const char *)e->data : "somebody"); /* a cut could tear a character */
        ws_set_user_data(e->handle, name);
        snprintf(line, sizeof line, "* %s comes in", (const char *)name);
    } else {
        snprintf(line, sizeof line, "%s: %s", (const char *)name, (const char *)e->data);
    }
    say(line);
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    char line[100];
    void *name;
    if (ws_user_data(e->handle, &name) != WS_OK || !name) return;
    ws_set_user_data(e->handle, NULL);
    snprintf(line, sizeof line, "* %s leaves", (const char *)name);
    free(name);
    say(line);
}

static const struct {
    const char *path, *type, *text;
} files[] = {
    {"/", "text/html; charset=utf-8", chat_html},
    {"/chat.css", "text/css", chat_css},
    {"/chat.js", "text/javascript", chat_js},
    {"/healthz", "text/plain", "ok\n"},
};

static void on_request(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_header allow = {"Allow", "GET, HEAD"}, fields[2] = {{"X-Content-Type-Options", "nosniff"}};
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.status = 404;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(e->target, files[i].path)) continue;
        fields[1] = (ws_header){"Content-Type", files[i].type};
        r.status = 200;
        r.headers = fields;
        r.header_count = 2;
        r.body = files[i].text;
        r.body_size = strlen(files[i].text);
    }
    if (strcmp(e->method, "GET") && strcmp(e->method, "HEAD")) {
        r.status = 405;
        r.headers = &allow;
        r.header_count = 1;
        r.body_size = 0;
    }
    ws_respond(e->handle, &r);
}

int main(int argc, char **argv)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.max_connections = ROOM; /* one more would leave nobody to talk to */
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'}, {"host", required_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'h') config.server_ip = optarg;
        else return 2;
    }
    end_signals signals = block_signals();

    ws_server_options limits;
    WS_INIT_STRUCT(&limits);
    limits.max_message_size = MESSAGE;
    limits.max_buffered = 64 << 10;
    server = create_server(&limits);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL);
    ws_server_on(server, WS_EVENT_CLOSE, on_close, NULL);
    ws_server_on(server, WS_EVENT_REQUEST, on_request, NULL);
    int32_t port = start_server(server, &config);
    printf("listening on http://%s:%d/ and ws://%s:%d/\n", config.server_ip, port, config.server_ip, port);
    fflush(stdout);
    wait_for_signal(&signals);
    stop_server(server);
    return ws_shutdown_wait(-1);
}
