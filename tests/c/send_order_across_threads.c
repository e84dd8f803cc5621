/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of calls that returned is the order on the wire, also when calls
 * inside a callback and calls of another thread take turns on one connection.
 */
#include "t.h"

enum { ROUNDS = 400, TURNS = 9 };

static ws_handle connection;
static t_latch asked = T_LATCH, done = T_LATCH;
static long foreign;   /* turns of the other thread so far */
static int message[2]; /* round, turn; whose turn it is writes it */

static void send_turn(int turn)
{
    message[1] = turn;
    OK(ws_send(connection, message, sizeof message, WS_BINARY, NULL, NULL));
}

/* Inside the callback the even turns send; the odd ones are the other thread's. */
static void take_turns(const ws_event *e, void *unused)
{
    (void)unused;
    connection = e->handle;
    memcpy(&message[0], e->data, sizeof message[0]);
    for (int turn = 0; turn < TURNS; turn++) {
        if (turn % 2 == 0) {
            send_turn(turn);
            continue;
        }
        message[1] = turn;
        t_add(&asked, 1);
        t_wait(&done, ++foreign); /* its call has returned */
    }
}

static void *other_thread(void *unused)
{
    (void)unused;
    for (long i = 1; i <= ROUNDS * (TURNS / 2); i++) {
        t_wait(&asked, i);
        OK(ws_send(connection, message, sizeof message, WS_BINARY, NULL, NULL));
        t_add(&done, 1);
    }
    return NULL;
}

/* Peer says something ROUNDS times; what take_turns answers comes back to it in order. */
static void run(ws_handle peer, t_log *at_peer, int type)
{
    pthread_t thread;
    asked.count = done.count = foreign = 0;
    t_thread(&thread, other_thread, NULL);
    for (int i = 0; i < ROUNDS; i++) OK(ws_send(peer, &i, sizeof i, WS_BINARY, NULL, NULL));
    for (int i = 0; i < ROUNDS * TURNS; i++) {
        const t_event *e = t_wait_event(at_peer, type, i + 1);
        int got[2];
        CHECK_EQ(e->size, sizeof got);
        memcpy(got, e->data, sizeof got);
        CHECK_EQ(got[0], i / TURNS);
        CHECK_EQ(got[1], i % TURNS);
    }
    t_join(thread);
}

int main(void)
{
    static t_log at_client = T_LOG, at_server = T_LOG;
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, take_turns, NULL));
    ws_handle client = t_open_client(server, &at_client);
    run(client, &at_client, WS_EVENT_MESSAGE);

    ws_handle accepted;
    size_t count;
    OK(ws_server_off(server, WS_EVENT_MESSAGE_RECEIVE, take_turns, NULL));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_record, &at_server));
    OK(ws_on(client, WS_EVENT_MESSAGE, take_turns, NULL));
    OK(ws_server_connections(server, &accepted, 1, &count));
    run(accepted, &at_server, WS_EVENT_MESSAGE_RECEIVE);
    return t_done();
}
