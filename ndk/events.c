/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events.c - what libws tells of a client becomes its callbacks. All of it runs on the thread
 * of the client's queue.
 */
#define _GNU_SOURCE
#include "ndk.h"

static __thread ndk_client *inside;

ndk_client *ndk_inside(void)
{
    return inside;
}

static uint32_t code_of(const ws_event *e)
{
    if (e->error == WS_ERR_TOO_LARGE) return WEBSOCKET_DATA_LENGTH_EXCEEDED;
    if (e->error == WS_ERR_PROTOCOL) return WEBSOCKET_PROTOCOL_ERROR;
    return WEBSOCKET_CONNECTION_ERROR;
}

/* Of an open connection only what the server has done is reported; a loss comes by onClose. */
static bool tells(const ndk_client *c, const ws_event *e)
{
    if (e->error == WS_ERR_CANCELLED) return false;
    return !c->open || code_of(e) != WEBSOCKET_CONNECTION_ERROR;
}

static void call(ndk_client *c, const ws_event *e)
{
    struct WebSocket *shown = &c->shown;
    ndk_client *before = inside;
    inside = c;
    switch (e->type) {
    case WS_EVENT_OPEN:
        if (shown->onOpen) shown->onOpen(shown, (WebSocket_OpenResult){(uint32_t)e->status, e->text});
        break;
    case WS_EVENT_MESSAGE:
        if (shown->onMessage) shown->onMessage(shown, (char *)(uintptr_t)e->data, (uint32_t)e->size);
        break;
    case WS_EVENT_ERROR:
        if (shown->onError) shown->onError(shown, (WebSocket_ErrorResult){code_of(e), e->text});
        break;
    case WS_EVENT_CLOSE:
        if (shown->onClose) shown->onClose(shown, (WebSocket_CloseResult){(uint32_t)e->code, e->reason});
        break;
    default: break;
    }
    inside = before;
}

/* The last event: the queue ends in it, and its thread. */
static void over(ndk_client *c)
{
    ws_queue_destroy(c->queue);
    pthread_mutex_lock(&c->mutex);
    bool awaited = c->awaited;
    c->gone = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->mutex);
    if (!awaited) ndk_give(c);
}

void WS_CALL ndk_event(const ws_event *e, void *user_data)
{
    ndk_client *c = user_data;
    if (e->type == WS_EVENT_DESTROYED) {
        over(c);
        return;
    }
    pthread_mutex_lock(&c->mutex);
    bool calls = !c->silent && (e->type != WS_EVENT_ERROR || tells(c, e));
    if (e->type == WS_EVENT_OPEN) c->open = c->was_open = true;
    if (e->type == WS_EVENT_CLOSE) c->open = false;
    pthread_mutex_unlock(&c->mutex);
    if (calls) call(c, e);
    if (e->type != WS_EVENT_CLOSE) return;
    pthread_mutex_lock(&c->mutex);
    c->closing = false;
    pthread_cond_broadcast(&c->changed);
    bool ends = !c->live && !c->awaited && c->handle; /* Destroy was called behind Close, and waits for nothing */
    ws_handle handle = c->handle;
    if (ends) c->handle = 0;
    pthread_mutex_unlock(&c->mutex);
    if (ends) ws_destroy(handle);
}
