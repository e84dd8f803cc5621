/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request of HEAD gets no body, whoever refuses it and why (RFC 9110 9.3.2): as a request like
 * others, for a limit, because its head is too large or late.
 */
#include "t_requests.h"

static ws_handle start(ws_server_config c, uint32_t flags)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.flags = flags;
    c.server_ip = "127.0.0.1";
    ws_handle server = ws_server_create(&o);
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static void is_headed(ws_handle server, const char *request, const char *status)
{
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, request);
    const char *answer = t_raw_rest(&peer);
    CHECK_HAS(answer, status);
    CHECK_HAS(answer, "\r\nContent-Length: ");
    CHECK_TEXT(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    t_raw_close(&peer);
}

int main(void)
{
    static const char request[] = "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    char long_one[3000];
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.max_head_size = 1024;
    c.handshake_timeout_ms = 500;
    c.decision_timeout_ms = 100;
    ws_handle server = start(c, 0), asking = start(c, WS_REQUEST_EVENTS);
    is_headed(server, request, " 405 ");
    is_headed(server, "HEAD / HTTP/1.1\r\nHost: elsewhere\r\n\r\n", " 405 ");
    is_headed(asking, "HEAD / HTTP/1.1\r\nHost: elsewhere\r\n\r\n", " 421 ");
    is_headed(asking, request, " 503 "); /* nobody decides */
    is_headed(server, "HEAD / HT", " 408 ");
    snprintf(long_one, sizeof long_one, "HEAD / HTTP/1.1\r\nHost: localhost\r\nA: %02000d", 1);
    is_headed(server, long_one, " 431 ");
    snprintf(long_one, sizeof long_one, "HEAD /%02000d", 1);
    is_headed(server, long_one, " 414 ");
    is_headed(server, "HEAD / HTTP/1.1\r\nA\r\n\r\n", " 400 ");
    is_headed(server, "HEAD / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", " 400 ");

    t_raw first;
    WS_INIT_STRUCT(&c);
    c.max_connections = 1;
    ws_handle full = start(c, 0);
    t_raw_client(&first, t_port(full));
    is_headed(full, request, " 503 ");
    t_raw_close(&first);
    return t_done();
}
