/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that call everything while another one ends the clients, again and again: each call is
 * answered, and no callback comes after Destroy has returned.
 */
#include "n.h"

#include <stdatomic.h>

enum { CLIENTS = 4, THREADS = 4, ROUNDS = 40 };

static _Atomic(struct WebSocket *) clients[CLIENTS];
static atomic_int alive[CLIENTS], stop; /* whether callbacks may come */
static const char *url;

static void check(struct WebSocket *c)
{
    for (int i = 0; i < CLIENTS; i++)
        if (clients[i] == c) CHECK(alive[i]);
}
static void on_open(struct WebSocket *c, WebSocket_OpenResult r) { check(c); CHECK(r.reason); }
static void on_message(struct WebSocket *c, char *data, uint32_t n) { check(c); CHECK(!data[n]); n_send(c, "again"); }
static void on_error(struct WebSocket *c, WebSocket_ErrorResult r) { check(c); CHECK(r.errorMessage); }
static void on_close(struct WebSocket *c, WebSocket_CloseResult r) { check(c); CHECK(r.reason); }

static int known(int status)
{
    return status == WEBSOCKET_OK || (status > WEBSOCKET_CLIENT_NULL && status <= WEBSOCKET_NO_CONNECTION_CONTEXT);
}

static void *calls(void *seed)
{
    unsigned at = (unsigned)(uintptr_t)seed;
    struct WebSocket_Header header = {"X", "y", NULL};
    while (!stop) {
        struct WebSocket *c = clients[rand_r(&at) % CLIENTS];
        switch (rand_r(&at) % 8) {
        case 0: CHECK(known(OH_WebSocketClient_AddHeader(c, header))); break;
        case 1: CHECK(known(OH_WebSocketClient_Connect(c, url, n_nothing))); break;
        case 2: CHECK(known(n_end(c, 0, NULL))); break;
        default: CHECK(known(n_send(c, "hello"))); break;
        }
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    ws_handle server = t_echo_server();
    url = strdup(t_url(server));
    for (int i = 0; i < CLIENTS; i++) {
        alive[i] = 1;
        clients[i] = OH_WebSocketClient_Constructor(on_open, on_message, on_error, on_close);
        CHECK(clients[i]);
    }
    for (int i = 0; i < THREADS; i++) t_thread(&threads[i], calls, (void *)(uintptr_t)(i + 1));
    for (int i = 0; i < ROUNDS * CLIENTS; i++) {
        struct WebSocket *c = clients[i % CLIENTS];
        n_send(c, "bye");
        if (i % 3) n_end(c, 0, NULL);
        CHECK(known(OH_WebSocketClient_Destroy(c)));
        alive[i % CLIENTS] = 0;
        CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_CLIENT_NOT_CREATED);
        c = OH_WebSocketClient_Constructor(on_open, on_message, on_error, on_close);
        CHECK(c && c != clients[i % CLIENTS]);
        clients[i % CLIENTS] = c;
        alive[i % CLIENTS] = 1;
    }
    stop = 1;
    for (int i = 0; i < THREADS; i++) t_join(threads[i]);
    for (int i = 0; i < CLIENTS; i++) CHECK(known(OH_WebSocketClient_Destroy(clients[i])));
    return t_done();
}
