/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that was built with the header of 0.1, kept in v0_1, runs with the library of today: every struct
 * that it gives and is given has the size of then. A library with larger structs must not write behind it.
 */
#include <libws/ws.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(what)                                                                       \
    do {                                                                                  \
        if (!(what)) {                                                                    \
            fprintf(stderr, "line %d: %s: %s\n", __LINE__, #what, ws_last_error());       \
            exit(1);                                                                      \
        }                                                                                 \
    } while (0)

static sem_t over;

static void on_text(const ws_event *e, void *user_data)
{
    (void)user_data;
    CHECK(e->struct_size >= sizeof *e);
    CHECK(!ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL));
}

static void on_open(const ws_event *e, void *user_data)
{
    (void)user_data;
    CHECK(!ws_send(e->handle, "0.1", 3, WS_TEXT, NULL, NULL));
}

static void on_echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    CHECK(e->size == 3);
    sem_post(&over);
}

/* Receives into a struct with known bytes behind it. */
#define RECEIVE(type, call)                                                                    \
    do {                                                                                       \
        struct {                                                                               \
            type value;                                                                        \
            unsigned char behind[64];                                                          \
        } out;                                                                                 \
        type *to = &out.value;                                                                 \
        memset(&out, 0xee, sizeof out);                                                        \
        to->struct_size = sizeof *to;                                                          \
        CHECK(!(call));                                                                        \
        for (size_t i = 0; i < sizeof out.behind; i++) CHECK(out.behind[i] == 0xee);           \
        CHECK(to->struct_size == sizeof *to);                                                  \
    } while (0)

static void polls(void)
{
    ws_queue_options options;
    WS_INIT_STRUCT(&options);
    ws_handle queue = ws_queue_create(&options);
    CHECK(queue);
    ws_create_options create;
    WS_INIT_STRUCT(&create);
    create.queue = queue;
    ws_handle client = ws_create(&create);
    CHECK(client && !ws_destroy(client));
    struct {
        ws_event events[2];
        unsigned char behind[64];
    } out;
    memset(&out, 0xee, sizeof out);
    out.events[0].struct_size = sizeof *out.events;
    size_t count;
    CHECK(!ws_queue_poll(queue, out.events, 2, 60000, &count) && count == 1 && out.events[0].type == WS_EVENT_DESTROYED);
    for (size_t i = 0; i < sizeof out.behind; i++) CHECK(out.behind[i] == 0xee);
    CHECK(!ws_queue_destroy(queue));
}

int main(void)
{
    sem_init(&over, 0, 0);
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    CHECK(!ws_init(&init));
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    ws_handle server = ws_server_create(&options);
    CHECK(server && !ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_text, NULL));
    ws_listener place;
    WS_INIT_STRUCT(&place);
    place.ip = "127.0.0.1";
    ws_compression compression;
    WS_INIT_STRUCT(&compression);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.listeners = &place;
    config.listener_count = 1;
    config.compression = &compression;
    CHECK(!ws_server_start(server, &config, NULL, NULL));
    int32_t port;
    CHECK(!ws_server_port(server, &port));

    ws_create_options create;
    WS_INIT_STRUCT(&create);
    ws_handle client = ws_create(&create);
    CHECK(client && !ws_on(client, WS_EVENT_OPEN, on_open, NULL) && !ws_on(client, WS_EVENT_MESSAGE, on_echo, NULL));
    ws_reconnect_options reconnect;
    WS_INIT_STRUCT(&reconnect);
    ws_connect_options connect;
    WS_INIT_STRUCT(&connect);
    connect.reconnect = &reconnect;
    connect.compression = &compression;
    char url[64];
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    CHECK(!ws_connect(client, url, &connect, NULL, NULL));
    sem_wait(&over);

    RECEIVE(ws_stats, ws_stats_get(to));
    RECEIVE(ws_connection, ws_connection_info(client, to));
    RECEIVE(ws_connection_stats, ws_connection_stats_get(client, to));
    RECEIVE(ws_listener_info, ws_server_listener(server, 0, to));
    RECEIVE(ws_server_stats, ws_server_stats_get(server, to));
    polls();

    ws_close_options close;
    WS_INIT_STRUCT(&close);
    CHECK(!ws_close(client, &close, NULL, NULL));
    CHECK(!ws_shutdown_wait(60000));
    puts("ok");
    return 0;
}
