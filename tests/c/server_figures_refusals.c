/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_stats says exactly how many clients got no connection, each under one reason:
 * who went away, was late, asked for too much or was not decided about; who was over a
 * limit; and whose TLS handshake failed.
 */
#include "t_figures.h"
#include "t_requests.h"

static ws_server_config plainly(void)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.handshake_timeout_ms = -1;
    return config;
}

static ws_handle started(const ws_server_config *config)
{
    static t_log done = T_LOG;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_start(server, config, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 1);
    t_forget(&done);
    return server;
}

static void stopped(ws_handle server)
{
    t_log log = T_LOG;
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_record, &log));
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
}

static void asks(t_raw *peer, ws_handle server, int host, const char *request)
{
    t_raw_dial_from(peer, t_port(server), host);
    t_raw_text(peer, request);
}

static void is_answered(ws_handle server, int host, const char *request, const char *status)
{
    t_raw peer;
    asks(&peer, server, host, request);
    CHECK_HAS(t_raw_rest(&peer), status);
    t_raw_close(&peer);
}

static void is_welcome(t_raw *peer, ws_handle server, int host)
{
    asks(peer, server, host, T_REQUEST);
    CHECK_HAS(t_raw_head(peer), "HTTP/1.1 101 ");
}

/* Over TLS so many handshakes are complete: who goes away now has not failed in one. */
static void secured(ws_handle server, uint64_t n)
{
    if (t_tls()) T_UNTIL_SO(t_figures(server).tls_handshakes >= n);
}

/* Nothing but these was counted. */
static void only(ws_handle server, uint64_t left, uint64_t limited, uint64_t rejected)
{
    ws_server_stats s = t_figures(server);
    CHECK_EQ(s.left, left);
    CHECK_EQ(t_limited(&s), limited);
    CHECK_EQ(t_rejected(&s), rejected);
}

static const char half[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n";

/* Who goes away before its request is complete, by FIN or by RST. */
static void who_left(void)
{
    ws_server_config config = plainly();
    config.max_connections = 4;
    ws_handle server = started(&config);
    t_raw peer, in[4];
    for (int i = 0; i < 3; i++) {
        t_raw_dial(&peer, t_port(server));
        if (i) t_raw_text(&peer, half);
        t_raw_settle(&peer);
        secured(server, (uint64_t)i + 1);
        if (i == 2) t_raw_reset(&peer);
        else t_raw_close(&peer);
        T_COMES_TO(server, left, i + 1);
    }
    /* Who is open and goes away is not meant, nor is who was refused. */
    for (int i = 0; i < 4; i++) is_welcome(&in[i], server, 1);
    t_raw_dial(&peer, t_port(server));
    T_COMES_TO(server, refused_connections, 1);
    secured(server, 8);
    t_raw_close(&peer);
    is_answered(server, 1, T_REQUEST, " 503 ");
    for (int i = 0; i < 4; i++) t_raw_close(&in[i]);
    T_UNTIL_SO(t_figures(server).connections == 0);
    T_COMES_TO(server, refused_connections, 2);
    only(server, 3, 2, 0);
    CHECK_EQ(t_figures(server).accepted, 7);
    CHECK_EQ(t_figures(server).upgrades, 4);
    stopped(server);
}

static void WS_CALL answer(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_respond(e->handle, NULL));
}

/* A client that was answered and goes away has asked for all it wanted; one in the middle of its
 * next request has not. */
static void who_left_behind_an_answer(void)
{
    ws_server_config config = plainly();
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_REQUEST, answer, NULL));
    OK(ws_server_start(server, &config, NULL, NULL));
    t_raw peer;
    static const char *const next[] = {"", half, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe"};
    for (int i = 0; i < 3; i++) {
        asks(&peer, server, 1, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 200 ");
        t_raw_text(&peer, next[i]);
        t_raw_settle(&peer);
        t_raw_close(&peer);
        if (i) T_COMES_TO(server, left, i);
    }
    only(server, 2, 0, 0);
    stopped(server);
}

static void who_was_late(void)
{
    ws_server_config config = plainly();
    config.handshake_timeout_ms = t_tls() ? 5000 : 300; /* TLS takes its time from the same measure */
    ws_handle server = started(&config);
    t_raw peers[3];
    for (int i = 0; i < 3; i++) {
        t_raw_dial(&peers[i], t_port(server));
        if (i) t_raw_try_write(&peers[i], half, sizeof half - 1);
    }
    for (int i = 0; i < 3; i++) {
        CHECK_HAS(t_raw_rest(&peers[i]), " 408 ");
        t_raw_close(&peers[i]);
    }
    CHECK_EQ(t_figures(server).refused_late, 3);
    only(server, 0, 0, 3);
    stopped(server);
}

static void who_wanted_too_much(void)
{
    static char request[4000];
    ws_server_config config = plainly();
    config.max_head_size = 1024;
    config.max_body_size = 10;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_REQUEST, answer, NULL));
    OK(ws_server_start(server, &config, NULL, NULL));
    is_answered(server, 1, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n", " 413 ");
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: localhost\r\nX: %01500d\r\n\r\n", 0);
    is_answered(server, 1, request, " 431 ");
    snprintf(request, sizeof request, "GET /%01500d HTTP/1.1\r\nHost: localhost\r\n\r\n", 0);
    is_answered(server, 1, request, " 414 ");
    CHECK_EQ(t_figures(server).refused_sizes, 3);
    only(server, 0, 0, 3);
    stopped(server);
}

static t_log asked = T_LOG;

/* What the library answers in place of its host; what the host answers is its own business. */
static void who_was_not_decided_about(void)
{
    ws_server_config config = plainly();
    config.decision_timeout_ms = 300;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_UPGRADE, t_record, &asked));
    OK(ws_server_start(server, &config, NULL, NULL));
    for (int i = 0; i < 2; i++) is_answered(server, 1, T_REQUEST, " 503 ");
    CHECK_EQ(t_figures(server).refused_unavailable, 2);
    t_log done = T_LOG;
    OK(ws_server_stop(server, NULL, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 1);

    config.decision_timeout_ms = -1;
    OK(ws_server_start(server, &config, NULL, NULL));
    t_raw peer;
    asks(&peer, server, 1, T_REQUEST);
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.status = 503;
    OK(ws_respond(t_wait_event(&asked, WS_EVENT_UPGRADE, 3)->handle, &r));
    CHECK_HAS(t_raw_rest(&peer), " 503 ");
    t_raw_close(&peer);
    CHECK_EQ(t_figures(server).refused_unavailable, 2);
    asks(&peer, server, 1, T_REQUEST);
    t_wait_event(&asked, WS_EVENT_UPGRADE, 4);
    OK(ws_server_stop(server, NULL, t_record, &done));
    CHECK_HAS(t_raw_rest(&peer), " 503 ");
    t_raw_close(&peer);
    t_wait_event(&done, WS_EVENT_COMPLETION, 2);
    CHECK_EQ(t_figures(server).refused_unavailable, 3);
    only(server, 0, 0, 3);
    t_forget(&done), t_forget(&asked);
    stopped(server);
}

/* Each limit has a figure of its own, and all together are those of the library. */
static void who_was_over_a_limit(void)
{
    uint64_t before = t_totals().refused;
    ws_server_config config = plainly();
    config.max_concurrent_clients_number = 2;
    config.max_connections_for_one_client = 2;
    ws_handle server = started(&config);
    t_raw one, two, other;
    is_welcome(&one, server, 1);
    is_welcome(&two, server, 1);
    is_welcome(&other, server, 2);
    for (int i = 0; i < 3; i++) is_answered(server, 1, T_REQUEST, " 429 ");
    for (int i = 0; i < 4; i++) is_answered(server, 3 + i, T_REQUEST, " 503 ");
    ws_server_stats s = t_figures(server);
    CHECK_EQ(s.refused_per_client, 3);
    CHECK_EQ(s.refused_clients, 4);
    CHECK_EQ(s.accepted, 3);
    CHECK_EQ(s.upgrades, 3);
    only(server, 0, 7, 0);
    t_raw_close(&one), t_raw_close(&two), t_raw_close(&other);
    stopped(server);

    config = plainly();
    config.max_upgrades_per_minute = 1;
    server = started(&config);
    for (int i = 1; i <= 2; i++) is_welcome(&one, server, i), t_raw_close(&one);
    for (int i = 0; i < 5; i++) is_answered(server, 1 + i % 2, T_REQUEST, " 429 ");
    s = t_figures(server);
    CHECK_EQ(s.refused_rate, 5);
    CHECK_EQ(s.accepted, 7);
    CHECK_EQ(s.upgrades, 2);
    only(server, 0, 5, 0);
    stopped(server);

    config = plainly();
    config.max_connections_for_one_client = 1;
    config.trusted_proxies = "127.0.0.2";
    config.client_address = WS_ADDRESS_X_FORWARDED_FOR;
    server = started(&config);
    asks(&one, server, 2, T_UPGRADE_OF("/", "X-Forwarded-For: 192.0.2.1\r\n"));
    CHECK_HAS(t_raw_head(&one), "HTTP/1.1 101 ");
    for (int i = 0; i < 2; i++) is_answered(server, 2, T_UPGRADE_OF("/", "X-Forwarded-For: 192.0.2.1\r\n"), " 429 ");
    CHECK_EQ(t_figures(server).refused_per_client, 2);
    only(server, 0, 2, 0);
    t_raw_close(&one);
    stopped(server);
    CHECK_EQ(t_totals().refused - before, 14);
}

/* A handshake that breaks off, one that is none, and one that does not come. */
static void whose_handshake_failed(void)
{
    ws_server_config config = plainly();
    ws_handle server = started(&config);
    t_raw peer;
    uint64_t failures = 0;
    static const char *const all[] = {"", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02"};
    for (int i = 0; t_tls() && i < 3; i++) {
        t_raw_dial_cut(&peer, t_port(server), 1, all[i], strlen(all[i]));
        t_raw_settle(&peer);
        t_raw_close(&peer);
        T_COMES_TO(server, tls_failures, ++failures);
    }
    t_raw_client(&peer, t_port(server));
    ws_server_stats s = t_figures(server);
    CHECK_EQ(s.tls_handshakes, t_tls());
    CHECK_EQ(s.tls_failures, failures);
    only(server, 0, 0, 0);
    CHECK_EQ(s.accepted, failures + 1);
    t_raw_close(&peer);
    stopped(server);

    if (!t_tls()) return;
    config.handshake_timeout_ms = 300;
    server = started(&config);
    t_raw_dial_cut(&peer, t_port(server), 1, "\x16", 1);
    CHECK_TEXT(t_raw_rest(&peer), "");
    T_COMES_TO(server, tls_failures, 1);
    only(server, 0, 0, 0);
    t_raw_close(&peer);
    stopped(server);
}

int main(void)
{
    who_left();
    who_left_behind_an_answer();
    who_was_late();
    who_wanted_too_much();
    who_was_not_decided_about();
    who_was_over_a_limit();
    whose_handshake_failed();
    return t_done();
}
