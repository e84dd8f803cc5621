/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server refuses who is one too many with an HTTP answer that says when to come again,
 * and tells its host; those who are in stay, and when one has gone the next is welcome.
 */
#include "t_refused.h"

#include <limits.h>

static void stopped(ws_handle server)
{
    static t_log done = T_LOG;
    ws_close_options at_once;
    WS_INIT_STRUCT(&at_once);
    at_once.timeout_ms = 1;
    OK(ws_server_stop(server, &at_once, t_record, &done));
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    OK(ws_server_destroy(server));
    t_wait_event(&t_at_server, WS_EVENT_DESTROYED, 1);
    t_forget(&done), t_forget(&t_at_server), t_forget(&t_refused);
}

/* A client at 127.0.0.host that asks for an upgrade. */
static void asks(t_raw *peer, ws_handle server, int host)
{
    t_raw_dial_from(peer, t_port(server), host);
    t_raw_text(peer, T_REQUEST);
}

static void is_welcome(t_raw *peer, ws_handle server, int host)
{
    asks(peer, server, host);
    CHECK_HAS(t_raw_head(peer), "HTTP/1.1 101 ");
}

static void is_refused(ws_handle server, int host, const char *status)
{
    t_raw peer;
    asks(&peer, server, host);
    const char *answer = t_raw_rest(&peer); /* the stream ends behind it */
    CHECK_HAS(answer, status);
    CHECK_HAS(answer, "\r\nRetry-After: ");
    CHECK_HAS(answer, "\r\nConnection: close\r\n");
    t_raw_close(&peer);
}

/* The host hears of the n-th refusal that is told, and which limit it was. */
static void is_told(ws_handle server, int n, int status, const char *limit)
{
    const t_event *e = t_wait_event(&t_refused, WS_EVENT_ERROR, n);
    CHECK_EQ(e->handle, server);
    CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(e->stage, WS_STAGE_LIMIT);
    CHECK_EQ(e->status, status);
    CHECK_HAS(e->text, limit);
}

static void leaves(t_raw *peer, int n)
{
    t_raw_close(peer);
    t_wait_event(&t_at_server, WS_EVENT_CLOSE, n);
}

static ws_server_config nothing(void)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    return config;
}

static void all_connections(void)
{
    ws_server_config config = nothing();
    config.max_connections = 2;
    ws_handle server = t_refusing_server(config);
    uint64_t before = t_refusals();
    t_raw first, second, later;
    is_welcome(&first, server, 1);
    t_raw_dial(&second, t_port(server)); /* one that is opening counts, too */
    is_refused(server, 2, "HTTP/1.1 503 ");
    is_told(server, 1, 503, "config.max_connections: there are 2");
    t_raw_text(&second, T_REQUEST);
    CHECK_HAS(t_raw_head(&second), "HTTP/1.1 101 ");
    t_log log = T_LOG, done = T_LOG; /* a client of the library hears the status */
    ws_handle client = t_client(&log);
    OK(ws_connect(client, t_url(server), NULL, t_record, &done));
    const t_event *failed = t_wait_event(&done, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(failed->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(failed->status, 503);
    t_destroy(client, &log);
    CHECK_EQ(t_refusals() - before, 2);
    t_raw_send(&first, T_TEXT, "x", 1);
    t_wait_event(&t_at_server, WS_EVENT_MESSAGE_RECEIVE, 1);
    leaves(&first, 1);
    is_welcome(&later, server, 1);
    t_wait_event(&t_at_server, WS_EVENT_CONNECT, 3);
    CHECK_EQ(t_seen(&t_at_server, WS_EVENT_CONNECT), 3); /* no refused one */
    t_raw_close(&second), t_raw_close(&later);
    stopped(server);
}

static void connections_of_one(void)
{
    ws_server_config config = nothing();
    config.max_connections_for_one_client = 2;
    ws_handle server = t_refusing_server(config);
    t_raw own[2], other, later;
    for (int i = 0; i < 2; i++) is_welcome(&own[i], server, 1);
    is_refused(server, 1, "HTTP/1.1 429 ");
    is_told(server, 1, 429, "config.max_connections_for_one_client: the address has 2");
    is_welcome(&other, server, 2);
    leaves(&own[0], 1);
    is_welcome(&later, server, 1);
    t_raw_close(&own[1]), t_raw_close(&other), t_raw_close(&later);
    stopped(server);
}

static void clients(void)
{
    ws_server_config config = nothing();
    config.max_concurrent_clients_number = 2;
    ws_handle server = t_refusing_server(config);
    t_raw own[3], other, later;
    for (int i = 0; i < 3; i++) is_welcome(&own[i], server, 1); /* one address, however many connections */
    is_welcome(&other, server, 2);
    is_refused(server, 3, "HTTP/1.1 503 ");
    is_told(server, 1, 503, "config.max_concurrent_clients_number: 2 addresses");
    leaves(&other, 1);
    is_welcome(&later, server, 3);
    is_refused(server, 2, "HTTP/1.1 503 ");
    for (int i = 0; i < 3; i++) t_raw_close(&own[i]);
    t_raw_close(&later);
    stopped(server);
}

static void as_in_the_module(void)
{
    ws_server_config config = nothing();
    config.flags = WS_MODULE_LIMITS;
    ws_handle server = t_refusing_server(config);
    t_raw of_one[10], of_others[9];
    for (int i = 0; i < 10; i++) is_welcome(&of_one[i], server, 1);
    is_refused(server, 1, "HTTP/1.1 429 ");
    for (int i = 0; i < 9; i++) is_welcome(&of_others[i], server, 2 + i);
    is_refused(server, 11, "HTTP/1.1 503 ");
    for (int i = 0; i < 10; i++) t_raw_close(&of_one[i]);
    for (int i = 0; i < 9; i++) t_raw_close(&of_others[i]);
    stopped(server);
}

static void requests(void)
{
    ws_server_config config = nothing();
    config.max_upgrades_per_minute = 2;
    ws_handle server = t_refusing_server(config);
    t_raw peer;
    for (int i = 0; i < 2; i++) {
        is_welcome(&peer, server, 1);
        leaves(&peer, i + 1);
    }
    is_refused(server, 1, "HTTP/1.1 429 ");
    is_told(server, 1, 429, "config.max_upgrades_per_minute: the address has asked for 2");
    is_welcome(&peer, server, 2);
    t_raw_close(&peer);
    stopped(server);
}

/* However many are refused, the host hears of it once a second. */
static void many_refusals(void)
{
    ws_server_config config = nothing();
    config.max_connections = 1;
    ws_handle server = t_refusing_server(config);
    t_raw only, late[20];
    is_welcome(&only, server, 1);
    long long begin = t_now();
    for (int i = 0; i < 20; i++) asks(&late[i], server, 1);
    for (int i = 0; i < 20; i++) {
        CHECK_HAS(t_raw_rest(&late[i]), "HTTP/1.1 503 ");
        t_raw_close(&late[i]);
    }
    CHECK(t_seen(&t_refused, WS_EVENT_ERROR) <= 1 + (t_now() - begin) / 1000);
    t_raw_close(&only);
    stopped(server);
}

/* A stop does not wait for those that are being refused. */
static void stop_while_refusing(void)
{
    ws_server_config config = nothing();
    config.max_connections = 1;
    ws_handle server = t_refusing_server(config);
    t_raw only, silent, half;
    is_welcome(&only, server, 1);
    t_raw_dial(&silent, t_port(server));
    t_raw_dial(&half, t_port(server));
    t_raw_text(&half, "GET / HTTP/1.1\r\n");
    is_told(server, 1, 503, "config.max_connections");
    stopped(server);
    t_raw_close(&only), t_raw_close(&silent), t_raw_close(&half);
}

static void what_is_refused(void)
{
    ws_handle server = ws_server_create(NULL);
    for (int i = 0; i < 4; i++) {
        static const char *const names[] = {"config.max_connections:", "config.max_concurrent_clients_number",
                                            "config.max_connections_for_one_client", "config.max_upgrades_per_minute"};
        for (int value = -1; value; value = value == -1 ? INT_MIN : 0) {
            ws_server_config config = nothing();
            int32_t *member[] = {&config.max_connections, &config.max_concurrent_clients_number,
                                 &config.max_connections_for_one_client, &config.max_upgrades_per_minute};
            *member[i] = value;
            CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
            CHECK_HAS(ws_last_error(), names[i]);
        }
    }
    ws_server_config config = nothing();
    config.flags = 0x40000000;
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.flags");
    OK(ws_server_destroy(server));
}

int main(void)
{
    what_is_refused();
    all_connections();
    connections_of_one();
    clients();
    as_in_the_module();
    requests();
    many_refusals();
    stop_while_refusing();
    return t_done();
}
