/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.h - what the modes of the load client share.
 *
 * One thread (handshakes: eight), blocking until all connections are open, then
 * epoll. It speaks no more WebSocket than a measurement needs, so that the machine
 * is the server's: what it sends is made once, of replies it reads the heads only.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <openssl/ssl.h>

struct options {
    int port, pid, connections, size, depth;
    double seconds, warm, rate;
    bool tls, resume;
    const char *deflated; /* file with a compressed message (RFC 7692 7.2.1), sent instead of size bytes */
};
extern struct options options;

/* Ends the program with one line and status 1. */
noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
double now(void); /* seconds */
double server_cpu(void); /* seconds that all threads of options.pid have run; 0 without a pid */

/* ---- stream.c: a connection, plain or TLS ------------------------------------- */
struct stream {
    int fd;
    SSL *ssl;
};

/* Opened and upgraded; blocking. With an index, because one address of the loopback
 * has not enough ports for all. */
void stream_open(struct stream *s, int index);
void stream_nonblocking(struct stream *s);
/* Without TIME_WAIT, of which a machine has only so many. */
void stream_abort(struct stream *s);
/* Bytes, or 0 when it would block. An end of the connection ends the program. */
size_t stream_read(struct stream *s, void *data, size_t size);
size_t stream_write(struct stream *s, const void *data, size_t size);

/* ---- message.c: what is sent, and what comes back ----------------------------- */
struct outgoing {
    unsigned char *data; /* masked frames, one behind the other */
    size_t size;
};
struct outgoing messages(int count);

struct replies {
    unsigned char head[14];
    unsigned head_size;
    bool control, last;
    uint64_t left, length; /* of the frame's payload; of the message so far */
};
/* How many messages have ended in these bytes. A reply of another length than
 * options.size ends the program. */
int replies_in(struct replies *r, const unsigned char *data, size_t size);

/* ---- histogram.c: times, to a thousandth of themselves -------------------------- */
void histogram_clear(void);
void histogram_add(double seconds);
double histogram_quantile(double share); /* microseconds */

/* ---- the modes, each ends with one line of JSON ----------------------------------- */
void run_echo(void);
void run_paced(void);
void run_idle(void);
void run_handshakes(void);
void run_fanout(void);

#endif
