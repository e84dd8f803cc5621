/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first thing that happens to a connection is a message in pieces of one thread and a
 * short one of another, at the same time: the short one goes before or behind it, or is
 * refused, and never between the pieces (RFC 6455 5.4).
 */
#include "t.h"

#include <stdatomic.h>

enum { CONNECTIONS = T_TIMES(100), ROUNDS = 3 };

static ws_handle accepted[CONNECTIONS], clients[CONNECTIONS];
static t_latch opened = T_LATCH;
static t_log heard[CONNECTIONS];
static atomic_int turn, short_done, short_taken;

static void on_connect(const ws_event *e, void *unused)
{
    (void)unused;
    accepted[t_count(&opened) % CONNECTIONS] = e->handle;
    t_add(&opened, 1);
}

/* Both begin a little sooner or later than the other. */
static void dither(unsigned *seed)
{
    for (volatile int k = rand_r(seed) % 300; k > 0; k--) {
    }
}

static void *short_ones(void *unused)
{
    (void)unused;
    unsigned seed = 1;
    for (int i = 0; i < CONNECTIONS; i++) {
        while (turn < i) sched_yield();
        dither(&seed);
        int32_t status = ws_send(accepted[i], "x", 1, WS_TEXT, NULL, NULL);
        if (status != WS_OK && status != WS_ERR_STATE) FAIL("a short message: %d", status);
        short_taken = status == WS_OK;
        short_done = i + 1;
    }
    return NULL;
}

static void check(t_log *log, int with_short)
{
    int whole = 0;
    for (int n = 1; n <= 1 + with_short; n++) {
        const t_event *e = t_wait_event(log, WS_EVENT_MESSAGE, n);
        if (e->size == 4) whole += !memcmp(e->data, "abcd", 4);
        else CHECK_TEXT((const char *)e->data, "x");
    }
    CHECK_EQ(whole, 1);
    CHECK_EQ(t_seen(log, WS_EVENT_ERROR), 0);
}

int main(void)
{
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL));
    for (int i = 0; i < CONNECTIONS; i++) heard[i] = (t_log)T_LOG;
    for (int r = 0; r < ROUNDS; r++) {
        unsigned seed = 7 + (unsigned)r;
        pthread_t thread;
        for (int i = 0; i < CONNECTIONS; i++) clients[i] = t_open_client(server, &heard[i]);
        t_wait(&opened, (r + 1) * CONNECTIONS);
        turn = -1;
        short_done = 0;
        t_thread(&thread, short_ones, NULL);
        for (int i = 0; i < CONNECTIONS; i++) {
            turn = i;
            dither(&seed);
            OK(ws_send_part(accepted[i], "ab", 2, WS_TEXT, 0, NULL, NULL));
            while (short_done <= i) sched_yield();
            OK(ws_send_part(accepted[i], "cd", 2, WS_TEXT, 1, NULL, NULL));
            check(&heard[i], short_taken);
        }
        t_join(thread);
        for (int i = 0; i < CONNECTIONS; i++) {
            t_destroy(clients[i], &heard[i]);
            t_forget(&heard[i]);
        }
    }
    return t_done();
}
