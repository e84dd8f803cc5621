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
    uint32_t flags;               /* WS_MODULE_LIMITS */
    int32_t server_port;          /* 0..65535; 0: an ephemeral one, ws_server_port() tells it */
    const char *server_ip;        /* literal IPv4 or IPv6 address of this host; NULL: "0.0.0.0" */
    int32_t handshake_timeout_ms; /* a client must have sent its upgrade request by then: 1..3600000; 0: 15000; -1: no deadline */
    int32_t backlog;              /* connections the kernel may hold before they are accepted: 1..65535; 0: 4096 */
    const char *cert_path;        /* PEM file with the certificate chain; with key_path the server speaks wss only */
    const char *key_path;         /* PEM file with the private key of the certificate, not encrypted */
    /* Limits. A client beyond one gets HTTP 503 (429 if the limit is its own) with Retry-After, and the server an
     * error event with its own handle, WS_ERR_CONNECT_FAILED, WS_STAGE_LIMIT and the status, once a second for each limit.
     * An address is that of the TCP peer, which may be a proxy; of IPv6 its first 64 bits. */
    int32_t max_connections;      /* open and opening ones at once; 0: only ws_stats.connection_limit */
    int32_t max_concurrent_clients_number;  /* distinct addresses that are connected; 0: no limit */
    int32_t max_connections_for_one_client; /* connections of one address at once; 0: no limit */
    int32_t max_upgrades_per_minute; /* upgrade requests of one address, as many at once, then evenly; 0: no limit */
} ws_server_config;

/* ws_server_config.flags */
#define WS_MODULE_LIMITS 1u /* 0 for the two limits of clients is 10, as in the module */

#endif
