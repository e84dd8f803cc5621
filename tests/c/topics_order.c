/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics_order: what several threads and callbacks publish, and what they send to each
 * connection by ws_send between, comes to every peer once and in the order of the calls
 * of each sender; and what is published to all in one order.
 */
#include "t.h"

enum { CLIENTS = 20, THREADS = 4, TURNS = 200, ASKED = 50, SENDERS = THREADS + 1, EACH = TURNS * 3 };

static ws_handle server, clients[CLIENTS], connections[CLIENTS];
static t_latch connected = T_LATCH, arrived = T_LATCH;

typedef struct message {
    uint32_t sender, number, place, size;
} message;

static uint32_t next[CLIENTS][SENDERS];
static uint32_t order[CLIENTS][SENDERS * EACH], count[CLIENTS]; /* what was broadcast, as it came */

static void WS_CALL take(const ws_event *e, void *index)
{
    intptr_t i = (intptr_t)index;
    message m;
    CHECK(e->size >= sizeof m);
    memcpy(&m, e->data, sizeof m);
    CHECK_EQ(m.size, e->size);
    CHECK(m.sender < SENDERS);
    CHECK_EQ(m.number, next[i][m.sender]);
    next[i][m.sender]++;
    if (!m.place) order[i][count[i]++] = m.sender << 24 | m.number;
    t_add(&arrived, 1);
}

/* Two to all, by either call, and between them one to each alone. */
static void turn(uint32_t sender, uint32_t *number)
{
    static _Thread_local char data[5000];
    for (int place = 0; place < 3; place++, ++*number) {
        uint32_t size = (uint32_t)sizeof(message) + (*number * 37 + sender) % (*number % 10 ? 300 : 4000);
        message m = {sender, *number, place == 1, size};
        size_t n;
        memcpy(data, &m, sizeof m);
        if (place == 0) {
            OK(ws_publish(server, "t", 1, data, size, WS_BINARY, 0, &n));
            CHECK_EQ(n, CLIENTS);
        } else if (place == 2) {
            OK(ws_server_broadcast(server, data, size, WS_BINARY, 0, &n));
            CHECK_EQ(n, CLIENTS);
        } else {
            for (int i = 0; i < CLIENTS; i++) OK(ws_send(connections[i], data, size, WS_BINARY, NULL, NULL));
        }
    }
}

static void *thread(void *index)
{
    uint32_t number = 0;
    for (int i = 0; i < TURNS; i++) turn((uint32_t)(intptr_t)index, &number);
    return NULL;
}

static void WS_CALL asked(const ws_event *e, void *unused)
{
    static uint32_t number;
    (void)e, (void)unused;
    turn(THREADS, &number);
}

static void WS_CALL came(const ws_event *e, void *unused)
{
    (void)unused;
    connections[t_count(&connected)] = e->handle;
    OK(ws_subscribe(e->handle, "t", 1));
    t_add(&connected, 1);
}

int main(void)
{
    pthread_t threads[THREADS];
    server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, came, NULL));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, asked, NULL));
    for (intptr_t i = 0; i < CLIENTS; i++) {
        clients[i] = t_open_client(server, NULL);
        OK(ws_on(clients[i], WS_EVENT_MESSAGE, take, (void *)i));
        t_wait(&connected, i + 1);
    }
    for (intptr_t i = 0; i < THREADS; i++) t_thread(&threads[i], thread, (void *)i);
    for (int i = 0; i < ASKED; i++) OK(ws_send(clients[i % CLIENTS], "go", 2, WS_TEXT, NULL, NULL));
    for (int i = 0; i < THREADS; i++) t_join(threads[i]);
    t_wait(&arrived, (long)CLIENTS * (THREADS * TURNS + ASKED) * 3);
    CHECK_EQ(t_count(&arrived), (long)CLIENTS * (THREADS * TURNS + ASKED) * 3);
    for (int i = 1; i < CLIENTS; i++) {
        CHECK_EQ(count[i], count[0]);
        CHECK(!memcmp(order[i], order[0], count[0] * sizeof order[0][0]));
    }
    return t_done();
}
