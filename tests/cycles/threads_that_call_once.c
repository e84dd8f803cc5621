/* SPDX-License-Identifier: Apache-2.0 */
/* Threads of the host that call once and end leave nothing of theirs behind. */
#include "figures.h"

enum { AT_ONCE = 25 };

static ws_handle client, server;
static t_latch received = T_LATCH, ends = T_LATCH;
static long calls, made;

static void *call_once(void *number)
{
    long i = (long)(intptr_t)number;
    int32_t n;
    size_t count;
    switch (i % 5) {
    case 0: OK(ws_state(client, &n)); break;
    case 1: /* leaves an error text */
        CHECK_EQ(ws_send((ws_handle)i, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_HANDLE);
        break;
    case 2: OK(ws_server_connections(server, NULL, 0, &count) == WS_ERR_BUFFER ? WS_OK : WS_ERR_STATE); break;
    case 3: OK(ws_pause(client) || ws_resume(client)); break;
    default: {
        ws_handle short_lived = ws_create(NULL);
        CHECK(short_lived);
        OK(ws_on(short_lived, WS_EVENT_DESTROYED, t_tick, &ends));
        OK(ws_destroy(short_lived));
    }
    }
    OK(ws_send(client, "once", 4, WS_TEXT, NULL, NULL));
    return NULL;
}

static void cycle(int cycles)
{
    for (int i = 0; i < cycles;) {
        pthread_t threads[AT_ONCE];
        int n = 0;
        for (; n < AT_ONCE && i < cycles; n++, i++) {
            made += i % 5 == 4;
            t_thread(&threads[n], call_once, (void *)(intptr_t)i);
        }
        while (n) t_join(threads[--n]);
    }
    t_wait(&received, calls += cycles);
    t_wait(&ends, made);
}

int main(int argc, char **argv)
{
    server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_tick, &received));
    client = t_open_client(server, NULL);
    figures_doublings = 6; /* it takes tens of thousands of calls until the first collection of garbage */
    figures_stretches("threads", cycle, figures_option(argc, argv, "--cycles", 5000) / 2, 100);
    return t_done();
}
