/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host with an HTTP server of its own hands over a connection that it has accepted: with what
 * it has read of the request, or when it has answered the upgrade itself. From then on it is one
 * of the server's: its listeners, limits, topics, figures and its stop. What cannot be taken
 * stays the host's.
 */
#include "t_requests.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>

static int listener, port;
static t_log log_ = T_LOG;

/* A connection that the host has accepted; both ends are plain, also where the test is over TLS. */
static int accepted(t_raw *peer)
{
    t_raw_dial_cut(peer, port, 1, "", 0);
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0 && errno == EINTR) {}
    CHECK(fd >= 0);
    return fd;
}

static ws_adopt_options options(int fd, const char *data)
{
    ws_adopt_options o;
    WS_INIT_STRUCT(&o);
    o.descriptor = fd;
    o.data = data;
    o.size = data ? strlen(data) : 0;
    return o;
}

static ws_server_config config(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.flags = WS_NO_LISTENERS;
    c.protocol = "chat";
    return c;
}

static ws_handle start(const ws_server_config *c, uint32_t flags)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.flags = flags;
    ws_handle server = ws_server_create(&o);
    t_listen_server(server, &log_);
    t_log started = T_LOG;
    OK(ws_server_start(server, c, t_record, &started));
    CHECK_EQ(t_wait_event(&started, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_forget(&started);
    return server;
}

static void gone(ws_handle server)
{
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&log_);
}

static bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

/* The connection talks, and is the n-th that has connected. */
static void talks(t_raw *peer, ws_handle h, int n)
{
    const t_event *e = t_wait_event(&log_, WS_EVENT_CONNECT, n);
    CHECK_EQ(e->handle, h);
    int heard = t_seen(&log_, WS_EVENT_MESSAGE_RECEIVE);
    t_raw_send(peer, T_TEXT, "hello", 5);
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, heard + 1)->handle, h);
    OK(ws_send(h, "you too", 7, WS_TEXT, NULL, NULL));
    t_raw_expect(peer, T_TEXT, "you too", 7);
}

/* The library answers the request, of which the host has read nothing, a part, all or more. */
static void requests(void)
{
    ws_server_config c = config();
    ws_handle server = start(&c, WS_KEEP_REQUEST);
    static const char request[] = T_UPGRADE_OF("/room?1", "Sec-WebSocket-Protocol: chat\r\n");
    static const size_t read[] = {0, 1, 30, sizeof request - 2, sizeof request - 1};
    for (int i = 0; i < 5; i++) {
        t_raw peer;
        char part[sizeof request] = "";
        memcpy(part, request, read[i]);
        int fd = accepted(&peer), mark = 5;
        ws_adopt_options o = options(fd, part);
        o.user_data = &mark;
        ws_handle h = 0;
        OK(ws_server_adopt(server, &o, &h));
        memset(part, 'x', sizeof part); /* it was copied */
        t_raw_text(&peer, request + read[i]);
        CHECK_HAS(t_raw_head(&peer), "Sec-WebSocket-Protocol: chat\r\n");
        talks(&peer, h, i + 1);
        const t_event *e = t_wait_event(&log_, WS_EVENT_CONNECT, i + 1);
        CHECK_TEXT(e->target, "/room?1");
        CHECK_TEXT(e->protocol, "chat");
        CHECK_EQ(e->server, server);
        CHECK_TEXT(t_text(h, WS_TEXT_TARGET), "/room?1");
        void *user = NULL;
        OK(ws_user_data(h, &user));
        CHECK(user == &mark);
        ws_connection who;
        WS_INIT_STRUCT(&who);
        OK(ws_connection_info(h, &who));
        CHECK_TEXT(who.client_ip, "127.0.0.1");
        CHECK(who.client_port != 0);
        t_raw_close(&peer);
        t_wait_event(&log_, WS_EVENT_CLOSE, i + 1);
        CHECK(!is_open(fd));
    }
    ws_server_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_server_stats_get(server, &s));
    CHECK_EQ(s.accepted, 5);
    CHECK_EQ(s.upgrades, 5);
    CHECK_EQ(s.messages_received, 5);

    /* A frame right behind the request, and a request that is none. */
    t_raw peer;
    unsigned char all[sizeof request + 32];
    memcpy(all, request, sizeof request - 1);
    size_t size = sizeof request - 1 + t_frame_build(all + sizeof request - 1, T_TEXT, 1, "early", 5);
    ws_adopt_options o = options(accepted(&peer), NULL);
    o.data = all;
    o.size = size;
    OK(ws_server_adopt(server, &o, NULL));
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    CHECK_TEXT((char *)t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, 6)->data, "early");
    t_raw_close(&peer);
    ws_handle h = 0;
    o = options(accepted(&peer), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    OK(ws_server_adopt(server, &o, &h));
    CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 426 ");
    t_raw_close(&peer);
    T_UNTIL_SO(ws_abort(h) == WS_ERR_NO_CONNECTION); /* the handle has ended without a word */
    gone(server);
}

/* The host of the server decides about it, as about any other. */
static void host_decides(void)
{
    ws_server_config c = config();
    ws_handle server = start(&c, WS_UPGRADE_EVENTS), h = 0;
    OK(ws_server_on(server, WS_EVENT_UPGRADE, t_record, &log_));
    t_raw peer;
    ws_adopt_options o = options(accepted(&peer), T_UPGRADE_OF("/", ""));
    OK(ws_server_adopt(server, &o, &h));
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_UPGRADE, 1)->handle, h);
    OK(ws_accept(h, NULL));
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    talks(&peer, h, 1);
    t_raw_close(&peer);
    gone(server);
}

/* The host has answered: the connection is open at once. */
static void upgraded(void)
{
    ws_server_config c = config();
    ws_handle server = start(&c, WS_KEEP_REQUEST), h = 0;
    t_raw peer;
    unsigned char frame[32];
    int fd = accepted(&peer);
    ws_adopt_options o = options(fd, NULL);
    o.flags = WS_ADOPT_UPGRADED;
    o.target = "/mine";
    o.protocol = "of-the-host";
    o.data = frame;
    o.size = t_frame_build(frame, T_TEXT, 1, "first", 5);
    size_t count;
    OK(ws_server_adopt(server, &o, &h));
    const t_event *e = t_wait_event(&log_, WS_EVENT_CONNECT, 1);
    CHECK_EQ(e->handle, h);
    CHECK_TEXT(e->target, "/mine");
    CHECK_TEXT(e->protocol, "of-the-host");
    CHECK_TEXT((char *)t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, 1)->data, "first");
    CHECK_TEXT(t_text(h, WS_TEXT_PROTOCOL), "of-the-host");
    CHECK_TEXT(t_text(h, WS_TEXT_TARGET), "/mine");
    talks(&peer, h, 1); /* and nothing came before the first frame */
    CHECK_EQ(ws_server_connections(server, NULL, 0, &count), WS_ERR_BUFFER);
    CHECK_EQ(count, 1);

    /* Half a frame is gone on with. */
    t_raw other;
    o = options(accepted(&other), NULL);
    o.flags = WS_ADOPT_UPGRADED;
    size_t size = t_frame_build(frame, T_TEXT, 1, "second", 6);
    o.data = frame;
    o.size = 4;
    ws_handle second = 0;
    OK(ws_server_adopt(server, &o, &second));
    t_raw_write(&other, frame + 4, size - 4);
    CHECK_TEXT((char *)t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, 3)->data, "second");
    CHECK_TEXT(t_wait_event(&log_, WS_EVENT_CONNECT, 2)->target, "/");

    /* Topics are those of the server, and a stop says goodbye. */
    OK(ws_subscribe(h, "news", 4));
    OK(ws_subscribe(second, "news", 4));
    OK(ws_publish(server, "news", 4, "n", 1, WS_TEXT, 0, &count));
    CHECK_EQ(count, 2);
    t_raw_expect(&peer, T_TEXT, "n", 1);
    t_raw_expect(&other, T_TEXT, "n", 1);
    t_log done = T_LOG;
    OK(ws_server_stop(server, NULL, t_record, &done));
    t_raw_expect_close(&peer, 1001);
    t_raw_expect_close(&other, 1001);
    t_raw_close(&peer);
    t_raw_close(&other);
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_forget(&done);
    OK(ws_server_start(server, &c, NULL, NULL)); /* again */
    o = options(accepted(&peer), NULL);
    o.flags = WS_ADOPT_UPGRADED;
    OK(ws_server_adopt(server, &o, NULL));
    t_wait_event(&log_, WS_EVENT_CONNECT, 3);
    t_raw_close(&peer);
    gone(server);
}

/* One end of a socketpair, the other of which the host's TLS would feed: the client is who the host says. */
static void tunnel(void)
{
    ws_server_config c = config();
    c.max_connections_for_one_client = 1;
    ws_handle server = start(&c, 0), h = 0;
    int pair[2], more[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, more), 0);
    ws_adopt_options o = options(pair[0], T_UPGRADE_OF("/", ""));
    o.client_ip = "2001:db8::7";
    o.client_port = 4711;
    OK(ws_server_adopt(server, &o, &h));
    t_raw peer = {.fd = pair[1], .masks = 1};
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    talks(&peer, h, 1);
    ws_connection who;
    WS_INIT_STRUCT(&who);
    OK(ws_connection_info(h, &who));
    CHECK_TEXT(who.client_ip, "2001:db8::7");
    CHECK_EQ(who.client_port, 4711);

    o.descriptor = more[0]; /* the same client again */
    CHECK_EQ(ws_server_adopt(server, &o, &h), WS_ERR_CONNECT_FAILED);
    CHECK_HAS(ws_last_error(), "config.max_connections_for_one_client");
    CHECK_HAS(ws_last_error(), "429");
    CHECK_EQ(write(more[0], "mine", 4), 4);
    o.client_ip = "2001:db8:1::7";
    OK(ws_server_adopt(server, &o, NULL));
    t_raw second = {.fd = more[1], .masks = 1};
    t_raw_bytes(&second, "mine", 4);
    CHECK_HAS(t_raw_head(&second), " 101 ");
    t_raw_close(&peer);
    t_raw_close(&second);
    gone(server);
}

static void wrong_ones(void)
{
    ws_server_config c = config();
    c.max_connections = 1;
    ws_handle server = ws_server_create(NULL), h = 77;
    t_raw peer;
    int fd = accepted(&peer), lonely = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), datagrams[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, datagrams), 0);
    ws_adopt_options o = options(fd, "GET");
#define REFUSED(status, part)                                  \
    do {                                                       \
        CHECK_EQ(ws_server_adopt(server, &o, &h), status);     \
        CHECK_HAS(ws_last_error(), part);                      \
        CHECK_EQ(h, 77);                                       \
        CHECK(is_open(fd));                                    \
    } while (0)
    REFUSED(WS_ERR_STATE, "not started");
    OK(ws_server_start(server, &c, NULL, NULL));
    CHECK_EQ(ws_server_adopt(server, NULL, &h), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options: is NULL");
    static const int none[] = {-1, 100000};
    for (int i = 0; i < 2; i++) {
        o.descriptor = none[i];
        REFUSED(WS_ERR_PARAMETER, "options.descriptor");
    }
    o.descriptor = lonely;
    REFUSED(WS_ERR_PARAMETER, "options.descriptor");
    o.descriptor = datagrams[0];
    REFUSED(WS_ERR_PARAMETER, "options.descriptor");
    o.descriptor = listener;
    REFUSED(WS_ERR_PARAMETER, "options.descriptor");
    o = options(fd, NULL);
    o.size = 1;
    REFUSED(WS_ERR_PARAMETER, "options.data");
    o = options(fd, "GET");
    o.target = "/a";
    REFUSED(WS_ERR_PARAMETER, "options.target");
    o.target = NULL;
    o.protocol = "a";
    REFUSED(WS_ERR_PARAMETER, "options.protocol");
    o.flags = WS_ADOPT_UPGRADED;
    o.protocol = "a b";
    REFUSED(WS_ERR_PARAMETER, "options.protocol");
    o.protocol = NULL;
    o.target = "a";
    REFUSED(WS_ERR_PARAMETER, "options.target");
    o = options(fd, "GET");
    o.client_port = 65536;
    REFUSED(WS_ERR_PARAMETER, "options.client_port");
    o.client_port = 80;
    REFUSED(WS_ERR_PARAMETER, "options.client_port");
    o.client_ip = "localhost";
    REFUSED(WS_ERR_PARAMETER, "options.client_ip");
    o = options(fd, "GET");
    o.flags = 2;
    REFUSED(WS_ERR_PARAMETER, "options.flags");

    /* A limit. */
    t_raw first;
    o = options(accepted(&first), NULL);
    o.flags = WS_ADOPT_UPGRADED;
    OK(ws_server_adopt(server, &o, NULL));
    o = options(fd, "GET");
    REFUSED(WS_ERR_CONNECT_FAILED, "config.max_connections");
    CHECK_HAS(ws_last_error(), "503");
    CHECK_EQ(send(fd, "still mine", 10, 0), 10);
    t_raw_bytes(&peer, "still mine", 10);

    /* It listens nowhere, and not any more. */
    int32_t number = 0;
    CHECK_EQ(ws_server_port(server, &number), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "nowhere");
    t_log done = T_LOG;
    OK(ws_server_stop_listening(server, t_record, &done));
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    REFUSED(WS_ERR_STATE, "does not listen any more");
    t_raw_close(&first);
    OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    REFUSED(WS_ERR_STATE, "not started");
    t_raw_close(&peer);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&done);

    ws_handle other = ws_server_create(NULL);
    c.server_ip = "127.0.0.1";
    CHECK_EQ(ws_server_start(other, &c, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "WS_NO_LISTENERS");
    OK(ws_server_destroy_wait(other, T_DEADLINE_MS));
    close(fd);
    close(lonely);
    close(datagrams[0]);
    close(datagrams[1]);
}

/* A server that listens takes others besides. */
static void beside_a_listener(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    ws_handle server = start(&c, 0), h = 0;
    t_raw own, peer;
    t_raw_client(&own, t_port(server));
    ws_adopt_options o = options(accepted(&peer), T_UPGRADE_OF("/", ""));
    OK(ws_server_adopt(server, &o, &h));
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    talks(&peer, h, 2);
    t_raw_close(&own);
    t_raw_close(&peer);
    gone(server);
}

enum { GIVEN = 50 };

/* The pairs are made by one thread: a sanitizer does not see that the library closes one, and takes a number that is
 * used again for a race. */
typedef struct giver {
    ws_handle server;
    int pairs[GIVEN][2];
} giver;

static void *give(void *argument)
{
    giver *g = argument;
    for (int i = 0; i < GIVEN; i++) {
        int *pair = g->pairs[i];
        ws_adopt_options o = options(pair[0], i % 2 ? T_UPGRADE_OF("/", "") : NULL);
        o.flags = i % 2 ? 0 : WS_ADOPT_UPGRADED;
        int32_t status = ws_server_adopt(g->server, &o, NULL);
        if (status) {
            if (status != WS_ERR_STATE) CHECK_EQ(status, WS_ERR_HANDLE); /* destroyed meanwhile */
            CHECK(is_open(pair[0]));
            close(pair[0]);
        }
        close(pair[1]);
    }
    return NULL;
}

/* It is stopped and destroyed while threads hand over: each connection is the host's or the library's. */
static void while_it_ends(void)
{
    for (int round = 0; round < 10; round++) {
        ws_server_config c = config();
        ws_handle server = start(&c, 0);
        giver givers[2];
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) {
            givers[i].server = server;
            for (int j = 0; j < GIVEN; j++) CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, givers[i].pairs[j]), 0);
        }
        for (int i = 0; i < 2; i++) t_thread(&threads[i], give, &givers[i]);
        if (round % 2) OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
        OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
        for (int i = 0; i < 2; i++) t_join(threads[i]);
        t_forget(&log_);
    }
}

int main(void)
{
    listener = t_raw_listen(&port);
    requests();
    host_decides();
    upgraded();
    tunnel();
    wrong_ones();
    beside_a_listener();
    while_it_ends();
    close(listener);
    return t_done();
}
