/* SPDX-License-Identifier: Apache-2.0 */
/* net_websocket.c - the functions of net_websocket.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "ndk.h"

enum {
    MOST_HEADERS = 1000,
    MOST_REDIRECTS = 4,
    SILENCE_MS = 30000,
    CLOSE_MS = 5000, /* for the end of a closing handshake; Destroy waits a second more for the callback to come */
};
static const size_t MOST_SENT = (size_t)4 << 20;
static const int64_t MOST_RECEIVED = (int64_t)1 << 30;

/* ---- the beginning -------------------------------------------------------------------- */

static ws_handle make_handle(ndk_client *c)
{
    static const int32_t events[] = {WS_EVENT_OPEN, WS_EVENT_MESSAGE, WS_EVENT_ERROR, WS_EVENT_CLOSE, WS_EVENT_DESTROYED};
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    options.queue = c->queue;
    options.max_message_size = MOST_RECEIVED;
    ws_handle handle = ws_create(&options);
    for (size_t i = 0; handle && i < sizeof events / sizeof *events; i++)
        if (ws_on(handle, events[i], ndk_event, c)) {
            ws_off(handle, WS_EVENT_DESTROYED, NULL, NULL);
            ws_destroy(handle);
            handle = 0;
        }
    return handle;
}

struct WebSocket *OH_WebSocketClient_Constructor(WebSocket_OnOpenCallback onOpen, WebSocket_OnMessageCallback onMessage,
                                                 WebSocket_OnErrorCallback onError, WebSocket_OnCloseCallback onclose)
{
    ndk_client *c = ndk_take();
    if (!c) return NULL;
    ws_queue_options options;
    WS_INIT_STRUCT(&options);
    options.flags = WS_QUEUE_THREAD;
    if (!(c->queue = ws_queue_create(&options)) || !(c->handle = make_handle(c))) {
        if (c->queue) ws_queue_destroy(c->queue);
        ndk_give(c);
        return NULL;
    }
    pthread_mutex_lock(&c->mutex);
    c->shown.onOpen = onOpen;
    c->shown.onMessage = onMessage;
    c->shown.onError = onError;
    c->shown.onClose = onclose;
    c->live = true;
    pthread_mutex_unlock(&c->mutex);
    return &c->shown;
}

static int add_header(ndk_client *c, const struct WebSocket_Header *given)
{
    if (!given->fieldName || !given->fieldValue) return WEBSOCKET_NO_HEADER_CONTEXT;
    if (c->header_count == MOST_HEADERS) return WEBSOCKET_HEADER_EXCEEDED;
    size_t name = strlen(given->fieldName) + 1, value = strlen(given->fieldValue) + 1;
    ndk_header *h = malloc(sizeof *h + name + value);
    if (!h) return WEBSOCKET_CONNECTION_NO_MEMORY;
    h->shown.fieldName = memcpy(h->texts, given->fieldName, name);
    h->shown.fieldValue = memcpy(h->texts + name, given->fieldValue, value);
    h->shown.next = NULL;
    h->next = c->headers;
    c->headers = h;
    c->header_count++;
    struct WebSocket_Header **at = &c->shown.requestOptions.headers;
    while (*at) at = &(*at)->next;
    *at = &h->shown;
    return WEBSOCKET_OK;
}

int OH_WebSocketClient_AddHeader(struct WebSocket *client, struct WebSocket_Header header)
{
    int status;
    ndk_client *c = ndk_enter(client, &status);
    if (!c) return status;
    status = add_header(c, &header);
    ndk_leave(c);
    return status;
}

int ws_ndk_skip_verification(struct WebSocket *client, int skip)
{
    int status;
    ndk_client *c = ndk_enter(client, &status);
    if (!c) return status;
    c->skips_verification = skip;
    ndk_leave(c);
    return WEBSOCKET_OK;
}

/* ---- connecting ------------------------------------------------------------------------- */

static int of_connect(int32_t status)
{
    switch (status) {
    case WS_OK: return WEBSOCKET_OK;
    case WS_ERR_URL: return WEBSOCKET_CONNECTION_PARSE_URL_ERROR;
    case WS_ERR_MEMORY: return WEBSOCKET_CONNECTION_NO_MEMORY;
    case WS_ERR_PARAMETER: return WEBSOCKET_NO_HEADER_CONTEXT; /* nothing else here can be wrong */
    default: return WEBSOCKET_CONNECTION_ERROR;
    }
}

static int begin_to_connect(ndk_client *c, const char *url, const struct WebSocket_Header *first)
{
    if (!url) return WEBSOCKET_CONNECTION_PARSE_URL_ERROR;
    size_t count = 0;
    for (const struct WebSocket_Header *h = first; h; h = h->next) {
        if (!h->fieldName || !h->fieldValue) return WEBSOCKET_NO_HEADER_CONTEXT;
        if (count++ == MOST_HEADERS) return WEBSOCKET_HEADER_EXCEEDED;
    }
    ws_header *headers = malloc((count + 1) * sizeof *headers);
    if (!headers) return WEBSOCKET_CONNECTION_NO_MEMORY;
    size_t n = 0;
    for (const struct WebSocket_Header *h = first; h; h = h->next) headers[n++] = (ws_header){h->fieldName, h->fieldValue};
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    options.headers = headers;
    options.header_count = count;
    options.max_redirects = MOST_REDIRECTS;
    options.ping_interval_ms = options.pong_timeout_ms = SILENCE_MS;
    options.skip_server_cert_verification = c->skips_verification;
    int32_t status = ws_connect(c->handle, url, &options, NULL, NULL);
    free(headers);
    return of_connect(status);
}

int OH_WebSocketClient_Connect(struct WebSocket *client, const char *url, struct WebSocket_RequestOptions options)
{
    int status;
    ndk_client *c = ndk_enter(client, &status);
    if (!c) return status;
    status = begin_to_connect(c, url, options.headers);
    ndk_leave(c);
    return status;
}

/* ---- sending ------------------------------------------------------------------------------- */

static int of_send(int32_t status)
{
    switch (status) {
    case WS_OK: return WEBSOCKET_OK;
    case WS_ERR_MEMORY: return WEBSOCKET_SEND_NO_MEMORY;
    case WS_ERR_FULL: return WEBSOCKET_QUEUE_LENGTH_EXCEEDED;
    case WS_ERR_TOO_LARGE: return WEBSOCKET_DATA_LENGTH_EXCEEDED;
    case WS_ERR_PARAMETER: return WEBSOCKET_SEND_DATA_NULL;
    default: return WEBSOCKET_NO_CLIENT_CONTEXT;
    }
}

int OH_WebSocketClient_Send(struct WebSocket *client, char *data, size_t length)
{
    int status;
    ndk_client *c = ndk_enter(client, &status);
    if (!c) return status;
    if (!data) status = WEBSOCKET_SEND_DATA_NULL;
    else if (length > MOST_SENT) status = WEBSOCKET_DATA_LENGTH_EXCEEDED;
    else if (!length) status = WEBSOCKET_OK;
    else {
        /* libws takes nothing for text that is none. */
        int32_t sent = memchr(data, 0, length) ? WS_ERR_PARAMETER : ws_send(c->handle, data, length, WS_TEXT, NULL, NULL);
        if (sent == WS_ERR_PARAMETER) sent = ws_send(c->handle, data, length, WS_BINARY, NULL, NULL);
        status = of_send(sent);
    }
    ndk_leave(c);
    return status;
}

/* ---- the end --------------------------------------------------------------------------------- */

static int begin_to_close(ndk_client *c, const struct WebSocket_CloseOption *given)
{
    if (c->closing) return WEBSOCKET_NO_CONNECTION;
    if (!c->open) {
        ws_abort(c->handle);
        return WEBSOCKET_NO_CONNECTION;
    }
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    bool given_both = given->code && given->reason;
    options.code = given_both ? (int32_t)given->code : 1000;
    options.reason = given_both ? given->reason : "";
    options.timeout_ms = CLOSE_MS;
    int32_t status = given_both && given->code > INT32_MAX ? WS_ERR_PARAMETER : ws_close(c->handle, &options, NULL, NULL);
    if (status == WS_ERR_PARAMETER) return WEBSOCKET_PROTOCOL_ERROR;
    if (status != WS_OK && status != WS_ERR_STATE) return WEBSOCKET_NO_CONNECTION;
    c->closing = true; /* also when the server has begun it, or the connection is lost: onClose is on its way */
    return WEBSOCKET_OK;
}

int OH_WebSocketClient_Close(struct WebSocket *client, struct WebSocket_CloseOption options)
{
    int status;
    ndk_client *c = ndk_enter(client, &status);
    if (!c) return status;
    status = begin_to_close(c, &options);
    ndk_leave(c);
    return status;
}

/* ---- waiting for the end: callbacks of two clients may end each other ------------------------ */

static pthread_mutex_t awaiting = PTHREAD_MUTEX_INITIALIZER; /* guards all awaits, and is innermost */

/* Whether the callback that runs on this thread, of self, if any, may wait for the end of c. */
static bool begin_to_await(ndk_client *self, ndk_client *c)
{
    if (!self) return true;
    pthread_mutex_lock(&awaiting);
    const ndk_client *at = c;
    while (at && at != self) at = at->awaits;
    if (!at) self->awaits = c;
    pthread_mutex_unlock(&awaiting);
    return !at;
}

static void end_to_await(ndk_client *self)
{
    if (!self) return;
    pthread_mutex_lock(&awaiting);
    self->awaits = NULL;
    pthread_mutex_unlock(&awaiting);
}

/* Until the closing handshake is over. c->mutex held. */
static void await_close(ndk_client *c)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += CLOSE_MS / 1000 + 1;
    while (c->closing && pthread_cond_timedwait(&c->changed, &c->mutex, &end) != ETIMEDOUT) {}
}

static int end(ndk_client *c)
{
    ndk_client *self = ndk_inside();
    int result = c->was_open ? WEBSOCKET_OK : WEBSOCKET_NO_CONNECTION_CONTEXT;
    bool waits = begin_to_await(self, c);
    c->live = false;
    c->awaited = waits;
    if (waits) await_close(c);
    c->silent = true;
    if (c->closing && !waits) { /* ndk_event goes on */
        ndk_leave(c);
        return result;
    }
    ws_handle handle = c->handle;
    c->handle = 0;
    ndk_leave(c);
    int32_t status = ws_destroy(handle);
    if (!waits) return result;
    pthread_mutex_lock(&c->mutex);
    /* After ws_shutdown_wait, or in a child of fork(), nothing comes any more. */
    while (!c->gone && !status) pthread_cond_wait(&c->changed, &c->mutex);
    bool gone = c->gone;
    pthread_mutex_unlock(&c->mutex);
    end_to_await(self);
    if (gone) ndk_give(c);
    return result;
}

int OH_WebSocketClient_Destroy(struct WebSocket *client)
{
    int status, cancel = 0;
    ndk_client *c = ndk_enter(client, &status);
    if (!c) return status;
#if !defined(__OHOS__) /* nobody can be cancelled there */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
#endif
    status = end(c);
#if !defined(__OHOS__)
    pthread_setcancelstate(cancel, NULL);
#endif
    (void)cancel;
    return status;
}
