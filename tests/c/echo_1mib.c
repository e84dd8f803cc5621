/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of 1 MiB pass, one by one and many behind each other. */
#include "t.h"

enum { SIZE = 1 << 20, COUNT = 8 };

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    for (int i = 0; i < COUNT; i++) {
        char *data = t_bytes(SIZE, (unsigned)i, i % 2);
        t_echo_round(client, &log, data, SIZE, i % 2 ? WS_TEXT : WS_BINARY, i + 1);
        free(data);
    }
    for (int i = 0; i < COUNT; i++) { /* 8 MiB stay below max_buffered */
        char *data = t_bytes(SIZE, 100u + (unsigned)i, 0);
        OK(ws_send(client, data, SIZE, WS_BINARY, NULL, NULL));
        free(data);
    }
    for (int i = 0; i < COUNT; i++) {
        char *data = t_bytes(SIZE, 100u + (unsigned)i, 0);
        const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE, COUNT + i + 1);
        CHECK_EQ(e->size, SIZE);
        CHECK(!memcmp(e->data, data, SIZE));
        free(data);
    }
    CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
    return t_done();
}
