/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Over the memory budget sends are refused with WS_ERR_MEMORY, and a message
 * that grows too large ends its connection with 1013; all others go on.
 */
#include "t.h"

enum { BUDGET = 4 << 20, SIZE = 100000 };

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.memory_budget = BUDGET;
    OK(ws_init(&init));
    ws_handle server = t_server(NULL, &at_server);
    t_raw stuck, greedy;
    t_raw_client(&stuck, t_port(server));
    ws_handle to_stuck = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;

    /* max_buffered would allow 16 MiB. */
    char *data = t_bytes(SIZE, 1, 0);
    int sent = 0;
    int32_t status;
    while ((status = ws_send(to_stuck, data, SIZE, WS_BINARY, NULL, NULL)) == WS_OK) sent++;
    CHECK_EQ(status, WS_ERR_MEMORY);
    CHECK(ws_last_error()[0]);
    for (int i = 0; i < sent; i++) t_raw_expect(&stuck, T_BINARY, data, SIZE); /* what was accepted arrives */
    while ((status = ws_send(to_stuck, data, SIZE, WS_BINARY, NULL, NULL)) == WS_ERR_MEMORY) {}
    OK(status); /* there is room again */
    t_raw_expect(&stuck, T_BINARY, data, SIZE);

    t_raw_client(&greedy, t_port(server));
    char *large = t_bytes(4 * BUDGET, 2, 0);
    unsigned char header[] = {T_BINARY, 0x80 | 127, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}; /* 16 MiB, mask 0 */
    t_raw_write(&greedy, header, sizeof header);
    for (size_t at = 0; at < 4 * BUDGET && t_raw_try_write(&greedy, large + at, 65536); at += 65536)
        if (t_seen(&at_server, WS_EVENT_ERROR)) break;
    t_raw_expect_close(&greedy, 1013);
    const t_event *error = t_wait_event(&at_server, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_MEMORY);
    CHECK_EQ(error->stage, WS_STAGE_LIMIT);
    CHECK_EQ(error->code, 1013);
    t_raw_close(&greedy);
    t_wait_event(&at_server, WS_EVENT_CLOSE, 1);

    ws_handle client = t_open_client(server, &at_client); /* the others go on */
    OK(ws_send(client, data, SIZE, WS_BINARY, NULL, NULL));
    CHECK_EQ(t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 1)->size, SIZE);
    OK(ws_send(to_stuck, "x", 1, WS_TEXT, NULL, NULL));
    t_raw_expect(&stuck, T_TEXT, "x", 1);
    t_raw_close(&stuck);
    free(data);
    free(large);
    return t_done();
}
