/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes around every border pass: of the frame's length field, of TLS records, of buffers, and of
 * the ways a send can take. */
#include "t.h"

int main(void)
{
    static const size_t borders[] = {0,     1,     2,     7,     8,     9,      15,     16,     17,     31,     32,
                                     33,    63,    64,    65,    95,    96,     97,     124,    125,    126,    127,    128,
                                     2047,  2048,  2049,  4095,  4096,  4097,   16383,  16384,  16385,  32767,  32768,  32769,
                                     65529, 65530, 65531, 65532, 65533, 65534,  65535,  65536,  65537,  131071, 131072,
                                     131073, 262143, 262144, 262145, 1048575, 1048576, 1048577};
    enum { COUNT = sizeof borders / sizeof *borders };
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    int n = 0;
    for (int text = 0; text < 2; text++)
        for (int i = 0; i < COUNT; i++) {
            char *data = t_bytes(borders[i], (unsigned)i, text);
            t_echo_round(client, &log, data, borders[i], text ? WS_TEXT : WS_BINARY, ++n);
            free(data);
        }
    /* All at once, so that they share reads, batches and queues. */
    for (int i = 0; i < COUNT; i++) {
        char *data = t_bytes(borders[i], 50u + (unsigned)i, 0);
        OK(ws_send(client, data, borders[i], WS_BINARY, NULL, NULL));
        free(data);
    }
    for (int i = 0; i < COUNT; i++) {
        char *data = t_bytes(borders[i], 50u + (unsigned)i, 0);
        const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE, ++n);
        CHECK_EQ(e->size, borders[i]);
        CHECK(!memcmp(e->data, data, e->size));
        free(data);
    }
    CHECK_EQ(t_seen(&log, 0), 1 + 3 * COUNT);
    return t_done();
}
