/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics.c - rooms to talk in. The server keeps no lists of who is where: a room is a
 * topic, and one message to a thousand listeners is one call.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "server.h"

static const char help[] =
    "usage: topics [--port PORT] [--host ADDRESS]\n"
    "\n"
    "Rooms to talk in. A client that says \"join NAME\" is in that room until it says\n"
    "\"leave NAME\" or goes; anything else that it says reaches all others in its rooms.\n"
    "\"all TEXT\" reaches everybody. Try it with libws-cat, twice.\n"
    "\n"
    "  --port PORT     where to listen; 0, the default, takes any free port\n"
    "  --host ADDRESS  127.0.0.1 unless given\n"
    "\n"
    "Who reads too slowly misses messages instead of holding up the others; a counter\n"
    "tells how many.\n";

enum { ROOMS = 8, NAME = 32, MESSAGE = 4096, LINE = NAME + MESSAGE + 3 };

/* The rooms that a client talks to; the user data of its connection. */
typedef struct {
    char names[ROOMS][NAME]; /* "": a free place */
} places;

/* The place of a room, or of none when name is "". */
static char *place_of(places *p, const char *name)
{
    for (int i = 0; i < ROOMS; i++)
        if (!strcmp(p->names[i], name)) return p->names[i];
    return NULL;
}

static void answer(const ws_event *e, const char *what, const char *name)
{
    char line[NAME + 32];
    int size = snprintf(line, sizeof line, "* %s %s", what, name);
    ws_send(e->handle, line, (size_t)size, WS_TEXT, NULL, NULL);
}

static void join(const ws_event *e, places *p, const char *name)
{
    char *place = place_of(p, name);
    if (!place) place = place_of(p, "");
    if (!*name || strlen(name) >= NAME || !place || ws_subscribe(e->handle, name, strlen(name)) != WS_OK) {
        answer(e, "you cannot join", "this room");
        return;
    }
    strcpy(place, name);
    answer(e, "you are in", name);
}

static void leave(const ws_event *e, places *p, const char *name)
{
    char *place = *name ? place_of(p, name) : NULL;
    if (!place) {
        answer(e, "you are not in", "this room");
        return;
    }
    ws_unsubscribe(e->handle, name, strlen(name));
    *place = 0;
    answer(e, "you have left", name);
}

/* To all rooms of who says it; who shares several with him gets it in each. */
static void say(const ws_event *e, const places *p, const char *text)
{
    char line[LINE];
    if (strlen(text) > MESSAGE) {
        answer(e, "you cannot say", "so much");
        return;
    }
    for (int i = 0; i < ROOMS; i++) {
        const char *name = p->names[i];
        if (!*name) continue;
        int size = snprintf(line, sizeof line, "%s: %s", name, text);
        ws_publish(e->server, name, strlen(name), line, (size_t)size, WS_TEXT, e->handle, NULL);
    }
}

static void on_connect(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_set_user_data(e->handle, calloc(1, sizeof(places)));
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    void *p;
    const char *text = e->data; /* a NUL byte follows it */
    if (e->message_type != WS_TEXT || ws_user_data(e->handle, &p) != WS_OK || !p) return;
    if (!strncmp(text, "join ", 5)) join(e, p, text + 5);
    else if (!strncmp(text, "leave ", 6)) leave(e, p, text + 6);
    else if (!strncmp(text, "all ", 4)) ws_server_broadcast(e->server, text + 4, e->size - 4, WS_TEXT, e->handle, NULL);
    else say(e, p, text);
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    void *p; /* the subscriptions have gone by themselves */
    if (ws_user_data(e->handle, &p) == WS_OK) free(p);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
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
    limits.max_subscriptions = ROOMS;
    ws_handle server = create_server(&limits);
    ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL);
    ws_server_on(server, WS_EVENT_CLOSE, on_close, NULL);
    int32_t port = start_server(server, &config);
    printf("listening on ws://%s:%d\n", config.server_ip, port);
    fflush(stdout);
    wait_for_signal(&signals);
    stop_server(server);
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    if (ws_stats_get(&stats) == WS_OK) printf("%llu messages found no room\n", (unsigned long long)stats.dropped);
    return ws_shutdown_wait(-1);
}
