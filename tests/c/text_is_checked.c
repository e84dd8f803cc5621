/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WS_TEXT must be UTF-8 (RFC 6455 8.1): anything else is refused with
 * WS_ERR_PARAMETER that names data, and nothing is sent, also inside callbacks.
 */
#include "t.h"

static const struct {
    const char *data;
    size_t size;
} bad[] = {
    {"\xff", 1},
    {"\x80", 1},                   /* a continuation of nothing */
    {"\xc3", 1},                   /* half a character */
    {"abc\xe2\x82", 5},            /* two thirds of one */
    {"\xc0\x80", 2},               /* overlong */
    {"\xe0\x80\xaf", 3},           /* overlong */
    {"\xed\xa0\x80", 3},           /* a surrogate */
    {"\xf4\x90\x80\x80", 4},       /* beyond U+10FFFF */
    {"\xf8\x88\x80\x80\x80", 5},   /* five bytes */
    {"fine at first, eight by eight \xfe", 31},
};
enum { BAD = sizeof bad / sizeof *bad };

static void try_all(ws_handle handle)
{
    for (int i = 0; i < BAD; i++) {
        CHECK_EQ(ws_send(handle, bad[i].data, bad[i].size, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "data");
        CHECK_EQ(ws_send(handle, bad[i].data, bad[i].size, WS_TEXT, t_tick, NULL), WS_ERR_PARAMETER); /* would crash */
    }
    char *large = t_bytes(200000, 1, 1); /* the last byte of a large one */
    large[199999] = (char)0xc3;
    CHECK_EQ(ws_send(handle, large, 200000, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER);
    free(large);
    OK(ws_send(handle, "\xf0\x9f\x91\x8d", 4, WS_TEXT, NULL, NULL));
    OK(ws_send(handle, "\xff", 1, WS_BINARY, NULL, NULL)); /* binary may be anything */
}

static void try_in_callback(const ws_event *e, void *unused)
{
    (void)unused;
    try_all(e->handle);
    /* The event's own data as text, when it is binary and no UTF-8. */
    CHECK_EQ(ws_send(e->handle, e->data, e->size, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER);
    OK(ws_send(e->handle, e->data, e->size, WS_BINARY, NULL, NULL));
}

static void expect_good_only(t_raw *peer)
{
    t_raw_expect(peer, T_TEXT, "\xf0\x9f\x91\x8d", 4);
    t_raw_expect(peer, T_BINARY, "\xff", 1);
}

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    t_raw peer;
    ws_handle server = t_server(NULL, &at_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, try_in_callback, NULL));
    t_raw_client(&peer, t_port(server));
    try_all(t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle);
    expect_good_only(&peer);
    t_raw_send(&peer, T_BINARY, "caf\xe9", 4);
    expect_good_only(&peer);
    t_raw_expect(&peer, T_BINARY, "caf\xe9", 4);
    t_raw_close(&peer);

    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&at_client);
    OK(ws_on(client, WS_EVENT_MESSAGE, try_in_callback, NULL));
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&peer, listener);
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    try_all(client);
    expect_good_only(&peer);
    t_raw_send(&peer, T_BINARY, "caf\xe9", 4);
    expect_good_only(&peer);
    t_raw_expect(&peer, T_BINARY, "caf\xe9", 4);
    t_raw_close(&peer);
    close(listener);
    return t_done();
}
