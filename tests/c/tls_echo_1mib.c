/* SPDX-License-Identifier: Apache-2.0 */
/* A message of 1 MiB passes over TLS both ways, again and again. */
#include "t_tls.h"

enum { SIZE = 1 << 20 };

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_secure_client(t_secure_echo_server(), &log);
    for (int i = 0; i < 8; i++) {
        char *data = t_bytes(SIZE, (unsigned)i, i % 2);
        t_echo_round(client, &log, data, SIZE, i % 2 ? WS_TEXT : WS_BINARY, i + 1);
        free(data);
    }
    return t_done();
}
