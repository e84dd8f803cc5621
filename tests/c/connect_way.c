/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way to the server is the host's to choose: addresses instead of a look-up, the
 * address or interface that a connection comes from, one family, the times of TCP, a socket
 * that is connected already, a Host field of its own. The names of this host need nobody who
 * knows names. What cannot be used is refused by its name, and nothing happens then.
 */
#include "t_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

/* The other systems have no interface to bind to, and no time for what is not acknowledged. */
#if defined(__linux__)
enum { BINDS = 1 };
#else
enum { BINDS = 0 };
#endif

static int port, listener;
static t_log never = T_LOG, log_ = T_LOG;
static ws_handle refuser;

#define REFUSED(o, part)                                                                               \
    do {                                                                                               \
        CHECK_EQ(ws_connect(refuser, "ws://name.invalid/", &(o), t_record, &never), WS_ERR_PARAMETER);  \
        CHECK_HAS(ws_last_error(), part);                                                              \
        CHECK_EQ(t_state(refuser), WS_STATE_CLOSED);                                                   \
    } while (0)
#define WRONG(member, value)               \
    do {                                   \
        ws_connect_options o_ = t_options(); \
        o_.member = value;                 \
        REFUSED(o_, "options." #member);   \
    } while (0)

static void wrong_ones(void)
{
    ws_connect_options o;
    char many[33 * 8 + 1] = "";
    for (int i = 0; i < 33; i++) strcat(many, i ? ",1.1.1.1" : "1.1.1.1");
    WRONG(host, "");
    WRONG(host, "two words");
    WRONG(host, "a\r\nInjected: b");
    WRONG(host, "host:99999");
    WRONG(host, "user@host");
    WRONG(connect_address, "");
    WRONG(connect_address, "localhost");
    WRONG(connect_address, "127.0.0.1:80");
    WRONG(connect_address, "[::1]");
    WRONG(connect_address, "127.0.0.1,,::1");
    WRONG(connect_address, many);
    WRONG(connect_address, "fe80::1%nowhere0");
    WRONG(local_address, "");
    WRONG(local_address, "localhost");
    WRONG(local_interface, "");
    WRONG(local_interface, "sixteen.letters.");
    WRONG(local_interface, "a/b");
    WRONG(address_family, 5);
    WRONG(address_family, -1);
    WRONG(tcp_keepalive_ms, -2);
    WRONG(tcp_keepalive_ms, 32767001);
    WRONG(tcp_user_timeout_ms, -1);
    WRONG(tcp_user_timeout_ms, 30000001);
    WRONG(connected_descriptor, 5); /* without the flag */

    o = t_options();
    o.address_family = WS_FAMILY_IPV6;
    o.connect_address = "127.0.0.1";
    REFUSED(o, "options.connect_address");
    o.connect_address = NULL;
    o.local_address = "127.0.0.1";
    REFUSED(o, "options.local_address");
    o = t_options();
    o.connect_address = "::1";
    o.local_address = "127.0.0.1";
    REFUSED(o, "options.local_address");
    o = t_options();
    o.connect_address = "127.0.0.1";
    CHECK_EQ(ws_connect(refuser, "ws+unix:/tmp/x", &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "Unix socket");

    ws_header host = {"Host", "x"};
    o = t_options();
    o.headers = &host;
    o.header_count = 1;
    REFUSED(o, "options.headers: Host");
    REFUSED(o, "host of the options is for it");
}

/* A socket that is of no use stays the host's. */
static void wrong_descriptors(void)
{
    ws_connect_options o = t_options();
    o.flags = WS_CONNECTED_DESCRIPTOR;
    o.connected_descriptor = -1;
    REFUSED(o, "options.connected_descriptor");
    int lonely = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), datagrams[2], pair[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, datagrams), 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    o.connected_descriptor = lonely;
    REFUSED(o, "options.connected_descriptor");
    o.connected_descriptor = datagrams[0];
    REFUSED(o, "options.connected_descriptor");
    o.connected_descriptor = pair[0];
    ws_reconnect_options again = t_again(1);
    o.reconnect = &again;
    REFUSED(o, "options.connected_descriptor");
    o.reconnect = NULL;
    o.max_redirects = 1;
    REFUSED(o, "options.connected_descriptor");
    o.max_redirects = 0;
    o.connect_address = "127.0.0.1";
    REFUSED(o, "options.connected_descriptor");
    o.connect_address = NULL;
    o.proxy = WS_PROXY_HTTP;
    o.proxy_host = "127.0.0.1";
    REFUSED(o, "options.connected_descriptor");
    o = t_options();
    o.flags = WS_CONNECTED_DESCRIPTOR;
    o.connected_descriptor = pair[0];
    CHECK_EQ(ws_connect(refuser, "ws://name.invalid:0/", &o, NULL, NULL), WS_ERR_URL);
    CHECK_EQ(send(pair[0], "", 1, 0), 1);
    close(lonely);
    for (int i = 0; i < 2; i++) close(datagrams[i]), close(pair[i]);
}

/* Connects by o to a URL with %d for the port. The peer has read the request. */
static ws_handle arrives(const char *format, const ws_connect_options *o, t_raw *peer)
{
    char url[200];
    ws_handle client = t_client(&log_);
    snprintf(url, sizeof url, format, t_tls() ? "wss" : "ws", port);
    OK(ws_connect(client, url, o, NULL, NULL));
    t_raw_take(peer, listener);
    t_raw_head(peer);
    t_raw_text(peer, t_raw_answer(peer));
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    return client;
}

static void leaves(ws_handle client, t_raw *peer)
{
    t_raw_close(peer);
    t_wait_event(&log_, WS_EVENT_CLOSE, 1);
    t_destroy(client, &log_);
    t_forget(&log_);
}

static const char *fails(const char *url, const ws_connect_options *o, int stage)
{
    static char text[1000];
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, url, o, NULL, NULL));
    const t_event *e = t_wait_event(&log_, WS_EVENT_ERROR, 1);
    if (e->stage != stage) FAIL("stage %d: %s", e->stage, e->text);
    snprintf(text, sizeof text, "%s", e->text);
    t_destroy(client, &log_);
    t_forget(&log_);
    return text;
}

static struct sockaddr_in from(const t_raw *peer)
{
    struct sockaddr_in a = {0};
    socklen_t size = sizeof a;
    CHECK_EQ(getpeername(peer->fd, (struct sockaddr *)&a, &size), 0);
    return a;
}

static void right_ones(void)
{
    t_raw peer;
    char text[200];
    ws_handle client;
    ws_connect_options o = t_options();

    /* RFC 6761 6.3; the certificates of the tests are for localhost, not for what is below it */
    for (int i = 0; i < 4; i++) {
        static const char *const names[] = {"%s://localhost:%d/", "%s://LOCALHOST.:%d/", "%s://a.b.localhost:%d/", "%s://x.localhost.:%d/"};
        o.skip_server_cert_verification = i > 0;
        client = arrives(names[i], &o, &peer);
        leaves(client, &peer);
    }

    /* The first address that takes it, in the host's order; all else is the URL's. */
    o = t_options();
    o.connect_address = "127.0.0.77 ,127.0.0.1";
    o.server_name = "localhost";
    client = arrives("%s://name.invalid:%d/", &o, &peer);
    snprintf(text, sizeof text, "\r\nHost: name.invalid:%d\r\n", port);
    CHECK_HAS(peer.head, text);
    size_t size;
    OK(ws_connection_text(client, WS_TEXT_URL, text, sizeof text, &size));
    CHECK_HAS(text, "name.invalid");
    leaves(client, &peer);

    o = t_options();
    o.host = "[::1]:8443";
    client = arrives("%s://127.0.0.1:%d/", &o, &peer);
    CHECK_HAS(peer.head, "\r\nHost: [::1]:8443\r\n");
    CHECK(!strstr(peer.head, "127.0.0.1"));
    leaves(client, &peer);

    o = t_options();
    o.local_address = "127.0.0.9";
    client = arrives("%s://127.0.0.1:%d/", &o, &peer);
    CHECK_EQ(ntohl(from(&peer).sin_addr.s_addr) & 255, 9);
    leaves(client, &peer);
    o.local_address = "192.0.2.1";
    CHECK_HAS(fails("ws://127.0.0.1:1/", &o, WS_STAGE_CONNECT), "192.0.2.1, which is no address of this host");

    o = t_options();
    o.local_interface = "lo";
    if (BINDS) {
        client = arrives("%s://127.0.0.1:%d/", &o, &peer);
        leaves(client, &peer);
        o.local_interface = "nowhere0";
        CHECK_HAS(fails("ws://127.0.0.1:1/", &o, WS_STAGE_CONNECT), "\"nowhere0\"");
    } else {
        CHECK_EQ(ws_connect(refuser, "ws://127.0.0.1:1/", &o, NULL, NULL), WS_ERR_UNSUPPORTED);
        CHECK_HAS(ws_last_error(), "options.local_interface");
    }

    o = t_options();
    o.address_family = WS_FAMILY_IPV4;
    client = arrives("%s://localhost:%d/", &o, &peer);
    leaves(client, &peer);
    o.address_family = WS_FAMILY_IPV6;
    CHECK_HAS(fails("ws://127.0.0.1:1/", &o, WS_STAGE_RESOLVE), "no IPv6 address");
    const char *told = fails("ws://localhost:1/", &o, WS_STAGE_CONNECT); /* where there is ::1, nobody listens there */
    CHECK_HAS(told, "[::1]:1");
    CHECK(!strstr(told, "127.0.0.1"));
    o = t_options();
    o.local_address = "127.0.0.1"; /* so is the family */
    CHECK_HAS(fails("ws://[::1]:1/", &o, WS_STAGE_RESOLVE), "no IPv4 address");
}

/* The clock of TCP, as the kernel has it. */
static void times_of_tcp(void)
{
    for (int i = 0; i < 3; i++) {
        static const int keepalive[] = {0, 2500, -1}, on[] = {1, 1, 0}, idle[] = {15, 3, 0};
        ws_connect_options o = t_options();
        int pair[2], value;
        socklen_t size = sizeof value;
        struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        pair[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK_EQ(connect(pair[0], (struct sockaddr *)&a, sizeof a), 0);
        pair[1] = dup(pair[0]); /* shares all of it, and stays ours */
        CHECK(pair[1] >= 0);
        o.flags = WS_CONNECTED_DESCRIPTOR;
        o.connected_descriptor = pair[0];
        o.tcp_keepalive_ms = keepalive[i];
        o.tcp_user_timeout_ms = BINDS && i ? 4321 : 0;
        o.server_name = "localhost";
        t_raw peer;
        ws_handle client = arrives("%s://name.invalid:%d/socket", &o, &peer);
        CHECK_HAS(peer.head, "GET /socket ");
        CHECK_EQ(getsockopt(pair[1], SOL_SOCKET, SO_KEEPALIVE, &value, &size), 0);
        CHECK_EQ(value, on[i]);
        CHECK_EQ(getsockopt(pair[1], IPPROTO_TCP, TCP_KEEPIDLE, &value, &size), 0);
        if (on[i]) CHECK_EQ(value, idle[i]);
#if defined(__linux__)
        CHECK_EQ(getsockopt(pair[1], IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &size), 0);
        CHECK_EQ(value, i ? 4321 : 0);
#endif
        OK(ws_send(client, "by hand", 7, WS_TEXT, NULL, NULL));
        t_raw_expect(&peer, T_TEXT, "by hand", 7);
        leaves(client, &peer);
        close(pair[1]);
    }
}

/* A Unix socket will do as well: the host's tunnel may be anything. */
static void socketpair_is_a_way(void)
{
    int pair[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    ws_connect_options o = t_options();
    o.flags = WS_CONNECTED_DESCRIPTOR;
    o.connected_descriptor = pair[0];
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, "ws://name.invalid/", &o, NULL, NULL));
    t_raw peer = {.fd = pair[1]};
    t_raw_head(&peer);
    CHECK_HAS(peer.head, "\r\nHost: name.invalid\r\n");
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    leaves(client, &peer);
}

/* A dead end is closed: its other end reads the end. */
static void failed_descriptor_is_closed(void)
{
    int pair[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    ws_connect_options o = t_options();
    o.flags = WS_CONNECTED_DESCRIPTOR;
    o.connected_descriptor = pair[0];
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, "ws://name.invalid/", &o, NULL, NULL));
    t_raw peer = {.fd = pair[1]};
    t_raw_head(&peer);
    OK(ws_close(client, NULL, NULL, NULL));
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    t_wait_event(&log_, WS_EVENT_ERROR, 1);
    t_destroy(client, &log_);
    t_forget(&log_);
}

int main(void)
{
    listener = t_raw_listen(&port);
    refuser = t_client(&never);
    wrong_ones();
    wrong_descriptors();
    CHECK_EQ(t_seen(&never, 0), 0);
    right_ones();
    times_of_tcp();
    socketpair_is_a_way();
    failed_descriptor_is_closed();
    close(listener);
    return t_done();
}
