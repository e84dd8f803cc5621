/* SPDX-License-Identifier: Apache-2.0 */
/* One message makes the server send to 200 connections, several times each: all arrive, in order, each once. */
#include "t.h"

enum { CLIENTS = 200, TIMES = 6, ROUNDS = 10, LARGE = 5000 };

static t_latch arrived = T_LATCH;
static int next[CLIENTS]; /* the loop's thread only */

static void check(const ws_event *e, void *index)
{
    int *mine = &next[(intptr_t)index], number;
    CHECK(e->size == sizeof number || e->size == LARGE);
    memcpy(&number, e->data, sizeof number);
    CHECK_EQ(number, *mine);
    ++*mine;
    t_add(&arrived, 1);
}

/* Small messages, and a large one of the same memory for all. */
static void broadcast(const ws_event *e, void *unused)
{
    (void)unused;
    static ws_handle all[CLIENTS];
    static char large[LARGE];
    static int number;
    size_t count;
    OK(ws_server_connections(e->server, all, CLIENTS, &count));
    CHECK_EQ(count, CLIENTS);
    for (int t = 0; t < TIMES; t++, number++) {
        memcpy(large, &number, sizeof number);
        for (size_t i = 0; i < count; i++)
            OK(ws_send(all[i], large, t == TIMES - 1 ? LARGE : sizeof number, WS_BINARY, NULL, NULL));
    }
}

int main(void)
{
    ws_handle clients[CLIENTS], server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, broadcast, NULL));
    for (intptr_t i = 0; i < CLIENTS; i++) {
        clients[i] = t_open_client(server, NULL);
        OK(ws_on(clients[i], WS_EVENT_MESSAGE, check, (void *)i));
    }
    for (int round = 1; round <= ROUNDS; round++) {
        OK(ws_send(clients[round], "all", 3, WS_TEXT, NULL, NULL));
        if (round % 2) t_wait(&arrived, (long)round * TIMES * CLIENTS); /* else two broadcasts follow each other */
    }
    t_wait(&arrived, (long)ROUNDS * TIMES * CLIENTS);
    CHECK_EQ(t_count(&arrived), ROUNDS * TIMES * CLIENTS);
    for (int i = 0; i < CLIENTS; i++) CHECK_EQ(next[i], ROUNDS * TIMES);
    return t_done();
}
