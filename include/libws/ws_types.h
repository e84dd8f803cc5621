/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_types.h - types, constants and the threading contract of libws.
 *
 * Include <libws/ws.h>; it includes this file, and this one those of the options. Each
 * header compiles alone as C99, C11, C++11 and C++20. There are no unions, bit-fields, enums as
 * parameters or structs by value, so that every FFI can describe them.
 *
 * THE CONTRACT
 *
 *  1. Every function may be called from any thread, also inside any callback.
 *     Nothing blocks unless its name ends in _wait; ws_queue_dispatch and
 *     ws_queue_poll wait as long as their timeout_ms says. The first call that needs the
 *     library's threads makes them, which takes milliseconds: ws_init, ws_create,
 *     ws_server_create, ws_queue_create or ws_metrics. Loading the library does nothing.
 *     Sockets are made in the network namespace of the thread of that first call (Linux).
 *  2. Callbacks run on threads of the library (the event loops), or, for handles
 *     that were made with a queue, on the thread that dispatches the queue. With
 *     one loop, the default, all callbacks without a queue are serial. With more
 *     loops (ws_init) callbacks of different connections may run in parallel.
 *     Callbacks of one queue are serial, and all other points apply to them.
 *  3. Callbacks of one connection never overlap, never recurse and come in
 *     order: open, then messages, then close. Every open is followed by
 *     exactly one close. A failed connect gives an error and no open.
 *  4. A callback must not block: every connection of its loop waits for it. Only
 *     one that comes through a queue may: then only its queue waits, whose peers feel
 *     it through TCP when the queue is full. A callback needs less than 64 KiB of
 *     stack. It must not throw or longjmp out.
 *  5. The event and everything it points to is valid during the callback only.
 *  6. After ws_off or ws_destroy inside a callback of a connection, nothing more
 *     of it is called, but for what ws_destroy announces. From another thread
 *     both return at once, and one call that is already running may still end
 *     later: free user data at the destroyed event, or after ws_off_wait.
 *  7. The order of calls that returned is the order on the wire.
 *
 * HANDLES are integers below 2^53. 0 is never valid. A handle that is stale,
 * foreign or of the wrong kind gives WS_ERR_HANDLE; it is never taken for
 * somebody else's. That of an accepted connection which has ended gives
 * WS_ERR_NO_CONNECTION, from every function that takes connections.
 *
 * RETURNS: a call that can fail returns a status, 0 is success; values go
 * through out-parameters, which a failed call leaves alone. ws_last_error()
 * has the reason of the last failed call of this thread, naming the argument.
 * A call that fails does nothing else: no completion, no event. Beside what a
 * function names, every one that takes a handle may give WS_ERR_FORKED in a child
 * of fork(), and WS_ERR_MEMORY while the system refuses threads that the library
 * has to have.
 *
 * OPTIONS are structs whose first member struct_size is sizeof the struct. Zero
 * all other members (WS_INIT_STRUCT does both): 0 means the default, -1 means
 * off or no limit where the member says so. Times are milliseconds, sizes are
 * bytes. Pointers in options are borrowed for the call only.
 */
#ifndef LIBWS_TYPES_H
#define LIBWS_TYPES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define WS_CALL __cdecl
#if defined(LIBWS_BUILDS) /* the library itself */
#define WS_API __declspec(dllexport)
#else
#define WS_API __declspec(dllimport)
#endif
#else
#define WS_CALL
#define WS_API __attribute__((visibility("default")))
#endif

/* The version this header was made for; ws_version_number() is the library's. */
#define WS_VERSION_MAJOR 0
#define WS_VERSION_MINOR 1
#define WS_VERSION_PATCH 0
#define WS_VERSION_NUMBER ((WS_VERSION_MAJOR << 16) | (WS_VERSION_MINOR << 8) | WS_VERSION_PATCH)

/* The ABI: (major << 16) | minor. While major is 0 an incompatible change raises minor. */
#define WS_ABI_VERSION 1u

/* A client, a server, an accepted connection or a queue. 0 is never valid. */
typedef uint64_t ws_handle;

/* A descriptor of a socket, or one that is watched like one; on Windows a SOCKET. -1, as (ws_socket)-1, is none. */
#if defined(_WIN32)
typedef uintptr_t ws_socket;
#else
typedef int32_t ws_socket;
#endif

/* Zeroes an option struct and sets its struct_size: WS_INIT_STRUCT(&options). */
#define WS_INIT_STRUCT(p) (memset((p), 0, sizeof *(p)), (void)((p)->struct_size = (uint32_t)sizeof *(p)))

/* ---- Status and error ids -------------------------------------------------
 * 0 is success. The positive ids are those of OpenHarmony's webSocket module.
 * The negative ones are libws' own. ws_strerror() gives a text for each. */
#define WS_OK 0
#define WS_ERR_CONNECT_FAILED 200        /* connecting failed, or the connection was lost */
#define WS_ERR_PERMISSION 201            /* permission denied (named for the module; not produced) */
#define WS_ERR_PARAMETER 401             /* an argument is wrong; ws_last_error() names it */
#define WS_ERR_URL 2302001               /* the URL cannot be used */
#define WS_ERR_CERT_FILE 2302002         /* a certificate file does not exist */
#define WS_ERR_CONNECTION_EXISTS 2302003 /* the client is connecting or connected already */
#define WS_ERR_LISTEN_IP 2302004         /* cannot listen on this address */
#define WS_ERR_LISTEN_PORT 2302005       /* cannot listen on this port */
#define WS_ERR_NO_CONNECTION 2302006     /* the accepted connection does not exist, or no longer */
#define WS_ERR_PORT_OCCUPIED 2302007     /* the port is taken */
#define WS_ERR_DOMAIN 2302998            /* this domain may not be accessed */
#define WS_ERR_UNKNOWN 2302999           /* any other error of the system */
#define WS_ERR_HANDLE (-101)             /* stale, foreign or wrong kind of handle */
#define WS_ERR_STATE (-102)              /* not possible in this state (not open, already started ...) */
#define WS_ERR_FULL (-103)               /* the output queue is full; nothing was sent */
#define WS_ERR_TOO_LARGE (-104)          /* a message is larger than its limit */
#define WS_ERR_MEMORY (-105)             /* no memory, or the memory budget is used up */
#define WS_ERR_TIMEOUT (-106)            /* a deadline passed */
#define WS_ERR_CANCELLED (-107)          /* ended by ws_close, ws_destroy, a server stop or ws_shutdown_wait */
#define WS_ERR_IN_CALLBACK (-108)        /* a _wait call inside a callback would wait for itself */
#define WS_ERR_FORKED (-109)             /* the library does not work in a forked child */
#define WS_ERR_SHUTDOWN (-110)           /* the library was shut down */
#define WS_ERR_UNSUPPORTED (-111)        /* known, but not in this build or version */
#define WS_ERR_PROTOCOL (-112)           /* the peer broke the protocol, or a limit on floods */
#define WS_ERR_BUFFER (-113)             /* the caller's buffer is too small */
#define WS_ERR_INTERNAL (-114)           /* a defect of libws; please report it */
#define WS_ERR_BUSY (-115)               /* a queue is in use: by a dispatcher, or by handles */
#define WS_ERR_REPLACED (-116)           /* the message still waited when a newer one with its key came (ws_send_with) */

/* Where an asynchronous error happened (ws_event.stage). */
#define WS_STAGE_NONE 0
#define WS_STAGE_RESOLVE 1   /* looking up the host name */
#define WS_STAGE_CONNECT 2   /* the TCP connect */
#define WS_STAGE_PROXY 3     /* talking to a proxy */
#define WS_STAGE_TLS 4       /* the TLS handshake */
#define WS_STAGE_UPGRADE 5   /* the HTTP upgrade, RFC 6455 4 */
#define WS_STAGE_PROTOCOL 6  /* a peer that breaks RFC 6455 after the upgrade */
#define WS_STAGE_TIMEOUT 7   /* a deadline passed */
#define WS_STAGE_LIMIT 8     /* a limit was reached (message size, memory) */
#define WS_STAGE_RECONNECT 9 /* giving up reconnecting */
#define WS_STAGE_IO 10       /* reading or writing an open connection */

/* Kinds of messages (RFC 6455 5.6). */
#define WS_TEXT 1   /* UTF-8 text */
#define WS_BINARY 2 /* any bytes */

/* ws_event.part */
#define WS_PART_WHOLE 0  /* a whole message */
#define WS_PART_BEGIN 1  /* the first piece of a message */
#define WS_PART_MIDDLE 2 /* another piece */
#define WS_PART_END 3    /* the last piece, which may be empty: the message is whole */

/* ws_state(): the life of a connection. */
#define WS_STATE_CONNECTING 0
#define WS_STATE_OPEN 1
#define WS_STATE_CLOSING 2 /* a Close frame was sent or received; no more sends */
#define WS_STATE_CLOSED 3  /* also before the first ws_connect */

/* Event types. The comment names the members of ws_event that are set, beside
 * struct_size, type, handle and server. Ignore types you do not know. */
#define WS_EVENT_OPEN 1            /* client is connected: status, text (the module's status and message) */
#define WS_EVENT_MESSAGE 2         /* a whole message: data, size, message_type */
#define WS_EVENT_CLOSE 3           /* the connection has ended: code, reason, reason_size, clean */
#define WS_EVENT_ERROR 4           /* something failed: error, stage, status, os_error, text, code; of a server that has
                                      refused the upgrade also data, size (header fields, see ws_header_next), body,
                                      body_size (the first 16 KiB, as far as they came within a second) */
#define WS_EVENT_DESTROYED 5       /* the last event of a handle: its user data may be freed */
#define WS_EVENT_CONNECT 6         /* server: a connection was accepted: target, protocol */
#define WS_EVENT_MESSAGE_RECEIVE 7 /* server: a whole message came in: data, size, message_type */
#define WS_EVENT_COMPLETION 8      /* a call has completed: operation, error, stage, status, os_error, text */
#define WS_EVENT_DRAIN 9           /* there is room again: the output queue has sunk to low_water_mark, after it rose
                                      above high_water_mark or a send was refused with WS_ERR_FULL */
#define WS_EVENT_OPEN_INFO 10      /* client is connected, right after open: status, text, protocol */
#define WS_EVENT_HEADER_RECEIVE 11 /* header of the server's answer, before open: data, size; see ws_header_next */
#define WS_EVENT_DATA_END 12       /* the message that was just delivered is over (not by ws_queue_poll) */
#define WS_EVENT_PING 13           /* the peer's ping, which is answered already, unless WS_MANUAL_PONG says that the host
                                      does it: data, size */
#define WS_EVENT_PONG 14           /* a pong: data, size, round_trip_us */
#define WS_EVENT_RECONNECTING 15   /* a client connects again after a while: attempt, delay_ms */
#define WS_EVENT_UPGRADE 16        /* server: a client asks for a connection: method, target, protocol (all offered),
                                      data, size (header fields,
                                                  see ws_header_next). Answer by ws_accept or ws_respond */
#define WS_EVENT_REQUEST 17        /* server: any other HTTP request: method, target, data, size, body, body_size.
                                      Answer by ws_respond */
#define WS_EVENT_BEFORE_RECONNECT 18 /* with WS_ASK_BEFORE_RECONNECT: a client is about to try again: attempt; what came of
                                      the try or connection before: error, stage, status, os_error, text, code (that of
                                      the peer's Close frame). Answer by ws_reconnect_with */
#define WS_EVENT_VERIFY 19         /* with WS_VERIFY_EVENTS: whether the peer's certificate is good: token; data, size (its
                                      chain, PEM, the own one first), body, body_size (the OCSP response that a server
                                      has stapled, DER), target (the name that a server's has to be for), error and
                                      text (WS_OK, or why the library would not take it). Answer by ws_verify_answer */
#define WS_EVENT_TOPIC_BEGIN 20    /* server: a topic, or pattern, has its first subscriber: data, size (its name),
                                      pattern. Only with a listener for this event or the next one on the server, or
                                      WS_TOPIC_EVENTS; what has begun before that is no event, nor its end. Begin and
                                      end of one name take turns, and the last one that comes is how things are: one
                                      that has ended before the event of its begin has none at all. They come soon, on
                                      the server's first loop or from its queue, in no order with the events of
                                      connections, and none is lost while memory is short; after ws_server_destroy
                                      none comes */
#define WS_EVENT_TOPIC_END 21      /* server: a topic, or pattern, has lost its last subscriber: data, size, pattern */
#define WS_EVENT_SKIPPED 22        /* with WS_SKIP_LARGE: a message over max_message_size is over, of which nothing was
                                      kept: message_size, message_type. In order with messages; a server's listener
                                      gets those of its connections */
#define WS_EVENT_SIGN 23           /* with WS_SIGN_EVENTS: a signature by the key of our certificate is wanted: token,
                                      scheme; data, size (the hash, or for Ed25519, 0x0807, all that is to be signed),
                                      target (the subject of the certificate). Answer by ws_sign_answer */

/* ws_event.operation of a completion. */
#define WS_OP_CONNECT 1      /* the connection is open, or has failed */
#define WS_OP_SEND 2         /* the kernel has the whole message, or never will */
#define WS_OP_CLOSE 3        /* the closing handshake is over */
#define WS_OP_SERVER_START 4 /* the server listens */
#define WS_OP_SERVER_STOP 5  /* the last connection is gone and the port is free */
#define WS_OP_SERVER_STOP_LISTENING 6 /* no connection of the server is in its handshake any more */
#define WS_OP_POST 7         /* ws_post: its time has come; with WS_ERR_CANCELLED or WS_ERR_SHUTDOWN its target ends */

/* What happened. One flat struct for all events; members that an event type
 * does not name are 0 or "". Everything it points to is valid during the
 * callback only. Strings are never NULL. */
typedef struct ws_event {
    uint32_t struct_size;  /* size of this struct in the library; newer ones are larger */
    int32_t type;          /* WS_EVENT_ */
    ws_handle handle;      /* the client or connection it is about; the server for the server's own events */
    ws_handle server;      /* the server of an accepted connection, else 0 */
    const void *data;      /* payload of a message; one NUL byte follows it, not counted in size */
    size_t size;           /* bytes of data */
    int32_t message_type;  /* WS_TEXT or WS_BINARY */
    int32_t status;        /* HTTP status: 101 at open, the answer of a server that refused, else 0 */
    int32_t code;          /* close: the code received (RFC 6455 7.1.5; 1005 none given, 1006 connection lost);
                              error: the close code sent to the peer, or 0 */
    int32_t clean;         /* close: 1 when Close frames went both ways */
    const char *reason;    /* close: the reason received, UTF-8, NUL-terminated */
    size_t reason_size;    /* bytes of reason */
    const char *text;      /* open: HTTP status text; error and failed completion: what was tried, with what, why it
                              failed */
    int32_t error;         /* error and completion: WS_ERR_, WS_OK for a completed call */
    int32_t stage;         /* error and completion: WS_STAGE_ */
    int32_t os_error;      /* error, completion: errno of the system call that failed, else 0 */
    int32_t operation;     /* completion: WS_OP_ */
    void *user_data;       /* completion: that of the call; else the handle's, as from ws_user_data */
    const char *protocol;  /* open info and connect: the subprotocol in use, "" for none; upgrade: those offered */
    int64_t round_trip_us; /* pong: microseconds since the ping that it answers; -1: it answers none of ours */
    int64_t delay_ms;      /* reconnecting: milliseconds until the attempt begins */
    int32_t attempt;       /* reconnecting: number of the attempt since the connection was lost, from 1 */
    int32_t will_reconnect; /* close: 1 when the client connects again by itself */
    int32_t part;          /* message: WS_PART_, when it is received in pieces */
    int32_t pattern;       /* topic begin and end: 1 when the name is that of a pattern (ws_subscribe_pattern) */
    const char *method;    /* upgrade and request: "GET" */
    const char *target;    /* upgrade, request and connect: path and query as sent, "/chat?room=1"; request: "*" for
                              OPTIONS of the whole server */
    const void *body;      /* error: see WS_EVENT_ERROR; request: what followed the head, whole, without the coding when
                              it came in chunks, and without trailers; one NUL byte follows it */
    size_t body_size;      /* bytes of body */
    const char *correlation_id; /* what the host has given to the connection: ws_set_correlation_id; "" for none */
    uint64_t message_size; /* skipped: bytes of the message, inflated */
    uint64_t token;        /* verify and sign: names the question for its answer; below 2^53 */
    int32_t scheme;        /* sign: SignatureScheme of RFC 8446 4.2.3, such as 0x0804, rsa_pss_rsae_sha256 */
    int32_t reserved;      /* 0 */
} ws_event;

/* The one callback type: listeners and completions. */
typedef void(WS_CALL *ws_callback)(const ws_event *event, void *user_data);

/* For hosts without callbacks: a completion that is delivered by ws_queue_poll only. */
#define WS_COMPLETION_POLL ((ws_callback)(uintptr_t)1)

/* A field of a request or an answer. */
typedef struct ws_header {
    const char *name;  /* a token, RFC 9110 5.6.2 */
    const char *value; /* without control characters */
} ws_header;

/* ws_connect_options.compression and ws_server_config.compression: messages are compressed when both ends
 * agree on permessage-deflate (RFC 7692). WS_TEXT_EXTENSIONS has what they agreed on. OUT is what this end
 * sends, IN what it receives. Limits on the size of a message apply to the message itself; statistics, limits on
 * what waits to be sent and ws_buffered_amount count what is on the wire. What waits for a connection goes
 * uncompressed, and so does a message that would not get smaller; see ws_send_part for pieces. What is published is
 * compressed once for each window_bits_out among those who get it; what is sent next to one of them with takeover
 * refers to nothing before it. Compressing takes about 7 us for 1 KiB of text, and a connection without takeover
 * owns nothing for it.
 * One whose secrets share a message with what an attacker may choose should not compress. Since 0.1. */
typedef struct ws_compression {
    uint32_t struct_size;
    uint32_t flags;          /* WS_TAKEOVER_OUT, WS_TAKEOVER_IN */
    int32_t level;           /* 1 (fast) to 9 (small) with a window of 15 bits, others have one level; 0: 1 */
    int32_t min_size;        /* smaller messages, but not pieces, go uncompressed: 1..2^30 bytes; 0: 256 */
    int32_t window_bits_out; /* how far back a message may refer, as a power of two: 8..15; 0: 15. The peer may want
                                less */
    int32_t window_bits_in;  /* likewise; a peer that cannot keep to less than 15 is asked for no takeover instead */
    int32_t max_ratio;       /* a received message that inflates to more than 64 KiB and so many times its compressed
                                size ends its connection with close code 1009: 1..2^20; -1: any, up to
                                max_message_size; 0: 500, which counts from 4 MiB on and is met by what has hardly
                                any information, as zeros (1000 times), never by text (the same line again and
                                again: up to 420) */
    int32_t reserved;        /* 0 */
} ws_compression;

/* ws_compression.flags: context takeover (RFC 7692 7.1.1). A message may refer to those before it, and gets smaller by
 * that; it takes memory of the window's size for each connection and direction, 64 KiB with windows of 15 bits. That
 * counts in memory_budget: while it is short, what OUT remembers is dropped and nobody new gets takeover, and over it
 * the connection with the most memory ends with close code 1013. The peer may refuse. */
#define WS_TAKEOVER_OUT 1u
#define WS_TAKEOVER_IN 2u

#include "ws_options.h"
#include "ws_server_options.h"
#include "ws_relay.h"

#endif
