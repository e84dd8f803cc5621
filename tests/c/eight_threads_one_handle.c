/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight threads send on one client while eight others send on the accepted
 * connection at its other end: nothing is lost, nothing is torn, and what one
 * thread sends arrives in its order.
 */
#include "t.h"

enum { THREADS = 8, EACH = T_TIMES(3000), LARGEST = 700 };

/* What each message begins with; the rest repeats the low byte of its number. */
typedef struct mark {
    uint32_t thread, number;
} mark;

typedef struct end {
    ws_handle handle;    /* where its threads send */
    uint32_t next[THREADS]; /* of what arrives here; the loop's thread only */
    t_latch arrived;
} end;

static end client_end = {.arrived = T_LATCH}, server_end = {.arrived = T_LATCH};

static void on_message(const ws_event *e, void *user_data)
{
    end *here = user_data;
    mark m;
    CHECK(e->size >= sizeof m);
    memcpy(&m, e->data, sizeof m);
    CHECK(m.thread < THREADS);
    CHECK_EQ(m.number, here->next[m.thread]);
    here->next[m.thread]++;
    CHECK_EQ(e->size, sizeof m + m.number % LARGEST);
    for (size_t i = sizeof m; i < e->size; i++) CHECK_EQ(((const unsigned char *)e->data)[i], m.number & 0xff);
    t_add(&here->arrived, 1);
}

static void on_connect(const ws_event *e, void *user_data)
{
    server_end.handle = e->handle;
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, on_message, &server_end));
    t_add(user_data, 1);
}

typedef struct sender {
    pthread_t thread;
    end *from;
    uint32_t index;
} sender;

static void *send_all(void *argument)
{
    sender *s = argument;
    unsigned char message[sizeof(mark) + LARGEST];
    for (uint32_t i = 0; i < EACH; i++) {
        mark m = {s->index, i};
        size_t size = sizeof m + i % LARGEST;
        memcpy(message, &m, sizeof m);
        memset(message + sizeof m, (int)(i & 0xff), size - sizeof m);
        OK(ws_send(s->from->handle, message, size, WS_BINARY, NULL, NULL));
    }
    return NULL;
}

int main(void)
{
    static t_latch connected = T_LATCH;
    static sender senders[2 * THREADS];
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, on_connect, &connected));
    OK(ws_server_start(server, NULL, NULL, NULL));
    client_end.handle = t_open_client(server, NULL);
    OK(ws_on(client_end.handle, WS_EVENT_MESSAGE, on_message, &client_end));
    t_wait(&connected, 1);

    for (uint32_t i = 0; i < 2 * THREADS; i++) {
        senders[i].from = i < THREADS ? &client_end : &server_end;
        senders[i].index = i % THREADS;
        t_thread(&senders[i].thread, send_all, &senders[i]);
    }
    for (int i = 0; i < 2 * THREADS; i++) t_join(senders[i].thread);
    t_wait(&client_end.arrived, THREADS * EACH);
    t_wait(&server_end.arrived, THREADS * EACH);
    uint64_t waiting;
    OK(ws_buffered_amount(client_end.handle, &waiting));
    CHECK_EQ(waiting, 0);
    OK(ws_buffered_amount(server_end.handle, &waiting));
    CHECK_EQ(waiting, 0);
    return t_done();
}
