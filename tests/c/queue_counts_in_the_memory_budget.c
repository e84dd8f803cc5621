/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What waits in a queue counts in the memory budget. While memory is short the
 * peers cannot write any more, although the queue would have room; when it is
 * drained everything arrives, and nothing is in use.
 */
#include "t_queue.h"

enum { BUDGET = 4 << 20, SIZE = 20000, MESSAGES = 2000, PEERS = 8 };

/* An eighth for what was read already, and a batch that is being copied. */
enum { BEYOND = BUDGET / 8 + (512 << 10) };

static long next_of[PEERS], got;
static ws_handle connections[PEERS];

static int64_t used(void)
{
    ws_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_stats_get(&s));
    CHECK_EQ(s.relieved, 0);
    CHECK(s.memory_used <= BUDGET + BEYOND);
    return s.memory_used;
}

static void WS_CALL receive(const ws_event *e, void *unused)
{
    (void)unused;
    int peer = 0;
    while (peer < PEERS && connections[peer] && connections[peer] != e->handle) peer++;
    CHECK(peer < PEERS);
    connections[peer] = e->handle;
    long n;
    CHECK_EQ(e->size, SIZE);
    memcpy(&n, e->data, sizeof n);
    CHECK_EQ(n, next_of[peer]++); /* in order, none is missing */
    got++;
}

static void *write_all(void *peer)
{
    static const char zeros[SIZE];
    unsigned char frame[SIZE + 14];
    char data[SIZE];
    memcpy(data, zeros, SIZE);
    for (long n = 0; n < MESSAGES / PEERS; n++) {
        memcpy(data, &n, sizeof n);
        t_raw_write(peer, frame, t_frame_build(frame, T_BINARY, 1, data, SIZE));
    }
    return NULL;
}

int main(void)
{
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.memory_budget = BUDGET;
    OK(ws_init(&init));
    ws_handle queue = t_queue_make(0, 256 << 20);
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    ws_handle server = t_server(&o, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, receive, NULL));

    static t_raw peers[PEERS];
    pthread_t writers[PEERS];
    for (int i = 0; i < PEERS; i++) t_raw_small_client(&peers[i], t_port(server));
    CHECK_EQ(used(), 0);
    for (int i = 0; i < PEERS; i++) t_thread(&writers[i], write_all, &peers[i]);
    long long end = t_now() + T_DEADLINE_MS;
    while (used() <= BUDGET - BUDGET / 8) CHECK(t_now() < end);
    for (int i = 0; i < 300; i++) { /* they go no further */
        used();
        usleep(1000);
    }
    while (got < MESSAGES) {
        t_dispatch(queue, 100);
        used();
        CHECK(t_now() < end);
    }
    for (int i = 0; i < PEERS; i++) {
        t_join(writers[i]);
        t_raw_close(&peers[i]);
    }
    T_DISPATCH_UNTIL(queue, used() == 0);
    ws_server_destroy(server);
    t_dispatch(queue, 0);
    return t_done();
}
