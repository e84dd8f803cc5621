/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A peer that reads slowly: ws_buffered_amount grows, ws_send gives WS_ERR_FULL
 * at max_buffered, and when the peer reads it falls to exactly 0 and nothing was
 * lost. One message always fits an empty queue. ws_state tells the life.
 */
#include "t.h"

enum { LIMIT = 1000000, SIZE = 30000, LARGE = 20 << 20 };

static uint64_t buffered(ws_handle handle)
{
    uint64_t bytes = 0;
    OK(ws_buffered_amount(handle, &bytes));
    return bytes;
}

/* Sends until it is full; returns how many messages went in. */
static int fill(ws_handle handle, int from, t_latch *sent)
{
    int n = from;
    for (;; n++) {
        char *data = t_bytes(SIZE, (unsigned)n, 0);
        uint64_t before = buffered(handle);
        int32_t status = ws_send(handle, data, SIZE, WS_BINARY, t_tick, sent);
        free(data);
        if (status == WS_ERR_FULL) {
            CHECK(before > 0 && before + SIZE + 14 > LIMIT); /* it was really full */
            CHECK(before <= LIMIT);
            return n;
        }
        CHECK_EQ(status, WS_OK);
        CHECK(n < 10000);
    }
}

static void drain(t_raw *peer, int from, int to)
{
    for (int n = from; n < to; n++) {
        char *data = t_bytes(SIZE, (unsigned)n, 0);
        t_raw_expect(peer, T_BINARY, data, SIZE);
        free(data);
    }
}

static void slow_reader(ws_handle handle, t_raw *peer)
{
    t_latch sent = T_LATCH;
    CHECK_EQ(buffered(handle), 0);
    int first = fill(handle, 0, &sent);
    CHECK(buffered(handle) > 0);
    char *half = t_bytes(LIMIT / 2, 1, 1);
    CHECK_EQ(ws_send(handle, half, LIMIT / 2, WS_TEXT, NULL, NULL), WS_ERR_FULL);
    free(half);
    CHECK_EQ(t_state(handle), WS_STATE_OPEN);
    drain(peer, 0, first / 2); /* a part: there is room again, as the order on the wire goes on */
    t_wait(&sent, first / 2);
    drain(peer, first / 2, first);
    t_wait(&sent, first); /* the kernel has all of it */
    CHECK_EQ(buffered(handle), 0);
    int second = fill(handle, first, &sent);
    drain(peer, first, second);
    t_wait(&sent, second);
    CHECK_EQ(buffered(handle), 0);
    CHECK_EQ(t_count(&sent), second);

    /* Larger than max_buffered, but alone. */
    char *large = t_bytes(LARGE, 7, 0);
    OK(ws_send(handle, large, LARGE, WS_BINARY, t_tick, &sent));
    CHECK(buffered(handle) > LIMIT);
    CHECK_EQ(ws_send(handle, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_FULL);
    t_raw_expect(peer, T_BINARY, large, LARGE);
    t_wait(&sent, second + 1);
    CHECK_EQ(buffered(handle), 0);
    OK(ws_send(handle, "x", 1, WS_TEXT, NULL, NULL));
    t_raw_expect(peer, T_TEXT, "x", 1);
    free(large);
}

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    ws_server_options server_options;
    WS_INIT_STRUCT(&server_options);
    server_options.max_buffered = LIMIT;
    t_raw peer;
    /* Kernels that hold little are full for good when the queue is. */
    t_raw_small_client(&peer, t_port(t_server(&server_options, &at_server)));
    slow_reader(t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle, &peer);
    t_raw_close(&peer);

    ws_create_options options;
    WS_INIT_STRUCT(&options);
    options.max_buffered = LIMIT;
    int port, listener = t_raw_small_listen(&port);
    ws_handle client = ws_create(&options);
    t_listen(client, &at_client);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED); /* before the first connect */
    CHECK_EQ(buffered(client), 0);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
    t_raw_server(&peer, listener);
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    CHECK_EQ(t_state(client), WS_STATE_OPEN);
    slow_reader(client, &peer);
    fill(client, 0, &(t_latch)T_LATCH);
    t_raw_reset(&peer); /* what waited is dropped with the connection */
    t_wait_event(&at_client, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    CHECK_EQ(buffered(client), 0);
    close(listener);
    return t_done();
}
