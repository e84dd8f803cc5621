/* SPDX-License-Identifier: Apache-2.0 */
/* An empty message is a message, of either type, in both directions. */
#include "t.h"

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    t_echo_round(client, &log, NULL, 0, WS_TEXT, 1); /* NULL is allowed when size is 0 */
    t_echo_round(client, &log, "", 0, WS_BINARY, 2);
    t_echo_round(client, &log, "between", 7, WS_TEXT, 3);
    for (int i = 0; i < 100; i++) OK(ws_send(client, NULL, 0, i % 2 ? WS_TEXT : WS_BINARY, NULL, NULL));
    for (int i = 0; i < 100; i++) {
        const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE, 4 + i);
        CHECK_EQ(e->size, 0);
        CHECK_EQ(e->message_type, i % 2 ? WS_TEXT : WS_BINARY);
        CHECK_EQ(e->data[0], 0); /* data is never NULL: a NUL byte follows nothing */
    }
    return t_done();
}
