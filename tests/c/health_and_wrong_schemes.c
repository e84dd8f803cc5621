/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Health checks are answered without a listener, at a path of the host's choice, on every port; who
 * comes with the wrong scheme is told in words.
 */
#include "t_requests.h"

static const char *ask(ws_handle server, const char *request)
{
    static char answer[2000];
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, request);
    snprintf(answer, sizeof answer, "%s", t_raw_rest(&peer));
    t_raw_close(&peer);
    return answer;
}

static void is_healthy(ws_handle server)
{
    const char *answer = ask(server, "GET /healthz?probe=1 HTTP/1.1\r\nHost: 10.0.0.1:80\r\n\r\n");
    CHECK_HAS(answer, "HTTP/1.1 200 OK\r\n");
    CHECK_HAS(answer, "\r\nCache-Control: no-store\r\n");
    CHECK_HAS(answer, "\r\nContent-Length: 3\r\n\r\nok\n");
    answer = ask(server, "HEAD /healthz HTTP/1.0\r\n\r\n");
    CHECK_HAS(answer, "HTTP/1.1 200 OK\r\n");
    CHECK_TEXT(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
}

static ws_handle start(const char *path, t_log *log)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.health_path = path;
    ws_handle server = ws_server_create(NULL);
    t_listen_server(server, log);
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static void health(void)
{
    t_log log = T_LOG;
    ws_handle server = start("/healthz", &log), none = start(NULL, &log);
    is_healthy(server);
    CHECK_HAS(ask(server, "GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n"), "HTTP/1.1 426 ");
    CHECK_HAS(ask(server, "POST /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), "HTTP/1.1 405 ");
    CHECK_HAS(ask(none, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), "HTTP/1.1 426 ");

    /* A host that answers requests is not asked; an upgrade there is one as any other. */
    OK(ws_server_on(server, WS_EVENT_REQUEST, t_record, &log));
    is_healthy(server);
    CHECK_EQ(t_seen(&log, 0), 0);
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, T_UPGRADE_OF("/healthz", ""));
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    t_wait_event(&log, WS_EVENT_CONNECT, 1);

    /* On a connection that has had another request before. */
    t_raw kept;
    t_raw_dial(&kept, t_port(server));
    t_raw_text(&kept, "GET /a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    OK(ws_respond(t_wait_event(&log, WS_EVENT_REQUEST, 1)->handle, NULL));
    CHECK_HAS(t_raw_head(&kept), "HTTP/1.1 200 OK\r\n");
    CHECK_HAS(t_raw_rest(&kept), "\r\n\r\nok\n");
    t_raw_close(&kept);
    t_raw_close(&peer);
    ws_server_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_server_stats_get(server, &s));
    CHECK_EQ(s.refused_bad_requests, 2); /* those that were none */
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(none, T_DEADLINE_MS));
    t_forget(&log);
}

static void wrong_ones(void)
{
    static const char *const wrong[] = {"", "healthz", "/a?b", "/a b", "/a#b", "*", "http://a/b"};
    ws_handle server = ws_server_create(NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ws_server_config c;
        WS_INIT_STRUCT(&c);
        c.health_path = wrong[i];
        CHECK_EQ(ws_server_start(server, &c, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "config.health_path");
    }
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

/* What a client hears that takes the other scheme than the server. */
static void schemes(void)
{
    t_log log = T_LOG, own = T_LOG;
    ws_handle server = start(NULL, &log), client = t_client(&own);
    char url[64];
    snprintf(url, sizeof url, "%s://127.0.0.1:%d/", t_tls() ? "ws" : "wss", t_port(server));
    OK(ws_connect(client, url, NULL, NULL, NULL));
    CHECK_HAS(t_wait_event(&own, WS_EVENT_ERROR, 1)->text, t_tls() ? "try wss" : "try ws");
    t_destroy(client, &own);

    /* Others see the words. */
    t_raw peer;
    t_raw_dial_cut(&peer, t_port(server), 1, "", 0);
    CHECK_EQ(send(peer.fd, t_tls() ? "GET / HTTP/1.1\r\n\r\n" : "\x16\x03\x01\x02\x00\x01", t_tls() ? 18 : 6, MSG_NOSIGNAL), t_tls() ? 18 : 6);
    const char *answer = t_raw_rest(&peer);
    CHECK_HAS(answer, "HTTP/1.1 400 ");
    CHECK_HAS(answer, t_tls() ? "the URL must begin with https: or wss:" : "the URL must begin with http: or ws:");
    t_raw_close(&peer);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&own);
}

int main(void)
{
    health();
    wrong_ones();
    schemes();
    return t_done();
}
