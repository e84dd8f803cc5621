/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libws_fanout.c - what one client sends goes to all, by a loop of ws_send.
 *
 *     libws_fanout PORT
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ws.h"

enum { MOST = 20000 };

static void on_message(const ws_event *e, void *server)
{
    static ws_handle all[MOST]; /* one loop: callbacks do not overlap */
    size_t count;
    if (ws_server_connections(*(ws_handle *)server, all, MOST, &count) != WS_OK) return;
    for (size_t i = 0; i < count; i++) ws_send(all[i], e->data, e->size, e->message_type, NULL, NULL);
}

int main(int argc, char **argv)
{
    static ws_handle server;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = argc > 1 ? atoi(argv[1]) : 0;
    server = ws_server_create(NULL);
    if (ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, &server) != WS_OK ||
        ws_server_start(server, &config, NULL, NULL) != WS_OK) {
        fprintf(stderr, "libws_fanout: %s\n", ws_last_error());
        return 1;
    }
    for (;;) pause();
}
