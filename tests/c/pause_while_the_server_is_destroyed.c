/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection that is paused at the moment when its server is destroyed ends
 * like the others: the server's destroyed event comes.
 */
#include "t.h"

#include <stdatomic.h>

enum { ROUNDS = 150 };

static t_latch heard = T_LATCH, ends = T_LATCH;
static _Atomic ws_handle victim; /* 0: not yet */
static atomic_int countdown;     /* messages until it is paused; negative: not now */

static void remember(const ws_event *e, void *unused)
{
    (void)unused;
    victim = e->handle;
}

/* Another connection of the same loop pauses the victim at some time. */
static void pause_it(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    if (countdown < 0 || atomic_fetch_sub(&countdown, 1)) return;
    int32_t status = ws_pause(victim);
    CHECK(status == WS_OK || status == t_stale(victim));
}

/* Sends small messages for as long as somebody listens. */
static void *stream(void *port)
{
    t_raw peer;
    unsigned char frame[64];
    t_raw_client(&peer, *(int *)port);
    size_t size = t_frame_build(frame, T_TEXT, 1, "drop by drop", 12);
    while (t_raw_try_write(&peer, frame, size)) {}
    t_raw_close(&peer);
    return NULL;
}

int main(void)
{
    ws_handle other = t_server(NULL, NULL);
    OK(ws_server_on(other, WS_EVENT_MESSAGE_RECEIVE, pause_it, NULL));
    int other_port = t_port(other);
    pthread_t steady;
    countdown = -1;
    t_thread(&steady, stream, &other_port);
    for (int round = 0; round < ROUNDS; round++) {
        ws_handle server = t_server(NULL, NULL);
        OK(ws_server_on(server, WS_EVENT_CONNECT, remember, NULL));
        OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_tick, &heard));
        OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &ends));
        long before = t_count(&heard);
        int port = t_port(server);
        pthread_t thread;
        t_thread(&thread, stream, &port);
        t_wait(&heard, before + 20);
        countdown = round % 50;
        OK(ws_server_destroy(server));
        t_wait(&ends, round + 1);
        countdown = -1;
        t_join(thread);
    }
    OK(ws_server_destroy(other));
    t_join(steady);
    return t_done();
}
