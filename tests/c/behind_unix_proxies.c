/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A proxy on the same machine comes by a Unix socket, which has no address: "unix" in
 * trusted_proxies believes it, whatever way it names the client, and nobody else.
 */
#include "t_figures.h"
#include "t_listen.h"
#include "t_refused.h"
#include "t_requests.h"

static char path[100];

/* At 127.0.0.1 and at the path. */
static ws_handle start_at_path(const char *trusted, int32_t how, int32_t each)
{
    ws_listener at_path;
    WS_INIT_STRUCT(&at_path);
    at_path.path = path;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.listeners = &at_path;
    config.listener_count = 1;
    config.trusted_proxies = trusted;
    config.client_address = how;
    config.max_connections_for_one_client = each;
    return t_refusing_server(config);
}

/* What a peer says: before all else, and as more fields of its request. */
typedef struct words {
    const char *first;
    size_t size;
    const char *fields;
} words;

#define FIELDS(text) ((words){"", 0, text})
#define HEADER(text) ((words){text, sizeof(text) - 1, ""})

static void asks(t_raw *peer, const char *fields)
{
    char request[2000];
    snprintf(request, sizeof request, "%.*s%s\r\n", (int)strlen(T_REQUEST) - 2, T_REQUEST, fields);
    t_raw_text(peer, request);
}

static void by_unix(t_raw *peer, words w)
{
    t_raw_dial_unix(peer, path, w.first, w.size);
    t_secure(peer, 0);
    asks(peer, w.fields);
}

/* The n-th connection that opens is this client's; the socket itself has no address, or this one. */
static void is_client(t_raw *peer, int n, const char *ip, int port, const char *socket)
{
    CHECK_HAS(t_raw_head(peer), "HTTP/1.1 101 ");
    ws_handle handle = t_wait_event(&t_at_server, WS_EVENT_CONNECT, n)->handle;
    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(handle, &info));
    CHECK_TEXT(info.client_ip, ip);
    if (port >= 0) CHECK_EQ(info.client_port, port);
    CHECK_HAS(t_text(handle, WS_TEXT_REMOTE_ADDRESS), ip);
    if (!*ip) CHECK_TEXT(t_text(handle, WS_TEXT_REMOTE_ADDRESS), "");
    CHECK_HAS(t_text(handle, WS_TEXT_PEER_ADDRESS), socket);
    if (!*socket) CHECK_TEXT(t_text(handle, WS_TEXT_PEER_ADDRESS), "");
    t_raw_send(peer, T_TEXT, "x", 1);
    t_wait_event(&t_at_server, WS_EVENT_MESSAGE_RECEIVE, n);
    t_raw_close(peer);
    t_wait_event(&t_at_server, WS_EVENT_CLOSE, n);
}

static void unix_says(int n, words w, const char *ip, int port)
{
    t_raw peer;
    by_unix(&peer, w);
    is_client(&peer, n, ip, port, "");
}

static void tcp_says(ws_handle server, int n, int host, words w, const char *ip)
{
    t_raw peer;
    char own[32];
    snprintf(own, sizeof own, "127.0.0.%d:", host);
    t_raw_dial_behind(&peer, t_port(server), host, w.first, w.size);
    asks(&peer, w.fields);
    is_client(&peer, n, ip, -1, own);
}

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define LINE "PROXY TCP4 192.0.2.1 127.0.0.1 4660 80\r\n"
#define V4 SIGNATURE "\x21\x11\0\x0c\xc0\0\2\1\x7f\0\0\1\x12\x34\0\x50"
#define V6 SIGNATURE "\x21\x21\0\x24\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x12\x34\0\x50"
#define LOCAL SIGNATURE "\x20\0\0\0"

static void trusted_fields(void)
{
    ws_handle server = start_at_path("unix, 10.0.0.0/8", WS_ADDRESS_X_FORWARDED_FOR, 0);
    unix_says(1, FIELDS("X-Forwarded-For: 192.0.2.1\r\n"), "192.0.2.1", 0);
    unix_says(2, FIELDS("X-Forwarded-For: 198.51.100.1, 2001:db8::7, 10.0.0.9\r\n"), "2001:db8::7", 0);
    unix_says(3, FIELDS(""), "", 0);
    unix_says(4, FIELDS("X-Forwarded-For: 192.0.2.1, rubbish\r\n"), "", 0);
    unix_says(5, FIELDS("Forwarded: for=192.0.2.1\r\n"), "", 0);
    /* only those by Unix socket are believed */
    tcp_says(server, 6, 1, FIELDS("X-Forwarded-For: 192.0.2.1\r\n"), "127.0.0.1");
    t_refusing_end(server);
    server = start_at_path("unix", WS_ADDRESS_FORWARDED, 0);
    unix_says(1, FIELDS("Forwarded: for=198.51.100.1, for=\"[2001:db8::7]:80\";proto=https\r\n"), "2001:db8::7", 80);
    unix_says(2, FIELDS("Forwarded: for=_hidden\r\n"), "", 0);
    unix_says(3, FIELDS("Forwarded: for=unknown\r\n"), "", 0);
    unix_says(4, FIELDS("X-Forwarded-For: 192.0.2.1\r\n"), "", 0);
    tcp_says(server, 5, 2, FIELDS("Forwarded: for=192.0.2.1\r\n"), "127.0.0.2");
    t_refusing_end(server);
}

static void trusted_headers(void)
{
    ws_handle server = start_at_path("unix", WS_ADDRESS_PROXY_PROTOCOL, 0);
    unix_says(1, HEADER(LINE), "192.0.2.1", 4660);
    unix_says(2, HEADER("PROXY UNKNOWN\r\n"), "", 0);
    unix_says(3, HEADER(V4), "192.0.2.1", 4660);
    unix_says(4, HEADER(V6), "2001:db8::7", 4660);
    unix_says(5, HEADER(LOCAL), "", 0);
    char addresses[16 + 216] = SIGNATURE "\x21\x31\0\xd8/of/the/client"; /* Unix sockets at both ends of the proxy */
    unix_says(6, (words){addresses, sizeof addresses, ""}, "", 0);
    tcp_says(server, 7, 1, FIELDS("X-Forwarded-For: 192.0.2.1\r\n"), "127.0.0.1"); /* nobody asks it for a header */
    CHECK_EQ(t_seen(&t_refused, WS_EVENT_ERROR), 0);
    /* One without a header is a mistake, and the host hears whose. */
    t_raw peer;
    t_raw_dial_unix(&peer, path, "GET / HTTP/1.1\r\n", 16);
    const t_event *e = t_wait_event(&t_refused, WS_EVENT_ERROR, 1);
    CHECK_EQ(e->stage, WS_STAGE_PROXY);
    CHECK_HAS(e->text, "the PROXY header of a Unix socket: there is no header");
    t_raw_close(&peer);
    CHECK_EQ(t_seen(&t_at_server, WS_EVENT_CONNECT), 7);
    t_refusing_end(server);
}

/* A header where none is expected is no request, and no TLS. */
static void header_is_refused(ws_handle server, words w)
{
    uint64_t bad = t_figures(server).refused_bad_requests, failures = t_figures(server).tls_failures;
    t_raw peer;
    t_raw_dial_unix(&peer, path, w.first, w.size);
    t_secure(&peer, 0);
    if (t_tls()) {
        CHECK(!peer.tls);
    } else {
        t_raw_try_write(&peer, T_REQUEST, strlen(T_REQUEST));
        CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 400 ");
    }
    t_raw_close(&peer); /* the server waits for that, so that its alert can be read */
    if (t_tls()) T_COMES_TO(server, tls_failures, failures + 1);
    else CHECK_EQ(t_figures(server).refused_bad_requests, bad + 1);
}

/* Trust in an address is none in Unix sockets, and theirs is never an address. */
static void not_trusted(void)
{
    static const words lies = FIELDS("X-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.1\r\n");
    static const int32_t all[] = {WS_ADDRESS_FORWARDED, WS_ADDRESS_X_FORWARDED_FOR, WS_ADDRESS_PROXY_PROTOCOL};
    for (int i = 0; i < 3; i++) {
        ws_handle server = start_at_path("127.0.0.2, 0.0.0.0/8, ::/0", all[i], 0);
        unix_says(1, lies, "", 0);
        if (all[i] == WS_ADDRESS_PROXY_PROTOCOL) tcp_says(server, 2, 2, HEADER(V4), "192.0.2.1");
        else tcp_says(server, 2, 2, lies, "192.0.2.1");
        header_is_refused(server, HEADER(LINE));
        t_refusing_end(server);
        server = start_at_path(NULL, all[i], 0); /* nobody */
        unix_says(1, lies, "", 0);
        header_is_refused(server, HEADER(V4));
        t_refusing_end(server);
    }
    ws_handle server = start_at_path(NULL, WS_ADDRESS_PEER, 0);
    unix_says(1, lies, "", 0);
    header_is_refused(server, HEADER(V4));
    t_refusing_end(server);
    server = ws_server_create(NULL);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.trusted_proxies = "unix";
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.trusted_proxies");
    OK(ws_server_destroy(server));
}

static void is_turned_away(words w)
{
    t_raw peer;
    by_unix(&peer, w);
    CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 429 ");
    t_raw_close(&peer);
}

static void is_let_in(t_raw *peer, words w)
{
    by_unix(peer, w);
    CHECK_HAS(t_raw_head(peer), "HTTP/1.1 101 ");
}

/* Peers that are not trusted are one client; one that is trusted is as many as it names, and no limit is its own. */
static void limits(void)
{
    t_raw one, two, three;
    ws_handle server = start_at_path(NULL, WS_ADDRESS_PEER, 1);
    is_let_in(&one, FIELDS(""));
    is_turned_away(FIELDS(""));
    CHECK_HAS(t_wait_event(&t_refused, WS_EVENT_ERROR, 1)->text, "the address has 1; a Unix socket gets HTTP 429");
    t_raw_close(&one);
    t_wait_event(&t_at_server, WS_EVENT_CLOSE, 1);
    is_let_in(&one, FIELDS(""));
    t_raw_close(&one);
    CHECK_EQ(t_figures(server).refused_per_client, 1);
    t_refusing_end(server);

    static const int32_t all[] = {WS_ADDRESS_FORWARDED, WS_ADDRESS_X_FORWARDED_FOR, WS_ADDRESS_PROXY_PROTOCOL};
    static const words first[] = {FIELDS("Forwarded: for=192.0.2.1\r\n"), FIELDS("X-Forwarded-For: 192.0.2.1\r\n"),
                                  HEADER(V4)};
    static const words other[] = {FIELDS("Forwarded: for=\"[2001:db8::7]\"\r\n"),
                                  FIELDS("X-Forwarded-For: 2001:db8::7\r\n"), HEADER(V6)};
    static const words own[] = {FIELDS(""), FIELDS(""), HEADER(LOCAL)};
    for (int i = 0; i < 3; i++) {
        server = start_at_path("unix", all[i], 1);
        is_let_in(&one, own[i]);
        is_let_in(&two, own[i]);
        t_raw_close(&one), t_raw_close(&two);
        is_let_in(&one, first[i]);
        is_turned_away(first[i]);
        is_let_in(&two, other[i]);
        is_turned_away(other[i]);
        CHECK_EQ(t_figures(server).refused_per_client, 2);
        t_raw_close(&one);
        t_wait_event(&t_at_server, WS_EVENT_CLOSE, 3);
        is_let_in(&three, first[i]);
        t_raw_close(&two), t_raw_close(&three);
        t_refusing_end(server);
    }
}

int main(void)
{
    const char *directory = t_directory();
    strcpy(path, t_path(directory, "s"));
    trusted_fields();
    trusted_headers();
    not_trusted();
    limits();
    T_UNTIL_SO(!t_exists(path));
    CHECK_EQ(rmdir(directory), 0);
    return t_done();
}
