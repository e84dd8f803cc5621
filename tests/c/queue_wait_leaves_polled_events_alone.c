/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call that waits dispatches the queue of its handle when nobody does, or when the thread that did has
 * ended. What another thread polls a moment before that is its own until it polls again.
 */
#include <stdatomic.h>
#include <string.h>

#include "t_queue.h"

enum { ROUNDS = T_TIMES(2000), SIZE = 4000, IN_FLIGHT = 16, LOOKS = 5 };

static ws_handle queue, client;
static char content[SIZE];
static atomic_bool over;

static void look_at(const ws_event *events, size_t n)
{
    for (int look = 0; look < LOOKS; look++, sched_yield())
        for (size_t i = 0; i < n; i++)
            if (events[i].type == WS_EVENT_MESSAGE) CHECK(!memcmp(events[i].data, content, SIZE));
}

static void send_one(void)
{
    int32_t status = ws_send(client, content, SIZE, WS_BINARY, NULL, NULL);
    CHECK(status == WS_OK || over); /* its client may be closed, or gone */
}

/* The echo of a message is sent again, by whoever got it. */
static void WS_CALL send_again(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(!memcmp(e->data, content, SIZE));
    send_one();
}

static void *poll_once(void *unused)
{
    ws_event events[4];
    size_t n = 0;
    events[0].struct_size = sizeof events[0];
    int32_t status = ws_queue_poll(queue, events, 4, 1, &n);
    CHECK(status == WS_OK || status == WS_ERR_BUSY);
    look_at(events, n);
    for (size_t i = 0; i < n; i++)
        if (events[i].type == WS_EVENT_MESSAGE) send_one();
    return unused;
}

/* Each thread polls once, and ends. */
static void *poll_in_turn(void *unused)
{
    while (!over) {
        pthread_t one;
        t_thread(&one, poll_once, NULL);
        t_join(one);
    }
    return unused;
}

int main(void)
{
    for (int i = 0; i < SIZE; i++) content[i] = (char)(i * 7 + 1);
    ws_handle server = t_echo_server();
    queue = t_queue_make(0, 0);
    client = t_queue_client(queue, NULL);
    OK(ws_on(client, WS_EVENT_MESSAGE, send_again, NULL));
    OK(ws_connect_wait(client, t_url(server), NULL, T_DEADLINE_MS));
    for (int i = 0; i < IN_FLIGHT; i++) send_one();

    pthread_t pollers;
    t_thread(&pollers, poll_in_turn, NULL);
    for (int i = 0; i < ROUNDS; i++) OK(ws_destroy_wait(t_queue_client(queue, NULL), T_DEADLINE_MS));
    over = true;
    t_join(pollers);
    return t_done();
}
