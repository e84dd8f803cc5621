/* SPDX-License-Identifier: Apache-2.0 */
/* Text comes back as text, byte by byte: ASCII, more than ASCII, and with a NUL inside. */
#include "t.h"

int main(void)
{
    static const struct {
        const char *text;
        size_t size;
    } cases[] = {
        {"a", 1},
        {"Hello, server!", 14},
        {"two\r\nlines", 10},
        {"Gr\xc3\xbc\xc3\x9f" "e", 7},
        {"\xe4\xb8\x96\xe7\x95\x8c \xf0\x9f\x8c\x8d", 11}, /* three and four bytes a character */
        {"a\0b", 3},
        {"\0", 1},
    };
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    int n = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        t_echo_round(client, &log, cases[i].text, cases[i].size, WS_TEXT, ++n);

    /* All sent before the first comes back. */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        OK(ws_send(client, cases[i].text, cases[i].size, WS_TEXT, NULL, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE, ++n);
        CHECK_EQ(e->size, cases[i].size);
        CHECK(!memcmp(e->data, cases[i].text, cases[i].size));
        CHECK_EQ(e->handle, client);
        CHECK_EQ(e->server, 0);
    }
    return t_done();
}
