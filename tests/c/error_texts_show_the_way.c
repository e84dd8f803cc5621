/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text of an error says what to do about it: which option follows a redirect, which one
 * is for a field that is refused, what was at the port instead. It repeats neither itself
 * nor what may be secret.
 */
#include "t_client.h"

#define SECRET "S3CRE7"

static t_log log_ = T_LOG;
static int port, listener;

static void says(const char *text, const char *const parts[])
{
    for (; *parts; parts++)
        if (!strstr(text, *parts)) FAIL("\"%s\" is not in: %s", *parts, text);
    if (strstr(text, SECRET)) FAIL("a secret: %s", text);
    const char *again = strstr(text, "127.0.0.1:");
    for (int n = 0; again; n++, again = strstr(again + 1, "127.0.0.1:"))
        if (n == 2) FAIL("the same address again and again: %s", text);
}
#define SAYS(text, ...) says(text, (const char *const[]){__VA_ARGS__, NULL})

/* What is told of an attempt that gets this answer. */
static const char *told(const ws_connect_options *o, const char *target, const char *answer)
{
    static char text[1000];
    char url[200];
    t_raw peer;
    ws_handle client = t_client(&log_);
    snprintf(url, sizeof url, "%s://user:" SECRET "@127.0.0.1:%d%s", t_tls() ? "wss" : "ws", port, target);
    OK(ws_connect(client, url, o, NULL, NULL));
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    if (answer) t_raw_text(&peer, answer);
    t_raw_close(&peer);
    snprintf(text, sizeof text, "%s", t_wait_event(&log_, WS_EVENT_ERROR, 1)->text);
    t_destroy(client, &log_);
    t_forget(&log_);
    return text;
}

static void refused_upgrades(void)
{
    ws_connect_options o = t_options();
    const char *path = "127.0.0.1:", *target = "/chat/room?token=" SECRET;
    SAYS(told(&o, target, "HTTP/1.1 404 Not Found\r\n\r\n"), path, "/chat/room?...", "404 \"Not Found\"", "that path");
    SAYS(told(&o, target, "HTTP/1.1 200 OK\r\n\r\n"), "/chat/room", "another path");
    SAYS(told(&o, target, "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"x\"\r\n\r\n"), "/chat/room",
         "does not take these credentials (Bearer)");
    SAYS(told(&o, target, "HTTP/1.1 403 Forbidden\r\n\r\n"), "/chat/room", "WS_ORIGIN_OF_URL");
    SAYS(told(&o, target, "HTTP/1.1 426 Upgrade Required\r\n\r\n"), "/chat/room", "proxy");
    SAYS(told(&o, target, "HTTP/1.1 301 Moved\r\nLocation: https://u:" SECRET "@other.test/new?t=" SECRET "\r\n\r\n"),
         "/chat/room", "\"https://other.test/new?...\"", "max_redirects follows");
    SAYS(told(&o, target, "HTTP/1.1 302 Found\r\nLocation: http://%zz\r\n\r\n"), "an address that cannot be read");
    o.max_redirects = 1;
    o.origin = "https://example.test";
    const char *text = told(&o, "/", "HTTP/1.1 403 Forbidden\r\n\r\n");
    if (strstr(text, "Origin")) FAIL("it had one: %s", text);
    SAYS(told(&o, "/", "SSH-2.0-OpenSSH_9.2\r\n"), "does not speak HTTP", "SSH-2.0");
    SAYS(told(&o, "/", "\x15\x03\x01\x02\x02"), "does not speak HTTP", "try wss");
}

/* An application behind a proxy that says 101 by itself. */
static void http_behind_101(void)
{
    t_raw peer;
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&peer, listener);
    t_raw_text(&peer, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    const t_event *e = t_wait_event(&log_, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->error, WS_ERR_PROTOCOL);
    SAYS(e->text, "HTTP came behind the answer 101", "HTTP/1.1 502 Bad Gateway");
    t_raw_close(&peer);
    t_wait_event(&log_, WS_EVENT_CLOSE, 1);
    t_destroy(client, &log_);
    t_forget(&log_);
}

static void refused_calls(void)
{
    static const struct { const char *field, *option; } fields[] = {
        {"Sec-WebSocket-Protocol", "protocol of"}, {"sec-websocket-extensions", "compression of"}, {"Proxy-Authorization", "proxy_username"},
    };
    ws_handle client = t_client(&log_);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        ws_connect_options o = t_options();
        ws_header h = {fields[i].field, SECRET};
        o.headers = &h;
        o.header_count = 1;
        CHECK_EQ(ws_connect(client, t_url_of_port(port), &o, NULL, NULL), WS_ERR_PARAMETER);
        SAYS(ws_last_error(), "options.headers", fields[i].field, fields[i].option);
    }
    CHECK_EQ(ws_send(client, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    SAYS(ws_last_error(), "ws_connect", "open event");
    CHECK_EQ(ws_ping(client, "", 0), WS_ERR_STATE);
    SAYS(ws_last_error(), "ws_connect", "open event");
    CHECK_EQ(ws_close(client, NULL, NULL, NULL), WS_ERR_STATE);
    SAYS(ws_last_error(), "ws_connect comes first");
    CHECK_EQ(ws_abort(client), WS_ERR_STATE);
    SAYS(ws_last_error(), "ws_connect comes first");
    t_destroy(client, &log_);
    t_forget(&log_);

    ws_handle server = ws_server_create(NULL);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "192.0.2.1"; /* RFC 5737: nobody has it */
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_LISTEN_IP);
    SAYS(ws_last_error(), "192.0.2.1 is no address of this host", "0.0.0.0");
    OK(ws_server_destroy(server));
}

static void times_that_are_over(void)
{
    ws_connect_options o = t_options();
    ws_handle client = t_client(&log_);
    o.upgrade_timeout_ms = t_tls() ? 8000 : 200;
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    t_raw peer;
    t_raw_take(&peer, listener);
    const char *text = t_wait_event(&log_, WS_EVENT_ERROR, 1)->text;
    SAYS(text, "upgrade_timeout_ms", "during the upgrade: reading the upgrade response");
    if (strstr(text, "i/o timeout") || strstr(text, "read tcp")) FAIL("that was said: %s", text);
    t_raw_close(&peer);
    t_destroy(client, &log_);
    t_forget(&log_);
}

int main(void)
{
    listener = t_raw_listen(&port);
    refused_upgrades();
    http_behind_101();
    refused_calls();
    times_that_are_over();
    close(listener);
    return t_done();
}
