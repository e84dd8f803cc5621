/* SPDX-License-Identifier: Apache-2.0 */
/*
 * More than 100 clients at once, one of which blocks in onMessage: all others go on, each on a thread of its
 * own, and all places are used again.
 */
#include "n.h"

enum { CLIENTS = 150, ROUNDS = 3 };

static struct WebSocket *blocked;
static t_latch entered = T_LATCH, may_go = T_LATCH;

static void on_message(struct WebSocket *c, char *data, uint32_t n)
{
    if (c == blocked) {
        t_add(&entered, 1);
        t_wait(&may_go, 1);
    }
    n_message(c, data, n);
}

int main(void)
{
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    ws_handle server = t_echo_server();
    for (int round = 0; round < ROUNDS; round++) {
        struct WebSocket *clients[CLIENTS];
        entered.count = may_go.count = 0;
        for (int i = 0; i < CLIENTS; i++) {
            CHECK((clients[i] = OH_WebSocketClient_Constructor(n_open, on_message, n_error, n_close)));
            for (int k = 0; k < i; k++) CHECK(clients[k] != clients[i]);
            N_OK(OH_WebSocketClient_Connect(clients[i], t_url(server), n_nothing));
        }
        n_wait('o', CLIENTS);
        blocked = clients[0];
        N_OK(n_send(blocked, "stop"));
        t_wait(&entered, 1);
        for (int i = 1; i < CLIENTS; i++) N_OK(n_send(clients[i], "go"));
        n_wait('m', CLIENTS - 1);
        for (int i = 1; i < CLIENTS - 1; i++) CHECK(n_find('m', i)->client == n_find('m', i + 1)->client || n_find('m', i)->thread != n_find('m', i + 1)->thread);
        t_add(&may_go, 1);
        n_wait('m', CLIENTS);
        for (int i = 0; i < CLIENTS; i++) N_OK(OH_WebSocketClient_Destroy(clients[i]));
        n_forget();
    }
    return t_done();
}
