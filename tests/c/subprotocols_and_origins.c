/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server speaks the subprotocols of its list, takes the pages of its origins, and its
 * connections remember their request when asked to.
 */
#include "t_requests.h"

static void upgrade(t_raw *peer, int port, const char *fields)
{
    char request[600];
    snprintf(request, sizeof request,
             "GET /path?q HTTP/1.1\r\nHost: here:81\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n", fields);
    t_raw_dial(peer, port);
    t_raw_text(peer, request);
}

static ws_handle start(const char *protocol, const char *origins, uint32_t flags, t_log *log)
{
    ws_server_options o;
    ws_server_config c;
    WS_INIT_STRUCT(&o);
    WS_INIT_STRUCT(&c);
    o.flags = flags;
    c.server_ip = "127.0.0.1";
    c.protocol = protocol;
    c.origins = origins;
    c.hosts = "here";
    ws_handle server = ws_server_create(&o);
    t_listen_server(server, log);
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static void protocols(void)
{
    static const struct {
        const char *offered, *chosen;
    } cases[] = {
        {"Sec-WebSocket-Protocol: a, b\r\n", "b"},
        {"Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: c, b\r\n", "b"},
        {"Sec-WebSocket-Protocol: c\r\n", "c"},
        {"Sec-WebSocket-Protocol: B, d\r\n", ""},
        {"", ""},
    };
    t_log log = T_LOG;
    ws_handle server = start("b , c", NULL, WS_KEEP_REQUEST, &log);
    for (int i = 0; i < 5; i++) {
        t_raw peer;
        char line[100];
        upgrade(&peer, t_port(server), cases[i].offered);
        const char *head = t_raw_head(&peer);
        CHECK_HAS(head, "HTTP/1.1 101 ");
        snprintf(line, sizeof line, "Sec-WebSocket-Protocol: %s\r\n", cases[i].chosen);
        CHECK_EQ(strstr(head, "Sec-WebSocket-Protocol") != NULL, *cases[i].chosen != 0);
        if (*cases[i].chosen) CHECK_HAS(head, line);
        const t_event *e = t_wait_event(&log, WS_EVENT_CONNECT, i + 1);
        CHECK_TEXT(e->protocol, cases[i].chosen);
        CHECK_TEXT(t_text(e->handle, WS_TEXT_PROTOCOL), cases[i].chosen);
        CHECK_TEXT(t_text(e->handle, WS_TEXT_TARGET), "/path?q");
        CHECK_HAS(t_text(e->handle, WS_TEXT_REQUEST_HEADER), "Host: here:81\nUpgrade: websocket\n");
        t_raw_close(&peer);
        t_wait_event(&log, WS_EVENT_CLOSE, i + 1);
    }
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
}

static void origins(void)
{
    static const struct {
        const char *allowed, *origin;
        int passes;
    } cases[] = {
        {NULL, "", 1},
        {NULL, "Origin: https://here:81\r\n", 1},
        {NULL, "Origin: http://here\r\n", 0},
        {NULL, "Origin: null\r\n", 0},
        {"https://a, http://B:8080", "Origin: http://b:8080\r\n", 1},
        {"https://a, http://B:8080", "Origin: http://here:81\r\n", 0},
        {"*", "Origin: null\r\n", 1},
    };
    for (int i = 0; i < 7; i++) {
        static t_log log = T_LOG;
        ws_handle server = start(NULL, cases[i].allowed, 0, &log);
        t_raw peer;
        upgrade(&peer, t_port(server), cases[i].origin);
        CHECK_HAS(t_raw_head(&peer), cases[i].passes ? "HTTP/1.1 101 " : "HTTP/1.1 403 ");
        t_raw_close(&peer);
        OK(ws_server_destroy(server));
    }
}

static void bad_ones_are_named(void)
{
    static const struct {
        const char *protocol, *origins, *named;
        int head, body, decision, keep;
    } cases[] = {
        {"a b", NULL, "config.protocol", 0, 0, 0, 0},
        {"a,a", NULL, "config.protocol", 0, 0, 0, 0},
        {"a,,b", NULL, "config.protocol", 0, 0, 0, 0},
        {NULL, "example.com", "config.origins", 0, 0, 0, 0},
        {NULL, NULL, "config.max_head_size", 1023, 0, 0, 0},
        {NULL, NULL, "config.max_body_size", 0, -2, 0, 0},
        {NULL, NULL, "config.decision_timeout_ms", 0, 0, -2, 0},
        {NULL, NULL, "config.keep_alive_timeout_ms", 0, 0, 0, 3600001},
    };
    ws_handle server = ws_server_create(NULL);
    for (int i = 0; i < 8; i++) {
        ws_server_config c;
        WS_INIT_STRUCT(&c);
        c.protocol = cases[i].protocol;
        c.origins = cases[i].origins;
        c.max_head_size = cases[i].head;
        c.max_body_size = cases[i].body;
        c.decision_timeout_ms = cases[i].decision;
        c.keep_alive_timeout_ms = cases[i].keep;
        CHECK_EQ(ws_server_start(server, &c, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), cases[i].named);
    }
    OK(ws_server_destroy(server));
}

int main(void)
{
    protocols();
    origins();
    bad_ones_are_named();
    return t_done();
}
