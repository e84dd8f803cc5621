/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_types.h - types, constants and the threading contract of libws.
 *
 * Include "ws.h"; it includes this file. The two headers compile alone as
 * C99, C11, C++11 and C++20. There are no unions, bit-fields, enums as
 * parameters or structs by value, so that every FFI can describe them.
 *
 * THE CONTRACT
 *
 *  1. Every function may be called from any thread, also inside any callback.
 *     Nothing blocks unless its name ends in _wait; ws_queue_dispatch and
 *     ws_queue_poll wait as long as they are told to.
 *  2. Callbacks run on threads of the library (the event loops), or, for handles
 *     that were made with a queue, on the thread that dispatches the queue. With
 *     one loop, the default, all callbacks without a queue are serial. With more
 *     loops (ws_init) callbacks of different connections may run in parallel.
 *     Callbacks of one queue are serial, and all other points hold for them.
 *  3. Callbacks of one connection never overlap, never recurse and come in
 *     order: open, then messages, then close. Every open is followed by
 *     exactly one close. A failed connect gives an error and no open.
 *  4. A callback must not block: it holds up every connection of its loop. Only
 *     one that comes through a queue may: it holds up its queue, whose peers feel
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
 * somebody else's.
 *
 * RETURNS: a call that can fail returns a status, 0 is success; values go
 * through out-parameters, which a failed call leaves alone. ws_last_error()
 * tells the reason of the last failed call of this thread, naming the argument.
 * A call that fails does nothing else: no completion, no event.
 *
 * OPTIONS are structs whose first member struct_size is sizeof the struct. Zero
 * all other members (WS_INIT_STRUCT does both): 0 means the default, -1 means
 * off or no limit where the member says so. Times are milliseconds, sizes are
 * bytes. Pointers in options are borrowed for the call only.
 */
#ifndef WS_TYPES_H
#define WS_TYPES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define WS_CALL __cdecl
#define WS_API __declspec(dllexport)
#else
#define WS_CALL
#define WS_API __attribute__((visibility("default")))
#endif

/* The version this header was made for; ws_version_number() tells the library's. */
#define WS_VERSION_MAJOR 0
#define WS_VERSION_MINOR 1
#define WS_VERSION_PATCH 0
#define WS_VERSION_NUMBER ((WS_VERSION_MAJOR << 16) | (WS_VERSION_MINOR << 8) | WS_VERSION_PATCH)

/* The ABI: (major << 16) | minor. While major is 0 an incompatible change raises minor. */
#define WS_ABI_VERSION 1u

/* A client, a server, an accepted connection or a queue. 0 is never valid. */
typedef uint64_t ws_handle;

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
#define WS_ERR_NO_CONNECTION 2302006     /* the connection does not exist */
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
#define WS_ERR_PROTOCOL (-112)           /* the peer broke the protocol */
#define WS_ERR_BUFFER (-113)             /* the caller's buffer is too small */
#define WS_ERR_INTERNAL (-114)           /* a defect of libws; please report it */
#define WS_ERR_BUSY (-115)               /* a queue is in use: by a dispatcher, or by handles */

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
#define WS_EVENT_ERROR 4           /* something failed: error, stage, status, os_error, text, code */
#define WS_EVENT_DESTROYED 5       /* the last event of a handle: its user data may be freed */
#define WS_EVENT_CONNECT 6         /* server: a connection was accepted */
#define WS_EVENT_MESSAGE_RECEIVE 7 /* server: a whole message came in: data, size, message_type */
#define WS_EVENT_COMPLETION 8      /* a call has completed: operation, error, stage, status, os_error, text */
#define WS_EVENT_DRAIN 9           /* there is room again: the output queue has sunk to low_water_mark, after it rose
                                      above high_water_mark or a send was refused with WS_ERR_FULL */
#define WS_EVENT_OPEN_INFO 10      /* client is connected, right after open: status, text, protocol */
#define WS_EVENT_HEADER_RECEIVE 11 /* header of the server's answer, before open: data, size; see ws_header_next */
#define WS_EVENT_DATA_END 12       /* the message that was just told is over (not told by ws_queue_poll) */
#define WS_EVENT_PING 13           /* the peer's ping, which is answered already: data, size */
#define WS_EVENT_PONG 14           /* a pong: data, size, round_trip_us */
#define WS_EVENT_RECONNECTING 15   /* a client connects again after a while: attempt, delay_ms */

/* ws_event.operation of a completion. */
#define WS_OP_CONNECT 1      /* the connection is open, or has failed */
#define WS_OP_SEND 2         /* the kernel has the whole message, or never will */
#define WS_OP_CLOSE 3        /* the closing handshake is over */
#define WS_OP_SERVER_START 4 /* the server listens */
#define WS_OP_SERVER_STOP 5  /* the last connection is gone and the port is free */

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
    const char *text;      /* open: HTTP status text; error and failed completion: what was tried, with what, why it failed */
    int32_t error;         /* error and completion: WS_ERR_, WS_OK for a completed call */
    int32_t stage;         /* error and completion: WS_STAGE_ */
    int32_t os_error;      /* errno of the system call that failed, else 0 */
    int32_t operation;     /* completion: WS_OP_ */
    void *user_data;       /* completion: that of the call; else the handle's, as ws_user_data tells it */
    const char *protocol;  /* open info: the subprotocol the server chose, "" for none */
    int64_t round_trip_us; /* pong: microseconds since the ping that it answers; -1: it answers none of ours */
    int64_t delay_ms;      /* reconnecting: milliseconds until the attempt begins */
    int32_t attempt;       /* reconnecting: number of the attempt since the connection was lost, from 1 */
    int32_t will_reconnect; /* close: 1 when the client connects again by itself */
    int32_t part;          /* message: WS_PART_, when it is received in pieces */
    int32_t reserved;      /* 0 */
} ws_event;

/* The one callback type: listeners and completions. */
typedef void(WS_CALL *ws_callback)(const ws_event *event, void *user_data);

/* For hosts without callbacks: a completion that is told by ws_queue_poll only. */
#define WS_COMPLETION_POLL ((ws_callback)(uintptr_t)1)

/* ---- Options ----------------------------------------------------------- */

/* ws_init_options.engine */
#define WS_ENGINE_DEFAULT 0   /* what the environment variable WS_ENGINE says (epoll, goroutine), else the system's best */
#define WS_ENGINE_EPOLL 1     /* event loops on epoll (Linux); the default there */
#define WS_ENGINE_GOROUTINE 2 /* one goroutine per connection: on any system, slower; the default without epoll */

/* Levels of the log. */
#define WS_LOG_ERROR 1
#define WS_LOG_WARN 2
#define WS_LOG_INFO 3
#define WS_LOG_DEBUG 4

/* Receives a line of the log; any library thread, several at once. line is NUL-terminated
 * and valid during the call only. It must not call libws. */
typedef void(WS_CALL *ws_log_callback)(int32_t level, const char *line, void *user_data);

/* ws_init: the whole library. Since 0.1. */
typedef struct ws_init_options {
    uint32_t struct_size;
    int32_t loops;         /* event loops, one thread each: 1..64; 0: 1 */
    int32_t engine;        /* WS_ENGINE_ */
    int32_t log_level;     /* highest WS_LOG_ level that is reported; 0: WS_LOG_WARN */
    int64_t memory_budget; /* bytes for all receive, send and queue buffers together; 0: a quarter of the
                              memory this process may use; at least 1 MiB; -1: no ceiling. Near it connections
                              that hold memory are not read; over it sends are refused (WS_ERR_MEMORY), and
                              connections that hold the most are ended (close code 1013). */
    ws_log_callback log;   /* NULL: no log */
    void *log_user_data;   /* handed to log */
} ws_init_options;

/* ws_create_options.flags and ws_server_options.flags */
#define WS_REFUSE_EARLY 1u   /* clients: ws_send fails with WS_ERR_STATE until open, instead of keeping messages until then */
#define WS_RECEIVE_PARTS 2u  /* a message is told in pieces as they come (ws_event.part), so that it never is in memory whole */
#define WS_PING_EVENTS 4u    /* ping and pong are told although nobody has called ws_on for them: for ws_queue_poll */

/* ws_create: a client. Since 0.1. */
typedef struct ws_create_options {
    uint32_t struct_size;
    uint32_t flags;           /* WS_REFUSE_EARLY, WS_RECEIVE_PARTS, WS_PING_EVENTS */
    int64_t max_message_size; /* largest message received or sent, bytes; 0: 64 MiB; -1: no limit (2^46) */
    int64_t max_send_size;    /* largest message sent, if that is to be less; 0: max_message_size. The module's is 5242864 */
    int64_t max_buffered;     /* bytes that may wait in the output queue; 0: 16 MiB. One message always fits an empty queue. */
    void *user_data;          /* first value of ws_user_data() */
    int64_t high_water_mark;  /* drain follows when more than this was buffered; 1..max_buffered; 0: max_buffered */
    int64_t low_water_mark;   /* buffered bytes at which drain comes; less than high_water_mark; 0: a quarter of it */
    ws_handle queue;          /* its callbacks come by this queue; 0: on the thread of the loop */
} ws_create_options;

/* A field of a request or an answer. */
typedef struct ws_header {
    const char *name;  /* a token, RFC 9110 5.6.2 */
    const char *value; /* without control characters */
} ws_header;

/* ws_connect_options.proxy */
#define WS_PROXY_SYSTEM 0 /* what http_proxy, https_proxy, all_proxy and no_proxy in the environment say */
#define WS_PROXY_NONE 1   /* straight to the server */
#define WS_PROXY_HTTP 2   /* the one in proxy_host: HTTP CONNECT, for ws and wss */
#define WS_PROXY_SOCKS5 3 /* the one in proxy_host: RFC 1928; it resolves the server's name */

/* ws_connect_options.min_support_tls_protocol and max_support_tls_protocol */
#define WS_TLS_DEFAULT 0 /* from TLS 1.2 up to the newest */
#define WS_TLS_1_0 1
#define WS_TLS_1_1 2
#define WS_TLS_1_2 3
#define WS_TLS_1_3 4

/* ws_connect_options.flags */
#define WS_SUPPORT_ORIGIN_PORT 1u /* as WS_ORIGIN_OF_URL, with the port of the URL, unless it is that of the scheme */
#define WS_STRICT_PONG 2u         /* heartbeat: only a pong is a sign of life, no other bytes */
#define WS_ORIGIN_OF_URL 8u       /* an Origin field is made of the URL, "http://host" or "https://host" */
#define WS_NO_RESUMPTION 4u       /* wss: no session of an earlier connection is resumed, none is kept */

/* ws_connect_options.reconnect: a client that connects again by itself. Each loss gives error (unless
 * the peer said a Close frame), close with will_reconnect 1, then reconnecting before each try, and open
 * when one succeeds. A try that fails gives error. The completion of ws_connect comes once: at the first
 * open, or when the client gives up, which is an error of stage WS_STAGE_RECONNECT. ws_close ends it. */
typedef struct ws_reconnect_options {
    uint32_t struct_size;
    uint32_t flags;              /* WS_KEEP_SENDS */
    int32_t first_delay_ms;      /* longest wait before the first try: 1..3600000; 0: 500 */
    int32_t max_delay_ms;        /* longest wait at all; 0: 30000 */
    int32_t factor_percent;      /* each wait may be so much longer than the one before: 100..10000; 0: 200 */
    int32_t max_tries;           /* failed tries in a row before it gives up; 0: it never does */
    int32_t exact;               /* 1: waits are the longest allowed ones; 0: random ones up to that (full jitter) */
    int32_t final_code_count;    /* of final_codes */
    const int32_t *final_codes;  /* close codes of the peer that end it, beside 1000, 1002, 1003, 1007..1010 */
} ws_reconnect_options;

/* ws_reconnect_options.flags */
#define WS_KEEP_SENDS 1u /* messages of which no byte has left are sent by the next connection; others fail */

/* ws_connect: one connection of a client (the module's WebSocketRequestOptions). Texts are NUL-terminated.
 * A member "X" and a member "X_path" give the same, from memory or from a PEM file; not both. Since 0.1. */
typedef struct ws_connect_options {
    uint32_t struct_size;
    uint32_t flags;                /* WS_ORIGIN_OF_URL, WS_SUPPORT_ORIGIN_PORT, WS_STRICT_PONG, WS_NO_RESUMPTION */
    /* The request */
    const ws_header *headers;      /* extra fields, in this order; a name may come twice. Those of the upgrade
                                      itself and of a single hop are refused */
    size_t header_count;
    const char *protocol;          /* subprotocols offered, separated by commas, the preferred one first */
    const char *origin;            /* Origin field (RFC 6455 4.1); NULL: none, unless a flag asks for one: servers may
                                      refuse what is not their own */
    int32_t max_redirects;         /* answers 301, 302, 303, 307, 308 that are followed: 0..20. Never from wss to ws;
                                      credentials go to no other host */
    /* Times in ms. */
    int32_t handshake_timeout_ms;  /* resolve, connect, TLS and upgrade together: 1..3600000; 0: 15000; -1: no deadline */
    int32_t connect_timeout_ms;    /* resolve, connect and proxy by themselves; 0: only the whole is bounded */
    int32_t tls_timeout_ms;        /* the TLS handshake by itself; 0: only the whole is bounded */
    int32_t upgrade_timeout_ms;    /* the upgrade by itself; 0: only the whole is bounded */
    int32_t ping_interval_ms;      /* silence of the peer before a ping asks for a sign of life: 1..30000000;
                                      0: 30000; -1: no heartbeat */
    int32_t pong_timeout_ms;       /* then time for the sign, else error and close 1006; 0: 30000; never more than
                                      ping_interval_ms */
    int32_t idle_timeout_ms;       /* time without a message in either direction, then close 1001; 0: for ever */
    int32_t write_timeout_ms;      /* time in which the kernel takes nothing of what waits to be sent, then error
                                      and close 1006; 0: for ever */
    /* TLS, for wss */
    int32_t skip_server_cert_verification; /* 1 takes any certificate, which protects from nobody who can change
                                              the traffic; 0: chain, dates and host name are checked */
    int32_t min_support_tls_protocol;      /* WS_TLS_ */
    int32_t max_support_tls_protocol;      /* WS_TLS_ */
    const char *ca_path;           /* the authorities to trust, and no others; NULL: /etc/ssl/certs/cacert.pem of
                                      OpenHarmony if it is there, else the system's */
    const void *ca;
    size_t ca_size;
    const char *client_cert_path;  /* certificate that the client shows when asked, with its chain */
    const void *client_cert;
    size_t client_cert_size;
    const char *client_key_path;   /* its private key, PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password */
    const void *client_key;
    size_t client_key_size;
    const char *client_key_password;
    const char *server_name;       /* name to ask for (SNI) and to check instead of the URL's host */
    const char *pins;              /* SHA-256 of public keys, base64, separated by commas; one must be in the
                                      server's chain. They are checked also when verification is skipped */
    const char *cipher_suites;     /* names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones */
    const char *key_log_path;      /* secrets of the connection are appended to this file, for Wireshark */
    /* The proxy */
    int32_t proxy;                 /* WS_PROXY_ */
    int32_t proxy_port;            /* 0: 80 for HTTP, 1080 for SOCKS5 */
    const char *proxy_host;        /* name or address */
    const char *proxy_username;    /* both or none; sent as Basic (RFC 7617) or by RFC 1929 */
    const char *proxy_password;
    const char *proxy_exclusion_list; /* hosts without the proxy, separated by commas: a name means also what ends
                                         with it, * is any run of characters */
    const ws_reconnect_options *reconnect; /* NULL: a lost connection stays lost */
} ws_connect_options;

/* ws_close: what the peer is told. Since 0.1. */
typedef struct ws_close_options {
    uint32_t struct_size;
    int32_t code;       /* 1000..1003, 1007..1014, 3000..4999 (RFC 6455 7.4); 0: 1000 */
    const char *reason; /* UTF-8, at most 123 bytes, NUL-terminated; NULL: "CLOSE_NORMAL"; "" is kept */
    int32_t timeout_ms; /* for the peer's answer, then the connection is cut off: 1..3600000; 0: 5000 */
    uint32_t flags;     /* WS_CUT_REASON */
} ws_close_options;

/* ws_close_options.flags */
#define WS_CUT_REASON 1u /* a longer reason is cut at the end of a character, instead of being refused */

/* ws_server_create: a server. Since 0.1. */
typedef struct ws_server_options {
    uint32_t struct_size;
    uint32_t flags;           /* WS_RECEIVE_PARTS, WS_PING_EVENTS */
    int64_t max_message_size; /* as in ws_create_options, for every accepted connection */
    int64_t max_send_size;    /* as in ws_create_options, for every accepted connection */
    int64_t max_buffered;     /* as in ws_create_options, for every accepted connection */
    void *user_data;          /* first value of ws_user_data() of the server */
    int64_t high_water_mark;  /* as in ws_create_options */
    int64_t low_water_mark;   /* as in ws_create_options */
    ws_handle queue;          /* as in ws_create_options, for the server and every accepted connection */
} ws_server_options;

/* ws_server_start: where to listen (the module's WebSocketServerConfig). Since 0.1. */
typedef struct ws_server_config {
    uint32_t struct_size;
    int32_t server_port;          /* 0..65535; 0: an ephemeral one, ws_server_port() tells it */
    const char *server_ip;        /* literal IPv4 or IPv6 address of this host; NULL: "0.0.0.0" */
    int32_t handshake_timeout_ms; /* a client must have sent its upgrade request by then: 1..3600000; 0: 15000; -1: no deadline */
    int32_t backlog;              /* connections the kernel may hold before they are accepted: 1..65535; 0: 4096 */
    const char *cert_path;        /* PEM file with the certificate chain; with key_path the server speaks wss only */
    const char *key_path;         /* PEM file with the private key of the certificate, not encrypted */
} ws_server_config;

/* ws_stats_get: the whole library. Since 0.1. */
typedef struct ws_stats {
    uint32_t struct_size;
    int32_t loops;            /* event loops; 0: the library has not started */
    int64_t connections;      /* open now, clients and accepted ones */
    int64_t connections_peak; /* most at once */
    int64_t connection_limit; /* the soft descriptor limit of the process less 256 for the host; beyond it clients
                                 are turned away with 503 and ws_connect fails with WS_ERR_MEMORY */
    uint64_t accepted;        /* TCP connections that servers took */
    uint64_t refused;         /* turned away at connection_limit */
    uint64_t unheard;         /* messages that no listener took */
    uint64_t relieved;        /* connections ended because memory_budget was used up */
    int64_t memory_budget;    /* bytes for all buffers together; 0: no ceiling */
    int64_t memory_used;      /* bytes of buffers in use now */
} ws_stats;

/* ws_connection_info: who is at the other end (the module's WebSocketConnection). Since 0.1. */
typedef struct ws_connection {
    uint32_t struct_size;
    int32_t client_port; /* port of the peer; 0 for a Unix socket */
    ws_handle handle;    /* the connection */
    ws_handle server;    /* its server; 0 for a client */
    char client_ip[64];  /* address of the peer as text, NUL-terminated; IPv6 without brackets; "" for a Unix socket */
} ws_connection;

/* ws_connection_stats_get: one connection, since its handle was made (clients), or since the first call for it
 * (accepted ones, whose sends are a little slower from then on). Since 0.1. */
typedef struct ws_connection_stats {
    uint32_t struct_size;
    uint32_t reconnects;         /* times a client was connected again */
    uint64_t messages_received;
    uint64_t messages_sent;      /* accepted by ws_send */
    uint64_t bytes_received;     /* payload of messages */
    uint64_t bytes_sent;
    uint64_t frames_received;    /* also control frames */
    uint64_t frames_sent;
    uint64_t pings_received;
    uint64_t pings_sent;         /* also those of the heartbeat */
    uint64_t pongs_received;
    uint64_t buffered_peak;      /* most bytes that waited to be sent */
    int64_t round_trip_us;       /* of the last ping that was answered; -1: none was */
    int64_t connected_at_ms;     /* of a client: Unix time in ms of the last open, 0: never; of accepted ones always 0 */
} ws_connection_stats;

/* ws_connection_text: what to tell. Since 0.1. */
#define WS_TEXT_URL 1              /* of a client, after redirects, without credentials */
#define WS_TEXT_PROTOCOL 2         /* the subprotocol in use */
#define WS_TEXT_EXTENSIONS 3       /* extensions in use, as in Sec-WebSocket-Extensions */
#define WS_TEXT_REMOTE_ADDRESS 4   /* "127.0.0.1:80", "[::1]:80" */
#define WS_TEXT_LOCAL_ADDRESS 5
#define WS_TEXT_TLS_VERSION 6      /* "TLS 1.3" */
#define WS_TEXT_TLS_CIPHER 7       /* "TLS_AES_128_GCM_SHA256" */
#define WS_TEXT_PEER_CERTIFICATE 8 /* lines "subject: ...", "issuer", "serial", "sha256", "pin", "not before", "not after", "names" */

/* ws_set_url_filter: whether a client may connect to url. Called inside ws_connect, and on a thread of the
 * library for each redirect; it must not call libws. Returns 1: yes, 0: no. */
typedef int32_t(WS_CALL *ws_url_filter)(const char *url, void *user_data);

/* ws_queue_options.flags */
#define WS_QUEUE_THREAD 1u /* a thread of the library dispatches the queue, for hosts that block in callbacks */

/* ws_queue_create. Since 0.1. */
typedef struct ws_queue_options {
    uint32_t struct_size;
    uint32_t flags;    /* WS_QUEUE_ */
    int64_t max_bytes; /* of messages that wait, 64 bytes more than its payload each; one connection may fill an
                          eighth; over it connections are not read, so that their peers have to wait; one message
                          of each always fits; 1..2^46; 0: 16 MiB */
} ws_queue_options;

#endif
