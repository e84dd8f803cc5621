/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers that do not read: the queue grows to its limit and no further, further
 * sends are refused with WS_ERR_FULL, drain tells when there is room, and every
 * accepted message arrives. Others echo meanwhile.
 */
#include "t.h"

enum { SLOW = T_TIMES(200), FAST = T_TIMES(200), MESSAGE = 64 << 10, LIMIT = 512 << 10, ROUNDS = 20 };

static t_log at_server = T_LOG;
static t_latch drained = T_LATCH;

/* Sends until the queue refuses; returns how many messages were accepted. */
static int fill(ws_handle connection, unsigned char *message)
{
    int sent = 0;
    for (;; sent++) {
        memset(message, sent, MESSAGE);
        int32_t status = ws_send(connection, message, MESSAGE, WS_BINARY, NULL, NULL);
        if (status == WS_ERR_FULL) break;
        OK(status);
    }
    CHECK_HAS(ws_last_error(), "full");
    uint64_t buffered;
    OK(ws_buffered_amount(connection, &buffered));
    CHECK(buffered <= LIMIT);
    return sent;
}

static void read_all(t_raw *peer, int count)
{
    for (int i = 0; i < count; i++) {
        t_frame f = t_raw_read(peer);
        CHECK_EQ(f.first, T_BINARY);
        CHECK_EQ(f.size, MESSAGE);
        CHECK_EQ(f.data[0], i & 255);
        CHECK_EQ(f.data[MESSAGE - 1], i & 255);
    }
}

int main(void)
{
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.max_buffered = LIMIT;
    options.low_water_mark = LIMIT / 8;
    ws_handle server = t_server(&options, &at_server), echo = t_echo_server();
    OK(ws_server_on(server, WS_EVENT_DRAIN, t_tick, &drained));

    static t_raw slow[SLOW];
    ws_handle connections[SLOW];
    int sent[SLOW];
    unsigned char *message = malloc(MESSAGE);
    for (int i = 0; i < SLOW; i++) {
        t_raw_small_client(&slow[i], t_port(server)); /* whose kernel is full for good when the queue is */
        connections[i] = t_wait_event(&at_server, WS_EVENT_CONNECT, i + 1)->handle;
        sent[i] = fill(connections[i], message);
    }
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    CHECK(stats.memory_used > 0 && stats.memory_used <= 2ll * SLOW * LIMIT + (8 << 20));

    static t_log logs[FAST];
    ws_handle fast[FAST];
    for (int i = 0; i < FAST; i++) {
        logs[i] = (t_log)T_LOG;
        fast[i] = t_open_client(echo, &logs[i]);
    }
    for (int round = 1; round <= ROUNDS; round++)
        for (int i = 0; i < FAST; i++) t_echo_round(fast[i], &logs[i], "quick", 5, WS_TEXT, round);
    CHECK_EQ(t_count(&drained), 0);

    for (int i = 0; i < SLOW; i++) {
        read_all(&slow[i], sent[i]);
        t_wait(&drained, i + 1); /* there is room again */
        memset(message, sent[i], MESSAGE);
        OK(ws_send(connections[i], message, MESSAGE, WS_BINARY, NULL, NULL));
        t_frame last = t_raw_read(&slow[i]);
        CHECK_EQ(last.data[0], sent[i] & 255);
        uint64_t buffered;
        OK(ws_buffered_amount(connections[i], &buffered));
        CHECK_EQ(buffered, 0);
        t_raw_close(&slow[i]);
    }
    CHECK_EQ(t_count(&drained), SLOW);
    free(message);
    return t_done();
}
