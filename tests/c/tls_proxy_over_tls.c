/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WS_PROXY_HTTPS: the proxy is spoken to over TLS, with authorities of its own, and its name
 * is checked. What is sent through it arrives in order, and both ends hear of the end of the
 * other. Wrong ones are refused by name.
 */
#include "t_client.h"
#include "t_tls.h"

static t_log log_ = T_LOG;
static int port, listener;

static ws_connect_options by_proxy(void)
{
    ws_connect_options o = t_options();
    o.proxy = WS_PROXY_HTTPS;
    o.proxy_host = "localhost";
    o.proxy_port = port;
    o.proxy_ca_path = t_cert("ca");
    return o;
}

static void wrong_ones(void)
{
    ws_handle client = t_client(&log_);
    ws_connect_options o = by_proxy();
    o.proxy_ca_path = "/nowhere/ca.pem";
    CHECK_EQ(ws_connect(client, "ws://name.invalid/", &o, NULL, NULL), WS_ERR_CERT_FILE);
    CHECK_HAS(ws_last_error(), "options.proxy_ca_path");
    o.proxy_ca_path = NULL;
    o.proxy_ca = "no certificate";
    o.proxy_ca_size = 14;
    CHECK_EQ(ws_connect(client, "ws://name.invalid/", &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.proxy_ca:");
    o.proxy_ca_path = t_cert("ca");
    CHECK_EQ(ws_connect(client, "ws://name.invalid/", &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.proxy_ca");
    o = by_proxy();
    o.proxy_host = NULL;
    CHECK_EQ(ws_connect(client, "ws://name.invalid/", &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.proxy_host");
    o = by_proxy();
    o.flags = WS_ACKNOWLEDGED_SENDS;
    CHECK_EQ(ws_connect(client, "ws://name.invalid/", &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "WS_ACKNOWLEDGED_SENDS");
    t_destroy(client, &log_);
    CHECK_TEXT(t_story(&log_), "destroyed");
    t_forget(&log_);
}

/* Takes a connection to the proxy, and its request. */
static void asked(t_raw *proxy, const char *answer)
{
    t_raw_take(proxy, listener);
    CHECK(proxy->tls);
    CHECK_HAS(t_raw_head(proxy), "CONNECT name.invalid:80 HTTP/1.1\r\n");
    t_raw_text(proxy, answer);
}

static void carries(int client_ends)
{
    enum { SIZE = 1 << 20 };
    t_raw proxy;
    ws_connect_options o = by_proxy();
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, "ws://name.invalid/chat", &o, NULL, NULL));
    asked(&proxy, "HTTP/1.1 200 OK\r\n\r\n");
    CHECK_HAS(t_raw_head(&proxy), "GET /chat HTTP/1.1\r\n");
    t_raw_text(&proxy, t_raw_answer(&proxy));
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    unsigned char *data = t_bytes(SIZE, 7, 0);
    OK(ws_send(client, data, SIZE, WS_BINARY, NULL, NULL));
    OK(ws_send(client, "behind", 6, WS_TEXT, NULL, NULL));
    t_raw_expect(&proxy, T_BINARY, data, SIZE);
    t_raw_expect(&proxy, T_TEXT, "behind", 6);
    t_raw_send(&proxy, T_BINARY, data, SIZE);
    const t_event *e = t_wait_event(&log_, WS_EVENT_MESSAGE, 1);
    CHECK(e->size == SIZE && !memcmp(e->data, data, SIZE));
    free(data);
    if (client_ends) {
        OK(ws_close(client, NULL, NULL, NULL));
        t_raw_expect_close(&proxy, 1000);
        t_raw_send_close(&proxy, 1000, "");
        t_raw_close(&proxy);
        CHECK_EQ(t_wait_event(&log_, WS_EVENT_CLOSE, 1)->clean, 1);
    } else {
        t_raw_close(&proxy);
        CHECK_EQ(t_wait_event(&log_, WS_EVENT_CLOSE, 1)->code, 1006);
    }
    t_destroy(client, &log_);
    t_forget(&log_);
}

static void fails(const ws_connect_options *o, const char *answer, int status, const char *part)
{
    t_raw proxy;
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, "ws://name.invalid/chat", o, NULL, NULL));
    asked(&proxy, answer);
    t_raw_close(&proxy);
    const t_event *e = t_wait_event(&log_, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->stage, WS_STAGE_PROXY);
    CHECK_EQ(e->status, status);
    CHECK_HAS(e->text, "HTTPS proxy localhost:");
    CHECK_HAS(e->text, part);
    t_destroy(client, &log_);
    t_forget(&log_);
}

int main(void)
{
    setenv("WS_TEST_TLS", "1", 1); /* raw peers speak TLS: they are the proxy */
    listener = t_raw_listen(&port);
    wrong_ones();
    carries(1);
    carries(0);
    ws_connect_options o = by_proxy();
    fails(&o, "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n\r\n", 407,
          "it offers Negotiate, NTLM, and only Basic is spoken here");
    close(listener);

    ws_handle other = t_secure_server("unknown", NULL);
    o.proxy_port = t_port(other);
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, "ws://name.invalid/chat", &o, NULL, NULL));
    const t_event *e = t_wait_event(&log_, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->stage, WS_STAGE_PROXY);
    CHECK_HAS(e->text, "TLS handshake with the proxy: the certificate is signed by an unknown authority");
    return t_done();
}
