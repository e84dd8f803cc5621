/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wrong member of ws_connect_options or ws_reconnect_options is refused by its name,
 * and nothing else happens: no completion, no event. What is right goes into the
 * request: headers in their order, Origin, subprotocols, credentials of the URL.
 */
#include "t_client.h"
#include "t_tls.h"

static int port, listener;
static t_log never = T_LOG;
static ws_handle client_;

/* ws_connect with o fails by this status, and names the member. */
#define REFUSED(o, want, name)                                                             \
    do {                                                                                   \
        CHECK_EQ(ws_connect(client_, t_url_of_port(port), &(o), t_record, &never), want);  \
        CHECK_HAS(ws_last_error(), name);                                                  \
        CHECK_EQ(t_state(client_), WS_STATE_CLOSED);                                       \
    } while (0)
#define WRONG(member, value)                            \
    do {                                                \
        ws_connect_options o_ = t_options();            \
        o_.member = value;                              \
        REFUSED(o_, WS_ERR_PARAMETER, "options." #member); \
    } while (0)
#define WRONG_AGAIN(member, value)                                \
    do {                                                          \
        ws_connect_options o_ = t_options();                      \
        ws_reconnect_options again_ = t_again(1);                 \
        o_.reconnect = &again_;                                   \
        again_.member = value;                                    \
        REFUSED(o_, WS_ERR_PARAMETER, "options.reconnect." #member); \
    } while (0)

static void wrong_numbers(void)
{
    WRONG(flags, 0x80000000u);
    WRONG(max_redirects, -1);
    WRONG(max_redirects, 21);
    WRONG(handshake_timeout_ms, -2);
    WRONG(handshake_timeout_ms, 3600001);
    WRONG(connect_timeout_ms, -2);
    WRONG(connect_timeout_ms, 3600001);
    WRONG(tls_timeout_ms, -2);
    WRONG(upgrade_timeout_ms, 3600001);
    WRONG(ping_interval_ms, -2);
    WRONG(ping_interval_ms, 30000001);
    WRONG(pong_timeout_ms, -2);
    WRONG(pong_timeout_ms, 30000001);
    WRONG(idle_timeout_ms, -2);
    WRONG(write_timeout_ms, -2);
    WRONG(min_support_tls_protocol, -1);
    WRONG(min_support_tls_protocol, 5);
    WRONG(max_support_tls_protocol, 5);
    WRONG(proxy, 5);
    WRONG(proxy, -1);
    WRONG_AGAIN(flags, 8);
    WRONG_AGAIN(stable_ms, -2);
    WRONG_AGAIN(stable_ms, 3600001);
    WRONG_AGAIN(reserved, 1);
    WRONG_AGAIN(first_delay_ms, -1);
    WRONG_AGAIN(first_delay_ms, 3600001);
    WRONG_AGAIN(max_delay_ms, -1);
    WRONG_AGAIN(max_delay_ms, 3600001);
    WRONG_AGAIN(factor_percent, 99);
    WRONG_AGAIN(factor_percent, 10001);
    WRONG_AGAIN(max_tries, -1);
    WRONG_AGAIN(final_code_count, -1);
    WRONG_AGAIN(final_code_count, 1); /* final_codes is NULL */

    ws_connect_options o = t_options();
    ws_reconnect_options again = t_again(1);
    int32_t codes[] = {4000, 999};
    o.reconnect = &again;
    again.final_codes = codes;
    again.final_code_count = 2;
    REFUSED(o, WS_ERR_PARAMETER, "options.reconnect.final_codes");
    again = t_again(1000);
    again.max_delay_ms = 999;
    REFUSED(o, WS_ERR_PARAMETER, "options.reconnect.max_delay_ms");
    again = t_again(1);
    again.struct_size = 3;
    REFUSED(o, WS_ERR_PARAMETER, "options.reconnect");
    o = t_options();
    o.struct_size = 0;
    REFUSED(o, WS_ERR_PARAMETER, "options");
}

static void wrong_texts(void)
{
    static const ws_header wrong[] = {
        {"X-Split", "a\r\nInjected: b"}, {"X-Line", "a\nb"}, {"X-Return", "a\rb"}, {"X\r\nInjected", "b"}, {"", "b"},
        {"X Space", "b"},    {"X:Colon", "b"},       {"Host", "b"},        {"Connection", "close"}, {"UPGRADE", "b"},
        {"Content-Length", "1"}, {"transfer-encoding", "chunked"}, {"Keep-Alive", "1"}, {"TE", "trailers"},
        {"Trailer", "b"},    {"Proxy-Authorization", "b"}, {"Proxy-Connection", "b"}, {"Sec-WebSocket-Key", "b"},
        {"Sec-WebSocket-Protocol", "b"}, {"sec-websocket-anything", "b"}, {NULL, "b"}, {"X-Null", NULL},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ws_header two[] = {{"X-Right", "right"}, wrong[i]};
        ws_connect_options o = t_options();
        o.headers = two;
        o.header_count = 2;
        REFUSED(o, WS_ERR_PARAMETER, "options.headers");
    }
    ws_connect_options o = t_options();
    o.header_count = 1; /* headers is NULL */
    REFUSED(o, WS_ERR_PARAMETER, "options.headers");
    WRONG(protocol, "a,,b");
    WRONG(protocol, "a,b,a");
    WRONG(protocol, "two words");
    WRONG(protocol, "a\r\nInjected: b");
    WRONG(origin, "http://a\r\nInjected: b");

    o = t_options();
    o.proxy = WS_PROXY_HTTP; /* without a host */
    REFUSED(o, WS_ERR_PARAMETER, "options.proxy_host");
    o.proxy_host = "127.0.0.1";
    o.proxy_port = 65536;
    REFUSED(o, WS_ERR_PARAMETER, "options.proxy_port");
    o.proxy_port = 0;
    o.proxy_username = "user";
    REFUSED(o, WS_ERR_PARAMETER, "options.proxy_username");
}

/* Of TLS; for wss. The kit adds no authorities when ca_path is given. */
static void wrong_tls(void)
{
    char url[64];
    snprintf(url, sizeof url, "wss://127.0.0.1:%d/", port);
    static const char nowhere[] = "/nonexistent/file.pem";
    static const char *const names[] = {"ca_path", "client_cert_path", "client_key_path"};
    for (int i = 0; i < (t_tls() ? 3 : 2); i++) { /* only tests over TLS have certificates */
        ws_connect_options o = t_options();
        if (i == 0) o.ca_path = nowhere;
        if (i == 1) o.client_cert_path = o.client_key_path = nowhere;
        if (i == 2) o.client_cert_path = t_cert("good-cert"), o.client_key_path = nowhere;
        CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_CERT_FILE);
        CHECK_HAS(ws_last_error(), names[i]);
        CHECK_HAS(ws_last_error(), nowhere);
    }
    ws_connect_options o = t_options();
    o.ca_path = nowhere;
    o.ca = "x";
    o.ca_size = 1;
    CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.ca");
    o = t_options();
    o.ca = "no certificate";
    o.ca_size = 14;
    o.ca_path = NULL;
    if (t_tls()) return; /* the kit's own authorities would be both */
    CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.ca");
    o = t_options();
    o.pins = "not base64";
    CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.pins");
    o = t_options();
    o.server_name = "not a name";
    CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.server_name");
    o = t_options();
    o.key_log_path = nowhere;
    CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.key_log_path");
    o = t_options();
    o.cipher_suites = "TLS_NO_SUCH_SUITE";
    CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.cipher_suites");
    o = t_options();
    o.min_support_tls_protocol = WS_TLS_1_3;
    o.max_support_tls_protocol = WS_TLS_1_2;
    CHECK_EQ(ws_connect(client_, url, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "support_tls_protocol");
}

/* A URL of n bytes. Free it. */
static char *long_url(size_t n)
{
    char *url = malloc(n + 1);
    CHECK(url);
    size_t used = (size_t)sprintf(url, "%s", t_url_of_port(port));
    memset(url + used, 'a', n - used);
    url[n] = 0;
    return url;
}

/* Takes the request and opens the connection. The head is valid as long as peer. */
static const char *request(const ws_connect_options *o, const char *url, const char *protocol, t_raw *peer, t_log *log)
{
    char text[600];
    t_forget(log);
    OK(ws_connect(client_, url, o, NULL, NULL));
    t_raw_take(peer, listener);
    t_raw_head(peer);
    const char *right = t_raw_answer(peer);
    snprintf(text, sizeof text, "%.*s%s%s%s\r\n", (int)strlen(right) - 2, right,
             protocol ? "Sec-WebSocket-Protocol: " : "", protocol ? protocol : "", protocol ? "\r\n" : "");
    t_raw_text(peer, text);
    CHECK_TEXT(t_wait_event(log, WS_EVENT_OPEN_INFO, 1)->protocol, protocol ? protocol : "");
    return peer->head;
}

static void over(t_raw *peer, t_log *log)
{
    t_raw_close(peer);
    t_wait_event(log, WS_EVENT_CLOSE, 1);
}

static void right_ones_are_sent(void)
{
    t_log log = T_LOG;
    t_raw peer;
    char text[200];
    t_listen(client_, &log);
    OK(ws_on(client_, WS_EVENT_OPEN_INFO, t_record, &log));

    static const ws_header headers[] = {{"X-Twice", "one"}, {"X-Between", ""}, {"x-twice", "two"}};
    ws_connect_options o = t_options();
    o.headers = headers;
    o.header_count = 3;
    const char *head = request(&o, t_url_of_port(port), NULL, &peer, &log);
    const char *one = strstr(head, "\r\nX-Twice: one\r\n"), *between = strstr(head, "\r\nX-Between:"),
               *two = strstr(head, "\r\nx-twice: two\r\n");
    CHECK(one && between && two && one < between && between < two);
    CHECK(!strcasestr(head, "\r\nOrigin:"));
    CHECK(!strstr(head, "Sec-WebSocket-Protocol"));
    CHECK(!strcasestr(head, "\r\nAuthorization:"));
    over(&peer, &log);

    o = t_options();
    o.flags = WS_ORIGIN_OF_URL;
    snprintf(text, sizeof text, "\r\nOrigin: %s://127.0.0.1\r\n", t_tls() ? "https" : "http");
    CHECK_HAS(request(&o, t_url_of_port(port), NULL, &peer, &log), text);
    over(&peer, &log);
    o.flags = WS_SUPPORT_ORIGIN_PORT;
    snprintf(text, sizeof text, "\r\nOrigin: %s://127.0.0.1:%d\r\n", t_tls() ? "https" : "http", port);
    CHECK_HAS(request(&o, t_url_of_port(port), NULL, &peer, &log), text);
    over(&peer, &log);
    o.flags = 0;
    o.origin = "";
    CHECK(!strcasestr(request(&o, t_url_of_port(port), NULL, &peer, &log), "\r\nOrigin:"));
    over(&peer, &log);
    o.origin = "https://example.com:1";
    CHECK_HAS(request(&o, t_url_of_port(port), NULL, &peer, &log), "\r\nOrigin: https://example.com:1\r\n");
    over(&peer, &log);
    static const ws_header own = {"origin", "null"}; /* the host's field is the only one */
    o = t_options();
    o.headers = &own;
    o.header_count = 1;
    head = request(&o, t_url_of_port(port), NULL, &peer, &log);
    const char *first = strcasestr(head, "\r\nOrigin:");
    CHECK(first && !strcasestr(first + 1, "\r\nOrigin:"));
    CHECK_HAS(first, "rigin: null\r\n");
    over(&peer, &log);

    o = t_options();
    o.protocol = "chat.v2 ,\tchat.v1";
    CHECK_HAS(request(&o, t_url_of_port(port), "chat.v1", &peer, &log),
              "\r\nSec-WebSocket-Protocol: chat.v2, chat.v1\r\n");
    over(&peer, &log);
    request(&o, t_url_of_port(port), NULL, &peer, &log); /* the server may choose none */
    over(&peer, &log);

    snprintf(text, sizeof text, "%s://Al%%20addin:open%%3Asesame@127.0.0.1:%d/", t_tls() ? "wss" : "ws", port);
    head = request(NULL, text, NULL, &peer, &log);
    CHECK_HAS(head, "\r\nAuthorization: Basic QWwgYWRkaW46b3BlbjpzZXNhbWU=\r\n"); /* RFC 7617 2 */
    CHECK(!strstr(head, "sesame"));
    over(&peer, &log);

    char *longest = long_url(8196), *longer = long_url(8197);
    CHECK_EQ(ws_connect(client_, longer, NULL, t_record, &never), WS_ERR_URL);
    CHECK_HAS(ws_last_error(), "url");
    request(NULL, longest, NULL, &peer, &log);
    over(&peer, &log);
    free(longest);
    free(longer);

    /* A server that chooses what was not offered is refused, RFC 6455 4.1. */
    t_forget(&log);
    o.protocol = "a";
    OK(ws_connect(client_, t_url_of_port(port), &o, NULL, NULL));
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    const char *right = t_raw_answer(&peer);
    char answer[600];
    snprintf(answer, sizeof answer, "%.*sSec-WebSocket-Protocol: b\r\n\r\n", (int)strlen(right) - 2, right);
    t_raw_text(&peer, answer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->stage, WS_STAGE_UPGRADE);
    CHECK_TEXT(t_story(&log), "error");
    t_raw_close(&peer);
    t_destroy(client_, &log);
    t_forget(&log);
}

int main(void)
{
    listener = t_raw_listen(&port);
    client_ = t_client(&never);
    wrong_numbers();
    wrong_texts();
    wrong_tls();
    CHECK_EQ(ws_connect(client_, "wss://127.0.0.1:1/#fragment", NULL, t_record, &never), WS_ERR_URL);
    CHECK_EQ(ws_connect(client_, "http://127.0.0.1:1/", NULL, t_record, &never), WS_ERR_URL);
    /* Nothing has happened by all that: the next event is that of a right call. */
    right_ones_are_sent();
    CHECK_EQ(t_seen(&never, WS_EVENT_COMPLETION), 0);
    close(listener);
    return t_done();
}
