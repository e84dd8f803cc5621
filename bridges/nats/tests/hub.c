/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hub URLS: one process of a cluster whose clients are elsewhere, for figures.py. It says its port. A client that sends
 * "+TOPIC" subscribes, and gets "+"; what else one sends is "TOPIC MESSAGE", for all who have subscribed.
 * URLS: of NATS, or none. It ends when stdin does.
 */
#include <stdio.h>
#include <string.h>

#include <ws_nats.h>

static ws_handle server;

static void WS_CALL on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    const char *text = e->data, *space = memchr(text, ' ', e->size);
    if (*text == '+') {
        ws_subscribe(e->handle, text + 1, e->size - 1);
        ws_send(e->handle, "+", 1, WS_TEXT, NULL, NULL);
    } else if (space) {
        size_t topic = (size_t)(space - text);
        ws_publish(server, text, topic, space + 1, e->size - topic - 1, WS_TEXT, 0, NULL);
    }
}

int main(int argc, char **argv)
{
    ws_server_options limits;
    WS_INIT_STRUCT(&limits);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.max_connections = 20000;
    ws_nats_options options;
    WS_INIT_STRUCT(&options);
    options.urls = argc > 1 ? argv[1] : "none";
    ws_nats *bridge;
    int32_t port;
    server = ws_server_create(&limits);
    if (!server || ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL) ||
        ws_server_start(server, &config, NULL, NULL) || ws_server_port(server, &port) ||
        (strcmp(options.urls, "none") && ws_nats_join_wait(server, &options, 60000, &bridge))) {
        fprintf(stderr, "hub: %s, %s\n", ws_last_error(), ws_nats_last_error());
        return 1;
    }
    printf("%d\n", port);
    fflush(stdout);
    while (getchar() != EOF) {}
    return ws_shutdown_wait(-1); /* its servers take their bridges along */
}
