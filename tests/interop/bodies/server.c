/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.c - the server of libws that bodies.py asks: server [CERTIFICATE KEY]. It answers each request
 * with its method, its target and its body, prints where it listens, and ends when its stdin ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libws/ws.h>

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, ws_last_error());
    exit(1);
}

static void WS_CALL tell_back(const ws_event *e, void *unused)
{
    (void)unused;
    size_t room = e->body_size + 200;
    char *text = malloc(room);
    if (!text) fail("malloc");
    int size = snprintf(text, 200, "%s %s ", e->method, e->target);
    if (e->body_size) memcpy(text + size, e->body, e->body_size);
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.body = text;
    r.body_size = (size_t)size + e->body_size;
    if (ws_respond(e->handle, &r)) fail("ws_respond");
    free(text);
}

int main(int count, char **arguments)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.max_body_size = 1 << 20;
    config.keep_alive_timeout_ms = 60000;
    if (count == 3) config.cert_path = arguments[1], config.key_path = arguments[2];
    ws_handle server = ws_server_create(NULL);
    if (ws_server_on(server, WS_EVENT_REQUEST, tell_back, NULL) || ws_server_start(server, &config, NULL, NULL)) fail("start");
    int32_t port = 0;
    if (ws_server_port(server, &port)) fail("ws_server_port");
    printf("%s://localhost:%d\n", count == 3 ? "https" : "http", port);
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0) {}
    return ws_shutdown_wait(-1) ? 1 : 0;
}
