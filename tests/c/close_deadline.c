/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A peer that never answers the Close frame is cut off after its time, 5 s unless
 * timeout_ms says otherwise: the completion fails with WS_ERR_TIMEOUT, then close with 1006. One
 * that does not even read is cut, too. Both ends wait at the same time here.
 */
#include "t.h"

static void check(t_log *log, t_raw *peer)
{
    const t_event *done = t_wait_event(log, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(done->operation, WS_OP_CLOSE);
    CHECK_EQ(done->error, WS_ERR_TIMEOUT);
    CHECK_EQ(done->stage, WS_STAGE_TIMEOUT);
    const t_event *closed = t_wait_event(log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->code, 1006);
    CHECK_EQ(closed->clean, 0);
    t_raw_close(peer);
}

int main(void)
{
    static t_log at_client = T_LOG, at_server = T_LOG, stuck_log = T_LOG;
    t_raw silent_server, silent_client, stuck;
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&at_client), server = t_server(NULL, &at_server);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&silent_server, listener);
    close(listener);
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    t_raw_client(&silent_client, t_port(server));
    ws_handle accepted = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;

    ws_handle stuck_server = t_server(NULL, &stuck_log);
    t_raw_client(&stuck, t_port(stuck_server));
    ws_handle full = t_wait_event(&stuck_log, WS_EVENT_CONNECT, 1)->handle;
    char *data = t_bytes(1 << 20, 1, 0);
    while (ws_send(full, data, 1 << 20, WS_BINARY, NULL, NULL) == WS_OK) {}
    free(data);

    long long begin = t_now();
    OK(ws_close(client, NULL, t_record, &at_client));
    OK(ws_close(accepted, NULL, t_record, &at_server));
    OK(ws_close(full, NULL, t_record, &stuck_log));
    t_raw_expect_close(&silent_server, 1000);
    t_raw_expect_close(&silent_client, 1000);
    t_raw_send(&silent_client, T_TEXT, "not an answer", 13);
    check(&at_client, &silent_server);
    check(&at_server, &silent_client);
    check(&stuck_log, &stuck);
    CHECK(t_now() - begin >= 4500); /* not early, but for the tick of the timers */
    CHECK_TEXT(t_story(&at_client), "open error close-done close");
    CHECK_TEXT(t_story(&at_server), "connect receive error close-done close");
    return t_done();
}
