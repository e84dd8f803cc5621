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
    int port, pid, connections, size, depth, windows, topics;
    double seconds, warm, rate;
    bool tls, resume;
    const char *loads;    /* for echo: SIZExDEPTH, separated by commas, one after another on the same connections */
    const char *deflated; /* with "-SIZE" behind it a file: compressed messages (RFC 7692 7.2.1), sent in turn instead of size bytes */
    const char *ports, *pids, *way; /* for crowd: of all servers, of all whose CPU counts; how they are spoken to */
};
extern struct options options;

/* Ends the program with one line and status 1. */
noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
double now(void); /* seconds */
double server_cpu(void); /* seconds that all threads of options.pid have run; 0 without a pid */
long server_resident(void); /* its bytes of resident memory; 0 without a pid */

/* ---- stream.c: a connection, plain or TLS ------------------------------------- */
struct stream {
    int fd;
    SSL *ssl;
};

/* Opened and upgraded; blocking. With an index, because one address of the loopback
 * has not enough ports for all. */
void stream_open(struct stream *s, int index);
void stream_nonblocking(struct stream *s);
/* Without a word to the peer, as at the end of the program. */
void stream_abort(struct stream *s);
/* Bytes, or 0 when it would block. An end of the connection ends the program. */
size_t stream_read(struct stream *s, void *data, size_t size);
size_t stream_write(struct stream *s, const void *data, size_t size);
/* All of it, before it returns; for streams that block. */
void stream_write_all(struct stream *s, const void *data, size_t size);

/* ---- message.c: what is sent, and what comes back ----------------------------- */
struct outgoing {
    unsigned char *data; /* masked frames, one behind the other */
    size_t size;
};
enum { VARIANTS = 16 }; /* of compressed messages, at most */
/* count messages; the first is variant first. The data are the caller's to free. */
struct outgoing messages(int count, int first);

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
enum { HISTOGRAM_STEPS = 1024, HISTOGRAM_POWERS = 40 };
struct histogram {
    uint64_t counts[HISTOGRAM_POWERS * HISTOGRAM_STEPS], total;
};
void histogram_clear(struct histogram *h);
void histogram_add(struct histogram *h, double seconds);
double histogram_quantile(const struct histogram *h, double share); /* microseconds */

/* ---- the modes; each prints JSON, a line for each measurement --------------------- */
void run_echo(void);
void run_paced(void);
void run_idle(void);
void run_pings(void);
void run_handshakes(void);
void run_fanout(void);
void run_bombs(void);
void run_crowd(void);

#endif
