/* SPDX-License-Identifier: Apache-2.0 */
/* Binary messages may hold any byte, and stay binary. */
#include "t.h"

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);

    unsigned char all[256];
    for (int i = 0; i < 256; i++) all[i] = (unsigned char)i;
    t_echo_round(client, &log, all, sizeof all, WS_BINARY, 1);
    t_echo_round(client, &log, "\xff\xfe", 2, WS_BINARY, 2); /* not UTF-8, and need not be */
    t_echo_round(client, &log, "text", 4, WS_BINARY, 3);

    /* The caller may reuse its memory as soon as ws_send has returned. */
    unsigned char reused[1000];
    for (int i = 0; i < 50; i++) {
        memset(reused, i, sizeof reused);
        OK(ws_send(client, reused, sizeof reused, WS_BINARY, NULL, NULL));
    }
    memset(reused, 0xee, sizeof reused);
    for (int i = 0; i < 50; i++) {
        const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE, 4 + i);
        CHECK_EQ(e->size, sizeof reused);
        for (size_t j = 0; j < e->size; j++) CHECK_EQ(e->data[j], i);
    }
    return t_done();
}
