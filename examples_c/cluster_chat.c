/* SPDX-License-Identifier: Apache-2.0 */
/* cluster_chat.c - a room that is spread over processes: what one says, all receive, wherever they are connected. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ws_nats.h>

#include "chat_page.h"
#include "help.h"
#include "server.h"

static const char help[] =
    "usage: cluster_chat [--port PORT] [--host ADDRESS] [--nats URLS] [--name NAME]\n"
    "\n"
    "The room of chat_server, but one for all processes that are connected to the same\n"
    "NATS: start several, open http://127.0.0.1:PORT/ of each, and talk. The first message\n"
    "of a client is its name. GET /healthz says \"ok\".\n"
    "\n"
    "  --port PORT     where to listen; 0, the default, takes any free port\n"
    "  --host ADDRESS  127.0.0.1 unless given\n"
    "  --nats URLS     of NATS servers, separated by commas; nats://127.0.0.1:4222 unless given\n"
    "  --name NAME     of this process, shown to who comes in; \"ws\" unless given\n"
    "\n"
    "While NATS is away the process goes on for its own clients, and tells what it could\n"
    "not pass on. \"./build.sh cluster\" runs two of them behind haproxy.\n";

enum { ROOM = 1000, NAME = 64, MESSAGE = 4096, LINE = 2 * NAME + MESSAGE + 10 };

static ws_handle server;
static const char *process = "ws";

/* To all who have said their name, in every process. */
static void say(const char *line)
{
    ws_publish(server, "room", 4, line, strlen(line), WS_TEXT, 0, NULL);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    char line[LINE];
    void *name;
    if (e->message_type != WS_TEXT || e->size > MESSAGE || ws_user_data(e->handle, &name) != WS_OK) return;
    if (!name) {
        if (!(name = calloc(1, NAME))) return;
        strcpy(name, e->size < NAME ? (const char *)e->data : "somebody"); /* a cut could tear a character */
        ws_set_user_data(e->handle, name);
        ws_subscribe(e->handle, "room", 4);
        snprintf(line, sizeof line, "* %s comes in, at %.32s", (const char *)name, process);
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

/* What the bridge has to say: connected, lost, connected again, and how many messages did not get through. */
static void on_bridge(const ws_nats_event *e, void *user_data)
{
    (void)user_data;
    printf("nats: %s\n", e->text);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.max_connections = ROOM;
    ws_nats_options options;
    WS_INIT_STRUCT(&options);
    options.prefix = "chat";
    options.on_event = on_bridge;
    static const struct option names[] = {{"port", required_argument, NULL, 'p'},
                                          {"host", required_argument, NULL, 'h'},
                                          {"nats", required_argument, NULL, 'n'},
                                          {"name", required_argument, NULL, 'm'},
                                          {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'h') config.server_ip = optarg;
        else if (option == 'n') options.urls = optarg;
        else if (option == 'm') options.name = process = optarg;
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
    ws_nats *bridge;
    if (ws_nats_join(server, &options, &bridge) != WS_OK) {
        fprintf(stderr, "join: %s\n", ws_nats_last_error());
        return 1;
    }
    int32_t port = start_server(server, &config);
    printf("listening on http://%s:%d/ and ws://%s:%d/\n", config.server_ip, port, config.server_ip, port);
    fflush(stdout);
    wait_for_signal(&signals);
    stop_server(server); /* what was said has reached NATS when this returns */
    ws_nats_leave_wait(bridge, 0);
    return ws_shutdown_wait(-1);
}
