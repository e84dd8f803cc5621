/* SPDX-License-Identifier: Apache-2.0 */
/* A message of exactly the default limit, 64 MiB, passes over TLS both ways. */
#include "t_tls.h"

enum { SIZE = 67108864 };

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_secure_client(t_secure_echo_server(), &log);
    char *data = t_bytes(SIZE, 1, 0);
    t_echo_round(client, &log, data, SIZE, WS_BINARY, 1);
    free(data);
    uint64_t waiting;
    OK(ws_buffered_amount(client, &waiting));
    CHECK_EQ(waiting, 0);
    return t_done();
}
