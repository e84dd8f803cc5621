/* SPDX-License-Identifier: Apache-2.0 */
/*
 * talk.h - what the programs here do in their loops: a server and a client whose callbacks all come
 * on the thread of the loop.
 *
 * A timer of the loop begins it (talk_begin), so the loop's own work goes on beside. The client
 * makes 100 round trips and then 1000 at once, which are many turns of the loop; it closes, and stop
 * is called. talk_end is called when the loop has ended, and gives the status of the program.
 */
#ifndef TALK_H
#define TALK_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libws/ws.h>

#include "../examples_c/help.h"

enum { TALK_ROUNDS = 100, TALK_BURST = 1000 };

typedef struct talk {
    ws_handle queue, server, client;
    void (*stop)(void *loop); /* ends the loop, from inside a callback */
    void *loop;
    pthread_t thread; /* the loop's */
    int echoes, ends;
} talk;

static void talk_must(const char *what, int32_t status)
{
    if (status == WS_OK) return;
    fprintf(stderr, "%s: %s\n", what, ws_last_error());
    exit(1);
}

static void talk_here(const talk *t)
{
    if (pthread_equal(pthread_self(), t->thread)) return;
    fprintf(stderr, "a callback came on another thread than the loop's\n");
    exit(1);
}

static void talk_say(talk *t, int number)
{
    char text[16];
    int size = snprintf(text, sizeof text, "%d", number);
    talk_must("send", ws_send(t->client, text, (size_t)size, WS_TEXT, NULL, NULL));
}

static void talk_hear(const ws_event *e, void *user_data)
{
    talk *t = (talk *)user_data;
    talk_here(t);
    switch (e->type) {
    case WS_EVENT_MESSAGE_RECEIVE:
        talk_must("echo", ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL));
        break;
    case WS_EVENT_OPEN: talk_say(t, 0); break;
    case WS_EVENT_MESSAGE:
        if (atoi((const char *)e->data) != t->echoes++) {
            fprintf(stderr, "\"%s\" is not the next\n", (const char *)e->data);
            exit(1);
        }
        if (t->echoes < TALK_ROUNDS) talk_say(t, t->echoes);
        if (t->echoes == TALK_ROUNDS)
            for (int i = 0; i < TALK_BURST; i++) talk_say(t, TALK_ROUNDS + i);
        if (t->echoes == TALK_ROUNDS + TALK_BURST) talk_must("close", ws_close(t->client, NULL, NULL, NULL));
        break;
    case WS_EVENT_CLOSE: t->stop(t->loop); break;
    case WS_EVENT_ERROR: fprintf(stderr, "%s\n", e->text); exit(1);
    case WS_EVENT_DESTROYED: t->ends++; break;
    default: break;
    }
}

/* Makes the queue; loop is handed to stop. */
static inline void talk_make(talk *t, void (*stop)(void *), void *loop)
{
    memset(t, 0, sizeof *t);
    t->stop = stop;
    t->loop = loop;
    t->thread = pthread_self();
    t->queue = ws_queue_create(NULL);
    if (!t->queue) talk_must("queue", WS_ERR_UNKNOWN);
}

static inline void talk_begin(talk *t)
{
    ws_server_options so;
    WS_INIT_STRUCT(&so);
    ws_create_options co;
    WS_INIT_STRUCT(&co);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    so.queue = co.queue = t->queue;
    config.server_ip = "127.0.0.1";
    int32_t port;
    char url[64];
    t->server = ws_server_create(&so);
    talk_must("on", ws_server_on(t->server, WS_EVENT_MESSAGE_RECEIVE, talk_hear, t));
    talk_must("on", ws_server_on(t->server, WS_EVENT_DESTROYED, talk_hear, t));
    talk_must("start", ws_server_start(t->server, &config, NULL, NULL));
    talk_must("port", ws_server_port(t->server, &port));
    t->client = ws_create(&co);
    const int32_t events[] = {WS_EVENT_OPEN, WS_EVENT_MESSAGE, WS_EVENT_CLOSE, WS_EVENT_ERROR, WS_EVENT_DESTROYED};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) talk_must("on", ws_on(t->client, events[i], talk_hear, t));
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", (int)port);
    talk_must("connect", ws_connect(t->client, url, NULL, NULL, NULL));
}

/* The adapter is gone. Waits on the thread that has dispatched: the last events come inside the calls. */
static inline int talk_end(talk *t)
{
    talk_must("destroy", ws_destroy_wait(t->client, -1));
    talk_must("destroy", ws_server_destroy_wait(t->server, -1));
    talk_must("queue", ws_queue_destroy(t->queue));
    printf("%d echoes\n", t->echoes);
    return t->echoes == TALK_ROUNDS + TALK_BURST && t->ends == 2 ? (int)ws_shutdown_wait(-1) : 1;
}

#endif
