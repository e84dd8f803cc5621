/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_stats_get counts what a server does: connections, messages and bytes whatever
 * the way they take, and who was refused, by reason. A stop and a start change nothing.
 */
#include "t.h"

static ws_server_stats figures(ws_handle server)
{
    ws_server_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_server_stats_get(server, &s));
    return s;
}

static void WS_CALL answer_twice(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL)); /* that of the event */
    OK(ws_send(e->handle, "hello", 5, WS_TEXT, NULL, NULL));               /* a copy, right behind it */
}

static void counts_what_passes(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, answer_twice, NULL));
    ws_server_stats s = figures(server);
    CHECK_EQ(s.connections + s.accepted + s.upgrades + s.messages_received + s.buffered, 0);
    t_raw_client(&peer, t_port(server));
    ws_handle accepted = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    /* Around the borders of the header forms, of copying and of the fast way. */
    static const size_t sizes[] = {0, 1, 125, 126, 2048, 2049, 65535, 65536, 65537};
    enum { SIZES = sizeof sizes / sizeof *sizes };
    uint64_t bytes = 0;
    for (int i = 0; i < SIZES; i++) {
        char *data = t_bytes(sizes[i] + 1, (unsigned)i, 0);
        t_raw_send(&peer, T_BINARY, data, sizes[i]);
        t_raw_expect(&peer, T_BINARY, data, sizes[i]);
        t_raw_expect(&peer, T_TEXT, "hello", 5);
        bytes += sizes[i];
        free(data);
    }
    T_UNTIL_SO(figures(server).messages_sent == 2 * SIZES);
    s = figures(server);
    CHECK_EQ(s.messages_received, SIZES);
    CHECK_EQ(s.bytes_received, bytes);
    CHECK_EQ(s.bytes_sent, bytes + 5 * SIZES);
    CHECK_EQ(s.connections, 1);
    CHECK_EQ(s.connections_peak, 1);
    CHECK_EQ(s.accepted, 1);
    CHECK_EQ(s.upgrades, 1);
    CHECK_EQ(s.tls_handshakes, t_tls());

    /* From another thread, in pieces, and pings. Two frames in one write, so several in one segment. */
    OK(ws_send(accepted, "12345", 5, WS_TEXT, NULL, NULL));
    OK(ws_send_part(accepted, "123", 3, WS_BINARY, 0, NULL, NULL));
    OK(ws_send_part(accepted, "45", 2, WS_BINARY, 1, NULL, NULL));
    OK(ws_ping(accepted, "p", 1));
    for (int i = 0; i < 3; i++) t_raw_read(&peer);
    t_raw_expect(&peer, T_PING, "p", 1);
    t_raw_send(&peer, T_PONG, "p", 1);
    t_raw_send(&peer, T_PING, "", 0);
    t_raw_expect(&peer, T_PONG, "", 0);
    t_raw_send(&peer, 0x01, "ab", 2);
    t_raw_send(&peer, T_CONT, "c", 1);
    t_raw_expect(&peer, T_TEXT, "abc", 3);
    t_raw_expect(&peer, T_TEXT, "hello", 5);
    T_UNTIL_SO(figures(server).messages_sent == s.messages_sent + 4);
    ws_server_stats now = figures(server);
    CHECK_EQ(now.bytes_sent - s.bytes_sent, 18);
    CHECK_EQ(now.messages_received - s.messages_received, 1);
    CHECK_EQ(now.bytes_received - s.bytes_received, 3);
    CHECK_EQ(now.pings_received, 1);
    CHECK_EQ(now.pings_sent, 1);
    CHECK_EQ(now.pongs_received, 1);

    /* What a peer does not read waits, and is told. */
    char *much = t_bytes(12 << 20, 1, 0);
    OK(ws_send(accepted, much, 12 << 20, WS_BINARY, NULL, NULL));
    CHECK(figures(server).buffered > 1 << 20);
    free(much);
    t_raw_close(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    T_UNTIL_SO(figures(server).connections == 0);
    now = figures(server);
    CHECK_EQ(now.connections_peak, 1);
    CHECK_EQ(now.buffered, 0);

    ws_server_stats small = {.struct_size = 8};
    CHECK_EQ(ws_server_stats_get(server, &small), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "struct_size");
    CHECK_EQ(ws_server_stats_get(server, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_server_stats_get(0, &now), WS_ERR_HANDLE);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    CHECK_EQ(ws_server_stats_get(server, &now), WS_ERR_HANDLE);
    t_forget(&log);
}

static void is_answered(ws_handle server, const char *request, const char *status)
{
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, request);
    CHECK_HAS(t_raw_rest(&peer), status);
    t_raw_close(&peer);
}

#define ASKS(more)                                                                             \
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" more \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

static void counts_who_is_refused(void)
{
    static t_log done = T_LOG;
    ws_handle server = ws_server_create(NULL);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.max_connections = 1;
    OK(ws_server_start(server, &config, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 1);
    is_answered(server, ASKS("Origin: http://elsewhere.example\r\n"), " 403 ");
    T_UNTIL_SO(figures(server).refused_origins == 1);
    T_UNTIL_SO(figures(server).connections == 0);
    t_raw peer;
    for (int left = 0; !left;) { /* the one before has to be gone */
        t_raw_dial(&peer, t_port(server));
        t_raw_text(&peer, "nonsense\r\n\r\n");
        left = strstr(t_raw_rest(&peer), " 400 ") != NULL;
        t_raw_close(&peer);
    }
    CHECK_EQ(figures(server).refused_bad_requests, 1);
    for (int in = 0; !in;) {
        t_raw_dial(&peer, t_port(server));
        t_raw_text(&peer, T_REQUEST);
        in = strstr(t_raw_head(&peer), " 101 ") != NULL;
        if (!in) t_raw_close(&peer);
    }
    uint64_t before = figures(server).refused_connections;
    is_answered(server, T_REQUEST, " 503 ");
    ws_server_stats s = figures(server);
    CHECK_EQ(s.refused_connections, before + 1);
    CHECK_EQ(s.refused_per_client + s.refused_rate + s.refused_clients + s.refused_ceiling + s.refused_descriptors, 0);
    CHECK_EQ(s.upgrades, 1);
    t_raw_close(&peer);
    OK(ws_server_stop(server, NULL, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 2);
    CHECK_EQ(figures(server).upgrades, 1);
    OK(ws_server_start(server, NULL, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 3);
    CHECK_EQ(figures(server).refused_origins, 1);
}

int main(void)
{
    counts_what_passes();
    counts_who_is_refused();
    ws_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_stats_get(&s));
    CHECK(s.uptime_us > 0 && s.loop_cpu_us > 0);
    CHECK_EQ(s.log_suppressed, 0);
    return t_done();
}
