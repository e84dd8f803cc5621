/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libws_parts.c - an echo server that never has a message whole: each piece goes back
 * as it came.
 *
 *     libws_parts PORT
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <libws/ws.h>

static void echo(const ws_event *e, void *user_data)
{
    int ends = e->part == WS_PART_WHOLE || e->part == WS_PART_END;
    (void)user_data;
    /* A message that lacks a piece would be no answer: the load client sees the end. */
    if (ws_send_part(e->handle, e->data, e->size, e->message_type, ends, NULL, NULL) != WS_OK) ws_destroy(e->handle);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    ws_server_options options;
    ws_server_config config;
    WS_INIT_STRUCT(&options);
    WS_INIT_STRUCT(&config);
    options.flags = WS_RECEIVE_PARTS;
    config.server_ip = "127.0.0.1";
    config.server_port = atoi(argv[1]);
    ws_handle server = ws_server_create(&options);
    if (ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL) != WS_OK || ws_server_start(server, &config, NULL, NULL) != WS_OK) {
        fprintf(stderr, "libws_parts: %s\n", ws_last_error());
        return 1;
    }
    for (;;) pause();
}
