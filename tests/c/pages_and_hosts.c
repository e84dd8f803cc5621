/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose pages may connect, and to which host: patterns of origins, a server of this host that
 * answers to its own names only (DNS rebinding), and one with TLS that takes no page which
 * came without. The log names who was refused, the answer does not. What can never match is
 * refused by its name.
 */
#include "t_requests.h"
#include "t_lines.h"

static const char *answer(ws_handle server, const char *line, const char *host, const char *origin)
{
    static char head[300];
    char request[600];
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    snprintf(request, sizeof request,
             "%s\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
             line, host, origin ? "Origin: " : "", origin ? origin : "", origin ? "\r\n" : "");
    t_raw_text(&peer, request);
    snprintf(head, sizeof head, "%s", t_raw_head(&peer));
    if (origin) CHECK(!strstr(head, origin));
    t_raw_close(&peer);
    return head;
}

#define UPGRADE "GET / HTTP/1.1"

static ws_handle start(const char *ip, const char *hosts, const char *origins, uint32_t flags)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = ip;
    c.hosts = hosts;
    c.origins = origins;
    c.flags = flags;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static void patterns(void)
{
    static const struct {
        const char *allowed, *origin;
        int passes;
    } cases[] = {
        {"https://*.example.com", "https://a.b.example.com", 1},
        {"https://*.example.com", "https://example.com", 0},
        {"https://*.example.com", "https://a.example.com:444", 0},
        {"https://*.example.com", "http://a.example.com", 0},
        {"https://x, http://localhost:*", "http://localhost:12345", 1},
        {"https://x, http://localhost:*", "http://localhost", 1},
        {"https://x, http://localhost:*", "http://localhost.evil.example:1", 0},
        {"https://*.example.com:*", "https://a.example.com:444", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ws_handle server = start("127.0.0.1", NULL, cases[i].allowed, 0);
        CHECK_HAS(answer(server, UPGRADE, "localhost", cases[i].origin), cases[i].passes ? " 101 " : " 403 ");
        if (!cases[i].passes) T_UNTIL_SO(t_logged(WS_LOG_INFO, cases[i].origin));
        t_forget_lines();
        OK(ws_server_destroy(server));
    }
}

/* The name of a page is not that of this host. */
static void names_of_this_host(void)
{
    ws_handle server = start("127.0.0.1", NULL, NULL, 0), named = start("127.0.0.1", "example.com, *.example.org", NULL, 0),
              any = start("127.0.0.1", "*", NULL, 0), open = start("0.0.0.0", NULL, NULL, 0),
              strict = start("0.0.0.0", "example.com", NULL, 0);
    static const char *const own[] = {"localhost", "LOCALHOST:1", "a.localhost", "127.0.0.1:80", "127.1.2.3", "[::1]:5"};
    for (int i = 0; i < 6; i++) CHECK_HAS(answer(server, UPGRADE, own[i], NULL), " 101 ");
    CHECK_HAS(answer(server, UPGRADE, "evil.example:80", NULL), " 421 ");
    T_UNTIL_SO(t_logged(WS_LOG_INFO, "\"evil.example:80\" is not in config.hosts"));
    CHECK_HAS(answer(server, UPGRADE, "evil.example", "http://evil.example"), " 421 "); /* same origin does not help */
    CHECK_HAS(answer(server, "GET http://evil.example/ HTTP/1.1", "localhost", NULL), " 421 ");
    CHECK_HAS(answer(server, UPGRADE, "192.0.2.1", NULL), " 421 ");

    CHECK_HAS(answer(named, UPGRADE, "example.com:8080", NULL), " 101 ");
    CHECK_HAS(answer(named, UPGRADE, "a.example.org", "https://a.example.org"), " 101 ");
    CHECK_HAS(answer(named, UPGRADE, "localhost", NULL), " 101 ");
    CHECK_HAS(answer(named, UPGRADE, "example.org", NULL), " 421 ");
    CHECK_HAS(answer(any, UPGRADE, "evil.example", NULL), " 101 ");
    CHECK_HAS(answer(open, UPGRADE, "anything.example", NULL), " 101 ");
    CHECK_HAS(answer(strict, UPGRADE, "example.com", NULL), " 101 ");
    CHECK_HAS(answer(strict, UPGRADE, "localhost", NULL), " 421 ");

    /* Of what the host is asked, too. */
    t_log log = T_LOG;
    OK(ws_server_on(server, WS_EVENT_REQUEST, t_record, &log));
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 421 Misdirected Request\r\n");
    t_raw_close(&peer);
    CHECK_EQ(t_seen(&log, 0), 0);
    ws_handle all[] = {server, named, any, open, strict};
    for (int i = 0; i < 5; i++) OK(ws_server_destroy(all[i]));
}

/* A page that came without TLS can be anybody's. */
static void pages_of_http(void)
{
    ws_handle server = start("127.0.0.1", NULL, NULL, 0), taken = start("127.0.0.1", NULL, NULL, WS_HTTP_ORIGINS),
              listed = start("127.0.0.1", NULL, "http://localhost:*", 0), any = start("127.0.0.1", NULL, "*", 0);
    CHECK_HAS(answer(server, UPGRADE, "localhost:81", "http://localhost:81"), t_tls() ? " 403 " : " 101 ");
    if (t_tls()) T_UNTIL_SO(t_logged(WS_LOG_INFO, "WS_HTTP_ORIGINS"));
    CHECK_HAS(answer(server, UPGRADE, "localhost:81", "https://localhost:81"), " 101 ");
    CHECK_HAS(answer(taken, UPGRADE, "localhost:81", "http://localhost:81"), " 101 ");
    CHECK_HAS(answer(listed, UPGRADE, "localhost:81", "http://localhost:81"), " 101 ");
    CHECK_HAS(answer(any, UPGRADE, "localhost:81", "http://elsewhere"), " 101 ");
    ws_handle all[] = {server, taken, listed, any};
    for (int i = 0; i < 4; i++) OK(ws_server_destroy(all[i]));
}

static void what_never_matches(void)
{
    static const char *const origins[] = {"example.com", "https://example.com/", "https://a, https://*x.com", "https://a:99999",
                                          "https://b\xc3\xbc" "cher.example", "https://*.127.0.0.1", "https://"};
    static const char *const hosts[] = {"example.com:80", "http://a", "a.*.b", "a,,b", "300.1.1.1"};
    ws_handle server = ws_server_create(NULL);
    ws_server_config c;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        WS_INIT_STRUCT(&c);
        c.origins = origins[i];
        CHECK_EQ(ws_server_start(server, &c, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "config.origins: ");
        CHECK_HAS(ws_last_error(), "can never match");
    }
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        WS_INIT_STRUCT(&c);
        c.hosts = hosts[i];
        CHECK_EQ(ws_server_start(server, &c, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "config.hosts: ");
    }
    OK(ws_server_destroy(server));
}

int main(void)
{
    t_log_lines(WS_LOG_INFO);
    patterns();
    names_of_this_host();
    pages_of_http();
    what_never_matches();
    return t_done();
}
