/* SPDX-License-Identifier: Apache-2.0 */
/* What is valid UTF-8 without a NUL byte goes as text, everything else as binary; before onOpen it waits. */
#include "n.h"

int main(void)
{
    static const struct { const char *data; size_t size; int first; } cases[] = {
        {"text", 4, T_TEXT}, {"\xc3\xa4\xf0\x9f\x98\x80", 6, T_TEXT}, {"a\0b", 3, T_BINARY}, {"\0", 1, T_BINARY},
        {"\xff", 1, T_BINARY}, {"\xc3", 1, T_BINARY}, {"\xed\xa0\x80", 3, T_BINARY}, {"abc\0", 4, T_BINARY},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    int port, listener = t_raw_listen(&port);
    struct WebSocket *c = n_client();
    t_raw peer;
    N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), n_nothing));
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < CASES; i++) {
            char *copy = malloc(cases[i].size); /* exactly so large: nothing behind it is looked at */
            memcpy(copy, cases[i].data, cases[i].size);
            N_OK(OH_WebSocketClient_Send(c, copy, cases[i].size));
            memset(copy, 'x', cases[i].size);
            free(copy);
        }
        if (!round) t_raw_server(&peer, listener);
        for (int i = 0; i < CASES; i++) t_raw_expect(&peer, cases[i].first, cases[i].data, cases[i].size);
    }
    close(listener);
    t_raw_close(&peer);
    n_wait('c', 1);
    N_OK(OH_WebSocketClient_Destroy(c));
    return t_done();
}
