/* SPDX-License-Identifier: Apache-2.0 */
/* A message of exactly the default limit, 64 MiB, passes both ways, although max_buffered is less. */
#include "t.h"

enum { SIZE = 67108864 };

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    for (int i = 0; i < 2; i++) {
        char *data = t_bytes(SIZE, (unsigned)i, i);
        t_echo_round(client, &log, data, SIZE, i ? WS_TEXT : WS_BINARY, i + 1);
        free(data);
    }
    uint64_t waiting;
    OK(ws_buffered_amount(client, &waiting));
    CHECK_EQ(waiting, 0);
    CHECK_TEXT(t_story(&log), "open message message");
    return t_done();
}
