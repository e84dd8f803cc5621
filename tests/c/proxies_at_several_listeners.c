/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PROXY protocol at all the places where a server listens, with and without TLS, on
 * several loops: each connection has the address that its own header names, limits count one
 * client wherever it comes in, and a header that is slow to come holds up no other place.
 */
#include "t_figures.h"
#include "t_listen.h"
#include "t_requests.h"

#include <arpa/inet.h>

enum { FIRST, OTHER, PLAIN, GIVEN, SHARED, UNIX, PLACES, ROUNDS = 8, PROXY = 2, STRANGER = 3, HEADER = 80 };

static ws_handle server;
static char path[100];
static int ports[PLACES];
static t_log at_server = T_LOG;

/* Tells the client who it is. */
static void WS_CALL who(const ws_event *e, void *unused)
{
    (void)unused;
    char text[100];
    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(e->handle, &info));
    int size = snprintf(text, sizeof text, "%s %d", info.client_ip, info.client_port);
    OK(ws_send(e->handle, text, (size_t)size, WS_TEXT, NULL, NULL));
}

static void start(ws_server_config config)
{
    static t_log done = T_LOG;
    int listening = t_raw_listen(&ports[GIVEN]);
    ws_listener more[PLACES - 1]; /* FIRST is that of server_port */
    for (int i = 0; i < PLACES - 1; i++) WS_INIT_STRUCT(&more[i]);
    more[OTHER - 1].ip = more[PLAIN - 1].ip = more[SHARED - 1].ip = "127.0.0.1";
    more[OTHER - 1].first_loop = 1;
    more[PLAIN - 1].flags = WS_LISTEN_PLAIN;
    more[GIVEN - 1].flags = WS_LISTEN_DESCRIPTOR;
    more[GIVEN - 1].descriptor = listening;
    more[SHARED - 1].flags = WS_LISTEN_REUSE_PORT;
    more[UNIX - 1].path = path;
    config.server_ip = "127.0.0.1";
    config.listeners = more;
    config.listener_count = PLACES - 1;
    config.trusted_proxies = "127.0.0.2, unix";
    config.client_address = WS_ADDRESS_PROXY_PROTOCOL;
    server = ws_server_create(NULL);
    t_listen_server(server, &at_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, who, NULL));
    OK(ws_server_start(server, &config, t_record, &done));
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_forget(&done);
    close(listening);
    for (int i = 0; i < t_listener(server, 0).count; i++) {
        ws_listener_info info = t_listener(server, (size_t)i);
        ports[info.listener + 1] = info.port;
    }
}

static void finish(void)
{
    OK(ws_server_destroy(server));
    t_wait_event(&at_server, WS_EVENT_DESTROYED, 1);
    t_forget(&at_server);
}

static ws_server_config plainly(void)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    return config;
}

/* Client n of 192.0.2.0/24. */
static size_t header(char text[HEADER], int n, int port)
{
    return (size_t)snprintf(text, HEADER, "PROXY TCP4 192.0.2.%d 127.0.0.1 %d 80\r\n", n, port);
}

static void dial(t_raw *peer, int place, int host, const void *first, size_t size)
{
    if (place == UNIX) t_raw_dial_unix(peer, path, first, size);
    else t_raw_dial_cut(peer, ports[place], host, first, size);
}

/* All but what the header says. */
static void asks(t_raw *peer, int place)
{
    if (place != PLAIN) t_secure(peer, 0);
    t_raw_text(peer, T_REQUEST);
}

static void comes(t_raw *peer, int place, int n, int port)
{
    char text[HEADER];
    dial(peer, place, PROXY, text, header(text, n, port));
    asks(peer, place);
}

static void is_called(t_raw *peer, const char *want)
{
    t_raw_send(peer, T_TEXT, "?", 1);
    t_frame f = t_raw_read(peer);
    char got[100];
    snprintf(got, sizeof got, "%.*s", (int)f.size, (const char *)f.data);
    CHECK_HAS(got, want);
}

/* All places at once, and all headers before the first request. */
static void everybody_is_himself(void)
{
    t_raw peers[ROUNDS][PLACES];
    char text[HEADER];
    start(plainly());
    for (int r = 0; r < ROUNDS; r++)
        for (int i = 0; i < PLACES; i++) dial(&peers[r][i], i, PROXY, text, header(text, 1 + i, 1000 + r));
    for (int r = ROUNDS; r--;)
        for (int i = 0; i < PLACES; i++) asks(&peers[r][i], i);
    for (int r = 0; r < ROUNDS; r++)
        for (int i = 0; i < PLACES; i++) CHECK_HAS(t_raw_head(&peers[r][i]), "HTTP/1.1 101 ");
    for (int r = 0; r < ROUNDS; r++) {
        for (int i = 0; i < PLACES; i++) {
            snprintf(text, sizeof text, "192.0.2.%d %d", 1 + i, 1000 + r);
            is_called(&peers[r][i], text);
            t_raw_close(&peers[r][i]);
        }
    }
    CHECK_EQ(t_figures(server).upgrades, ROUNDS * PLACES);
    finish();
}

/* They have no header, and gain nothing by one. Who comes by Unix socket is a proxy always. */
static void strangers(void)
{
    char text[HEADER];
    t_raw peer;
    start(plainly());
    for (int i = 0; i < UNIX; i++) {
        dial(&peer, i, STRANGER, "", 0);
        asks(&peer, i);
        CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
        is_called(&peer, "127.0.0.3 ");
        t_raw_close(&peer);
        dial(&peer, i, STRANGER, text, header(text, 1, 1));
        if (t_tls() && i != PLAIN) {
            t_secure(&peer, 0);
            CHECK(!peer.tls);
        } else {
            t_raw_try_write(&peer, T_REQUEST, strlen(T_REQUEST));
            CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 400 ");
        }
        t_raw_close(&peer);
    }
    CHECK_EQ(t_figures(server).upgrades, UNIX);
    finish();
}

/* A client is one, by whatever place it comes. */
static void one_limit_for_all_places(void)
{
    ws_server_config config = plainly();
    config.max_connections_for_one_client = 1;
    start(config);
    t_raw in[PLACES], more;
    uint64_t refused = 0;
    int closed = 0;
    for (int i = 0; i < PLACES; i++) {
        comes(&in[i], i, 1 + i, 1);
        CHECK_HAS(t_raw_head(&in[i]), "HTTP/1.1 101 ");
        for (int k = 0; k < PLACES; k++, refused++) {
            comes(&more, k, 1 + i, 2);
            CHECK_HAS(t_raw_rest(&more), "HTTP/1.1 429 ");
            t_raw_close(&more);
        }
    }
    CHECK_EQ(t_figures(server).refused_per_client, refused);
    for (int i = 0; i < PLACES; i++) { /* each frees its place for one who comes by the next */
        t_raw_close(&in[i]);
        t_wait_event(&at_server, WS_EVENT_CLOSE, ++closed);
        comes(&more, (i + 1) % PLACES, 1 + i, 3);
        CHECK_HAS(t_raw_head(&more), "HTTP/1.1 101 ");
        t_raw_close(&more);
        t_wait_event(&at_server, WS_EVENT_CLOSE, ++closed);
    }
    CHECK_EQ(t_figures(server).refused_per_client, refused);
    finish();
}

/* At each place one has sent a part of its header. Others go on, and when the server listens no more it
 * waits for them; the last ones are cut off. */
static void slow_headers(void)
{
    enum { CUT = 12 };
    t_raw slow[PLACES], never[PLACES], peer;
    char text[HEADER];
    t_log done = T_LOG;
    start(plainly());
    for (int i = 0; i < PLACES; i++) {
        header(text, 1 + i, 7);
        dial(&slow[i], i, PROXY, text, CUT);
        dial(&never[i], i, PROXY, text, (size_t)i);
    }
    for (int i = 0; i < PLACES; i++) {
        comes(&peer, i, 100, i);
        CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
        snprintf(text, sizeof text, "192.0.2.100 %d", i);
        is_called(&peer, text);
        t_raw_close(&peer);
    }
    T_UNTIL_SO(t_figures(server).accepted == 3 * PLACES);
    OK(ws_server_stop_listening(server, t_record, &done));
    for (int i = 0; i < PLACES; i++) {
        size_t size = header(text, 1 + i, 7);
        CHECK_EQ(send(slow[i].fd, text + CUT, size - CUT, MSG_NOSIGNAL), size - CUT);
        asks(&slow[i], i);
        CHECK_HAS(t_raw_head(&slow[i]), "HTTP/1.1 101 ");
        snprintf(text, sizeof text, "192.0.2.%d 7", 1 + i);
        is_called(&slow[i], text);
    }
    CHECK_EQ(t_seen(&done, 0), 0);
    OK(ws_server_stop(server, NULL, t_record, &done));
    for (int i = 0; i < PLACES; i++) {
        t_raw_expect_close(&slow[i], 1001);
        t_raw_send_close(&slow[i], 1001, "");
        t_raw_close(&slow[i]);
        char byte;
        CHECK(recv(never[i].fd, &byte, 1, 0) <= 0);
        t_raw_close(&never[i]);
    }
    for (int i = 1; i <= 2; i++) CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, i)->error, WS_OK);
    t_forget(&done);
    finish();
}

int main(void)
{
    ws_init_options options;
    WS_INIT_STRUCT(&options);
    options.loops = 2;
    OK(ws_init(&options));
    const char *directory = t_directory();
    strcpy(path, t_path(directory, "s"));
    everybody_is_himself();
    strangers();
    one_limit_for_all_places();
    slow_headers();
    T_UNTIL_SO(!t_exists(path));
    CHECK_EQ(rmdir(directory), 0);
    return t_done();
}
