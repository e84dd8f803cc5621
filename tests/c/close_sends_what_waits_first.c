/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that wait in the output queue when ws_close is called go out before
 * the Close frame, all of them, and their completions come before the close.
 */
#include "t.h"

enum { SIZE = 100000, PATIENCE_MS = 3600000 }; /* slow machines read megabytes over TLS for longer than the default */

/* Sends until the queue is full, closes, then lets the peer read. Returns how many went in. */
static int fill_and_close(ws_handle handle, t_latch *sent, t_log *log)
{
    int count = 0;
    for (int32_t status = WS_OK; status == WS_OK; count += !status) {
        char *data = t_bytes(SIZE, (unsigned)count, 0);
        status = ws_send(handle, data, SIZE, WS_BINARY, t_tick, sent);
        CHECK(status == WS_OK || status == WS_ERR_FULL);
        free(data);
    }
    uint64_t waiting;
    OK(ws_buffered_amount(handle, &waiting));
    CHECK(waiting > 0);
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.timeout_ms = PATIENCE_MS;
    OK(ws_close(handle, &options, t_record, log));
    return count;
}

static void read_all(t_raw *peer, int count)
{
    for (int i = 0; i < count; i++) {
        char *data = t_bytes(SIZE, (unsigned)i, 0);
        t_raw_expect(peer, T_BINARY, data, SIZE);
        free(data);
    }
    t_raw_expect_close(peer, 1000);
    t_raw_send_close(peer, 1000, "");
    t_raw_close(peer);
}

int main(void)
{
    static t_log at_client = T_LOG, at_server = T_LOG;
    static t_latch sent = T_LATCH;
    t_raw peer;
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&at_client);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&peer, listener);
    close(listener);
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    int count = fill_and_close(client, &sent, &at_client);
    read_all(&peer, count);
    const t_event *closed = t_wait_event(&at_client, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->clean, 1);
    CHECK_EQ(t_count(&sent), count);
    CHECK_TEXT(t_story(&at_client), "open close-done close");

    ws_handle server = t_server(NULL, &at_server);
    t_raw_client(&peer, t_port(server));
    sent.count = 0;
    count = fill_and_close(t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle, &sent, &at_server);
    read_all(&peer, count);
    CHECK_EQ(t_wait_event(&at_server, WS_EVENT_CLOSE, 1)->clean, 1);
    CHECK_EQ(t_count(&sent), count);
    CHECK_TEXT(t_story(&at_server), "connect close-done close");
    return t_done();
}
