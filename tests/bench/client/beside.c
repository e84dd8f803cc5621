/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beside.c - ws_send beside sendmsg of a frame of the same size, by turns in one run, so
 * that what else the machine does hits both alike. The peer is a process that looks at its
 * sockets ten thousand times a second: a peer that sleeps in recv would be woken by each
 * send, more often by the slower of both ways, and the difference would be the wake-ups'.
 */
#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TURN = 64, FLOODS = 4, MOST = 1 << 22 };

static unsigned char buffer[1 << 18];

/* ---- the peer ------------------------------------------------------------------------ */

/* Accepts on listener; with an upgrade (RFC 6455 4.2.2) when it is a client of the library. */
static int take(int listener, bool upgraded)
{
    char head[4096] = "", text[128], answer[256];
    int one = 1, fd = accept(listener, NULL, NULL);
    if (fd < 0) fail("accept");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!upgraded) return fd;
    for (size_t got = 0; !strstr(head, "\r\n\r\n");) {
        ssize_t n = recv(fd, head + got, sizeof head - 1 - got, 0);
        if (n <= 0) fail("no request");
        head[got += (size_t)n] = 0;
    }
    char *key = strcasestr(head, "sec-websocket-key: ");
    if (!key) fail("no key");
    unsigned char digest[SHA_DIGEST_LENGTH], accepted[32];
    int n = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key + strlen("sec-websocket-key: "));
    EVP_EncodeBlock(accepted, SHA1((unsigned char *)text, (size_t)n, digest), sizeof digest);
    n = snprintf(answer, sizeof answer,
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accepted);
    if (send(fd, answer, (size_t)n, MSG_NOSIGNAL) != n) fail("no answer");
    return fd;
}

/* Reads what both send; ends with its parent. */
static void sink(int a, int b)
{
    prctl(PR_SET_TIMERSLACK, 1ul);
    for (int fds[2] = {a, b};;) {
        for (int i = 0; i < 2; i++)
            for (ssize_t n; (n = recv(fds[i], buffer, sizeof buffer, MSG_DONTWAIT)) >= 0;)
                if (!n) _exit(0);
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
}

static void child(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Sends to the library's server what it can, on a few connections. */
static void flood(int port)
{
    if (fork()) return;
    child();
    struct stream streams[FLOODS];
    options.port = port;
    for (int i = 0; i < FLOODS; i++) {
        stream_open(&streams[i], 0);
        stream_nonblocking(&streams[i]);
    }
    struct outgoing out = messages(1000);
    for (size_t at[FLOODS] = {0};;)
        for (int i = 0; i < FLOODS; i++) {
            ssize_t n = send(streams[i].fd, out.data + at[i], out.size - at[i], MSG_NOSIGNAL);
            if (n > 0) at[i] = (at[i] + (size_t)n) % out.size;
        }
}

/* ---- the sides ------------------------------------------------------------------------- */

static _Atomic ws_handle accepted;

static void on_connect(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_handle none = 0;
    __atomic_compare_exchange_n((ws_handle *)&accepted, &none, e->handle, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
}

static int start_server(void)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    ws_handle server = ws_server_create(NULL);
    if (!server) must("server", WS_ERR_UNKNOWN);
    must("on", ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL));
    must("on", ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    must("start", ws_server_start(server, &config, NULL, NULL));
    int32_t port = 0;
    while (ws_server_port(server, &port) != WS_OK || !port) sched_yield();
    return port;
}

static int listen_on(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, size) || listen(fd, 4) || getsockname(fd, (struct sockaddr *)&address, &size)) fail("listen");
    *port = ntohs(address.sin_port);
    return fd;
}

static int connect_to(int port)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    return fd;
}

/* Without pacing, which sends some messages from a timer of the kernel instead. Of all
 * sockets, because the library does not tell which are its own. */
static void unpace(void)
{
    for (int fd = 3; fd < 256; fd++) setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
}

/* ---- the measurement --------------------------------------------------------------------- */

static struct times {
    float *all; /* ns */
    size_t count;
} bare, library;

static void note(struct times *t, double seconds)
{
    if (!t->all) t->all = malloc(MOST * sizeof *t->all);
    if (t->count < MOST) t->all[t->count++] = (float)(seconds * 1e9);
}

static int order(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static double at(const struct times *t, double share)
{
    return t->count ? t->all[(size_t)(share * (double)(t->count - 1))] : 0;
}

void run_beside(const char *role, double seconds, size_t size, bool busy)
{
    bool client = !strcmp(role, "client");
    int port, server_port = !client || busy ? start_server() : 0, listener = listen_on(&port);
    struct outgoing out = messages(1);
    if (!client) out.size -= 4; /* a server's frame has no mask */
    if (!fork()) {
        child();
        int plain = take(listener, false);
        struct stream stream;
        options.port = server_port;
        if (!client) stream_open(&stream, 0);
        sink(plain, client ? take(listener, true) : stream.fd);
    }
    int fd = connect_to(port);
    ws_handle handle = client ? client_open(port, 0, NULL) : 0;
    while (!handle) handle = accepted;
    if (busy) flood(server_port);
    unpace();
    void *data = calloc(1, size + 1);
    struct iovec part = {out.data, out.size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    for (double end = now() + seconds; now() < end;) {
        for (int i = 0; i < TURN; i++) {
            double begun = now();
            ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
            double over = now();
            if (n > 0) note(&bare, over - begun);
        }
        for (int i = 0; i < TURN; i++) {
            uint64_t queued;
            must("buffered amount", ws_buffered_amount(handle, &queued));
            if (queued) break;
            double begun = now();
            int32_t status = ws_send(handle, data, size, WS_BINARY, NULL, NULL);
            double over = now();
            if (status == WS_OK) note(&library, over - begun);
        }
    }
    qsort(bare.all, bare.count, sizeof *bare.all, order);
    qsort(library.all, library.count, sizeof *library.all, order);
    printf("{\"messages\": %zu, \"bare\": %.0f, \"library\": %.0f, \"more\": %.0f, \"bare_p99\": %.0f, \"library_p99\": %.0f}\n", library.count,
           at(&bare, 0.5), at(&library, 0.5), at(&library, 0.5) - at(&bare, 0.5), at(&bare, 0.99), at(&library, 0.99));
}
