/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ndk.h - clients of net_websocket.h, each with a handle of libws and a queue whose thread calls
 * its callbacks.
 *
 * The memory of a client is never given back, so any pointer that was one can be looked at
 * (clients.c). All other members are guarded by mutex, which no callback is called with; calls
 * of libws are made with it, since none of them waits.
 */
#ifndef NDK_H
#define NDK_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "network/netstack/net_websocket.h"
#include <libws/ws.h>

/* A header that was added, with room for its texts. */
typedef struct ndk_header {
    struct WebSocket_Header shown; /* what the list of the client has */
    struct ndk_header *next;       /* what the client has to free */
    char texts[];
} ndk_header;

typedef struct ndk_client {
    struct WebSocket shown; /* first: what the program holds */
    struct ndk_client *next_free;
    struct ndk_client *awaits; /* whose end a callback of this one waits for; guarded by a mutex of net_websocket.c */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    ws_handle handle, queue;
    ndk_header *headers;
    size_t header_count;
    bool live;       /* calls may use it */
    bool open;       /* onOpen was called and onClose was not */
    bool was_open;
    bool closing; /* ws_close was called, and onClose has not returned */
    bool silent;  /* no callback is called any more */
    bool awaited; /* Destroy waits for the end */
    bool gone;    /* the handle's last event has come */
    bool skips_verification;
} ndk_client;

/* clients.c */

/* A new client that is not live yet, or NULL. */
ndk_client *ndk_take(void);
/* Gives it back; nobody uses it. */
void ndk_give(ndk_client *client);
/* The client with its mutex locked, if it is live; else NULL and *status says why. */
ndk_client *ndk_enter(struct WebSocket *pointer, int *status);
void ndk_leave(ndk_client *client);

/* events.c */

/* The listener of all events. */
void WS_CALL ndk_event(const ws_event *event, void *client);
/* The client whose callback runs on this thread, or NULL. */
ndk_client *ndk_inside(void);

#endif
