/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libws_fanout.c - what one client sends goes to all.
 *
 *     libws_fanout PORT WAY [thread]
 *
 * WAY: broadcast  ws_server_broadcast
 *      publish    ws_publish to a topic that all have subscribed to
 *      loop       ws_send to one after the other
 * thread: on a thread of the host, else in the callback.
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libws/ws.h>

enum { MOST = 20000 };
static const char TOPIC[] = "all";
static ws_handle server;

static void broadcast(const void *data, size_t size, int32_t type)
{
    ws_server_broadcast(server, data, size, type, 0, NULL);
}

static void publish(const void *data, size_t size, int32_t type)
{
    ws_publish(server, TOPIC, sizeof TOPIC - 1, data, size, type, 0, NULL);
}

static void loop(const void *data, size_t size, int32_t type)
{
    static ws_handle all[MOST]; /* one at a time: there is one loop, or one thread */
    size_t count;
    if (ws_server_connections(server, all, MOST, &count) != WS_OK) return;
    for (size_t i = 0; i < count; i++) ws_send(all[i], data, size, type, NULL, NULL);
}

static const struct {
    const char *name;
    void (*sends)(const void *data, size_t size, int32_t type);
} ways[] = {{"broadcast", broadcast}, {"publish", publish}, {"loop", loop}};

static void (*way)(const void *data, size_t size, int32_t type);

static void at_once(const ws_event *e, void *user_data)
{
    (void)user_data;
    way(e->data, e->size, e->message_type);
}

static void subscribe(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_subscribe(e->handle, TOPIC, sizeof TOPIC - 1);
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

static void must(const char *what, int32_t status)
{
    if (status == WS_OK) return;
    fprintf(stderr, "libws_fanout: %s: %s\n", what, ws_last_error());
    exit(1);
}

int main(int argc, char **argv)
{
    ws_callback here = at_once;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    if (argc < 3) return 2;
    config.server_ip = "127.0.0.1";
    config.server_port = atoi(argv[1]);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (!strcmp(argv[2], ways[i].name)) way = ways[i].sends;
    if (argc > 3 && !strcmp(argv[3], "thread")) here = hand_over;
    if (!way) return 2;
    sem_init(&message.here, 0, 0);
    server = ws_server_create(NULL);
    must("on", ws_server_on(server, WS_EVENT_CONNECT, subscribe, NULL));
    must("on", ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, here, NULL));
    must("start", ws_server_start(server, &config, NULL, NULL));
    for (;;)
        if (!sem_wait(&message.here)) way(message.data, message.size, message.type);
}
