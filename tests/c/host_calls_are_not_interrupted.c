/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread of the host that has just been inside the library gets no signal for
 * it: its own blocking calls do not fail with EINTR, although Go stops its
 * threads by a signal when it collects garbage, which goes on all the time here.
 */
#include "t.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 1000, LARGE = 256 << 10 };

static ws_handle server;
static t_latch interrupted = T_LATCH, garbage = T_LATCH;
static atomic_int over;

/* Sends on a client of its own, then blocks for a moment. */
static void *call_and_block(void *unused)
{
    static _Thread_local t_log log = T_LOG;
    void *large = t_bytes(LARGE, 1, 1);
    ws_handle client = t_open_client(server, &log);
    for (int i = 0; i < ROUNDS; i++) {
        int32_t status = ws_send(client, large, LARGE, WS_TEXT, NULL, NULL); /* long enough to be stopped */
        CHECK(status == WS_OK || status == WS_ERR_FULL);
        if (poll(NULL, 0, 1) < 0 && errno == EINTR) t_add(&interrupted, 1);
    }
    t_destroy(client, &log);
    t_forget(&log);
    free(large);
    return unused;
}

/* Makes clients and fails to connect them: each leaves garbage. */
static void *make_garbage(void *unused)
{
    while (!over) {
        ws_handle client = ws_create(NULL);
        OK(ws_on(client, WS_EVENT_DESTROYED, t_tick, &garbage));
        OK(ws_connect(client, "ws://127.0.0.1:1/", NULL, NULL, NULL));
        OK(ws_destroy(client));
    }
    return unused;
}

int main(void)
{
    server = t_server(NULL, NULL);
    pthread_t threads[THREADS], maker;
    t_thread(&maker, make_garbage, NULL);
    for (int i = 0; i < THREADS; i++) t_thread(&threads[i], call_and_block, NULL);
    for (int i = 0; i < THREADS; i++) t_join(threads[i]);
    over = 1;
    t_join(maker);
    CHECK(t_count(&garbage) > 1000);
    CHECK_EQ(t_count(&interrupted), 0);
    return t_done();
}
