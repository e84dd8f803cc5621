/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of calls that returned is the order on the wire also when the kernel
 * takes only a part of what a callback has sent, while another thread sends: the
 * peer does not read until all is sent, so in some round the kernel becomes full.
 */
#include "t.h"

enum { SMALL = 50, SIZE = 2000, EACH = SMALL + 9, ROUNDS = 40, PEERS = 3 };

static ws_handle connection;
static t_latch asked = T_LATCH, done = T_LATCH;
static int number; /* of the next message; whose turn it is uses it */

/* Messages of all sizes, so that they take all ways: copied, from where they lie, through the queue. */
static void send_next(size_t size)
{
    static unsigned char data[100000];
    memset(data, number & 0xff, size);
    memcpy(data, &number, sizeof number);
    OK(ws_send(connection, data, size, WS_BINARY, NULL, NULL));
    number++;
}

static void *other_thread(void *unused)
{
    for (long i = 1; i <= 2 * ROUNDS * PEERS; i++) {
        t_wait(&asked, i);
        send_next(i % 2 ? SIZE : 5000);
        t_add(&done, 1);
    }
    return unused;
}

static void let_other_thread_send(void)
{
    t_add(&asked, 1);
    t_wait(&done, t_count(&asked));
}

static void flood(const ws_event *e, void *unused)
{
    (void)unused;
    connection = e->handle;
    for (int i = 0; i < SMALL; i++) send_next(SIZE);
    let_other_thread_send();
    for (int i = 0; i < 5; i++) send_next(SIZE);
    send_next(30000);
    let_other_thread_send();
    send_next(4);
}

int main(void)
{
    pthread_t thread;
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, flood, NULL));
    t_thread(&thread, other_thread, NULL);
    int expected = 0;
    for (int p = 1; p <= PEERS; p++) {
        t_raw peer;
        t_raw_small_client(&peer, t_port(server));
        for (int i = 0; i < ROUNDS; i++) {
            t_raw_send(&peer, T_TEXT, "go", 2);
            t_wait(&done, 2 * ((p - 1) * ROUNDS + i + 1)); /* each in a batch of its own */
        }
        for (int i = 0; i < EACH * ROUNDS; i++, expected++) {
            t_frame f = t_raw_read(&peer);
            int got;
            CHECK(f.size >= sizeof got);
            memcpy(&got, f.data, sizeof got);
            CHECK_EQ(got, expected);
            if (f.size > sizeof got) CHECK_EQ(f.data[f.size - 1], expected & 0xff);
        }
        t_raw_close(&peer);
    }
    t_join(thread);
    return t_done();
}
