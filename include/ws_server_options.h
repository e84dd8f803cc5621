/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_options.h - what a server is made with, and where it listens.
 * ws_types.h says how option structs are used.
 */
#ifndef WS_SERVER_OPTIONS_H
#define WS_SERVER_OPTIONS_H

#include "ws_types.h"

/* ws_server_create: a server. Since 0.1. */
typedef struct ws_server_options {
    uint32_t struct_size;
    uint32_t flags;           /* WS_RECEIVE_PARTS, WS_PING_EVENTS, WS_UPGRADE_EVENTS, WS_REQUEST_EVENTS, WS_KEEP_REQUEST */
    int64_t max_message_size; /* as in ws_create_options, for every accepted connection */
    int64_t max_send_size;    /* as in ws_create_options, for every accepted connection */
    int64_t max_buffered;     /* as in ws_create_options, for every accepted connection */
    void *user_data;          /* first value of ws_user_data() of the server */
    int64_t high_water_mark;  /* as in ws_create_options */
    int64_t low_water_mark;   /* as in ws_create_options */
    ws_handle queue;          /* as in ws_create_options, for the server and every accepted connection */
    /* Floods. A peer over a limit is told close code 1008, and the host an error of stage WS_STAGE_LIMIT */
    int32_t max_fragments;      /* frames of one message; 0: no limit */
    int32_t max_control_frames; /* pings and pongs of a peer that are read in one second: 1..65535; 0: 1000; -1: no limit.
                                   What came during a pause is read at once */
    int32_t full_policy;        /* WS_FULL_, for every accepted connection */
    /* Topics */
    int32_t max_subscriptions;  /* topics to which one connection may subscribe; 0: 1024; -1: no limit */
} ws_server_options;

/* ws_server_config.flags */
#define WS_MODULE_LIMITS 1u /* 0 for the two limits of clients is 10, as in the module */
#define WS_CLIENT_CERT_OPTIONAL 16u /* a client may come without a certificate; one that it shows must be good */

/* A certificate with its private key, PEM, each from a file or from memory, not both. Of an array all have the
 * same struct_size. Since 0.1. */
typedef struct ws_certificate {
    uint32_t struct_size;
    uint32_t flags;           /* 0 */
    const char *cert_path;    /* the certificate first, then the chain */
    const void *cert;
    size_t cert_size;
    const char *key_path;     /* PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password */
    const void *key;
    size_t key_size;
    const char *key_password;
} ws_certificate;

/* ws_server_start: where to listen (the module's WebSocketServerConfig). Since 0.1. */
typedef struct ws_server_config {
    uint32_t struct_size;
    uint32_t flags;               /* WS_MODULE_LIMITS, WS_STRICT_PONG, WS_CLIENT_CERT_OPTIONAL */
    int32_t server_port;          /* 0..65535; 0: an ephemeral one, ws_server_port() tells it */
    const char *server_ip;        /* literal IPv4 or IPv6 address of this host; NULL: "0.0.0.0" */
    int32_t handshake_timeout_ms; /* a client must have sent its upgrade request by then: 1..3600000; 0: 15000; -1: no deadline */
    int32_t backlog;              /* connections the kernel may hold before they are accepted: 1..65535; 0: 4096 */
    const char *cert_path;        /* PEM file with the certificate chain; with a certificate the server speaks wss only */
    const char *key_path;         /* PEM file with the private key of the certificate */
    /* TLS. The members of ws_certificate are here for the first one; ws_server_set_certificates replaces all. */
    int32_t min_support_tls_protocol; /* WS_TLS_ */
    int32_t max_support_tls_protocol; /* WS_TLS_ */
    const void *cert;             /* instead of cert_path */
    size_t cert_size;
    const void *key;              /* instead of key_path */
    size_t key_size;
    const char *key_password;     /* for an encrypted key */
    const ws_certificate *certificates; /* others, at most 10000: a client gets the one for the name it asks for (SNI),
                                     and the first of all when there is none */
    size_t certificate_count;
    const char *client_ca_path;   /* PEM file with authorities: clients have to show a certificate of one of them
                                     (mutual TLS); NULL: none is asked for */
    const void *client_ca;        /* instead of client_ca_path */
    size_t client_ca_size;
    const char *cipher_suites;    /* names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones */
    /* Requests */
    const char *protocol;         /* subprotocols the server speaks, separated by commas, the preferred one first; the
                                     first that a client offers is chosen, else none (RFC 6455 4.2.2) */
    const char *origins;          /* whose pages may connect (RFC 6455 10.2), "https://example.com", separated by commas;
                                     "*": any; NULL: those of the host they connect to. Others get 403. Clients that
                                     send no Origin are no browsers, and may */
    int32_t decision_timeout_ms;  /* for the answer to an upgrade or request event, then 503: 1..3600000; 0: 15000; -1: none */
    int32_t keep_alive_timeout_ms; /* for the next request after an answer of ws_respond: 1..3600000; 0: 5000; -1: each
                                      answer ends its connection */
    int32_t max_head_size;        /* bytes of a request line and its fields, then 414 or 431: 1024..1048576; 0: 16384 */
    int32_t max_body_size;        /* bytes of the body of a request, then 413: 1..16777216; 0: 65536; -1: none is taken */
    /* Limits. A client beyond one gets HTTP 503 (429 if the limit is its own) with Retry-After, and the server an
     * error event with its own handle, WS_ERR_CONNECT_FAILED, WS_STAGE_LIMIT and the status, once a second for each limit.
     * An address is that of the TCP peer, which may be a proxy; of IPv6 its first 64 bits. */
    int32_t max_connections;      /* open and opening ones at once; 0: only ws_stats.connection_limit */
    int32_t max_concurrent_clients_number;  /* distinct addresses that are connected; 0: no limit */
    int32_t max_connections_for_one_client; /* connections of one address at once; 0: no limit */
    int32_t max_upgrades_per_minute; /* upgrade requests of one address, as many at once, then evenly; 0: no limit */
    /* Deadlines of open connections, as in ws_connect_options. Nothing ends before its time; what is due is found up to an
     * eighth of its time, and 0.1 s, later. One that is paused, or whose queue is full, is not silent */
    int32_t ping_interval_ms;     /* silence of the peer before a ping asks for a sign of life: 1..30000000; 0: 30000;
                                     -1: no heartbeat */
    int32_t pong_timeout_ms;      /* then time for the sign, else error and close 1006; 0: 30000; never more than
                                     ping_interval_ms. It counts anew while the kernel takes what waits before the ping */
    int32_t idle_timeout_ms;      /* time without a message in either direction, then close 1001; 0: for ever */
    int32_t write_timeout_ms;     /* time in which the kernel takes nothing of what waits to be sent, then error
                                     and close 1006; 0: 60000; -1: for ever */
    /* Compression */
    const ws_compression *compression; /* for clients that offer it; NULL: none */
} ws_server_config;

/* ws_accept: how to agree to an upgrade. Since 0.1. */
typedef struct ws_accept_options {
    uint32_t struct_size;
    uint32_t flags;           /* 0 */
    const char *protocol;     /* the subprotocol, one of those offered, or "" for none; NULL: what ws_server_config says */
    const ws_header *headers; /* extra fields of the answer, in this order; those of the answer itself are refused */
    size_t header_count;
} ws_accept_options;

/* ws_respond: an answer to a request (RFC 9110). Since 0.1. */
typedef struct ws_response {
    uint32_t struct_size;
    uint32_t flags;           /* WS_LAST_RESPONSE */
    int32_t status;           /* 200..599; 0: 200 */
    int32_t reserved;         /* 0 */
    const ws_header *headers; /* fields, in this order. Date, Content-Length and Connection come by themselves */
    size_t header_count;
    const void *body;         /* copied; at most max_buffered bytes. Not sent to HEAD */
    size_t body_size;
} ws_response;

/* ws_response.flags */
#define WS_LAST_RESPONSE 1u /* the connection ends behind it */

#endif
