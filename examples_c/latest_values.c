/* SPDX-License-Identifier: Apache-2.0 */
/*
 * latest_values.c - where things are, for whoever reads as fast as he can.
 *
 * The key of a message is the robot, so at most one of each waits, whatever the time. "stop" is published
 * with a priority: it does not wait behind positions.
 */
#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "help.h"
#include "server.h"

static const char help[] =
    "usage: latest_values [--port PORT] [--host ADDRESS] [--robots NUMBER]\n"
    "\n"
    "Where things are, for whoever reads as fast as he can. Many robots move, and each move is\n"
    "published: \"17 3.20 -1.75\". A client that keeps up gets all of it. One that does not (libws-cat\n"
    "stopped by ^Z, a phone in a tunnel) gets the newest position of each robot when it reads\n"
    "again, and none that is old. \"stop\", said by any client, does not wait behind positions.\n"
    "\n"
    "  --port PORT      where to listen; 0, the default, takes any free port\n"
    "  --host ADDRESS   127.0.0.1 unless given\n"
    "  --robots NUMBER  1000 unless given\n"
    "\n"
    "A counter tells at the end how many positions were replaced by newer ones.\n";

static const char everything[] = "positions";

static void on_connect(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_subscribe(e->handle, everything, sizeof everything - 1);
}

static void on_message(const ws_event *e, void *moves)
{
    if (e->size != 4 || memcmp(e->data, "stop", 4)) return;
    ws_send_options urgent;
    WS_INIT_STRUCT(&urgent);
    urgent.priority = 7;
    ws_publish_with(e->server, everything, sizeof everything - 1, "stop", 4, WS_TEXT, 0, &urgent, NULL);
    atomic_store((atomic_int *)moves, 0);
}

/* Each robot takes a step. */
static void move(ws_handle server, double (*robots)[2], int count)
{
    for (int i = 0; i < count; i++) {
        char text[64];
        robots[i][0] += (double)(rand() % 200 - 100) / 1000;
        robots[i][1] += (double)(rand() % 200 - 100) / 1000;
        int size = snprintf(text, sizeof text, "%d %.2f %.2f", i + 1, robots[i][0], robots[i][1]);
        ws_send_options latest;
        WS_INIT_STRUCT(&latest);
        latest.key = (uint64_t)i + 1; /* 0 is none */
        ws_publish_with(server, everything, sizeof everything - 1, text, (size_t)size, WS_TEXT, 0, &latest, NULL);
    }
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    int count = 1000;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"host", required_argument, NULL, 'h'},
                                            {"robots", required_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'h') config.server_ip = optarg;
        else if (option == 'r') count = atoi(optarg);
        else return wrong_usage(help);
    }
    double(*robots)[2] = count > 0 ? calloc((size_t)count, sizeof *robots) : NULL;
    if (!robots) return wrong_usage(help);
    static atomic_int moves = 1;
    end_signals signals = block_signals();
    ws_handle server = create_server(NULL);
    ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, &moves);
    int32_t port = start_server(server, &config);
    printf("listening on ws://%s:%d\n", config.server_ip, port);
    fflush(stdout);
    while (!signal_within(&signals, 20))
        if (atomic_load(&moves)) move(server, robots, count);
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    if (ws_stats_get(&stats) == WS_OK)
        printf("%llu positions were replaced by newer ones\n", (unsigned long long)stats.replaced);
    stop_server(server);
    free(robots);
    return ws_shutdown_wait(-1);
}
