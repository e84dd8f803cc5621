/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libws_fanout.c - what one client sends goes to all.
 *
 *     libws_fanout PORT broadcast    by ws_server_broadcast, in the callback
 *     libws_fanout PORT thread       the same, on a thread of the host
 *     libws_fanout PORT loop         by a loop of ws_send, in the callback
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libws/ws.h>

enum { MOST = 20000 };
static ws_handle server;

static void loop(const ws_event *e, void *user_data)
{
    static ws_handle all[MOST]; /* one loop: callbacks do not overlap */
    size_t count;
    (void)user_data;
    if (ws_server_connections(server, all, MOST, &count) != WS_OK) return;
    for (size_t i = 0; i < count; i++) ws_send(all[i], e->data, e->size, e->message_type, NULL, NULL);
}

static void broadcast(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_server_broadcast(server, e->data, e->size, e->message_type, 0, NULL);
}

/* The next message comes when the last is with all. */
static struct {
    char data[65536];
    size_t size;
    int32_t type;
    sem_t here;
} message;

static void hand_over(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (e->size > sizeof message.data) return;
    memcpy(message.data, e->data, message.size = e->size);
    message.type = e->message_type;
    sem_post(&message.here);
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = atoi(argv[1]);
    sem_init(&message.here, 0, 0);
    server = ws_server_create(NULL);
    ws_callback way = !strcmp(argv[2], "loop") ? loop : !strcmp(argv[2], "thread") ? hand_over : broadcast;
    if (ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, way, NULL) != WS_OK || ws_server_start(server, &config, NULL, NULL) != WS_OK) {
        fprintf(stderr, "libws_fanout: %s\n", ws_last_error());
        return 1;
    }
    for (;;)
        if (!sem_wait(&message.here)) ws_server_broadcast(server, message.data, message.size, message.type, 0, NULL);
}
