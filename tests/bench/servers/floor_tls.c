/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor_tls.c - the measuring rod over TLS: the least that epoll and OpenSSL allow. One read for
 * what is there, as many records as it has, one write for all replies, whose records are full.
 *
 *     floor_tls PORT CERTIFICATE KEY
 */
#define _GNU_SOURCE
#include "floor_frames.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { BUFFER = 2 << 20, RECORDS = BUFFER + BUFFER / 64, EVENTS = 512 };

struct connection {
    int fd;
    bool upgraded;
    SSL *ssl;
    uint8_t *in, *out; /* the begin of a frame; records that the kernel did not take */
    size_t in_size, out_size, out_sent;
};

/* What was read from the one connection that is being served, and is to be written to it. */
static uint8_t arrived[BUFFER], records[RECORDS], input[BUFFER], output[BUFFER];
static size_t arrived_size, arrived_used, records_size;
static int listener, epoll;
static SSL_CTX *context;
static BIO_METHOD *through;

/* ---- what OpenSSL reads and writes lies in memory ------------------------------ */

static int take(BIO *b, char *to, int size)
{
    size_t n = arrived_size - arrived_used;
    BIO_clear_retry_flags(b);
    if (!n) {
        BIO_set_retry_read(b);
        return -1;
    }
    if (n > (size_t)size) n = (size_t)size;
    memcpy(to, arrived + arrived_used, n);
    arrived_used += n;
    return (int)n;
}

static int give(BIO *b, const char *from, int size)
{
    (void)b;
    if ((size_t)size > RECORDS - records_size) return -1;
    memcpy(records + records_size, from, (size_t)size);
    records_size += (size_t)size;
    return size;
}

static long control(BIO *b, int what, long number, void *at)
{
    (void)b, (void)number, (void)at;
    return what == BIO_CTRL_FLUSH;
}

/* ---- connections --------------------------------------------------------------- */

static void watch(struct connection *c, int operation, uint32_t events)
{
    epoll_ctl(epoll, operation, c->fd, &(struct epoll_event){.events = events, .data.ptr = c});
}

static void drop(struct connection *c)
{
    close(c->fd);
    SSL_free(c->ssl);
    free(c->in);
    free(c->out);
    free(c);
}

/* Writes the records; what the kernel does not take waits, and nothing is read before it has gone. */
static bool flush(struct connection *c)
{
    const uint8_t *data = records;
    while (records_size) {
        ssize_t n = send(c->fd, data, records_size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN) return false;
        if (n < 0) {
            c->out = memcpy(malloc(records_size), data, records_size);
            c->out_size = records_size;
            c->out_sent = records_size = 0;
            watch(c, EPOLL_CTL_MOD, EPOLLOUT);
            return true;
        }
        data += n;
        records_size -= (size_t)n;
    }
    return true;
}

static bool put_rest(struct connection *c)
{
    ssize_t n = send(c->fd, c->out + c->out_sent, c->out_size - c->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) return errno == EAGAIN;
    c->out_sent += (size_t)n;
    if (c->out_sent < c->out_size) return true;
    free(c->out);
    c->out = NULL;
    watch(c, EPOLL_CTL_MOD, EPOLLIN);
    return true;
}

/* All records that are here: the frames in them end with the bytes of input. */
static bool decrypt(struct connection *c, size_t *size)
{
    *size = c->in_size;
    if (c->in_size) memcpy(input, c->in, c->in_size);
    while (*size < BUFFER - 1) {
        int n = SSL_read(c->ssl, input + *size, (int)(BUFFER - 1 - *size));
        if (n <= 0) return SSL_get_error(c->ssl, n) == SSL_ERROR_WANT_READ;
        *size += (size_t)n;
    }
    return true;
}

static bool answer(struct connection *c, size_t size)
{
    size_t used = 0, written = 0;
    ssize_t n = 0;
    if (!c->upgraded) {
        int head = size ? floor_answer((char *)input, size, "", (char *)output) : 0;
        if (head < 0) return false;
        written = (size_t)head;
        used = size;
        c->upgraded = size > 0;
    } else {
        while ((n = floor_reply(input + used, size - used, output, &written)) > 0) used += (size_t)n;
    }
    if (n < 0 || (written && SSL_write(c->ssl, output, (int)written) <= 0)) return false;
    free(c->in);
    c->in_size = size - used;
    c->in = c->in_size ? memcpy(malloc(c->in_size), input + used, c->in_size) : NULL;
    return true;
}

static bool read_on(struct connection *c)
{
    ssize_t n = recv(c->fd, arrived, sizeof arrived, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    arrived_size = (size_t)n;
    arrived_used = 0;
    size_t size;
    return decrypt(c, &size) && answer(c, size) && flush(c);
}

static void accept_all(void)
{
    int one = 1;
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *c = calloc(1, sizeof *c);
        BIO *bio = BIO_new(through);
        BIO_set_init(bio, 1);
        c->fd = fd;
        c->ssl = SSL_new(context);
        SSL_set_bio(c->ssl, bio, bio);
        SSL_set_accept_state(c->ssl);
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) return 2;
    context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    if (SSL_CTX_use_certificate_chain_file(context, argv[2]) != 1 || SSL_CTX_use_PrivateKey_file(context, argv[3], SSL_FILETYPE_PEM) != 1) return 2;
    through = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "records in memory");
    BIO_meth_set_read(through, take);
    BIO_meth_set_write(through, give);
    BIO_meth_set_ctrl(through, control);
    listener = floor_listen(atoi(argv[1]));
    epoll = epoll_create1(0);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN});
    for (struct epoll_event events[EVENTS];;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            records_size = 0;
            if (!c) accept_all();
            else if (!(events[i].events & EPOLLOUT ? put_rest(c) : read_on(c))) drop(c);
        }
    }
}
