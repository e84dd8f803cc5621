/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_raw.c - frames that RFC 6455 forbids, by a socket of our own, as the library sends none. For ws:// only: TLS
 * is the library's. Behind each comes a ping: a server that answers it has taken the frame.
 */
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "say.h"
#include "stop.h"

enum { PATIENCE_MS = 5000 };

typedef struct address {
    char host[256], port[8], authority[300], path[1024];
} address;

/* ws://[USER@]HOST[:PORT][/PATH] */
static void read_url(const char *url, address *a)
{
    const char *from = url + strlen("ws://");
    size_t size = strcspn(from, "/?#");
    const char *at = memchr(from, '@', size);
    if (at) size -= (size_t)(at + 1 - from), from = at + 1;
    snprintf(a->authority, sizeof a->authority, "%.*s", (int)size, from);
    const char *rest = from + size;
    snprintf(a->path, sizeof a->path, "%s%.*s", *rest == '/' ? "" : "/", (int)strcspn(rest, "#"), rest);
    const char *bracket = *a->authority == '[' ? strchr(a->authority, ']') : NULL;
    const char *colon = strchr(bracket ? bracket : a->authority, ':');
    snprintf(a->port, sizeof a->port, "%.7s", colon ? colon + 1 : "80");
    if (bracket) snprintf(a->host, sizeof a->host, "%.*s", (int)(bracket - a->authority - 1), a->authority + 1);
    else snprintf(a->host, sizeof a->host, "%.*s", (int)strcspn(a->authority, ":"), a->authority);
}

static int dial(const address *a)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int fd = -1;
    if (getaddrinfo(a->host, a->port, &hints, &list)) return -1;
    for (struct addrinfo *i = list; i && fd < 0; i = i->ai_next) {
        fd = socket(i->ai_family, SOCK_STREAM, 0);
        if (fd >= 0 && connect(fd, i->ai_addr, i->ai_addrlen)) close(fd), fd = -1;
    }
    freeaddrinfo(list);
    return fd;
}

/* Reads so many bytes; 0: the end, or nothing came in time. */
static int take(int fd, void *data, size_t size)
{
    for (size_t n = 0; n < size;) {
        struct pollfd p = {fd, POLLIN, 0};
        if (poll(&p, 1, PATIENCE_MS) != 1) return 0;
        ssize_t got = read(fd, (char *)data + n, size - n);
        if (got <= 0) return 0;
        n += (size_t)got;
    }
    return 1;
}

/* The status of the answer to a request, 0 for none. version and key: NULL leaves the field out. */
static int ask(int fd, const address *a, const char *key, const char *version, const settings *s)
{
    char head[16384];
    int n = snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n", a->path, s->host ? s->host : a->authority);
    if (key) n += snprintf(head + n, sizeof head - (size_t)n, "Sec-WebSocket-Key: %s\r\n", key);
    if (version) n += snprintf(head + n, sizeof head - (size_t)n, "Sec-WebSocket-Version: %s\r\n", version);
    for (size_t i = 0; i < s->headers.count && n < 8192; i++) n += snprintf(head + n, sizeof head - (size_t)n, "%.4000s\r\n", s->headers.texts[i]);
    n += snprintf(head + n, sizeof head - (size_t)n, "\r\n");
    if (send(fd, head, (size_t)n, MSG_NOSIGNAL) != n) return 0;
    size_t got = 0;
    while (got + 1 < sizeof head && take(fd, head + got, 1)) {
        head[++got] = 0;
        if (got >= 4 && !strcmp(head + got - 4, "\r\n\r\n")) break;
    }
    int status = 0;
    return sscanf(head, "HTTP/1.%*d %d", &status) == 1 ? status : 0;
}

/* Reads frames until the server closes; 1: it answered our ping, so it goes on. code: of its Close frame, 0 for none. */
static int goes_on(int fd, int *code)
{
    unsigned char head[2], more[8], *data;
    *code = 0;
    while (take(fd, head, 2)) {
        uint64_t size = head[1] & 127;
        int extra = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (extra && !take(fd, more, (size_t)extra)) return 0;
        if (extra) size = 0;
        for (int i = 0; i < extra; i++) size = size << 8 | more[i];
        if (size > 1 << 20 || !(data = malloc((size_t)size + 1))) return 0;
        int whole = take(fd, data, (size_t)size), opcode = head[0] & 15, ours = size == 5 && !memcmp(data, "probe", 5);
        if (whole && opcode == 8 && size >= 2) *code = data[0] << 8 | data[1];
        free(data);
        if (!whole || opcode == 8) return 0;
        if (opcode == 10 && ours) return 1;
    }
    return 0;
}

/* A frame of at most 127 bytes, or of 126 and more with a length of two bytes; masked with zeros, which changes nothing. */
typedef struct bad_frame {
    const char *what;
    unsigned char first; /* FIN, RSV and opcode */
    int unmasked, expected; /* the code that fits */
    size_t size;
    const char *data; /* NULL: zeros */
} bad_frame;

static const bad_frame frames[] = {
    {"a frame without a mask (5.1)", 0x81, 1, 1002, 2, "hi"},
    {"a reserved bit without an extension (5.2)", 0xa1, 0, 1002, 2, "hi"},
    {"a reserved opcode, 3 (5.2)", 0x83, 0, 1002, 2, "hi"},
    {"a reserved control opcode, 11 (5.2)", 0x8b, 0, 1002, 0, ""},
    {"a ping of 126 bytes (5.5)", 0x89, 0, 1002, 126, NULL},
    {"a ping in pieces (5.5)", 0x09, 0, 1002, 2, "hi"},
    {"a continuation of nothing (5.4)", 0x80, 0, 1002, 2, "hi"},
    {"text that is not UTF-8 (8.1)", 0x81, 0, 1007, 2, "\xc3\x28"},
    {"a Close frame with one byte (5.5.1)", 0x88, 0, 1002, 1, "\x03"},
    {"a Close frame with the code 1005 (7.4.1)", 0x88, 0, 1002, 2, "\x03\xed"},
    {"a Close frame whose reason is not UTF-8 (5.5.1)", 0x88, 0, 1007, 4, "\x03\xe8\xc3\x28"},
};

static void send_frame(int fd, const bad_frame *f)
{
    static const unsigned char ping[] = {0x89, 0x85, 0, 0, 0, 0, 'p', 'r', 'o', 'b', 'e'};
    unsigned char out[256] = {f->first};
    size_t n = 1, mask = f->unmasked ? 0 : 0x80;
    if (f->size < 126) {
        out[n++] = (unsigned char)(mask | f->size);
    } else {
        out[n++] = (unsigned char)(mask | 126);
        out[n++] = 0;
        out[n++] = (unsigned char)f->size;
    }
    if (!f->unmasked) n += 4;
    if (f->data) memcpy(out + n, f->data, f->size);
    n += f->size;
    if (send(fd, out, n, MSG_NOSIGNAL) < 0 || send(fd, ping, sizeof ping, MSG_NOSIGNAL) < 0) return; /* it has closed */
}

static void check_frame(const address *a, const settings *s, const bad_frame *f)
{
    int fd = dial(a), code;
    if (fd < 0 || ask(fd, a, "dGhlIHNhbXBsZSBub25jZQ==", "13", s) != 101) {
        note("%s: could not be tried, there was no connection", f->what);
    } else {
        send_frame(fd, f);
        if (goes_on(fd, &code)) bad("%s: it goes on as if nothing was", f->what);
        else if (code == f->expected) good("%s: it closes with %d", f->what, code);
        else if (code) note("%s: it closes with %d; %d would say why", f->what, code, f->expected);
        else note("%s: it ends the connection without a Close frame", f->what);
    }
    if (fd >= 0) close(fd);
}

static void check_request(const address *a, const settings *s, const char *what, const char *key, const char *version)
{
    int fd = dial(a), status = fd < 0 ? 0 : ask(fd, a, key, version, s);
    if (status == 101) bad("%s: it agrees all the same (4.2.1)", what);
    else if (status >= 400 && status < 500) good("%s: it is refused (%d)", what, status);
    else note("%s: the answer is %d", what, status);
    if (fd >= 0) close(fd);
}

void check_raw(const target *t, const settings *s)
{
    address a;
    check_part("Conformance (RFC 6455)");
    if (strncmp(t->url, "ws://", 5) || s->auth || s->bearer || s->cookies.count || (s->proxy && strcmp(s->proxy, "none"))) {
        note("wrong frames are tried for ws:// without a proxy, authentication and cookies only");
        return;
    }
    read_url(t->url, &a);
    if (s->connect_to) snprintf(a.host, sizeof a.host, "%s", s->connect_to);
    check_request(&a, s, "a request without Sec-WebSocket-Key", NULL, "13");
    check_request(&a, s, "a request with a key of 3 bytes", "YWJj", "13");
    check_request(&a, s, "a request for version 12", "dGhlIHNhbXBsZSBub25jZQ==", "12");
    for (size_t i = 0; i < sizeof frames / sizeof *frames && !stop_wanted(); i++) check_frame(&a, s, &frames[i]);
}
