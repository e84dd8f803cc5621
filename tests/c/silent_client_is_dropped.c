/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client that does not complete its upgrade request within the deadline is
 * dropped, whether it says nothing or half of it; the host hears nothing of it.
 */
#include "t.h"

static void is_dropped(t_raw *peer)
{
    const char *answer = t_raw_rest(peer); /* within the deadline of the kit */
    if (answer[0]) CHECK_HAS(answer, "HTTP/1.1 408 ");
    t_raw_close(peer);
}

int main(void)
{
    static t_log log = T_LOG;
    ws_handle server = ws_server_create(NULL);
    t_listen_server(server, &log);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.handshake_timeout_ms = t_tls() ? 10000 : 3000; /* in which the first one opens, also on a busy machine */
    OK(ws_server_start(server, &config, NULL, NULL));

    t_raw in_time, silent, half, endless;
    t_raw_client(&in_time, t_port(server));
    t_raw_dial(&silent, t_port(server));
    t_raw_dial(&half, t_port(server));
    t_raw_text(&half, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    t_raw_dial(&endless, t_port(server));
    t_raw_text(&endless, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r");
    is_dropped(&silent);
    is_dropped(&half);
    is_dropped(&endless);

    /* The deadline ends with the handshake: the open connection stays. */
    t_raw_send(&in_time, T_TEXT, "here", 4);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1);
    size_t count;
    CHECK_EQ(ws_server_connections(server, NULL, 0, &count), WS_ERR_BUFFER);
    CHECK_EQ(count, 1);
    CHECK_TEXT(t_story(&log), "connect receive");
    t_raw_close(&in_time);
    return t_done();
}
