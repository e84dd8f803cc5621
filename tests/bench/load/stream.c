/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c - a connection, plain or TLS. Certificates are not checked: nobody is attacked here. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORTS_OF_AN_ADDRESS = 20000 };

static __thread SSL_SESSION *session; /* of the last connection, for options.resume */

static SSL_CTX *tls(void)
{
    static __thread SSL_CTX *context;
    if (!context) {
        context = SSL_CTX_new(TLS_client_method());
        if (!context) fail("no TLS context");
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    }
    return context;
}

static void connect_tcp(struct stream *s, int index)
{
    int one = 1;
    struct linger at_once = {.l_onoff = 1}; /* no TIME_WAIT, of which a machine has only so many */
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->fd < 0) fail("socket: %s", strerror(errno));
    setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(index / PORTS_OF_AN_ADDRESS))};
    if (bind(s->fd, (struct sockaddr *)&address, sizeof address)) fail("bind: %s", strerror(errno));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)options.port);
    if (connect(s->fd, (struct sockaddr *)&address, sizeof address)) fail("connection %d: %s", index, strerror(errno));
}

static void connect_tls(struct stream *s)
{
    s->ssl = SSL_new(tls());
    SSL_set_fd(s->ssl, s->fd);
    SSL_set_tlsext_host_name(s->ssl, "localhost");
    if (options.resume && session) SSL_set_session(s->ssl, session);
    if (SSL_connect(s->ssl) != 1) fail("TLS: %s", ERR_error_string(ERR_get_error(), NULL));
    if (options.resume && session && !SSL_session_reused(s->ssl)) fail("the server did not resume the session");
}

static size_t tls_result(struct stream *s, int result)
{
    if (result > 0) return (size_t)result;
    int error = SSL_get_error(s->ssl, result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail("the server ended a connection (TLS error %d)", error);
    return 0;
}

static size_t result(ssize_t n)
{
    if (n > 0) return (size_t)n;
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    fail("the server ended a connection: %s", n ? strerror(errno) : "end of stream");
}

size_t stream_read(struct stream *s, void *data, size_t size)
{
    return s->ssl ? tls_result(s, SSL_read(s->ssl, data, (int)size)) : result(recv(s->fd, data, size, 0));
}

size_t stream_write(struct stream *s, const void *data, size_t size)
{
    return s->ssl ? tls_result(s, SSL_write(s->ssl, data, (int)size)) : result(send(s->fd, data, size, MSG_NOSIGNAL));
}

void stream_write_all(struct stream *s, const void *data, size_t size)
{
    for (size_t sent = 0; sent < size;) sent += stream_write(s, (const char *)data + sent, size - sent);
}

/* Like stream_read, and the bytes stay. */
static size_t stream_peek(struct stream *s, void *data, size_t size)
{
    return s->ssl ? tls_result(s, SSL_peek(s->ssl, data, (int)size)) : result(recv(s->fd, data, size, MSG_PEEK));
}

/* Reads the head of the answer and nothing behind it: what follows may be messages. */
static void read_head(struct stream *s, char *head, size_t capacity)
{
    size_t got = 0, more;
    char *end;
    do {
        if (got + 1 == capacity) fail("the answer is too long");
        more = stream_peek(s, head + got, capacity - 1 - got);
        head[got + more] = 0;
        end = strstr(head, "\r\n\r\n");
        if (end) more = (size_t)(end + 4 - (head + got));
        got += stream_read(s, head + got, more);
    } while (!end);
    head[got] = 0;
}

static void upgrade(struct stream *s, int index)
{
    char head[4096];
    int size = snprintf(head, sizeof head,
                        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                        options.deflated ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "");
    if (stream_write(s, head, (size_t)size) != (size_t)size) fail("the request was not sent at once");
    read_head(s, head, sizeof head);
    if (strncmp(head, "HTTP/1.1 101", 12)) fail("connection %d was answered: %.40s", index, head);
    if (options.deflated && !strcasestr(head, "permessage-deflate")) fail("the server does not compress");
}

void stream_open(struct stream *s, int index)
{
    memset(s, 0, sizeof *s);
    connect_tcp(s, index);
    if (options.tls) connect_tls(s);
    upgrade(s, index);
    if (options.tls && options.resume) { /* the ticket came before the answer */
        SSL_SESSION_free(session);
        session = SSL_get1_session(s->ssl);
    }
}

void stream_nonblocking(struct stream *s)
{
    if (fcntl(s->fd, F_SETFL, O_NONBLOCK)) fail("fcntl: %s", strerror(errno));
}

void stream_abort(struct stream *s)
{
    if (s->ssl) SSL_set_shutdown(s->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); /* else the session is thrown away */
    SSL_free(s->ssl);
    close(s->fd);
}
