/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_relay.h - what connects the topics of a server with those of other processes: a relay.
 *
 * A relay is a few functions of the host, or of a bridge that was written for some engine of messages.
 * ws_server_set_relay gives it to a server. It gets what is published and broadcast there, in the order in which it
 * was, and which topics somebody there has subscribed to; what others have published it hands in by
 * ws_relay_deliver. docs/relay.md shows how to write one. ws_types.h says how option structs are used.
 *
 * Threads and life:
 *
 *   - The functions of one relay are called one at a time, all on one thread, which the library makes for this relay
 *     and which runs nothing else. They may block and call any function of the library but those that wait for the
 *     server (ws_server_stop_wait, ws_server_destroy_wait, ws_shutdown_wait: WS_ERR_IN_CALLBACK). Signals of the host
 *     are blocked there.
 *   - Between who publishes and that thread is a queue with bounds. Who publishes never waits for a relay.
 *   - on_end is the last call. It comes once for each ws_server_set_relay that returned WS_OK: behind
 *     ws_server_set_relay(server, NULL), before the completion of ws_server_stop, and before the destroyed event of
 *     the server. Behind it user_data may be freed.
 */
#ifndef LIBWS_RELAY_H
#define LIBWS_RELAY_H

#include "ws_types.h"

/* A message that leaves the process, or comes into it. Since 0.1. */
typedef struct ws_relay_message {
    uint32_t struct_size;
    int32_t type;      /* WS_TEXT or WS_BINARY */
    int32_t broadcast; /* 1: to every connection (ws_server_broadcast), topic is NULL then; 0: to those of the topic */
    int32_t priority;  /* as in ws_send_options; 0: none */
    const void *topic; /* bytes of any kind; a NUL follows those that on_message gets */
    size_t topic_size; /* bytes of topic: 1..255 */
    const void *data;  /* a NUL follows those that on_message gets */
    size_t size;       /* bytes of data */
    uint64_t key;      /* as in ws_send_options; 0: none */
    int64_t time_ms;   /* when it was published: milliseconds since 1970 by the clock of that machine; to
                          ws_relay_deliver 0 may be given: not known */
} ws_relay_message;

/* A topic, or a pattern, that has got its first subscriber on this server, or has lost its last. Since 0.1. */
typedef struct ws_relay_interest {
    uint32_t struct_size;
    int32_t begins;    /* 1: somebody has subscribed; 0: nobody has any more */
    int32_t pattern;   /* 1: name is a pattern of ws_subscribe_pattern; 0: a topic */
    int32_t reserved;  /* 0 */
    const void *name;  /* bytes of any kind; a NUL follows */
    size_t size;       /* bytes of name: 1..255 */
} ws_relay_interest;

/* A relay gets a message that leaves; it, and what it points to, is good during the call. */
typedef void(WS_CALL *ws_relay_message_callback)(const ws_relay_message *message, void *user_data);

/* A relay gets an interest; it, and what it points to, is good during the call. */
typedef void(WS_CALL *ws_relay_interest_callback)(const ws_relay_interest *interest, void *user_data);

/* The last call of a relay. */
typedef void(WS_CALL *ws_relay_end_callback)(void *user_data);

/* ws_server_set_relay: a relay. Copied by the call. Since 0.1. */
typedef struct ws_relay {
    uint32_t struct_size;
    uint32_t flags;            /* WS_RELAY_REFUSE */
    int64_t max_messages;      /* that may wait for on_message: 1..2^30; 0: 65536 */
    int64_t max_bytes;         /* of data and topics that may wait: 1..2^46; 0: 67108864 (64 MiB). They are in the
                                  memory budget. A message that is larger by itself finds the queue full always */
    int32_t drain_timeout_ms;  /* how long the end may take what waits to on_message: 1..3600000; 0: 5000; -1: what
                                  waits is dropped at once. A call that is running is waited for in any case */
    int32_t reserved;          /* 0 */
    ws_relay_message_callback on_message;   /* something was published or broadcast on this server; not NULL */
    ws_relay_interest_callback on_interest; /* a topic or pattern begins or ends here, in the same order of calls. What
                                  there is already comes first. It is what changed since the last call: one that
                                  came and went meanwhile is left out. Behind on_end nothing is wanted any more.
                                  NULL: not asked for */
    ws_relay_end_callback on_end; /* the last call; NULL: not asked for */
    void *user_data;           /* of all calls */
    const char *returning;     /* patterns as of ws_subscribe_pattern, separated by ",", of topics whose messages come
                                  back by ws_relay_deliver: ws_publish gives them to the relay only, and leaves nobody
                                  out. Without room in the queue, and without WS_RELAY_REFUSE, nobody gets them.
                                  NULL: none */
} ws_relay;

/* ws_relay.flags */
#define WS_RELAY_REFUSE 1u /* while the queue is full ws_publish and the like return WS_ERR_FULL, and nobody gets the
                              message; else those of this server get it, the relay does not, and it is counted
                              (relay_dropped in ws_server_stats) */

#endif
