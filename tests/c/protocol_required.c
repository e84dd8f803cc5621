/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A subprotocol may be required, at both ends: a server refuses who offers none of its list, a
 * client fails when none is chosen. Where it is not, the log says that none of those offered
 * was chosen, because browsers end such a connection without a word.
 */
#include "t_client.h"
#include "t_lines.h"
#include "t_requests.h"

static const char *ask(ws_handle server, const char *offered)
{
    static char head[300];
    char request[500];
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    snprintf(request, sizeof request, T_UPGRADE_OF("/", "%s"), offered);
    t_raw_text(&peer, request);
    snprintf(head, sizeof head, "%s", t_raw_head(&peer));
    t_raw_close(&peer);
    return head;
}

static ws_handle start(const char *protocol, uint32_t flags, t_log *log)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.protocol = protocol;
    c.flags = flags;
    ws_handle server = ws_server_create(NULL);
    if (log) OK(ws_server_on(server, WS_EVENT_UPGRADE, t_record, log));
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static void servers(void)
{
    ws_handle strict = start("a, b", WS_REQUIRE_PROTOCOL, NULL), open = start("a, b", 0, NULL), none = start(NULL, 0, NULL);
    CHECK_HAS(ask(strict, "Sec-WebSocket-Protocol: x, b\r\n"), "Sec-WebSocket-Protocol: b\r\n");
    CHECK_HAS(ask(strict, "Sec-WebSocket-Protocol: x, token-of-a-user\r\n"), "HTTP/1.1 400 ");
    CHECK_HAS(ask(strict, ""), "HTTP/1.1 400 ");
    T_UNTIL_SO(t_logged(WS_LOG_INFO, "one of these subprotocols is required: a, b"));
    CHECK(!t_logged(WS_LOG_INFO, "has none of them"));
    CHECK_HAS(ask(open, ""), " 101 ");
    CHECK_HAS(ask(open, "Sec-WebSocket-Protocol: a\r\n"), " 101 ");
    CHECK(!t_logged(WS_LOG_INFO, "has none of them"));
    CHECK_HAS(ask(open, "Sec-WebSocket-Protocol: token-of-a-user, y\r\n"), " 101 ");
    T_UNTIL_SO(t_logged(WS_LOG_INFO, "offers 2 subprotocols, and the answer has none of them"));
    t_forget_lines();
    CHECK_HAS(ask(none, "Sec-WebSocket-Protocol: token-of-a-user\r\n"), " 101 ");
    T_UNTIL_SO(t_logged(WS_LOG_INFO, "offers 1 subprotocols, and the answer has none of them"));
    CHECK(!t_logged(WS_LOG_INFO, "token-of-a-user")); /* which may be a secret */
    OK(ws_server_destroy_wait(strict, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(open, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(none, T_DEADLINE_MS));
}

/* A host that decides itself is asked about those that are spoken only, and cannot choose none. */
static void hosts(void)
{
    static t_log log = T_LOG;
    ws_handle strict = start("a, b", WS_REQUIRE_PROTOCOL, &log);
    CHECK_HAS(ask(strict, "Sec-WebSocket-Protocol: x\r\n"), "HTTP/1.1 400 ");
    CHECK_EQ(t_seen(&log, 0), 0);
    t_raw peer;
    t_raw_dial(&peer, t_port(strict));
    t_raw_text(&peer, T_UPGRADE_OF("/", "Sec-WebSocket-Protocol: x, b\r\n"));
    ws_handle h = t_wait_event(&log, WS_EVENT_UPGRADE, 1)->handle;
    ws_accept_options o;
    WS_INIT_STRUCT(&o);
    o.protocol = "";
    CHECK_EQ(ws_accept(h, &o), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.protocol");
    CHECK_HAS(ws_last_error(), "WS_REQUIRE_PROTOCOL");
    OK(ws_accept(h, NULL));
    CHECK_HAS(t_raw_head(&peer), "Sec-WebSocket-Protocol: b\r\n");
    t_raw_close(&peer);
    OK(ws_server_destroy_wait(strict, T_DEADLINE_MS));

    ws_handle open = start("a, b", 0, &log);
    t_raw_dial(&peer, t_port(open));
    t_raw_text(&peer, T_UPGRADE_OF("/", "Sec-WebSocket-Protocol: x, b\r\n"));
    h = t_wait_event(&log, WS_EVENT_UPGRADE, 2)->handle;
    t_forget_lines();
    OK(ws_accept(h, &o));
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    T_UNTIL_SO(t_logged(WS_LOG_INFO, "offers 2 subprotocols, and the answer has none of them"));
    t_raw_close(&peer);
    OK(ws_server_destroy_wait(open, T_DEADLINE_MS));
}

static void clients(void)
{
    int port, listener = t_raw_listen(&port);
    for (int strict = 0; strict < 2; strict++) {
        t_log log = T_LOG;
        t_raw peer;
        ws_connect_options o = t_options();
        o.protocol = "a, b";
        if (strict) o.flags = WS_REQUIRE_PROTOCOL;
        ws_handle client = t_client(&log);
        t_meet(client, &o, listener, port, &peer);
        if (strict) {
            const t_event *e = t_wait_event(&log, WS_EVENT_ERROR, 1);
            CHECK_EQ(e->stage, WS_STAGE_UPGRADE);
            CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
            CHECK_HAS(e->text, "none of the subprotocols");
            CHECK_EQ(t_seen(&log, WS_EVENT_OPEN), 0);
        } else {
            t_wait_event(&log, WS_EVENT_OPEN, 1);
        }
        t_raw_close(&peer);
        t_destroy(client, &log);
        t_forget(&log);
    }
    close(listener);
    t_log log = T_LOG;
    ws_handle server = start("b", WS_REQUIRE_PROTOCOL, NULL), client = t_client(&log);
    ws_connect_options o = t_options();
    o.protocol = "a, b";
    o.flags = WS_REQUIRE_PROTOCOL;
    OK(ws_connect(client, t_url(server), &o, NULL, NULL));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    CHECK_TEXT(t_text(client, WS_TEXT_PROTOCOL), "b");
    t_destroy(client, &log);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&log);
}

/* Nothing can be required of a list that is empty. */
static void without_a_list(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.flags = WS_REQUIRE_PROTOCOL;
    ws_handle server = ws_server_create(NULL), client = ws_create(NULL);
    CHECK_EQ(ws_server_start(server, &c, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.flags: WS_REQUIRE_PROTOCOL");
    ws_connect_options o = t_options();
    o.flags = WS_REQUIRE_PROTOCOL;
    CHECK_EQ(ws_connect(client, t_url_of_port(1), &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.flags: WS_REQUIRE_PROTOCOL");
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    OK(ws_destroy_wait(client, T_DEADLINE_MS));
}

int main(void)
{
    t_log_lines(WS_LOG_INFO);
    servers();
    hosts();
    clients();
    without_a_list();
    return t_done();
}
