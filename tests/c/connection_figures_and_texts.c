/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_connection_stats_get counts what passes through a connection, ws_connection_text
 * tells what it is made of; for clients and accepted connections. A client's last
 * connection can be asked about when it has ended.
 */
#include "t_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <time.h>

static ws_connection_stats figures(ws_handle h)
{
    ws_connection_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_connection_stats_get(h, &s));
    return s;
}

static const char *text(ws_handle h, int which)
{
    static char texts[4][3000];
    static int next;
    size_t size = 0;
    char *t = texts[next++ % 4];
    OK(ws_connection_text(h, which, t, sizeof texts[0], &size));
    CHECK_EQ(size, strlen(t));
    return t;
}

/* What goes out and comes in between a raw peer and h, and is counted. */
static void counts(t_raw *peer, ws_handle h, t_log *log, int message)
{
    ws_connection_stats a = figures(h);
    OK(ws_on(h, WS_EVENT_PONG, t_record, log));
    OK(ws_send(h, "12345", 5, WS_TEXT, NULL, NULL));
    OK(ws_send(h, NULL, 0, WS_BINARY, NULL, NULL));
    OK(ws_send_part(h, "123", 3, WS_BINARY, 0, NULL, NULL));
    OK(ws_send_part(h, "45", 2, WS_BINARY, 1, NULL, NULL));
    CHECK_EQ(ws_send(h, "\xff", 1, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER); /* not sent, not counted */
    OK(ws_ping(h, "ping", 4));
    for (int i = 0; i < 4; i++) t_raw_read(peer);
    t_raw_expect(peer, T_PING, "ping", 4);
    t_raw_send(peer, T_PONG, "ping", 4);
    t_raw_send(peer, T_PING, "", 0);
    t_raw_expect(peer, T_PONG, "", 0);
    t_raw_send(peer, T_TEXT, "1234567", 7);
    t_raw_send(peer, 0x01, "12", 2);
    t_raw_send(peer, 0x00, "", 0);
    t_raw_send(peer, T_CONT, "3", 1);
    t_wait_event(log, message, 2);
    const t_event *pong = t_wait_event(log, WS_EVENT_PONG, 1);
    ws_connection_stats b = figures(h);
    CHECK_EQ(b.messages_sent - a.messages_sent, 3);
    CHECK_EQ(b.bytes_sent - a.bytes_sent, 10);
    CHECK_EQ(b.messages_received - a.messages_received, 2);
    CHECK_EQ(b.bytes_received - a.bytes_received, 10);
    CHECK_EQ(b.pings_sent - a.pings_sent, 1);
    CHECK_EQ(b.pings_received - a.pings_received, 1);
    CHECK_EQ(b.pongs_received - a.pongs_received, 1);
    CHECK_EQ(b.frames_received - a.frames_received, 6);
    CHECK_EQ(b.frames_sent - a.frames_sent, 6); /* four of messages, a ping, a pong */
    CHECK_EQ(b.round_trip_us, pong->round_trip_us);
    CHECK_EQ(b.reconnects, 0);
}

static void is_local(const char *address, int port)
{
    char want[64];
    snprintf(want, sizeof want, "127.0.0.1:%d", port);
    CHECK_TEXT(address, want);
}

static int port_of(int fd)
{
    struct sockaddr_in a;
    socklen_t size = sizeof a;
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    return ntohs(a.sin_port);
}

static int peer_port_of(int fd)
{
    struct sockaddr_in a;
    socklen_t size = sizeof a;
    CHECK_EQ(getpeername(fd, (struct sockaddr *)&a, &size), 0);
    return ntohs(a.sin_port);
}

static void tls_is(ws_handle h, int certificate)
{
    CHECK_TEXT(text(h, WS_TEXT_TLS_VERSION), t_tls() ? "TLS 1.3" : "");
    if (t_tls()) CHECK_HAS(text(h, WS_TEXT_TLS_CIPHER), "TLS_");
    else CHECK_TEXT(text(h, WS_TEXT_TLS_CIPHER), "");
    const char *c = text(h, WS_TEXT_PEER_CERTIFICATE);
    if (!t_tls() || !certificate) {
        CHECK_TEXT(c, "");
        return;
    }
    static const char *const lines[] = {"\nissuer: ", "\nserial: ", "\nsha256: ", "\npin: ",
                                       "\nnot before: ", "\nnot after: ", "\nnames: "};
    CHECK(!strncmp(c, "subject: ", 9));
    for (int i = 0; i < 7; i++) CHECK_HAS(c, lines[i]);
    CHECK_HAS(c, "127.0.0.1");
}

/* The clock of connected_at_ms, as exact as the library's: time() may lag behind by a tick. */
static long long wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static void of_a_client(void)
{
    t_log log = T_LOG;
    t_raw peer;
    int port, listener = t_raw_listen(&port);
    char url[200], shown[200];
    ws_handle client = t_client(&log);
    ws_connection_stats s = figures(client);
    CHECK_EQ(s.connected_at_ms, 0);
    CHECK_EQ(s.round_trip_us, -1);
    CHECK_EQ(s.messages_sent + s.frames_sent + s.buffered_peak, 0);
    size_t size = 77;
    CHECK_EQ(ws_connection_text(client, WS_TEXT_URL, NULL, 0, &size), WS_ERR_STATE);
    CHECK_EQ(size, 77);

    snprintf(url, sizeof url, "%s://user:secret@127.0.0.1:%d/path?query", t_tls() ? "wss" : "ws", port);
    snprintf(shown, sizeof shown, "%s://127.0.0.1:%d/path?query", t_tls() ? "wss" : "ws", port);
    ws_connect_options o = t_options();
    o.protocol = "chat";
    long long before = wall_ms();
    OK(ws_connect(client, url, &o, NULL, NULL));
    CHECK_EQ(ws_connection_text(client, WS_TEXT_URL, NULL, 0, NULL), WS_ERR_STATE);
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    char answer[600];
    const char *right = t_raw_answer(&peer);
    snprintf(answer, sizeof answer, "%.*sSec-WebSocket-Protocol: chat\r\n\r\n", (int)strlen(right) - 2, right);
    t_raw_text(&peer, answer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    s = figures(client);
    CHECK(s.connected_at_ms >= before && s.connected_at_ms <= wall_ms());
    counts(&peer, client, &log, WS_EVENT_MESSAGE);

    int mine = peer_port_of(peer.fd);
    for (int ended = 0; ended < 2; ended++) {
        CHECK_TEXT(text(client, WS_TEXT_URL), shown);
        CHECK_TEXT(text(client, WS_TEXT_PROTOCOL), "chat");
        CHECK_TEXT(text(client, WS_TEXT_EXTENSIONS), "");
        is_local(text(client, WS_TEXT_REMOTE_ADDRESS), port);
        if (ended) CHECK_TEXT(text(client, WS_TEXT_PEER_ADDRESS), ""); /* of the socket, which is closed */
        else is_local(text(client, WS_TEXT_PEER_ADDRESS), port);
        is_local(text(client, WS_TEXT_LOCAL_ADDRESS), mine);
        tls_is(client, 1);
        if (!ended) {
            t_raw_close(&peer);
            t_wait_event(&log, WS_EVENT_CLOSE, 1);
        }
    }

    /* Sizes of buffers. */
    char buffer[200];
    memset(buffer, 'x', sizeof buffer);
    size_t need = strlen(shown);
    OK(ws_connection_text(client, WS_TEXT_URL, NULL, 0, &size)); /* how long it is */
    CHECK_EQ(size, need);
    CHECK_EQ(ws_connection_text(client, WS_TEXT_URL, buffer, need, &size), WS_ERR_BUFFER); /* no room for the NUL */
    CHECK_EQ(buffer[0], 'x');
    OK(ws_connection_text(client, WS_TEXT_URL, buffer, need + 1, NULL));
    CHECK_TEXT(buffer, shown);
    CHECK_EQ(buffer[need + 1], 'x');
    CHECK_EQ(ws_connection_text(client, 0, buffer, sizeof buffer, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "which");
    CHECK_EQ(ws_connection_text(client, WS_TEXT_PEER_ADDRESS + 1, buffer, sizeof buffer, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_connection_text(client, WS_TEXT_URL, NULL, 5, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_connection_stats_get(client, NULL), WS_ERR_PARAMETER);
    s.struct_size = 0;
    CHECK_EQ(ws_connection_stats_get(client, &s), WS_ERR_PARAMETER);

    /* A host with a newer header: what this library does not know stays as it was. */
    struct {
        ws_connection_stats known;
        uint64_t newer;
    } larger = {.known = {.struct_size = sizeof larger}, .newer = 77};
    OK(ws_connection_stats_get(client, &larger.known));
    CHECK_EQ(larger.known.messages_received, 2);
    CHECK_EQ(larger.newer, 77);
    t_destroy(client, &log);
    CHECK_EQ(ws_connection_stats_get(client, &s), WS_ERR_HANDLE);
    CHECK_EQ(ws_connection_text(client, WS_TEXT_URL, buffer, sizeof buffer, NULL), WS_ERR_HANDLE);
    t_forget(&log);
    close(listener);
}

static void of_an_accepted_one(void)
{
    static t_log log = T_LOG; /* the server hears of its end in t_done */
    t_raw peer;
    ws_handle server = t_server(NULL, &log);
    t_raw_client(&peer, t_port(server));
    ws_handle accepted = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    t_raw_send(&peer, T_TEXT, "before the first question", 25);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1);
    ws_connection_stats s = figures(accepted);
    CHECK_EQ(s.messages_received, 0);
    CHECK_EQ(s.round_trip_us, -1);
    static t_log own = T_LOG;
    OK(ws_on(accepted, WS_EVENT_MESSAGE, t_record, &own));
    counts(&peer, accepted, &own, WS_EVENT_MESSAGE);
    CHECK_TEXT(text(accepted, WS_TEXT_URL), "");
    CHECK_TEXT(text(accepted, WS_TEXT_PROTOCOL), "");
    is_local(text(accepted, WS_TEXT_REMOTE_ADDRESS), port_of(peer.fd));
    is_local(text(accepted, WS_TEXT_LOCAL_ADDRESS), t_port(server));
    tls_is(accepted, 0);
    t_raw_close(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
}

static void WS_CALL count_and_echo(const ws_event *e, void *latch)
{
    for (int i = 0; i < 3; i++) OK(ws_send(e->handle, e->data, e->size, WS_TEXT, NULL, NULL));
    t_add(latch, 1);
}

/* What callbacks send on the fast way is counted, too, from the first question on. */
static void inside_callbacks(void)
{
    static t_latch echoed = T_LATCH;
    static t_log log = T_LOG; /* the server hears of its end in t_done */
    t_raw peer;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, count_and_echo, &echoed));
    t_raw_client(&peer, t_port(server));
    ws_handle accepted = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    figures(accepted);
    t_raw_send(&peer, T_TEXT, "thrice", 6);
    for (int i = 0; i < 3; i++) t_raw_expect(&peer, T_TEXT, "thrice", 6);
    t_wait(&echoed, 1);
    ws_connection_stats s = figures(accepted);
    CHECK_EQ(s.messages_received, 1);
    CHECK_EQ(s.messages_sent, 3);
    CHECK_EQ(s.bytes_sent, 18);
    /* What waits for a peer that does not read shows in the peak. */
    char *data = t_bytes(8 << 20, 1, 0);
    OK(ws_send(accepted, data, 8 << 20, WS_BINARY, NULL, NULL));
    CHECK(figures(accepted).buffered_peak > 1 << 20);
    free(data);
    t_raw_close(&peer);

    /* Close frames are frames, both ways. */
    ws_handle client = t_client(&log);
    int port, listener = t_raw_listen(&port);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    OK(ws_close(client, NULL, NULL, NULL));
    t_raw_expect_close(&peer, 1000);
    t_raw_send_close(&peer, 1000, "");
    t_raw_close(&peer);
    T_UNTIL_SO(t_state(client) == WS_STATE_CLOSED);
    s = figures(client);
    CHECK_EQ(s.frames_sent, 1);
    CHECK_EQ(s.frames_received, 1);
    CHECK_EQ(s.messages_sent + s.messages_received, 0);
    close(listener);
}

/* A Unix socket has no address, but the connection is one all the same. */
static void over_a_unix_socket(void)
{
    t_log log = T_LOG;
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "/tmp/ws_text_XXXXXX"};
    char url[200];
    CHECK(mkdtemp(a.sun_path));
    char *directory = strdup(a.sun_path);
    strcat(a.sun_path, "/s");
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_EQ(bind(listener, (struct sockaddr *)&a, sizeof a), 0);
    CHECK_EQ(listen(listener, 1), 0);
    ws_handle client = t_client(&log);
    snprintf(url, sizeof url, "ws+unix:%s:/chat", a.sun_path);
    OK(ws_connect(client, url, NULL, NULL, NULL));
    t_raw peer = {.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)};
    CHECK(peer.fd >= 0);
    unlink(a.sun_path);
    rmdir(directory);
    free(directory);
    t_raw_head(&peer);
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    CHECK_TEXT(text(client, WS_TEXT_URL), "ws://localhost/chat");
    CHECK_TEXT(text(client, WS_TEXT_REMOTE_ADDRESS), "");
    CHECK_TEXT(text(client, WS_TEXT_LOCAL_ADDRESS), "");
    CHECK_TEXT(text(client, WS_TEXT_TLS_VERSION), "");
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
    close(listener);
}

int main(void)
{
    over_a_unix_socket();
    of_a_client();
    of_an_accepted_one();
    inside_callbacks();
    return t_done();
}
