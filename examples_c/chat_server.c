/* SPDX-License-Identifier: Apache-2.0 */
/* chat_server.c - what one says, all receive. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chat_page.h"
#include "help.h"
#include "server.h"

static const char help[] =
    "usage: chat_server [--port PORT] [--host ADDRESS]\n"
    "\n"
    "A room to talk in: what one says, all receive. It serves its own page: open\n"
    "http://127.0.0.1:PORT/ in two windows, or join with libws-cat. The first message of a\n"
    "client is its name. GET /healthz says \"ok\".\n"
    "\n"
    "  --port PORT     where to listen; 0, the default, takes any free port\n"
    "  --host ADDRESS  127.0.0.1 unless given; 0.0.0.0 lets in the phones of your network\n"
    "\n"
    "A client that reads too slowly is closed, with a reason, so that it cannot delay\n"
    "the room. Pages of other hosts may not connect, which is the default.\n";

enum { ROOM = 1000, NAME = 64, MESSAGE = 4096, LINE = NAME + MESSAGE + 3 };

static ws_handle server;

/* To all who have said their name, once each and in one order: the room is a topic. */
static void say(const char *line)
{
    ws_publish(server, "room", 4, line, strlen(line), WS_TEXT, 0, NULL);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    char line[LINE];
    void *name;
    if (e->message_type != WS_TEXT || ws_user_data(e->handle, &name) != WS_OK) return;
    if (e->size > MESSAGE) {
        ws_close_options large;
        WS_INIT_STRUCT(&large);
        large.code = 1009;
        large.reason = "at most 4096 bytes";
        ws_close(e->handle, &large, NULL, NULL);
        return;
    }
    if (!name) {
        name = calloc(1, NAME);
        if (!name) return;
        strcpy(name, e->size < NAME ? (const char *)e->data : "somebody"); /* a cut could tear a character */
        ws_set_user_data(e->handle, name);
        ws_subscribe(e->handle, "room", 4);
        snprintf(line, sizeof line, "* %s comes in", (const char *)name);
    } else {
        snprintf(line, sizeof line, "%s: %s", (const char *)name, (const char *)e->data);
    }
    say(line);
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    char line[NAME + 10];
    void *name;
    if (ws_user_data(e->handle, &name) != WS_OK || !name) return;
    ws_set_user_data(e->handle, NULL);
    snprintf(line, sizeof line, "* %s leaves", (const char *)name);
    free(name);
    say(line);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.max_connections = ROOM;
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'}, {"host", required_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'h') config.server_ip = optarg;
        else return wrong_usage(help);
    }
    end_signals signals = block_signals();

    ws_server_options limits;
    WS_INIT_STRUCT(&limits);
    limits.max_message_size = LINE; /* also of what is sent */
    limits.max_buffered = 64 << 10;
    limits.full_policy = WS_FULL_CLOSE; /* for who does not read: 1008 */
    server = create_server(&limits);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL);
    ws_server_on(server, WS_EVENT_CLOSE, on_close, NULL);
    ws_server_on(server, WS_EVENT_REQUEST, chat_page, NULL);
    int32_t port = start_server(server, &config);
    printf("listening on http://%s:%d/ and ws://%s:%d/\n", config.server_ip, port, config.server_ip, port);
    fflush(stdout);
    wait_for_signal(&signals);
    stop_server(server);
    return ws_shutdown_wait(-1);
}
