/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_options.h - what a server is made with, and where it listens.
 * ws_types.h says how option structs are used.
 */
#ifndef LIBWS_SERVER_OPTIONS_H
#define LIBWS_SERVER_OPTIONS_H

#include "ws_types.h"

/* ws_server_create: a server. Since 0.1. */
typedef struct ws_server_options {
    uint32_t struct_size;
    uint32_t flags;           /* WS_RECEIVE_PARTS, WS_PING_EVENTS, WS_UPGRADE_EVENTS, WS_REQUEST_EVENTS,
                                 WS_KEEP_REQUEST, WS_TOPIC_EVENTS, WS_SKIP_LARGE,
                                 WS_MANUAL_PONG */
    int64_t max_message_size; /* as in ws_create_options, for every accepted connection */
    int64_t max_send_size;    /* as in ws_create_options, for every accepted connection */
    int64_t max_buffered;     /* as in ws_create_options, for every accepted connection */
    void *user_data;          /* first value of ws_user_data() of the server */
    int64_t high_water_mark;  /* as in ws_create_options */
    int64_t low_water_mark;   /* as in ws_create_options */
    ws_handle queue;          /* as in ws_create_options, for the server and every accepted connection */
    /* Floods. A peer over a limit gets close code 1008, and the host an error of stage WS_STAGE_LIMIT */
    int32_t max_fragments;      /* frames of one message; 0: no limit */
    int32_t max_control_frames; /* pings and pongs of a peer that are read in one second: 1..65535; 0: 1000; -1: no
                                   limit. What came during a pause is read at once */
    int32_t full_policy;        /* WS_FULL_, for every accepted connection */
    /* Topics */
    int32_t max_subscriptions;  /* topics and patterns to which one connection may subscribe; 0: 1024; -1: no
                                   limit */
    int64_t max_send_frame;     /* as in ws_create_options, for every accepted connection and what is published */
} ws_server_options;

/* ws_server_config.flags */
#define WS_MODULE_LIMITS 1u /* 0 for the two limits of clients is 10, as in the module */
#define WS_CLIENT_CERT_OPTIONAL 16u /* a client may come without a certificate; one that it shows must be good */
#define WS_LISTENERS_ONLY 32u /* server_ip, server_port and backlog are not used, only listeners */
#define WS_REUSE_PORT 64u /* as WS_LISTEN_REUSE_PORT, for server_port */
#define WS_IPV6_ONLY 1024u /* as WS_LISTEN_IPV6_ONLY, for server_ip */
#define WS_NO_LISTENERS 512u /* it listens nowhere: connections come by ws_server_adopt only. server_ip, server_port and
                                listeners are not given then */
#define WS_HTTP_ORIGINS 128u /* with origins NULL, and TLS: also pages of http of the same host may connect. Such a page
                                may have been changed on its way, so else it gets 403 */

/* A certificate with its private key, PEM, each from a file or from memory, not both. Of an array all have the
 * same struct_size. Since 0.1. */
typedef struct ws_certificate {
    uint32_t struct_size;
    uint32_t flags;           /* WS_SIGN_EVENTS */
    const char *cert_path;    /* the certificate first, then the chain */
    const void *cert;
    size_t cert_size;
    const char *key_path;     /* PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password */
    const void *key;
    size_t key_size;
    const char *key_password; /* of an encrypted key; NULL: it is not encrypted */
} ws_certificate;

/* ws_server_config.client_address: who says who a client is. Lists are read from their end, past trusted proxies; the
 * first address that is not trusted is the client's. What is no address, or hidden, leaves the proxy that said so */
#define WS_ADDRESS_PEER 0            /* the TCP connection */
#define WS_ADDRESS_FORWARDED 1       /* the field Forwarded of a request (RFC 7239) */
#define WS_ADDRESS_X_FORWARDED_FOR 2 /* the field X-Forwarded-For of a request */
#define WS_ADDRESS_PROXY_PROTOCOL 3  /* a header of the PROXY protocol, version 1 or 2, in front of all else, TLS
                                        included. Trusted proxies have to send it, at most 8192 bytes, by
                                        handshake_timeout_ms; else their connection is closed, and the server gets an
                                        error of stage WS_STAGE_PROXY, once a second. LOCAL and UNKNOWN leave the
                                        proxy */

/* ws_listener.flags */
#define WS_LISTEN_DESCRIPTOR 1u /* descriptor is used, not ip and port; not on Windows */
#define WS_LISTEN_REUSE_PORT 2u /* others of this user may listen there, too (SO_REUSEPORT), and with several loops each
                                   has a socket of its own; on Linux the kernel spreads the clients. Not on Windows */
#define WS_LISTEN_PLAIN 4u      /* no TLS, although the server has certificates */
#define WS_LISTEN_IPV6_ONLY 8u  /* ip "::" takes clients of IPv6 only (IPV6_V6ONLY), so that "0.0.0.0" and "::" can share a
                                   port; other addresses of IPv6 always do */

/* One more place where a server listens: an address and port, the path of a Unix socket, or a socket that
 * listens already. Of an array all have the same struct_size. Since 0.1. */
typedef struct ws_listener {
    uint32_t struct_size;
    uint32_t flags;           /* WS_LISTEN_ */
    const char *ip;           /* as server_ip */
    const char *path;         /* of a Unix socket instead, at most 103 bytes; not on Windows. A socket file at which
                                 nobody listens is replaced, no other file is. Of several processes that find such a
                                 file exactly one gets its place; they lock the directory meanwhile (flock), which
                                 programs without this library do not heed. It is removed when the server stops
                                 listening, unless ws_server_descriptor has handed it over. "@name" is an abstract one
                                 (Linux), without a file or mode: every local user may connect */
    int32_t port;             /* as server_port */
    int32_t mode;             /* permissions of the file at path, 0..0777; 0: 0600 */
    ws_socket descriptor;     /* with WS_LISTEN_DESCRIPTOR: a stream socket, TCP or Unix, that listens. It is duplicated
                                 and stays the host's, who may close it after the call. It becomes non-blocking */
    int32_t backlog;          /* as in ws_server_config; 0 for a descriptor */
    int32_t first_loop;       /* its connections go to these loops in turn: the first one, from 0 */
    int32_t loops;            /* and how many; 0: all from first_loop on */
} ws_listener;

/* ws_server_listener: a socket that a server listens on. Since 0.1. */
typedef struct ws_listener_info {
    uint32_t struct_size;
    uint32_t flags;   /* WS_LISTEN_, as it was started */
    int32_t count;    /* how many the server has */
    int32_t listener; /* its index in ws_server_config.listeners; -1: it is that of server_port */
    int32_t port;     /* 0: a Unix socket */
    int32_t loop;     /* that accepts there, from 0 */
    char address[128]; /* IPv4 or IPv6 address; path of a Unix socket; "" for one without a name */
} ws_listener_info;

/* ws_server_start: where to listen (the module's WebSocketServerConfig). Since 0.1. */
typedef struct ws_server_config {
    uint32_t struct_size;
    uint32_t flags;               /* WS_MODULE_LIMITS, WS_STRICT_PONG, WS_CLIENT_CERT_OPTIONAL, WS_LISTENERS_ONLY,
                                     WS_REUSE_PORT, WS_HTTP_ORIGINS, WS_REQUIRE_PROTOCOL, WS_NO_LISTENERS,
                                     WS_IPV6_ONLY, WS_VERIFY_EVENTS,
                                     WS_SIGN_EVENTS (for the first certificate) */
    int32_t server_port;          /* 0..65535; 0: an ephemeral one, see ws_server_port() */
    int32_t reserved;             /* 0 */
    const char *server_ip;        /* literal IPv4 or IPv6 address of this host; a link-local one with its zone, by name
                                     or number, "fe80::1%eth0"; NULL: "0.0.0.0" */
    int32_t handshake_timeout_ms; /* a client must have sent its upgrade request by then: 1..3600000; 0: 15000; -1: no
                                     deadline */
    int32_t backlog;              /* connections that may wait in the kernel until they are accepted: 1..65535; 0:
                                     4096 */
    const char *cert_path;        /* PEM file with the certificate chain; with a certificate the server speaks wss
                                     only. One that has expired, is not valid yet or names no host is taken, with a
                                     line of WS_LOG_WARN */
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
    size_t certificate_count;     /* of certificates */
    const char *client_ca_path;   /* PEM file with authorities: clients have to show a certificate of one of them
                                     (mutual TLS); NULL: none is asked for */
    const void *client_ca;        /* instead of client_ca_path */
    size_t client_ca_size;
    const char *cipher_suites;    /* names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones */
    /* Requests */
    const char *protocol;         /* subprotocols the server speaks, separated by commas, the preferred one first; the
                                     first that a client offers is chosen, else none (RFC 6455 4.2.2; see WS_REQUIRE_PROTOCOL).
                                     Browsers end a connection that gets none of those they offer, so a line of
                                     WS_LOG_INFO says so */
    const char *origins;          /* whose pages may connect (RFC 6455 10.2), "https://example.com", separated by
                                     commas. A host that begins with "*." means all names below it, the port "*" any;
                                     "*" alone: any origin; NULL: those of the host they connect to (see
                                     WS_HTTP_ORIGINS). Others get 403, and a line of WS_LOG_INFO names them. Clients
                                     that send no Origin are no browsers, and may. What no browser ever sends, as an
                                     origin with a path, is refused by ws_server_start */
    int32_t decision_timeout_ms;  /* for the answer to an upgrade or request event, then 503: 1..3600000; 0: 15000; -1:
                                     none */
    int32_t keep_alive_timeout_ms; /* for the next request after an answer of ws_respond: 1..3600000; 0: 5000; -1: each
                                      answer ends its connection */
    int32_t max_head_size;        /* bytes of a request line and its fields, then 414 or 431: 1024..1048576; 0: 16384.
                                     Of a body in chunks (RFC 9112 7.1) it also bounds the trailers, then 431, and what
                                     extensions of chunks take beyond 16 bytes and twice the data of each chunk, then
                                     413 */
    int32_t max_body_size;        /* bytes of the body of a request, however it comes, then 413: 1..16777216; 0: 65536;
                                     -1: none is taken */
    /* Limits. A client beyond one gets HTTP 503 (429 if the limit is its own) with Retry-After, and the server an
     * error event with its own handle, WS_ERR_CONNECT_FAILED, WS_STAGE_LIMIT and the status, once a
     * second for each limit. An address is that of the TCP peer, or of the client that a trusted
     * proxy names (client_address); trusted proxies themselves count for max_connections only. Of
     * IPv6 its first 64 bits count. */
    int32_t max_connections;      /* open and opening ones at once; 0: only ws_stats.connection_limit */
    int32_t max_concurrent_clients_number;  /* distinct addresses that are connected; 0: no limit */
    int32_t max_connections_for_one_client; /* connections of one address at once; 0: no limit */
    int32_t max_upgrades_per_minute; /* upgrade requests of one address, as many at once, then evenly; 0: no limit */
    /* Deadlines of open connections, as in ws_connect_options. Nothing ends before its time; what
     * is due is found up to an eighth of its time, and 0.1 s, later. One that is paused, or whose
     * queue is full, is not silent */
    int32_t ping_interval_ms;     /* silence of the peer before a ping asks for a sign of life: 1..30000000; 0: 30000;
                                     -1: no heartbeat */
    int32_t pong_timeout_ms;      /* then time for the sign, else error and close 1006; 0: 30000; never more than
                                     ping_interval_ms. It counts anew while the kernel takes what waits before the
                                     ping */
    int32_t idle_timeout_ms;      /* time without a message in either direction, then close 1001; 0: for ever */
    int32_t write_timeout_ms;     /* time in which the kernel takes nothing of what waits to be sent, then error
                                     and close 1006; 0: 60000; -1: for ever */
    /* Behind proxies. The address of a client is then the one of ws_connection_info and of all
     * limits and texts; nobody else than a trusted proxy is believed. A proxy must remove, or add
     * to, what clients say in the same field */
    const char *trusted_proxies;  /* their networks and addresses, at most 1024, separated by commas, "10.0.0.0/8, ::1";
                                     a link-local address may have a zone, and is then meant behind that interface only;
                                     "unix": the peers of Unix sockets; NULL: nobody is believed */
    int32_t client_address;       /* WS_ADDRESS_: how they say who the client is */
    /* Sockets */
    int32_t tcp_keep_alive_ms;    /* silence of a peer before TCP itself probes it, in whole seconds, rounded up:
                                     1..32400000; 0: no probes. It finds peers that are gone also during a handshake */
    const ws_listener *listeners; /* more places to listen at, or all with WS_LISTENERS_ONLY. For limits of one address
                                     all peers of Unix sockets are one */
    size_t listener_count;        /* at most 64 */
    /* Compression */
    const ws_compression *compression; /* for clients that offer it; NULL: none */
    const char *hosts;            /* for which hosts requests are answered, by their Host, whatever its port: names,
                                     "*.example.com" for those below one, addresses; separated by commas; "*": any.
                                     Others get 421 (RFC 9110 7.4). Listeners on loopback answer for localhost, names
                                     below it and addresses of loopback as well. NULL: these only at listeners on
                                     loopback, and any at others: a page of another name cannot reach a server of this
                                     host then (DNS rebinding). Of Unix sockets no Host is looked at */
    const char *health_path;      /* GET and HEAD requests for it, "/healthz", are answered by 200 and "ok", with or without
                                     a listener for WS_EVENT_REQUEST, which does not get them, and for any Host; NULL: they
                                     are requests like others. Who is refused for a limit gets 503 there, too */
} ws_server_config;

/* ws_accept: how to agree to an upgrade. Since 0.1. */
typedef struct ws_accept_options {
    uint32_t struct_size;
    uint32_t flags;           /* WS_NO_COMPRESSION */
    const char *protocol;     /* the subprotocol, one of those offered, or "" for none; NULL: what ws_server_config
                                 says */
    const ws_header *headers; /* extra fields of the answer, in this order; those of the answer itself are refused */
    size_t header_count;
    const char *correlation_id; /* as of ws_set_correlation_id; "": none; NULL: as it is */
    /* What is different for this connection, as in ws_server_options; 0: as the server has it, but no more than the
     * members that bound it */
    int64_t max_message_size; /* 1..2^46; -1: no limit */
    int64_t max_send_size;    /* 1..max_message_size */
    int64_t max_buffered;     /* 1..2^46; the marks are then those that follow from it, or the two below */
    int64_t high_water_mark;  /* 1..max_buffered */
    int64_t low_water_mark;   /* 1..high_water_mark - 1 */
    /* As in ws_server_config: 1..30000000; -1: off; 0: as the server has it */
    int32_t ping_interval_ms; /* silence of the peer before a ping asks for a sign of life */
    int32_t pong_timeout_ms;  /* then time for the sign */
    int32_t idle_timeout_ms;  /* time without a message in either direction */
    int32_t write_timeout_ms; /* time in which the kernel takes nothing of what waits to be sent */
} ws_accept_options;

/* ws_accept_options.flags */
#define WS_NO_COMPRESSION 1u /* this connection does not compress, whatever ws_server_config and the client say */

/* ws_server_adopt: a connection that the host has accepted. Since 0.1. */
typedef struct ws_adopt_options {
    uint32_t struct_size;
    uint32_t flags;           /* WS_ADOPT_UPGRADED */
    ws_socket descriptor;     /* a stream socket that is connected to the client, TCP or Unix. It becomes
                                 non-blocking, and is closed by exec */
    int32_t client_port;      /* 0..65535; of client_ip */
    const char *client_ip;    /* literal address of the client, for limits and ws_connection_info, where the socket is
                                 that of a tunnel; NULL: the peer of the socket, or whom trusted_proxies name */
    const void *data;         /* what the host has read: the request from its first byte on; with WS_ADOPT_UPGRADED the
                                 frames that came behind it. Without a PROXY header */
    size_t size;              /* bytes of data; 0: nothing was read */
    const char *target;       /* with WS_ADOPT_UPGRADED: path and query of the request, for the connect event; NULL: "/" */
    const char *protocol;     /* with WS_ADOPT_UPGRADED: the subprotocol of the host's answer; NULL: none */
    void *user_data;          /* first value of ws_user_data() of the connection */
} ws_adopt_options;

/* ws_adopt_options.flags */
#define WS_ADOPT_UPGRADED 1u /* the host has answered the request by 101, without extensions */

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

/* ws_server_stats_get: one server, since it was made; stops and starts change nothing. Since 0.1. */
typedef struct ws_server_stats {
    uint32_t struct_size;
    uint32_t reserved;              /* 0 */
    int64_t connections;            /* that are open now, or closing */
    int64_t connections_peak;       /* most at once */
    uint64_t accepted;              /* TCP connections that were let in */
    uint64_t upgrades;              /* connections that were opened (RFC 6455 4.2.2) */
    uint64_t messages_received;     /* of clients */
    uint64_t messages_sent;         /* accepted by ws_send and the like; a published one for each that took it */
    uint64_t bytes_received;        /* payload of messages */
    uint64_t bytes_sent;            /* payload of messages */
    uint64_t pings_received;        /* of clients */
    uint64_t pings_sent;            /* also those of the heartbeat */
    uint64_t pongs_received;        /* answers to our pings, and others */
    uint64_t dropped;               /* messages that made room for newer ones (WS_FULL_DROP_OLDEST), and published ones
                                       that found no room in the queue of a connection */
    uint64_t tls_handshakes;        /* that succeeded */
    uint64_t tls_failures;          /* those that failed, and those that were not complete in time */
    /* Refused by a limit. They are in ws_stats.refused, too */
    uint64_t refused_descriptors;   /* the process has no descriptor left */
    uint64_t refused_ceiling;       /* ws_stats.connection_limit */
    uint64_t refused_connections;   /* max_connections */
    uint64_t refused_clients;       /* max_concurrent_clients_number */
    uint64_t refused_per_client;    /* max_connections_for_one_client */
    uint64_t refused_rate;          /* max_upgrades_per_minute */
    /* Requests that the library answered without a connection for another reason */
    uint64_t refused_bad_requests;  /* no WebSocket upgrade, or a wrong one: 400, 404, 405, 426, 505 and the like */
    uint64_t refused_origins;       /* 403 (RFC 6455 10.2) */
    uint64_t refused_late;          /* not complete within handshake_timeout_ms: 408 */
    uint64_t refused_sizes;         /* target, fields or body too large: 413, 414, 431 */
    uint64_t refused_unavailable;   /* no memory, no handle, no decision of the host, the server stops: 500, 503 */
    uint64_t left;                  /* clients that went away before their request was complete */
    uint64_t buffered;              /* bytes that wait to be sent now, of all connections */
    uint64_t skipped;               /* messages over max_message_size that were dropped (WS_SKIP_LARGE) */
    uint64_t replaced;              /* messages that newer ones with their key have replaced while they waited (ws_send_with);
                                       messages_sent has them, too */
    /* The relay (ws_server_set_relay); counts are those of all relays that the server has had. What was published and
     * broadcast while there was one, and was not refused, is in relay_sent, relay_dropped or relay_waiting */
    uint64_t relay_sent;            /* messages that on_message has got */
    uint64_t relay_delivered;       /* messages that ws_relay_deliver has handed in */
    uint64_t relay_dropped;         /* messages that found no room in its queue, or were left when a relay ended */
    uint64_t relay_refused;         /* messages that nobody got because its queue was full (WS_RELAY_REFUSE) */
    int64_t relay_waiting;          /* messages that wait for on_message now */
    int64_t relay_waiting_bytes;    /* of their topics and data */
    int64_t relay_lag_ms;           /* how long the first of them has waited; 0: none waits */
    int64_t relay_age_ms;           /* of the message that was handed in last: from when it was published until then, by
                                       the clocks of the two machines, so that it says what these differ by as well; 0:
                                       not known */
    int64_t relay_subscriptions;    /* topics and patterns that on_interest has named and not taken back */
} ws_server_stats;

#endif
