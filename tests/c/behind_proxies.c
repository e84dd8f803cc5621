/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server behind proxies hears from those it trusts who its clients are: by fields of requests, or
 * by the PROXY protocol in front of all else. Nobody else is believed. 127.0.0.2 and 127.0.0.4 are the
 * proxies here.
 */
#include "t_refused.h"
#include "t_requests.h"

#include <errno.h>

static ws_server_config behind(int32_t how)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.trusted_proxies = "127.0.0.2, 127.0.0.4/32, 10.0.0.0/8";
    config.client_address = how;
    return config;
}

/* The n-th connection that opens is this client's, and the socket leads to 127.0.0.host. */
static ws_handle is_client(int n, const char *ip, int port, int host)
{
    ws_handle handle = t_wait_event(&t_at_server, WS_EVENT_CONNECT, n)->handle;
    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(handle, &info));
    CHECK_TEXT(info.client_ip, ip);
    if (port >= 0) CHECK_EQ(info.client_port, port);
    char own[32];
    snprintf(own, sizeof own, "127.0.0.%d:", host);
    CHECK_HAS(t_text(handle, WS_TEXT_PEER_ADDRESS), own);
    CHECK_HAS(t_text(handle, WS_TEXT_REMOTE_ADDRESS), ip);
    return handle;
}

/* A request with more fields. */
static void asks(t_raw *peer, const char *fields)
{
    char request[2000];
    snprintf(request, sizeof request, "%.*s%s\r\n", (int)strlen(T_REQUEST) - 2, T_REQUEST, fields);
    t_raw_text(peer, request);
}

static void says(ws_handle server, int n, int host, const char *fields, const char *ip, int port)
{
    t_raw peer;
    t_raw_dial_from(&peer, t_port(server), host);
    asks(&peer, fields);
    CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
    is_client(n, ip, port, host);
    t_raw_close(&peer);
    t_wait_event(&t_at_server, WS_EVENT_CLOSE, n);
}

static void fields_of_requests(void)
{
    ws_handle server = t_refusing_server(behind(WS_ADDRESS_X_FORWARDED_FOR));
    says(server, 1, 2, "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1", 0);
    says(server, 2, 2, "X-Forwarded-For: 198.51.100.1, 2001:db8::7, 127.0.0.4\r\nX-Forwarded-For: 10.0.0.9\r\n",
         "2001:db8::7", 0);
    says(server, 3, 4, "X-Forwarded-For: [2001:db8::7]:80\r\n", "2001:db8::7", 80);
    says(server, 4, 2, "X-Forwarded-For: 192.0.2.1, rubbish, 10.0.0.9\r\n", "10.0.0.9", 0);
    says(server, 5, 2, "", "127.0.0.2", -1);
    says(server, 6, 2, "Forwarded: for=192.0.2.1\r\n", "127.0.0.2", -1);
    says(server, 7, 1, "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1", -1); /* a lie */
    says(server, 8, 3, "X-Forwarded-For: 127.0.0.2\r\n", "127.0.0.3", -1);
    t_refusing_end(server);
    server = t_refusing_server(behind(WS_ADDRESS_FORWARDED));
    says(server, 1, 2, "Forwarded: for=198.51.100.1, for=\"[2001:db8::7]:80\";proto=https, for=10.1.1.1\r\n",
         "2001:db8::7", 80);
    says(server, 2, 2, "Forwarded: for=192.0.2.1, for=_hidden\r\n", "127.0.0.2", -1);
    says(server, 3, 2, "Forwarded: for=\"198.51.100.1\r\nForwarded: for=192.0.2.1\r\n", "192.0.2.1", 0);
    says(server, 4, 2, "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.2", -1);
    says(server, 5, 1, "Forwarded: for=192.0.2.1\r\n", "127.0.0.1", -1);
    t_refusing_end(server);
    ws_server_config config = behind(WS_ADDRESS_X_FORWARDED_FOR);
    config.trusted_proxies = NULL;
    server = t_refusing_server(config);
    says(server, 1, 2, "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.2", -1);
    t_refusing_end(server);
}

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
static const char v4[] = SIGNATURE "\x21\x11\0\x0c\xc0\0\2\1\x7f\0\0\1\x12\x34\0\x50";
static const char v4_more[] = SIGNATURE "\x21\x11\0\x13\xc0\0\2\1\x7f\0\0\1\x12\x34\0\x50\4\0\4abcd";
static const char v6[] = SIGNATURE "\x21\x21\0\x24\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x12\x34\0\x50";
static const char local[] = SIGNATURE "\x20\0\0\0";
static const char unfit[] = SIGNATURE "\x22\x11\0\x0c\xc0\0\2\1\x7f\0\0\1\x12\x34\0\x50";
static const char long_one[] = SIGNATURE "\x21\x11\xff\xff";

static void begins_with(ws_handle server, int n, const void *header, size_t size, const char *ip, int port)
{
    t_raw peer;
    t_raw_dial_behind(&peer, t_port(server), 2, header, size);
    t_raw_text(&peer, T_REQUEST);
    CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
    is_client(n, ip, port, 2);
    t_raw_send(&peer, T_TEXT, "x", 1);
    t_wait_event(&t_at_server, WS_EVENT_MESSAGE_RECEIVE, n);
    t_raw_close(&peer);
    t_wait_event(&t_at_server, WS_EVENT_CLOSE, n);
}

static void proxy_protocol(void)
{
    ws_handle server = t_refusing_server(behind(WS_ADDRESS_PROXY_PROTOCOL));
    static const char line[] = "PROXY TCP4 192.0.2.1 127.0.0.1 4660 80\r\n", line6[] = "PROXY TCP6 2001:db8::7 ::1 1 2\r\n",
                      unknown[] = "PROXY UNKNOWN and more\r\n";
    begins_with(server, 1, line, sizeof line - 1, "192.0.2.1", 4660);
    begins_with(server, 2, line6, sizeof line6 - 1, "2001:db8::7", 1);
    begins_with(server, 3, unknown, sizeof unknown - 1, "127.0.0.2", -1);
    begins_with(server, 4, v4, sizeof v4 - 1, "192.0.2.1", 4660);
    begins_with(server, 5, v6, sizeof v6 - 1, "2001:db8::7", 4660);
    begins_with(server, 6, local, sizeof local - 1, "127.0.0.2", -1);
    begins_with(server, 7, v4_more, sizeof v4_more - 1, "192.0.2.1", 4660);
    /* no proxy, and nobody asks it for a header */
    says(server, 8, 3, "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.3", -1);
    CHECK_EQ(t_seen(&t_refused, WS_EVENT_ERROR), 0);
    t_refusing_end(server);
}

/* The stream ends without a byte. */
static void is_dropped(t_raw *peer)
{
    char byte;
    ssize_t n;
    while ((n = recv(peer->fd, &byte, 1, 0)) < 0 && errno == EINTR) {}
    CHECK(n == 0 || (n < 0 && errno == ECONNRESET));
    t_raw_close(peer);
}

/* A mistake in the configuration of a proxy is told to the host. */
static void proxies_without_a_header(void)
{
    ws_handle server = t_refusing_server(behind(WS_ADDRESS_PROXY_PROTOCOL));
    static const struct {
        const char *bytes;
        size_t size;
        const char *why;
    } all[] = {
        {"GET / HTTP/1.1\r\n", 16, "there is no header"}, {"\x16\x03\x01\x02\x00", 5, "there is no header"},
        {"PROXY TCP4 192.0.2.1 127.0.0.1 4660\r\n", 37, "two addresses"}, {unfit, sizeof unfit - 1, "command 2"},
        {long_one, sizeof long_one - 1, "the limit is 8192"}, {"PROXY TCP4 192.0.2.1 127.0.0.1 4660 80\n ", 41, "CR LF"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        uint64_t before = t_refusals();
        t_raw peer;
        t_raw_dial_cut(&peer, t_port(server), 2, all[i].bytes, all[i].size);
        is_dropped(&peer);
        T_UNTIL_SO(t_refusals() == before + 1);
        if (i) continue; /* of the others the host may hear later, or not */
        const t_event *e = t_wait_event(&t_refused, WS_EVENT_ERROR, 1);
        CHECK_EQ(e->handle, server);
        CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
        CHECK_EQ(e->stage, WS_STAGE_PROXY);
        CHECK_HAS(e->text, "config.client_address");
        CHECK_HAS(e->text, "127.0.0.2");
        CHECK_HAS(e->text, all[0].why);
    }
    /* Who looks whether the port is open, and leaves, is no mistake. */
    uint64_t all_refused = t_refusals();
    t_raw peer;
    t_raw_dial_cut(&peer, t_port(server), 2, "", 0);
    t_raw_close(&peer);
    t_raw_dial_behind(&peer, t_port(server), 2, v4, sizeof v4 - 1);
    t_raw_text(&peer, T_REQUEST);
    CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
    t_raw_close(&peer);
    CHECK_EQ(t_refusals(), all_refused);
    t_refusing_end(server);
    ws_server_config config = behind(WS_ADDRESS_PROXY_PROTOCOL);
    config.handshake_timeout_ms = 200;
    server = t_refusing_server(config);
    uint64_t before = t_refusals();
    t_raw_dial_cut(&peer, t_port(server), 2, "PROXY TCP4 192.0.2.1 ", 21);
    is_dropped(&peer);
    T_UNTIL_SO(t_refusals() == before + 1);
    CHECK_HAS(t_wait_event(&t_refused, WS_EVENT_ERROR, 1)->text, "it did not come in time");
    t_refusing_end(server);
}

/* Whom nobody trusts gains nothing by a header. */
static void strangers_with_a_header(void)
{
    ws_handle server = t_refusing_server(behind(WS_ADDRESS_PROXY_PROTOCOL));
    static const char line[] = "PROXY TCP4 192.0.2.1 127.0.0.1 4660 80\r\n";
    t_raw peer;
    t_raw_dial_behind(&peer, t_port(server), 3, line, sizeof line - 1);
    if (t_tls()) {
        char alert[64];
        while (recv(peer.fd, alert, sizeof alert, 0) > 0) {}
    } else {
        t_raw_text(&peer, T_REQUEST);
        CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 400 ");
    }
    t_raw_close(&peer);
    CHECK_EQ(t_seen(&t_at_server, WS_EVENT_CONNECT), 0);
    t_refusing_end(server);
}

/* Limits of one address are those of the client; the proxy itself may come as often as it likes. */
static void limits_of_clients(void)
{
    ws_server_config config = behind(WS_ADDRESS_X_FORWARDED_FOR);
    config.max_connections_for_one_client = 1;
    config.max_concurrent_clients_number = 2;
    ws_handle server = t_refusing_server(config);
    t_raw proxy[2], one, two, more;
    int opened = 0;
    for (int i = 0; i < 2; i++) {
        t_raw_dial_from(&proxy[i], t_port(server), 2);
        asks(&proxy[i], "");
        CHECK_HAS(t_raw_head(&proxy[i]), "HTTP/1.1 101 ");
        is_client(++opened, "127.0.0.2", -1, 2);
    }
    t_raw_dial_from(&one, t_port(server), 2);
    asks(&one, "X-Forwarded-For: 192.0.2.1\r\n");
    CHECK_HAS(t_raw_head(&one), "HTTP/1.1 101 ");
    t_raw_dial_from(&more, t_port(server), 4);
    asks(&more, "X-Forwarded-For: 192.0.2.1\r\n");
    CHECK_HAS(t_raw_rest(&more), "HTTP/1.1 429 ");
    t_raw_close(&more);
    const t_event *e = t_wait_event(&t_refused, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->stage, WS_STAGE_LIMIT);
    CHECK_HAS(e->text, "192.0.2.1 gets HTTP 429");
    t_raw_dial_from(&two, t_port(server), 1);
    t_raw_text(&two, T_REQUEST);
    CHECK_HAS(t_raw_head(&two), "HTTP/1.1 101 ");
    t_raw_dial_from(&more, t_port(server), 2);
    asks(&more, "X-Forwarded-For: 192.0.2.3\r\n");
    CHECK_HAS(t_raw_rest(&more), "HTTP/1.1 503 ");
    t_raw_close(&more);
    t_raw_close(&one); /* then there is room for another */
    t_wait_event(&t_at_server, WS_EVENT_CLOSE, 1);
    t_raw_dial_from(&more, t_port(server), 2);
    asks(&more, "X-Forwarded-For: 192.0.2.3\r\n");
    CHECK_HAS(t_raw_head(&more), "HTTP/1.1 101 ");
    t_raw_close(&more), t_raw_close(&two), t_raw_close(&proxy[0]), t_raw_close(&proxy[1]);
    t_refusing_end(server);

    config.client_address = WS_ADDRESS_PROXY_PROTOCOL;
    config.max_upgrades_per_minute = 1;
    server = t_refusing_server(config);
    t_raw_dial_behind(&one, t_port(server), 2, v4, sizeof v4 - 1);
    t_raw_text(&one, T_REQUEST);
    CHECK_HAS(t_raw_head(&one), "HTTP/1.1 101 ");
    t_raw_dial_behind(&more, t_port(server), 2, v4_more, sizeof v4_more - 1); /* the same client */
    t_raw_text(&more, T_REQUEST);
    CHECK_HAS(t_raw_rest(&more), "HTTP/1.1 429 ");
    t_raw_close(&more);
    CHECK_HAS(t_wait_event(&t_refused, WS_EVENT_ERROR, 1)->text,
              "config.max_connections_for_one_client: the address has 1; 192.0.2.1");
    t_raw_close(&one);
    t_wait_event(&t_at_server, WS_EVENT_CLOSE, 1);
    t_raw_dial_behind(&more, t_port(server), 2, v4, sizeof v4 - 1);
    t_raw_text(&more, T_REQUEST);
    CHECK_HAS(t_raw_rest(&more), "HTTP/1.1 429 "); /* it asks too often */
    t_raw_close(&more);
    CHECK_HAS(t_wait_event(&t_refused, WS_EVENT_ERROR, 2)->text, "config.max_upgrades_per_minute");
    t_refusing_end(server);
}

/* A proxy sends requests of many clients on one connection. */
static void WS_CALL who_asks(const ws_event *e, void *unused)
{
    (void)unused;
    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(e->handle, &info));
    ws_response response;
    WS_INIT_STRUCT(&response);
    response.body = info.client_ip;
    response.body_size = strlen(info.client_ip);
    OK(ws_respond(e->handle, &response));
}

static void requests_of_several_clients(void)
{
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.flags = WS_REQUEST_EVENTS;
    ws_handle server = ws_server_create(&options);
    ws_server_config config = behind(WS_ADDRESS_X_FORWARDED_FOR);
    config.max_connections_for_one_client = 1;
    t_log done = T_LOG;
    OK(ws_server_on(server, WS_EVENT_REQUEST, who_asks, NULL));
    OK(ws_server_start(server, &config, t_record, &done));
    t_wait_event(&done, WS_EVENT_COMPLETION, 1);
    t_forget(&done);
    t_raw proxy, other;
    t_raw_dial_from(&proxy, t_port(server), 2);
    static const char *const clients[] = {"192.0.2.1", "192.0.2.2", "", "192.0.2.1", "192.0.2.1"};
    for (int i = 0; i < 5; i++) {
        char request[200];
        snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: localhost\r\n%s%s%s\r\n",
                 *clients[i] ? "X-Forwarded-For: " : "", clients[i],
                 *clients[i] ? "\r\n" : "");
        t_raw_text(&proxy, request);
        CHECK_HAS(t_raw_head(&proxy), "HTTP/1.1 200 ");
        const char *who = *clients[i] ? clients[i] : "127.0.0.2";
        t_raw_bytes(&proxy, who, strlen(who));
    }
    t_raw_dial_from(&other, t_port(server), 4);
    t_raw_text(&other, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
    CHECK_HAS(t_raw_rest(&other), "HTTP/1.1 429 ");
    t_raw_close(&other);
    t_raw_dial_from(&other, t_port(server), 4);
    /* which has no connection any more */
    t_raw_text(&other, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.2\r\n\r\n");
    CHECK_HAS(t_raw_head(&other), "HTTP/1.1 200 ");
    t_raw_bytes(&other, "192.0.2.2", 9);
    /* a connection with a handle is refused, too */
    t_raw_text(&other, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
    CHECK_HAS(t_raw_rest(&other), "HTTP/1.1 429 ");
    t_raw_close(&other), t_raw_close(&proxy);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

static void what_is_refused(void)
{
    ws_handle server = ws_server_create(NULL);
    static const struct {
        const char *proxies;
        int32_t how;
        const char *name;
    } all[] = {
        {"", 2, "config.trusted_proxies: is empty"}, {"10.0.0.0/8,", 2, "config.trusted_proxies: \"\""},
        {"example.com", 2, "config.trusted_proxies: \"example.com\""}, {"10.0.0.1/8", 2, "which is 10.0.0.0/8"},
        {"10.0.0.1", 0, "config.trusted_proxies: is set"}, {"10.0.0.1", 4, "config.client_address: 4"}, {NULL, -1, "config.client_address: -1"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ws_server_config config = behind(all[i].how);
        config.trusted_proxies = all[i].proxies;
        CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), all[i].name);
    }
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

int main(void)
{
    what_is_refused();
    fields_of_requests();
    proxy_protocol();
    proxies_without_a_header();
    strangers_with_a_header();
    limits_of_clients();
    requests_of_several_clients();
    return t_done();
}
