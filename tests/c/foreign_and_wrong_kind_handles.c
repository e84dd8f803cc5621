/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers that never were handles, and handles of another kind, give WS_ERR_HANDLE
 * from every function (WS_ERR_NO_CONNECTION where the number would be an accepted
 * connection's) and do nothing, while real ones are in use.
 */
#include "t_every.h"

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    t_every_call(1, WS_ERR_HANDLE); /* before the library has started */

    ws_handle server = t_server(NULL, &at_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    ws_handle client = t_open_client(server, &at_client);
    ws_handle accepted = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;

    /* The wrong kind. */
    t_every_server_call(client, WS_ERR_HANDLE);
    CHECK_EQ(ws_server_stop(client, NULL, NULL, NULL), WS_ERR_HANDLE);
    CHECK_HAS(ws_last_error(), "another kind");
    t_every_server_call(accepted, WS_ERR_HANDLE);
    t_every_connection_call(server, WS_ERR_HANDLE, 1);
    CHECK_EQ(ws_connect(accepted, "ws://127.0.0.1:1/", NULL, t_never, NULL), WS_ERR_HANDLE);
    CHECK_HAS(ws_last_error(), "another kind");

    /* Numbers. */
    static const ws_handle numbers[] = {
        0, 1, 2, 7, 1000, 0xffffffff, (ws_handle)1 << 28, (ws_handle)1 << 50, ((ws_handle)1 << 53) - 1, (ws_handle)1 << 53,
        (ws_handle)1 << 63, UINT64_MAX, UINT64_MAX - 1, 0x123456789abcdef0, 0xdeadbeefdeadbeef,
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) t_every_call(numbers[i], WS_ERR_HANDLE);

    /* Every number that differs from a real handle in one bit. */
    ws_handle real[] = {server, client, accepted};
    for (int r = 0; r < 3; r++)
        for (int bit = 0; bit < 64; bit++) {
            ws_handle other = real[r] ^ (ws_handle)1 << bit;
            if (other != server && other != client && other != accepted) t_every_call(other, WS_ERR_HANDLE);
        }

    /* Nothing of all that has touched the real ones. */
    t_echo_round(client, &at_client, "untouched", 9, WS_TEXT, 1);
    CHECK_EQ(t_state(accepted), WS_STATE_OPEN);
    CHECK_TEXT(t_story(&at_client), "open message");
    CHECK_TEXT(t_story(&at_server), "connect receive");
    return t_done();
}
