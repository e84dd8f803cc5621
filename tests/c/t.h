/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t.h - the kit of the C tests.
 *
 * A test is a program that returns 0. It checks with CHECK, waits with t_wait
 * and t_wait_event, and ends with "return t_done();", which shuts the library
 * down. Nothing sleeps: every wait is for an event, and a wait that takes
 * T_DEADLINE_MS ends the program with status 1.
 *
 *   t.c         checks, latches, the recorder of events
 *   t_ends.c    servers and clients made of libws
 *   t_raw.c     TCP peers that speak frames byte by byte and may break any rule
 *   t_secure.c  all of it over TLS, when the environment variable WS_TEST_TLS is 1
 *   t_accept.c  the accept key of RFC 6455 4.2.2, for raw servers
 *
 * t_every.h calls every function with a bad handle; t_violations.h lists what a
 * peer may not send. Few tests need them.
 */
#ifndef T_H
#define T_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libws/ws.h>

/* For what hangs, and for nothing that is slow: a minute, longer on a machine that has
 * more to do than it has processors. */
#define T_DEADLINE_MS t_deadline_ms()
int t_deadline_ms(void);

/* How often a test tries what depends on the moment. By Wine each connection takes tens of times as long as on Linux. */
#if defined(_WIN32)
#define T_TIMES(n) ((n) / 20)
#else
#define T_TIMES(n) (n)
#endif

/* T_FIRST(function) calls function(argc, argv, environment) before the constructors of any library.
 * musl has no such thing, and calls its own constructors without arguments; there it comes before
 * those of the program, and loading the library does nothing in any case. */
#if defined(__GLIBC__)
#define T_FIRST(function) \
    __attribute__((section(".preinit_array"), used)) static void (*const t_first)(int, char **, char **) = function
#else
#define T_FIRST(function)                                                                                 \
    __attribute__((constructor(101))) static void t_first(void)                                           \
    {                                                                                                     \
        static char words[2][200]; /* of the command line: a case is the first argument of a test */      \
        char *argv[3] = {words[0], words[1], NULL};                                                       \
        FILE *line = fopen("/proc/self/cmdline", "r");                                                    \
        int argc = 0;                                                                                     \
        for (int c, at = 0; line && argc < 2 && (c = getc(line)) != EOF; c ? (void)at++ : (void)(at = 0, argc++)) \
            if (at < 199) words[argc][at] = (char)c;                                                      \
        if (line) fclose(line);                                                                           \
        function(argc, argv, NULL);                                                                       \
    }                                                                                                     \
    extern int t_first_is_done
#endif

/* ---- checks ------------------------------------------------------------------ */

/* Ends the program with status 1; tells place, text and ws_last_error(). */
_Noreturn void t_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
void t_equal(const char *file, int line, const char *what, long long got, long long want);
void t_equal_text(const char *file, int line, const char *what, const char *got, const char *want);
void t_contains(const char *file, int line, const char *what, const char *text, const char *part);

#define FAIL(...) t_fail(__FILE__, __LINE__, __VA_ARGS__)
#define CHECK(condition) ((condition) ? (void)0 : FAIL("%s", #condition))
#define CHECK_EQ(got, want) t_equal(__FILE__, __LINE__, #got, (long long)(got), (long long)(want))
#define CHECK_TEXT(got, want) t_equal_text(__FILE__, __LINE__, #got, got, want)
#define CHECK_HAS(text, part) t_contains(__FILE__, __LINE__, #text, text, part)
#define OK(call) CHECK_EQ(call, WS_OK)

/* ---- waiting ------------------------------------------------------------------ */

/* Counts what has happened. Static ones need no other start than T_LATCH. */
typedef struct t_latch {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    long count;
} t_latch;
#define T_LATCH {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0}

void t_add(t_latch *latch, long n);
long t_count(t_latch *latch);
/* Waits until the count is at least n. */
#define t_wait(latch, n) t_wait_at(__FILE__, __LINE__, latch, n)
void t_wait_at(const char *file, int line, t_latch *latch, long n);
/* A listener or completion that adds 1 to the latch user_data. */
void WS_CALL t_tick(const ws_event *event, void *latch);

/* Milliseconds of a clock that only goes on. For deadlines, never for verdicts on speed. */
long long t_now(void);

/* Waits for what is no event. */
#define T_UNTIL_SO(condition)                                            \
    do {                                                                 \
        long long end_ = t_now() + T_DEADLINE_MS;                        \
        while (!(condition)) {                                           \
            if (t_now() > end_) FAIL("it never was so: %s", #condition); \
            sched_yield();                                               \
        }                                                                \
    } while (0)

void t_thread(pthread_t *thread, void *(*body)(void *), void *argument);
void t_join(pthread_t thread);

/* ---- recorded events -------------------------------------------------------------- */

/* A copy of a ws_event, with the thread that got it. */
typedef struct t_event {
    int type;
    ws_handle handle, server;
    unsigned char *data; /* a NUL byte follows */
    size_t size;
    int message_type, status, code, clean, error, stage, os_error, operation;
    char *reason, *text, *protocol, *method, *target, *correlation_id;
    unsigned char *body; /* a NUL byte follows */
    size_t reason_size, body_size;
    long long round_trip_us, delay_ms;
    int attempt, will_reconnect, part, pattern, scheme;
    unsigned long long message_size;
    uint64_t token;
    pid_t thread;
} t_event;

/* Events in the order in which they came. */
typedef struct t_log {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    t_event **events;
    int count, room;
} t_log;
#define T_LOG {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0, 0}

/* A listener or completion that appends to the t_log user_data. */
void WS_CALL t_record(const ws_event *event, void *log);
/* Waits for the n-th event of a type, from 1. It stays valid until t_forget. */
#define t_wait_event(log, type, n) t_wait_event_at(__FILE__, __LINE__, log, type, n)
const t_event *t_wait_event_at(const char *file, int line, t_log *log, int type, int n);
/* How many events of a type there are by now; type 0: of all. */
int t_seen(t_log *log, int type);
/* All types by now, like "open message message close". Static text. */
const char *t_story(t_log *log);
void t_forget(t_log *log);

/* ---- ends made of libws (t_ends.c) ------------------------------------------------- */

/*
 * ws_create and ws_server_create, receiving as the environment variable
 * WS_TEST_RECEIVE says, unless the options name a queue:
 *   inline (default)  callbacks on the thread of the loop
 *   queue             callbacks on a thread of the kit that dispatches a queue
 *   thread            callbacks on a thread of the library (WS_QUEUE_THREAD)
 * Tests call the library's names and get these.
 */
ws_handle t_create(const ws_create_options *options);
ws_handle t_server_create(const ws_server_options *options);
/* 1 when WS_TEST_RECEIVE is not inline. */
int t_by_queue(void);
/*
 * ws_server_start, ws_connect and ws_connect_wait over TLS when WS_TEST_TLS is 1, unless the test
 * names certificates itself.
 */
int32_t t_server_start(ws_handle server, const ws_server_config *config, ws_callback completion, void *user_data);
int32_t t_connect(ws_handle client, const char *url, const ws_connect_options *options, ws_callback completion,
                  void *user_data);
int32_t t_connect_wait(ws_handle client, const char *url, const ws_connect_options *options, int64_t timeout_ms);
/* 1 when WS_TEST_TLS is 1. */
int t_tls(void);
#ifndef T_KIT
#define ws_create(options) t_create(options)
#define ws_server_create(options) t_server_create(options)
#define ws_server_start(server, config, completion, user_data) t_server_start(server, config, completion, user_data)
#define ws_connect(client, url, options, completion, user_data) t_connect(client, url, options, completion, user_data)
#define ws_connect_wait(client, url, options, timeout_ms) t_connect_wait(client, url, options, timeout_ms)
#endif

/* Records every event that a client or an accepted connection can have. */
void t_listen(ws_handle handle, t_log *log);
void t_listen_server(ws_handle server, t_log *log);
/* A server on 127.0.0.1 and an ephemeral port. options and log may be NULL. */
ws_handle t_server(const ws_server_options *options, t_log *log);
/* The same; it sends every message back. */
ws_handle t_echo_server(void);
void WS_CALL t_echo(const ws_event *event, void *unused);
int t_port(ws_handle server);
/* "ws://127.0.0.1:PORT/", or wss. Static text of the thread. */
const char *t_url_of_port(int port);
const char *t_url(ws_handle server);
/* A client that is not connected yet, and one that is open. log may be NULL. */
ws_handle t_client(t_log *log);
ws_handle t_open_client(ws_handle server, t_log *log);
/* Sends one message to an echoing peer and checks what comes back as the client's
 * n-th message. */
void t_echo_round(ws_handle client, t_log *log, const void *data, size_t size, int type, int n);
/*
 * A gate holds the loop inside a callback, so that everything that arrives in
 * the meantime is read in one round and delivered as one batch. For tests with
 * one loop. "static t_gate gate = T_GATE;"
 */
typedef struct t_gate {
    struct t_raw *peer;
    t_latch closed, opened;
} t_gate;
#define T_GATE {NULL, T_LATCH, T_LATCH}
void t_gate_close(t_gate *gate); /* returns when the loop stands */
void t_gate_open(t_gate *gate);
/* size bytes that depend on seed and position; ASCII when text. Free it. */
void *t_bytes(size_t size, unsigned seed, int text);
int t_state(ws_handle handle);
/* What functions of connections give for a handle whose life is over, or that nobody has: that of
 * an accepted connection is told apart by its kind, in the upper three of 53 bits. */
static inline int32_t t_stale(ws_handle handle)
{
    return handle >> 50 == 3 ? WS_ERR_NO_CONNECTION : WS_ERR_HANDLE;
}
/* Destroys a client and waits for its last event. */
void t_destroy(ws_handle client, t_log *log);
/* Shuts the library down, checks that nothing hangs and that it caught no fault of its own. Returns 0. */
int t_done(void);
extern bool t_defects_wanted; /* the test makes such a fault: then there must be one */

/* ---- raw peers (t_raw.c) ------------------------------------------------------------- */

/* First bytes of frames with FIN set, RFC 6455 5.2. */
#define T_FIN 0x80
#define T_CONT 0x80
#define T_TEXT 0x81
#define T_BINARY 0x82
#define T_CLOSE 0x88
#define T_PING 0x89
#define T_PONG 0x8a

/* A TCP connection, with TLS on it when WS_TEST_TLS is 1. A read or write that takes
 * T_DEADLINE_MS fails the test. */
typedef struct t_raw {
    int fd;
    struct ssl_st *tls; /* or NULL */
    int masks;       /* 1: it plays a client, so the frames it sends are masked */
    char *head;      /* HTTP head last read, NUL-terminated */
    unsigned char *in;
    size_t at, have, room; /* in[at..have) is not used yet */
} t_raw;

/* A frame that was read; its payload is unmasked and valid until the next read. */
typedef struct t_frame {
    int first;  /* first byte: FIN, RSV, opcode */
    int masked; /* the mask bit */
    const unsigned char *data;
    size_t size;
} t_frame;

int t_raw_listen(int *port);
/* The kernel of who is accepted takes few bytes as long as the peer does not read. */
int t_raw_small_listen(int *port);
/* A port that refuses connections, and that nobody else gets until it is closed. */
int t_raw_refuse(int *port);
void t_raw_dial(t_raw *raw, int port);                            /* TCP only */
/* The same, from 127.0.0.host, which Linux has for every host. */
void t_raw_dial_from(t_raw *raw, int port, int host);
/* The same; what a proxy says comes before all else, TLS included, each byte in a segment of its own. */
void t_raw_dial_behind(t_raw *raw, int port, int host, const void *first, size_t size);
/* The same without TLS in any case, but t_secure may follow. */
void t_raw_dial_cut(t_raw *raw, int port, int host, const void *first, size_t size);
void t_raw_dial_unix(t_raw *raw, const char *path, const void *first, size_t size);
void t_raw_take(t_raw *raw, int listener);                        /* TCP only */
void t_raw_client(t_raw *raw, int port);                          /* and upgraded */
/* The same; its kernel takes few bytes as long as it does not read. */
void t_raw_small_client(t_raw *raw, int port);
void t_raw_server(t_raw *raw, int listener);                      /* and upgraded */
void t_raw_write(t_raw *raw, const void *data, size_t size);
/* False when the other end is gone. */
int t_raw_try_write(t_raw *raw, const void *data, size_t size);
void t_raw_text(t_raw *raw, const char *text);
const char *t_raw_head(t_raw *raw);                               /* reads an HTTP head */
void t_raw_bytes(t_raw *raw, const void *data, size_t size);      /* reads them, and checks that they are these */
const char *t_raw_rest(t_raw *raw);                               /* reads text to the end of the stream */
/* The answer to the request that t_raw_head has read. Static text. */
const char *t_raw_answer(t_raw *raw);
/* A request that is right. */
#define T_REQUEST                                                                                          \
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                   \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
/* Builds a frame and returns its size; out holds size + 14 bytes. */
size_t t_frame_build(unsigned char *out, int first, int masked, const void *data, size_t size);
void t_raw_send(t_raw *raw, int first, const void *data, size_t size);
void t_raw_send_close(t_raw *raw, int code, const char *reason);
t_frame t_raw_read(t_raw *raw);
/* Reads a frame and checks that it is this one. */
#define t_raw_expect(raw, first, data, size) t_raw_expect_at(__FILE__, __LINE__, raw, first, data, size)
void t_raw_expect_at(const char *file, int line, t_raw *raw, int first, const void *data, size_t size);
/* Reads a Close frame and checks its code; 0: without payload. Returns the reason, valid until the next read. */
#define t_raw_expect_close(raw, code) t_raw_expect_close_at(__FILE__, __LINE__, raw, code)
const char *t_raw_expect_close_at(const char *file, int line, t_raw *raw, int code);
/* Checks that nothing but the end of the stream comes. */
#define t_raw_expect_end(raw) t_raw_expect_end_at(__FILE__, __LINE__, raw)
void t_raw_expect_end_at(const char *file, int line, t_raw *raw);
/* Waits until the other end's kernel has everything that was written. */
void t_raw_settle(t_raw *raw);
void t_raw_close(t_raw *raw);
void t_raw_reset(t_raw *raw); /* ends it by RST */
/* Begins TLS when the test is over TLS; tls stays NULL when the other end wants none. */
void t_secure(t_raw *raw, int accepts);
/* The kit's own: reads and writes as recv and send do, ends TLS. */
ssize_t t_recv(t_raw *raw, void *data, size_t size);
ssize_t t_send(t_raw *raw, const void *data, size_t size);
void t_secure_end(t_raw *raw, int polite);

/* Writes the accept key for a Sec-WebSocket-Key (28 bytes and NUL). */
void t_accept_key(const char *key, size_t size, char accept[29]);

#endif
