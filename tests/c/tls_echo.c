/* SPDX-License-Identifier: Apache-2.0 */
/* Over TLS every message comes back as it was: text and binary, empty, and around the borders of frames and records. */
#include "t_tls.h"

int main(void)
{
    static const size_t sizes[] = {0, 1, 125, 126, 16383, 16384, 16385, 65535, 65536, 200000};
    static t_log log = T_LOG;
    ws_handle client = t_open_secure_client(t_secure_echo_server(), &log);
    int n = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int text = 0; text < 2; text++) {
            char *data = t_bytes(sizes[i], (unsigned)i, text);
            t_echo_round(client, &log, data, sizes[i], text ? WS_TEXT : WS_BINARY, ++n);
            free(data);
        }
    t_echo_round(client, &log, "Gr\xc3\xbc\xc3\x9f" "e", 7, WS_TEXT, ++n);

    for (int i = 0; i < 100; i++) { /* all sent before the first comes back */
        char text[20];
        OK(ws_send(client, text, (size_t)snprintf(text, sizeof text, "message %d", i), WS_TEXT, NULL, NULL));
    }
    for (int i = 0; i < 100; i++) {
        char text[20];
        snprintf(text, sizeof text, "message %d", i);
        CHECK_TEXT((const char *)t_wait_event(&log, WS_EVENT_MESSAGE, ++n)->data, text);
    }
    uint64_t waiting;
    OK(ws_buffered_amount(client, &waiting));
    CHECK_EQ(waiting, 0);
    return t_done();
}
