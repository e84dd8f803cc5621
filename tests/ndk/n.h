/* SPDX-License-Identifier: Apache-2.0 */
/* n.h - the kit of the NDK's tests: what callbacks were told, in the order in which they came. */
#ifndef N_H
#define N_H

#include "t.h"

#include "network/netstack/net_websocket.h"

typedef struct n_event {
    char kind; /* o(pen), m(essage), e(rror), c(lose) */
    struct WebSocket *client;
    uint32_t code;
    char *text; /* reason, message or data; a NUL byte follows */
    size_t size;
    pid_t thread;
} n_event;

enum { N_MOST = 5000 };
static n_event n_events[N_MOST];
static int n_count;
static pthread_mutex_t n_mutex = PTHREAD_MUTEX_INITIALIZER;

static inline void n_record(char kind, struct WebSocket *client, uint32_t code, const char *text, size_t size)
{
    CHECK(text);
    char *copy = malloc(size + 1);
    CHECK(copy);
    memcpy(copy, text, size + 1);
    CHECK_EQ(copy[size], 0);
    pthread_mutex_lock(&n_mutex);
    CHECK(n_count < N_MOST);
    n_events[n_count++] = (n_event){kind, client, code, copy, size, gettid()};
    pthread_mutex_unlock(&n_mutex);
}

static inline void n_open(struct WebSocket *c, WebSocket_OpenResult r) { n_record('o', c, r.code, r.reason, strlen(r.reason)); }
static inline void n_message(struct WebSocket *c, char *data, uint32_t length) { n_record('m', c, 0, data, length); }
static inline void n_error(struct WebSocket *c, WebSocket_ErrorResult r)
{
    CHECK(r.errorMessage);
    n_record('e', c, r.errorCode, r.errorMessage, strlen(r.errorMessage));
}
static inline void n_close(struct WebSocket *c, WebSocket_CloseResult r)
{
    CHECK(r.reason);
    n_record('c', c, r.code, r.reason, strlen(r.reason));
}

/* The n-th event of a kind, from 1, or NULL. */
static inline const n_event *n_find(char kind, int n)
{
    const n_event *found = NULL;
    pthread_mutex_lock(&n_mutex);
    for (int i = 0; i < n_count && !found; i++)
        if (n_events[i].kind == kind && !--n) found = &n_events[i];
    pthread_mutex_unlock(&n_mutex);
    return found;
}

static inline const n_event *n_wait(char kind, int n)
{
    const n_event *found;
    T_UNTIL_SO((found = n_find(kind, n)));
    return found;
}

/* All kinds by now, as "omec". Static text. */
static inline const char *n_story(void)
{
    static char text[N_MOST + 1];
    pthread_mutex_lock(&n_mutex);
    for (int i = 0; i < n_count; i++) text[i] = n_events[i].kind;
    text[n_count] = 0;
    pthread_mutex_unlock(&n_mutex);
    return text;
}

static inline void n_forget(void)
{
    pthread_mutex_lock(&n_mutex);
    while (n_count) free(n_events[--n_count].text);
    pthread_mutex_unlock(&n_mutex);
}

static const struct WebSocket_RequestOptions n_nothing;

static inline struct WebSocket *n_client(void)
{
    struct WebSocket *c = OH_WebSocketClient_Constructor(n_open, n_message, n_error, n_close);
    CHECK(c);
    return c;
}

#define N_OK(call) CHECK_EQ(call, WEBSOCKET_OK)

/* Sends a text. */
static inline int n_send(struct WebSocket *c, const char *text)
{
    return OH_WebSocketClient_Send(c, (char *)(uintptr_t)text, strlen(text));
}

static inline int n_end(struct WebSocket *c, uint32_t code, const char *reason)
{
    struct WebSocket_CloseOption options = {code, reason};
    return OH_WebSocketClient_Close(c, options);
}

#endif
