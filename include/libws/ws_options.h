/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_options.h - options of the library, clients and queues, and structs with facts about
 * connections. ws_types.h says how option structs are used.
 */
#ifndef LIBWS_OPTIONS_H
#define LIBWS_OPTIONS_H

#include "ws_types.h"

/* ws_init_options.engine */
#define WS_ENGINE_DEFAULT 0   /* what the environment variable WS_ENGINE says (epoll, goroutine), else the system's
                                 best */
#define WS_ENGINE_EPOLL 1     /* event loops on epoll (Linux); the default there */
#define WS_ENGINE_GOROUTINE 2 /* one goroutine per connection: on any system, slower; the default without epoll */

/* Levels of the log. */
#define WS_LOG_ERROR 1
#define WS_LOG_WARN 2
#define WS_LOG_INFO 3
#define WS_LOG_DEBUG 4
/* A line about a connection begins with its handle, as soon as it has one, and with its correlation id. An error event
 * that no listener gets is a line of WS_LOG_WARN. When the host has given no log, the environment variable WS_LOG
 * (error, warn, info or debug) makes the lines go to stderr, but not in a program with set-user-ID; nothing else makes
 * the library print. */

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
                              that use memory are not read; over it sends are refused (WS_ERR_MEMORY), and
                              connections that use the most are ended (close code 1013). */
    ws_log_callback log;   /* NULL: no log, or that of WS_LOG above */
    void *log_user_data;   /* handed to log */
    int32_t log_lines_per_second; /* of each level; more are left out and counted, and one line says so a second later:
                                     1..1000000; 0: 100; -1: no limit */
    int32_t reserved;      /* 0 */
} ws_init_options;

/* ws_create_options.flags and ws_server_options.flags */
#define WS_REFUSE_EARLY 1u   /* clients: ws_send fails with WS_ERR_STATE until open, instead of keeping messages until
                                then */
#define WS_RECEIVE_PARTS 2u  /* a message is delivered in pieces as they come (ws_event.part), so that it never is in
                                memory whole */
#define WS_PING_EVENTS 4u    /* ping and pong are events although nobody has called ws_on for them: for ws_queue_poll */
#define WS_UPGRADE_EVENTS 8u /* servers: upgrades are events although nobody has called ws_server_on for them */
#define WS_REQUEST_EVENTS 16u /* servers: other requests are events although nobody has called ws_server_on for them */
#define WS_KEEP_REQUEST 32u  /* servers: connections remember their target and request header for ws_connection_text */
#define WS_TOPIC_EVENTS 64u  /* servers: topics that begin and end are events although nobody has called ws_server_on for
                                them */

#define WS_SKIP_LARGE 128u   /* a message over max_message_size does not end its connection: what comes of it is dropped
                                as it comes, control frames between its frames have their way, and at its end
                                WS_EVENT_SKIPPED tells how large it was. A compressed one is inflated all the same, and
                                max_ratio ends its connection as ever. Not with WS_RECEIVE_PARTS */
#define WS_MANUAL_PONG 256u  /* pings of the peer are not answered, but events, as with WS_PING_EVENTS: the host answers
                                by ws_pong, with what the ping carried (RFC 6455 5.5.3); of several the last one is enough.
                                A peer whose pings stay unanswered may end the connection; one that floods is ended by
                                max_control_frames as ever, and waits while a queue is full */

/* ws_is_subscribed: how a connection gets what is published to a topic */
#define WS_BY_TOPIC 1   /* it has subscribed to that topic */
#define WS_BY_PATTERN 2 /* it has subscribed to a pattern that the topic fits */

/* full_policy of ws_create_options and ws_server_options: what ws_send does when max_buffered is reached. With
 * another one than WS_FULL_REFUSE what inline callbacks send is handed to the kernel message by message, which
 * is slower where many go to one connection. */
#define WS_FULL_REFUSE 0      /* it fails with WS_ERR_FULL, and drain follows when there is room */
#define WS_FULL_CLOSE 1       /* it fails with WS_ERR_FULL, and the connection ends: what waits is dropped, the peer is
                                 sent 1008 if it reads in time, the host gets an error of stage WS_STAGE_LIMIT */
#define WS_FULL_DROP_OLDEST 2 /* the oldest messages of which no byte has left make room; their completions fail with
                                 WS_ERR_FULL. When that is not enough none is dropped, and it is WS_FULL_REFUSE */

/* ws_create: a client. Since 0.1. */
typedef struct ws_create_options {
    uint32_t struct_size;
    uint32_t flags;           /* WS_REFUSE_EARLY, WS_RECEIVE_PARTS, WS_PING_EVENTS, WS_SKIP_LARGE, WS_MANUAL_PONG */
    int64_t max_message_size; /* largest message received or sent: 1..2^46 bytes; 0: 64 MiB; -1: no limit (2^46).
                                 On systems of 32 bits no limit of a size is above 1 GiB */
    int64_t max_send_size;    /* largest message sent, if that is to be less: 1..max_message_size; 0: max_message_size.
                                 The module's is 5242864 */
    int64_t max_buffered;     /* bytes that may wait in the output queue: 1..2^46; 0: 16 MiB. One message always fits an
                                 empty queue. */
    void *user_data;          /* first value of ws_user_data() */
    int64_t high_water_mark;  /* drain follows when more than this was buffered; 1..max_buffered; 0: max_buffered */
    int64_t low_water_mark;   /* buffered bytes at which drain comes; 1..high_water_mark - 1; 0: a quarter of it */
    ws_handle queue;          /* its callbacks come by this queue; 0: on the thread of the loop */
    int32_t full_policy;      /* WS_FULL_ */
    int32_t reserved;         /* 0 */
    const char *correlation_id; /* as of ws_set_correlation_id; NULL or "": none */
    int64_t max_send_frame;   /* largest payload of a frame that is sent, in bytes: 1024..2^30; 0: any. A larger message,
                                 or piece of one, leaves in several frames (RFC 6455 5.4), which each peer puts
                                 together: for gateways that end connections with larger ones. Since 0.1 */
} ws_create_options;

/* ws_connect_options.proxy */
#define WS_PROXY_SYSTEM 0 /* what http_proxy, https_proxy, all_proxy and no_proxy in the environment say */
#define WS_PROXY_NONE 1   /* straight to the server */
#define WS_PROXY_HTTP 2   /* the one in proxy_host: HTTP CONNECT, for ws and wss */
#define WS_PROXY_HTTPS 4  /* as WS_PROXY_HTTP, over TLS with the proxy, whose certificate is checked for proxy_host; two more
                             descriptors and 64 KiB for each connection, which no budget counts, and no addresses in
                             WS_TEXT_REMOTE_ADDRESS and the like; not with WS_ACKNOWLEDGED_SENDS */
#define WS_PROXY_SOCKS5 3 /* the one in proxy_host: RFC 1928; it resolves the server's name */

/* ws_connect_options.min_support_tls_protocol and max_support_tls_protocol */
#define WS_TLS_DEFAULT 0 /* from TLS 1.2 up to the newest */
#define WS_TLS_1_0 1
#define WS_TLS_1_1 2
#define WS_TLS_1_2 3
#define WS_TLS_1_3 4

/* ws_connect_options.flags, and WS_STRICT_PONG and WS_REQUIRE_PROTOCOL for ws_server_config.flags */
#define WS_SUPPORT_ORIGIN_PORT 1u /* as WS_ORIGIN_OF_URL, with the port of the URL, unless it is that of the scheme */
#define WS_STRICT_PONG 2u         /* heartbeat: only a pong is a sign of life, no other bytes */
#define WS_ORIGIN_OF_URL 8u       /* an Origin field is made of the URL, "http://host" or "https://host" */
/* The completion of a message comes when the peer's TCP has acknowledged all of it, which is asked for every 50 ms, not
 * when the kernel has it. When the connection is lost before, the message is sent again by the next one, in its
 * place, with WS_KEEP_SENDS; otherwise it fails. It may have arrived all the same, so that the peer gets it twice: at
 * least once. (That the peer's TCP has it does not say that its program has read it.) Messages are copied until
 * then, in memory_budget, leave by the loop, and go uncompressed. Linux; elsewhere WS_ERR_UNSUPPORTED. Since 0.1. */
#define WS_ACKNOWLEDGED_SENDS 16u
#define WS_CONNECTED_DESCRIPTOR 32u /* connected_descriptor is given */
#define WS_REQUIRE_PROTOCOL 256u  /* the server has to speak one of the subprotocols of protocol: else the client fails
                                     with an error of stage WS_STAGE_UPGRADE. Of ws_server_config, too: a client that
                                     offers none of protocol gets 400, also when the host listens for upgrades */
/* Set-Cookie fields of the server's answers, also of those that redirect or refuse, are kept as long as the client and
 * sent to whom they are meant for (RFC 6265; not for a public suffix as "co.uk"), over redirects, reconnects and each
 * ws_connect with this flag. host of the options counts as the server's name. Cookies of a Cookie field in headers stay
 * first, and win over those of the same name. At most 100 of 4096 bytes each; the one that was set first makes room.
 * Since 0.1. */
#define WS_KEEP_COOKIES 64u
/* For ws_connect_options.flags and ws_server_config.flags: WS_EVENT_VERIFY asks the host about each peer's certificate.
 * The library has checked it before, and tells what it thinks; what the host says counts. Of a server: clients have to
 * show one (with WS_CLIENT_CERT_OPTIONAL they may), also without client_ca; then nothing is checked before. Whether a
 * certificate was revoked the library does not look up: a list or the stapled OCSP response of the event tells the host.
 * Since 0.1. */
#define WS_VERIFY_EVENTS 4096u
/* For the flags of ws_connect_options, ws_server_config and ws_certificate: the certificate is given without a key, and
 * WS_EVENT_SIGN asks the host for each signature. Keys of RSA, ECDSA and Ed25519. Since 0.1. */
#define WS_SIGN_EVENTS 8192u
/* wss: with TLS 1.2 and older the server may renegotiate once before it answers the request, as old ones do that ask
 * for the client's certificate only for some paths (RFC 5746 has to be known to both). Later it may not: a connection
 * that is open is not renegotiated. Since 0.1. */
#define WS_RENEGOTIATE_ONCE 16384u
#define WS_NO_RESUMPTION 4u       /* wss: no session of an earlier connection is resumed, none is kept */

/* ws_connect_options.reconnect: a client that connects again by itself. Each loss gives error (unless
 * the peer said a Close frame), close with will_reconnect 1, then reconnecting before the wait for each try, and open
 * when one succeeds. A try that fails gives error. The completion of ws_connect comes once: at the first
 * open, or when the client gives up, which is an error of stage WS_STAGE_RECONNECT: after max_tries, at
 * an HTTP answer that would be the same next time (every status but 408, 421, 425, 429 and those from 500 on,
 * of which 501, 505 and 511 are final, too), or at a certificate that one end does not take; at the first try
 * this is the only error. Retry-After of 429 and 503, seconds or a date, is the shortest wait, of one hour at
 * the most; with jitter the random wait follows it, since all clients of a server may get the same value.
 * ws_close ends it. */
typedef struct ws_reconnect_options {
    uint32_t struct_size;
    uint32_t flags;              /* WS_KEEP_SENDS, WS_RETRY_CERTIFICATE, WS_ASK_BEFORE_RECONNECT */
    int32_t first_delay_ms;      /* longest wait before the first try: 1..3600000; 0: 500 */
    int32_t max_delay_ms;        /* longest wait at all: first_delay_ms..3600000; 0: 30000, or first_delay_ms if that
                                    is longer */
    int32_t factor_percent;      /* each wait may be so much longer than the one before: 100..10000; 0: 200 */
    int32_t max_tries;           /* tries in a row that may fail, not counting that of ws_connect, before it gives up;
                                    0: any number */
    int32_t exact;               /* 1: waits are the longest allowed ones; 0: random ones up to that (full jitter) */
    int32_t final_code_count;    /* of final_codes: 0..1000 */
    const int32_t *final_codes;  /* close codes of the peer that end it, 1000..4999, beside 1000, 1002, 1003,
                                    1007..1010, 3000 and 3003; NULL when there are none */
    int32_t stable_ms;           /* time that a connection has to last before the waits begin anew with first_delay_ms;
                                    behind a shorter one they go on growing: 1..3600000; 0: the last wait, at least
                                    10000; -1: none. Tries are counted anew at each open all the same */
    int32_t reserved;            /* 0 */
    int32_t answer_timeout_ms;   /* with WS_ASK_BEFORE_RECONNECT: for the answer: 1..3600000; 0: 30000; -1: for ever */
    int32_t reserved_2;          /* 0 */
} ws_reconnect_options;

/* ws_reconnect_options.flags */
#define WS_KEEP_SENDS 1u /* messages of which no byte has left are sent by the next connection. One of which the kernel
                            has some bytes, but not all, fails. One that the kernel had taken completes with WS_OK,
                            and is lost without a word when the connection is before its bytes were there:
                            WS_ACKNOWLEDGED_SENDS of ws_connect_options.flags keeps these as well. When the
                            connection ends because it holds the most of a memory budget that is used up, all fail */
#define WS_RETRY_CERTIFICATE 2u /* a certificate that is not taken, the server's or the client's, does not end it: for
                                   one that will be replaced, and for a clock that will be set */
/* Before each try, when its wait is over, comes WS_EVENT_BEFORE_RECONNECT, and the try begins with the answer,
 * ws_reconnect_with: for tokens that expire. Without an answer within answer_timeout_ms the try has failed
 * (WS_ERR_TIMEOUT, WS_STAGE_TIMEOUT) and the next wait begins: with what it had the server might refuse it for good.
 * That time also runs while the client is paused, or nobody dispatches its queue. The HTTP answers 401 and 407, and
 * close code 3000, are final only when they follow another of them: then new credentials were not good, either. */
#define WS_ASK_BEFORE_RECONNECT 4u

/* ws_reconnect_with: what is different from this try on, for all that follow. What is NULL stays as it was. Since 0.1. */
typedef struct ws_reconnect_changes {
    uint32_t struct_size;
    uint32_t flags;              /* 0 */
    const char *url;             /* as of ws_connect; its user part is the new one, or none. With another host or port
                                    host and connect_address of the options no longer hold, all else does */
    const ws_header *headers;    /* all extra fields from now on; with header_count 0: none */
    size_t header_count;         /* of headers: 0..1000 */
    const char *protocol;        /* subprotocols offered; "": none */
    const char *connect_address; /* addresses to connect to; "": what the name resolves to */
    const char *proxy_username;  /* for the proxy of the options, as there; both or none */
    const char *proxy_password;  /* likewise; may be "" */
    const char *client_cert_path; /* the client's certificate and its key, both as in ws_connect_options. Who gives one
                                    gives all: those before are forgotten, with the password. With WS_SIGN_EVENTS
                                    there is no key */
    const void *client_cert;
    size_t client_cert_size;
    const char *client_key_path; /* its private key */
    const void *client_key;
    size_t client_key_size;
    const char *client_key_password; /* of an encrypted key; NULL: it is not encrypted */
} ws_reconnect_changes;

/* ws_connect: one connection of a client (the module's WebSocketRequestOptions). Texts are NUL-terminated.
 * A member "X" of X_size bytes and a member "X_path" give the same, PEM of at most 16 MiB from memory or from a
 * file, which is read during the call; not both, and X_size 0 is none. What is for TLS is used for wss only.
 * Since 0.1. */
typedef struct ws_connect_options {
    uint32_t struct_size;
    uint32_t flags;                /* WS_ORIGIN_OF_URL, WS_SUPPORT_ORIGIN_PORT, WS_STRICT_PONG, WS_NO_RESUMPTION,
                                      WS_ACKNOWLEDGED_SENDS, WS_CONNECTED_DESCRIPTOR, WS_KEEP_COOKIES, WS_VERIFY_EVENTS,
                                      WS_SIGN_EVENTS, WS_RENEGOTIATE_ONCE */
    /* The request */
    const ws_header *headers;      /* extra fields, in this order; a name may come twice. Those of the upgrade
                                      itself and of a single hop are refused */
    size_t header_count;           /* of headers: 0..1000 */
    const char *protocol;          /* subprotocols offered, separated by commas, the preferred one first; NULL: none */
    const char *origin;            /* Origin field (RFC 6455 4.1); NULL: none, unless a flag asks for one: servers may
                                      refuse what is not their own */
    int32_t max_redirects;         /* answers 301, 302, 303, 307, 308 that are followed: 0..20; 0: none. Never from wss
                                      to ws. Authorization, Cookie, the user part of the URL and the client certificate
                                      go to no other host and port; all other options apply there, too */
    /* Times in ms. */
    int32_t handshake_timeout_ms;  /* resolve, connect, TLS and upgrade together: 1..3600000; 0: 15000; -1: no
                                      deadline */
    int32_t connect_timeout_ms;    /* resolve, connect and proxy by themselves: 1..3600000; 0 or -1: only the whole is
                                      bounded */
    int32_t tls_timeout_ms;        /* the TLS handshake by itself; likewise */
    int32_t upgrade_timeout_ms;    /* the upgrade by itself; likewise */
    int32_t ping_interval_ms;      /* silence of the peer before a ping asks for a sign of life: 1..30000000;
                                      0: 30000; -1: no heartbeat */
    int32_t pong_timeout_ms;       /* then time for the sign, else error and close 1006: 1..30000000; 0: 30000; -1: as
                                      long as ping_interval_ms, which it never exceeds */
    int32_t idle_timeout_ms;       /* time without a message in either direction, then close 1001: 1..30000000; 0 or
                                      -1: for ever */
    int32_t write_timeout_ms;      /* time in which the kernel takes nothing of what waits to be sent, then error
                                      and close 1006: 1..30000000; 0 or -1: for ever */
    /* TLS, for wss */
    int32_t skip_server_cert_verification; /* 1 takes any certificate, which protects from nobody who can change
                                              the traffic; 0: chain, dates and host name are checked */
    int32_t min_support_tls_protocol;      /* WS_TLS_; default: WS_TLS_1_2, or the greatest if that is less */
    int32_t max_support_tls_protocol;      /* WS_TLS_, not less than min_support_tls_protocol; default: the newest */
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
    const char *client_key_password; /* NULL: the key is not encrypted */
    const char *server_name;       /* name to ask for (SNI) and to check instead of the URL's host; an address is
                                      checked only; NULL: the URL's host */
    const char *pins;              /* SHA-256 of public keys, base64 or hexadecimal, "sha256/" before it or not,
                                      separated by commas; one must be in the server's chain. When verification is
                                      skipped it must be the server's own key. NULL: none */
    const char *cipher_suites;     /* names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones */
    const char *key_log_path;      /* secrets of the connection are appended to this file, for Wireshark; NULL: none */
    /* The proxy */
    int32_t proxy;                 /* WS_PROXY_ */
    int32_t proxy_port;            /* 1..65535; 0: 80 for HTTP, 443 for HTTPS, 1080 for SOCKS5 */
    const char *proxy_host;        /* name or address, without scheme and port; needed by WS_PROXY_HTTP, _HTTPS and _SOCKS5,
                                      not looked at otherwise, like the three below */
    const char *proxy_username;    /* sent as Basic (RFC 7617; Digest, NTLM and Negotiate are not there), or by RFC 1929: then at most 255 bytes; NULL or "":
                                      none */
    const char *proxy_password;    /* likewise; may be ""; NULL exactly when proxy_username is */
    const char *proxy_exclusion_list; /* hosts without the proxy, separated by commas: a name means also the names below
                                         it, an address itself, * is any run of characters; each may end with :port */
    const ws_reconnect_options *reconnect; /* NULL: a lost connection stays lost */
    const ws_compression *compression; /* what to offer; NULL: no compression */
    /* The way to the server. All of it holds for each try of a reconnect, too */
    const char *host;              /* Host field of the request, a name or an address, with a port or not; NULL: that of
                                      the URL. TLS has server_name. Not for where a redirect leads to */
    const char *connect_address;   /* addresses, IPv4 or IPv6 without brackets, separated by commas, at most 32: one of
                                      them is connected to, in this order (RFC 8305), and nobody is asked for the URL's
                                      host. Host, SNI, the check of the certificate and proxy_exclusion_list stay with
                                      the URL; a proxy is asked for the first one. Not for where a redirect leads to,
                                      unless to the same host and port. NULL: what the name resolves to */
    const char *local_address;     /* address of this host that the connection comes from; NULL: as the routes say */
    const char *local_interface;   /* interface that all its packets go by, "wlan0" (SO_BINDTODEVICE; Linux, elsewhere
                                      WS_ERR_UNSUPPORTED); NULL: as the routes say */
    int32_t address_family;        /* WS_FAMILY_; of the proxy, if there is one */
    int32_t tcp_keepalive_ms;      /* silence before the kernel asks the peer's for a sign of life, and between two such
                                      questions, of which nine unanswered ones end the connection; in whole seconds:
                                      1..32767000; 0: 15000; -1: it never asks */
    int32_t tcp_user_timeout_ms;   /* time that what was sent may stay unacknowledged before the kernel ends the
                                      connection (RFC 5482): 1..30000000; 0: as the system has it. Linux */
    ws_socket connected_descriptor; /* with WS_CONNECTED_DESCRIPTOR: a stream socket, TCP or Unix, that is connected to
                                      the server, by a tunnel or a proxy of the host's own. It is the library's from
                                      WS_OK on. The URL gives everything but the way; no reconnect, redirects, proxy or
                                      addresses with it. Otherwise 0 */
    int32_t max_answer_head;       /* bytes of the head of the server's answer: 1024..1048576; 0: 16384 */
    int32_t reserved;              /* 0 */
    const char *proxy_ca_path;     /* the authorities of a WS_PROXY_HTTPS, and no others; NULL: the system's. ca is for the
                                      server */
    const void *proxy_ca;
    size_t proxy_ca_size;
    const char *key_exchange_groups; /* for TLS, separated by commas: X25519MLKEM768, X25519, secp256r1, secp384r1,
                                      secp521r1; NULL: all, a hybrid one first, with which the first flight has more
                                      than one segment: some old middleboxes take "X25519,secp256r1" only. (For revoked
                                      certificates see WS_VERIFY_EVENTS) */
    const char *alpn;              /* protocols offered in the TLS handshake (RFC 7301), separated by commas; "": none;
                                      NULL: http/1.1 */
} ws_connect_options;

/* ws_connect_options.address_family */
#define WS_FAMILY_ANY 0
#define WS_FAMILY_IPV4 4 /* addresses of IPv4 only */
#define WS_FAMILY_IPV6 6

/* ws_close and ws_server_stop: what the Close frame says. Since 0.1. */
typedef struct ws_close_options {
    uint32_t struct_size;
    int32_t code;       /* 1000..1003, 1007..1014, 3000..4999 (RFC 6455 7.4); 0: 1000, of a server 1001 */
    const char *reason; /* UTF-8, at most 123 bytes, NUL-terminated; NULL: "CLOSE_NORMAL", of a server "server is
                           going away"; "" is kept */
    int32_t timeout_ms; /* for the peer's answer, then the connection is cut off: 1..3600000; 0: 5000 */
    uint32_t flags;     /* WS_CUT_REASON, WS_NO_CODE */
} ws_close_options;

/* ws_close_options.flags */
#define WS_CUT_REASON 1u /* a longer reason is cut at the end of a character, instead of being refused */
#define WS_NO_CODE 2u    /* the Close frame says nothing, and the peer has 1005 (RFC 6455 7.1.5), as when a page calls
                            close() without arguments. code is 0 then, and reason NULL. Since 0.1 */

/* ws_send_with, ws_publish_with and ws_server_broadcast_with, which say what it does. Since 0.1. */
typedef struct ws_send_options {
    uint32_t struct_size;
    int32_t priority; /* 0..7: a message goes before those with a lower one that wait; 0: as by ws_send */
    uint64_t key;     /* a message replaces the one with its key that waits for the same connection; 0: none */
} ws_send_options;

/* ws_stats_get: the whole library. Since 0.1. */
typedef struct ws_stats {
    uint32_t struct_size;
    int32_t loops;            /* event loops; 0: the library has not started */
    int64_t connections;      /* open now, clients and accepted ones */
    int64_t connections_peak; /* most at once */
    int64_t connection_limit; /* the soft descriptor limit of the process less 256 for the host; beyond it clients
                                 of servers are refused with 503 and ws_connect fails with WS_ERR_MEMORY */
    uint64_t accepted;        /* TCP connections that servers took */
    uint64_t refused;         /* by servers, because of any limit, and with an HTTP answer if possible */
    uint64_t unheard;         /* messages that no listener took */
    uint64_t relieved;        /* connections ended because memory_budget was used up */
    int64_t memory_budget;    /* bytes for all buffers together; 0: no ceiling */
    int64_t memory_used;      /* bytes of buffers in use now */
    uint64_t dropped;         /* messages that made room for newer ones (WS_FULL_DROP_OLDEST), and published ones
                                 that found no room in the queue of a connection (ws_publish) */
    /* Load */
    uint64_t uptime_us;       /* since the library has started */
    uint64_t loop_cpu_us;     /* CPU time of the threads of all loops together, callbacks that run there included: the
                                 share of a loop that is busy is its growth over that of uptime_us times loops. A
                                 callback that sleeps or waits counts nothing. 0 where the system does not count
                                 it (Linux and Android do) */
    uint64_t queued_events;   /* that wait in queues of the host */
    uint64_t queued_bytes;    /* of messages among them, with 64 for each, and of pings and pongs, with 256 */
    uint64_t log_suppressed;  /* lines of the log that log_lines_per_second left out */
    uint64_t defects;         /* faults of the library that it has caught: each has ended one connection or one call,
                                 which failed with WS_ERR_INTERNAL, and the log says where (WS_LOG_ERROR). Other than 0
                                 is worth a report */
    uint64_t replaced;        /* messages that newer ones with their key have replaced while they waited (ws_send_with) */
} ws_stats;

/* ws_connection_info: who is at the other end (the module's WebSocketConnection). Since 0.1. */
typedef struct ws_connection {
    uint32_t struct_size;
    int32_t client_port; /* port of the peer; 0 for a Unix socket, and for a client whose proxy does not say it */
    ws_handle handle;    /* the connection */
    ws_handle server;    /* its server; 0 for a client */
    char client_ip[64];  /* address of the peer, or of the client behind a trusted proxy
                            (ws_server_config.client_address), as text, NUL-terminated; IPv6 without brackets, a
                            link-local address with its zone, "fe80::1%eth0"; "" for a Unix socket, and for a connection
                            that was lost before it was asked about */
} ws_connection;

/* ws_connection_stats_get: one connection, since its handle was made (clients), or since the first call for it
 * (accepted ones, whose sends are a little slower from then on). Since 0.1. */
typedef struct ws_connection_stats {
    uint32_t struct_size;
    uint32_t reconnects;         /* times a client was connected again */
    uint64_t messages_received;  /* of the peer */
    uint64_t messages_sent;      /* accepted by ws_send and the like, and published ones that it took */
    uint64_t bytes_received;     /* payload of messages */
    uint64_t bytes_sent;         /* payload of messages */
    uint64_t frames_received;    /* also control frames */
    uint64_t frames_sent;        /* also control frames */
    uint64_t pings_received;     /* of the peer */
    uint64_t pings_sent;         /* also those of the heartbeat */
    uint64_t pongs_received;     /* answers to our pings, and others */
    uint64_t buffered_peak;      /* most bytes that waited to be sent */
    int64_t round_trip_us;       /* of the last ping that was answered; -1: none was */
    int64_t connected_at_ms;     /* of a client: Unix time in ms of the last open, 0: never; of accepted ones always
                                    0 */
    uint64_t messages_dropped;   /* messages that made room for newer ones (WS_FULL_DROP_OLDEST), and published ones
                                    that found no room (ws_publish) */
    /* Steps to the last open of a client, in microseconds; -1: there was no such step. Of a redirect, its last target's */
    int64_t resolve_us;          /* looking up the host name */
    int64_t connect_us;          /* the TCP connect, and talking with a proxy */
    int64_t tls_us;              /* the TLS handshake */
    int64_t upgrade_us;          /* the upgrade, RFC 6455 4 */
    uint64_t messages_skipped;   /* messages over max_message_size that were dropped (WS_SKIP_LARGE); messages_received
                                    and bytes_received have them, too */
    uint64_t messages_replaced;  /* messages that newer ones with their key have replaced while they waited
                                    (ws_send_with); messages_sent and bytes_sent have them, too */
} ws_connection_stats;

/* ws_connection_text: which text. Since 0.1. */
#define WS_TEXT_URL 1              /* of a client, after redirects, without credentials; over a Unix socket its host is
                                      localhost */
#define WS_TEXT_PROTOCOL 2         /* the subprotocol in use */
#define WS_TEXT_EXTENSIONS 3       /* extensions in use, as in Sec-WebSocket-Extensions */
#define WS_TEXT_REMOTE_ADDRESS 4   /* "127.0.0.1:80", "[::1]:80"; of the client behind a trusted proxy, with port 0 if
                                      it is not known */
#define WS_TEXT_LOCAL_ADDRESS 5
#define WS_TEXT_TLS_VERSION 6      /* "TLS 1.3" */
#define WS_TEXT_TLS_CIPHER 7       /* "TLS_AES_128_GCM_SHA256" */
#define WS_TEXT_PEER_CERTIFICATE 8 /* lines "subject: ...", "issuer", "serial", "sha256", "pin", "not before", "not
                                      after", "names"; no control characters in them */
#define WS_TEXT_SERVER_NAME 9      /* the name that the client asked for in the TLS handshake (SNI), "" for none */
#define WS_TEXT_TARGET 10          /* accepted, with WS_KEEP_REQUEST or inside the upgrade event: path and query,
                                      "/chat?room=1" */
#define WS_TEXT_REQUEST_HEADER 11  /* the same: its header fields, a line "Name: value\n" each */
#define WS_TEXT_PEER_ADDRESS 12    /* of the socket itself, as the system knows it: behind a proxy that one's; "" when
                                      it is closed, and for a Unix socket */

/* ws_set_url_filter: whether a client may connect to url. Called inside ws_connect, and on a thread of the
 * library for each redirect; it must not call libws. Returns 1: yes, 0: no. */
typedef int32_t(WS_CALL *ws_url_filter)(const char *url, void *user_data);

/* ws_queue_options.flags */
#define WS_QUEUE_THREAD 1u /* a thread of the library dispatches the queue, for hosts that block in callbacks */
#define WS_QUEUE_GATHER 2u /* what a thread sends between two ws_queue_poll leaves together, at the second one or at
                              ws_queue_flush; without a meaning for ws_queue_dispatch, whose callbacks always gather */

/* ws_queue_create. Since 0.1. */
typedef struct ws_queue_options {
    uint32_t struct_size;
    uint32_t flags;    /* WS_QUEUE_ */
    int64_t max_bytes; /* of messages and requests that wait, 64 bytes more than each, and of pings and pongs that are events,
                          256 bytes more; one connection may fill an
                          eighth; over it connections are not read, so that their peers have to wait; one message
                          of each always fits; 1..2^46; 0: 16 MiB */
} ws_queue_options;

#endif
