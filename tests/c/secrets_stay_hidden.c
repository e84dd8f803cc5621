/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No text shows a password or token: not that of a URL that cannot be used, nor those of
 * attempts that fail, nor a line of the log.
 */
#include "t.h"

#define SECRET "S3CRE7"

static t_log log_ = T_LOG;

static void hidden(const char *text, const char *of)
{
    if (strstr(text, SECRET)) FAIL("%s: %s", of, text);
}

static void WS_CALL on_line(int32_t level, const char *line, void *unused)
{
    (void)level;
    (void)unused;
    hidden(line, "the log");
}

static void refused(const char *url, const ws_connect_options *o)
{
    ws_handle client = t_client(&log_);
    CHECK(ws_connect(client, url, o, NULL, NULL) != WS_OK);
    CHECK(ws_last_error()[0]);
    hidden(ws_last_error(), url);
    t_destroy(client, &log_);
    t_forget(&log_);
}

static void fails(const char *url, const ws_connect_options *o)
{
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, url, o, t_record, &log_));
    hidden(t_wait_event(&log_, WS_EVENT_ERROR, 1)->text, url);
    hidden(t_wait_event(&log_, WS_EVENT_COMPLETION, 1)->text, url);
    t_destroy(client, &log_);
    t_forget(&log_);
}

int main(void)
{
    static const char *const urls[] = {
        "ws://user:" SECRET, "ws://user:" SECRET "/", "ws:user:" SECRET, "user:" SECRET "@host", "http://user:" SECRET "@host/",
        "ws://user:" SECRET "@host:0/", "ws://user:" SECRET "@host/#f", "ws://user:" SECRET " @host/", "ws://user:sl/" SECRET "/ash",
        "ws://user:" SECRET "%zz@host/", "ws://[user:" SECRET "]/", "ws://host:0/?token=" SECRET, "ws://host/?token=" SECRET "#",
        "ws+unix:/run/x.sock:" SECRET, "wss://user:" SECRET "?q=@x", "\xff:" SECRET,
    };
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.log_level = WS_LOG_DEBUG;
    init.log = on_line;
    OK(ws_init(&init));
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) refused(urls[i], NULL);

    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    ws_header line = {"Authorization: Bearer " SECRET, "x"};
    o.headers = &line;
    o.header_count = 1;
    refused("ws://127.0.0.1/", &o);
    ws_header value = {"Authorization", "Bearer " SECRET "\n"};
    o.headers = &value;
    refused("ws://127.0.0.1/", &o);
    WS_INIT_STRUCT(&o);
    o.protocol = "bearer, " SECRET "=";
    refused("ws://127.0.0.1/", &o);
    WS_INIT_STRUCT(&o);
    o.proxy = WS_PROXY_HTTP;
    o.proxy_host = "user:" SECRET "@127.0.0.1";
    refused("ws://127.0.0.1/", &o);

    int port;
    char url[100];
    int nobody = t_raw_refuse(&port);
    snprintf(url, sizeof url, "ws://user:" SECRET "@127.0.0.1:%d/?token=" SECRET, port);
    ws_header good = {"Authorization", "Bearer " SECRET};
    WS_INIT_STRUCT(&o);
    o.headers = &good;
    o.header_count = 1;
    o.protocol = SECRET;
    fails(url, &o);
    o.proxy = WS_PROXY_HTTP;
    o.proxy_host = "127.0.0.1";
    o.proxy_port = port;
    o.proxy_username = "user";
    o.proxy_password = SECRET;
    fails(url, &o);
    close(nobody);
    return t_done();
}
