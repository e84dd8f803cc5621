/* SPDX-License-Identifier: Apache-2.0 */
/* t_raw.c - TCP peers that speak HTTP heads and frames byte by byte. */
#include "t.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void begin(t_raw *raw, int fd, int masks)
{
    CHECK(fd >= 0);
    *raw = (t_raw){.fd = fd, .masks = masks};
    struct timeval limit = {.tv_sec = T_DEADLINE_MS / 1000};
    int on = 1;
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on)) CHECK_EQ(errno, EOPNOTSUPP); /* a Unix socket */
}

int t_raw_refuse(int *port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    struct sockaddr_in a = loopback(0);
    socklen_t size = sizeof a;
    struct timeval limit = {.tv_sec = T_DEADLINE_MS / 1000}; /* of accept */
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    CHECK_EQ(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    CHECK_EQ(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

int t_raw_listen(int *port)
{
    int fd = t_raw_refuse(port);
    CHECK_EQ(listen(fd, 128), 0);
    return fd;
}

enum { SMALL = 4096 }; /* the least that Linux gives a socket is near */

int t_raw_small_listen(int *port)
{
    int fd = t_raw_listen(port), small = SMALL; /* those it accepts inherit it */
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    return fd;
}

/* receive: bytes the kernel may hold, 0 for its default. host: dial from 127.0.0.host, which has to be there. */
static void dial_tcp(t_raw *raw, int port, int receive, int host)
{
    struct sockaddr_in a = loopback(port), own = loopback(0);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (unsigned)host - 1);
    if (host != 1) CHECK_EQ(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    if (receive) CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive, sizeof receive), 0);
    int failed = connect(fd, (struct sockaddr *)&a, sizeof a);
    if (failed && errno == EINTR) { /* it goes on by itself, connect(2) */
        struct pollfd p = {.fd = fd, .events = POLLOUT};
        while (poll(&p, 1, T_DEADLINE_MS) < 0 && errno == EINTR) {}
        socklen_t length = sizeof errno;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &length);
        failed = errno;
    }
    if (failed) FAIL("a raw peer cannot connect to port %d: %s", port, strerror(errno));
    begin(raw, fd, 1);
}

static void dial(t_raw *raw, int port, int receive, int host)
{
    dial_tcp(raw, port, receive, host);
    t_secure(raw, 0);
}

void t_raw_dial(t_raw *raw, int port)
{
    dial(raw, port, 0, 1);
}

void t_raw_dial_from(t_raw *raw, int port, int host)
{
    dial(raw, port, 0, host);
}

static void say_first(t_raw *raw, const void *first, size_t size)
{
    for (size_t i = 0; i < size; i++) /* it may be refused before its end */
        if (send(raw->fd, (const char *)first + i, 1, MSG_NOSIGNAL) < 0) break;
}

void t_raw_dial_cut(t_raw *raw, int port, int host, const void *first, size_t size)
{
    dial_tcp(raw, port, 0, host);
    say_first(raw, first, size);
}

void t_raw_dial_unix(t_raw *raw, const char *path, const void *first, size_t size)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    CHECK(strlen(path) < sizeof a.sun_path);
    strcpy(a.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    if (connect(fd, (struct sockaddr *)&a, sizeof a))
        FAIL("a raw peer cannot connect to %s: %s", path, strerror(errno));
    begin(raw, fd, 1);
    say_first(raw, first, size);
}

void t_raw_dial_behind(t_raw *raw, int port, int host, const void *first, size_t size)
{
    t_raw_dial_cut(raw, port, host, first, size);
    t_secure(raw, 0);
}

/* A call with a timeout is not restarted after a signal, and Go sends SIGURG to
 * threads that have just been inside the library. */
#define AGAIN(call) ({ __typeof__(call) result_; while ((result_ = (call)) < 0 && errno == EINTR) {} result_; })

void t_raw_take(t_raw *raw, int listener)
{
    begin(raw, AGAIN(accept4(listener, NULL, NULL, SOCK_CLOEXEC)), 0);
    t_secure(raw, 1);
}

static void upgrade(t_raw *raw)
{
    t_raw_text(raw, T_REQUEST);
    CHECK_HAS(t_raw_head(raw), "HTTP/1.1 101 ");
    CHECK_HAS(raw->head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"); /* RFC 6455 1.3 */
}

void t_raw_client(t_raw *raw, int port)
{
    dial(raw, port, 0, 1);
    upgrade(raw);
}

void t_raw_small_client(t_raw *raw, int port)
{
    dial(raw, port, SMALL, 1);
    upgrade(raw);
}

void t_raw_server(t_raw *raw, int listener)
{
    t_raw_take(raw, listener);
    t_raw_head(raw);
    t_raw_text(raw, t_raw_answer(raw));
}

int t_raw_try_write(t_raw *raw, const void *data, size_t size)
{
    const char *p = data;
    while (size) {
        ssize_t n = AGAIN(t_send(raw, p, size));
        if (n <= 0) return 0;
        p += n;
        size -= (size_t)n;
    }
    return 1;
}

void t_raw_write(t_raw *raw, const void *data, size_t size)
{
    if (!t_raw_try_write(raw, data, size)) FAIL("a raw peer cannot write: %s", strerror(errno));
}

void t_raw_text(t_raw *raw, const char *text)
{
    t_raw_write(raw, text, strlen(text));
}

/* Reads more bytes; false at the end of the stream. */
static int more(t_raw *raw)
{
    if (raw->at == raw->have) raw->at = raw->have = 0;
    if (raw->have == raw->room) {
        raw->room = raw->room ? 2 * raw->room : 16384;
        raw->in = realloc(raw->in, raw->room);
        CHECK(raw->in);
    }
    ssize_t n = AGAIN(t_recv(raw, raw->in + raw->have, raw->room - raw->have));
    if (n < 0) FAIL("a raw peer cannot read: %s", strerror(errno));
    raw->have += (size_t)n;
    return n > 0;
}

void t_raw_bytes(t_raw *raw, const void *data, size_t size)
{
    while (raw->have - raw->at < size)
        if (!more(raw)) FAIL("the stream ended after %zu of %zu bytes", raw->have - raw->at, size);
    if (memcmp(raw->in + raw->at, data, size)) FAIL("other bytes came than \"%.100s\"", (const char *)data);
    raw->at += size;
}

const char *t_raw_head(t_raw *raw)
{
    for (;;) {
        unsigned char *end = raw->have > raw->at ? memmem(raw->in + raw->at, raw->have - raw->at, "\r\n\r\n", 4) : NULL;
        if (end) {
            size_t size = (size_t)(end - raw->in) + 4 - raw->at;
            free(raw->head);
            raw->head = strndup((char *)raw->in + raw->at, size);
            CHECK(raw->head);
            raw->at += size;
            return raw->head;
        }
        if (!more(raw)) FAIL("the stream ended inside an HTTP head of %zu bytes", raw->have - raw->at);
    }
}

const char *t_raw_rest(t_raw *raw)
{
    while (more(raw)) {}
    free(raw->head);
    raw->head = strndup((char *)raw->in + raw->at, raw->have - raw->at);
    CHECK(raw->head);
    raw->at = raw->have;
    return raw->head;
}

const char *t_raw_answer(t_raw *raw)
{
    static _Thread_local char answer[256];
    char accept[29];
    const char *key = raw->head ? strcasestr(raw->head, "\r\nSec-WebSocket-Key: ") : NULL;
    CHECK(key);
    key += strlen("\r\nSec-WebSocket-Key: ");
    t_accept_key(key, strcspn(key, "\r"), accept);
    snprintf(answer, sizeof answer,
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    return answer;
}

/* ---- frames -------------------------------------------------------------------- */

size_t t_frame_build(unsigned char *out, int first, int masked, const void *data, size_t size)
{
    static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
    size_t n = 2;
    out[0] = (unsigned char)first;
    if (size < 126) {
        out[1] = (unsigned char)size;
    } else if (size < 65536) {
        out[1] = 126;
        out[n++] = (unsigned char)(size >> 8);
        out[n++] = (unsigned char)size;
    } else {
        out[1] = 127;
        for (int shift = 56; shift >= 0; shift -= 8) out[n++] = (unsigned char)((uint64_t)size >> shift);
    }
    if (masked) {
        out[1] |= 0x80;
        memcpy(out + n, mask, 4);
        n += 4;
    }
    const unsigned char *p = data;
    for (size_t i = 0; i < size; i++) out[n + i] = masked ? p[i] ^ mask[i % 4] : p[i];
    return n + size;
}

void t_raw_send(t_raw *raw, int first, const void *data, size_t size)
{
    unsigned char *frame = malloc(size + 14);
    CHECK(frame);
    t_raw_write(raw, frame, t_frame_build(frame, first, raw->masks, data, size));
    free(frame);
}

void t_raw_send_close(t_raw *raw, int code, const char *reason)
{
    unsigned char payload[125] = {(unsigned char)(code >> 8), (unsigned char)code};
    size_t size = strlen(reason);
    CHECK(size <= 123);
    memcpy(payload + 2, reason, size);
    t_raw_send(raw, T_CLOSE, payload, code ? size + 2 : 0);
}

static void need(t_raw *raw, size_t size)
{
    while (raw->have - raw->at < size)
        if (!more(raw)) FAIL("the stream ended inside a frame, or where a frame should be");
}

t_frame t_raw_read(t_raw *raw)
{
    need(raw, 2);
    const unsigned char *h = raw->in + raw->at;
    t_frame f = {.first = h[0], .masked = h[1] >> 7, .size = h[1] & 127};
    size_t header = 2, extended = f.size == 126 ? 2 : f.size == 127 ? 8 : 0;
    need(raw, header + extended + (f.masked ? 4 : 0));
    h = raw->in + raw->at;
    if (extended) f.size = 0;
    for (size_t i = 0; i < extended; i++) f.size = f.size << 8 | h[header++];
    unsigned char mask[4] = {0};
    if (f.masked) memcpy(mask, h + header, 4), header += 4;
    need(raw, header + f.size);
    unsigned char *p = raw->in + raw->at + header;
    for (size_t i = 0; f.masked && i < f.size; i++) p[i] ^= mask[i % 4];
    f.data = p;
    raw->at += header + f.size;
    CHECK_EQ(f.masked, !raw->masks); /* RFC 6455 5.1: the client masks, the server does not */
    return f;
}

void t_raw_expect_at(const char *file, int line, t_raw *raw, int first, const void *data, size_t size)
{
    t_frame f = t_raw_read(raw);
    t_equal(file, line, "first byte of the frame", f.first, first);
    t_equal(file, line, "size of the frame", (long long)f.size, (long long)size);
    if (size && memcmp(f.data, data, size)) t_fail(file, line, "the frame has another payload");
}

const char *t_raw_expect_close_at(const char *file, int line, t_raw *raw, int code)
{
    static _Thread_local char reason[126];
    t_frame f = t_raw_read(raw);
    t_equal(file, line, "first byte of the Close frame", f.first, T_CLOSE);
    t_equal(file, line, "code of the Close frame", f.size < 2 ? 0 : f.data[0] << 8 | f.data[1], code);
    if (f.size < 2) return "";
    memcpy(reason, f.data + 2, f.size - 2);
    reason[f.size - 2] = 0;
    return reason;
}

void t_raw_expect_end_at(const char *file, int line, t_raw *raw)
{
    if (raw->at < raw->have || more(raw))
        t_fail(file, line, "there are bytes where the end of the stream should be; the first is %#x", raw->in[raw->at]);
}

void t_raw_settle(t_raw *raw)
{
    long long end = t_now() + T_DEADLINE_MS;
    for (int unacknowledged = 1; unacknowledged; sched_yield()) {
        CHECK_EQ(ioctl(raw->fd, SIOCOUTQ, &unacknowledged), 0);
        CHECK(t_now() < end);
    }
}

static void release(t_raw *raw, int polite)
{
    t_secure_end(raw, polite);
    close(raw->fd);
    free(raw->head);
    free(raw->in);
    *raw = (t_raw){.fd = -1};
}

void t_raw_close(t_raw *raw)
{
    release(raw, 1);
}

void t_raw_reset(t_raw *raw)
{
    struct linger abort = {.l_onoff = 1, .l_linger = 0};
    CHECK_EQ(setsockopt(raw->fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort), 0);
    release(raw, 0);
}
