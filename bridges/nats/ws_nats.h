/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_nats.h - the topics of a libws server over NATS: many processes, one audience.
 *
 * ws_nats_join connects a server with NATS, by the NATS project's C client. From then on what is published or
 * broadcast on one server of a prefix (ws_publish, ws_server_broadcast) reaches the subscribers of all servers that
 * have joined with the same prefix. Nothing else changes: connections, subscriptions and patterns are those of ws.h.
 * docs/cluster.md is the guide: what is promised, what happens when something fails, and how much it takes.
 *
 * Topics with history (history_topics) are kept by JetStream. What ws_publish gives to one goes into its stream, out of
 * which the subscribers of all processes get it, those of this one, too, so that each message has one place in one
 * order, and a position. It has to fit into NATS's max_payload with some 100 bytes of header: there are no parts.
 * ws_publish leaves nobody out there, and its recipients are 0.
 *
 * What is promised: at most once; what one process publishes to one topic comes in its order. What is lost is counted
 * where it can be known: by the publisher, when it cannot leave, and by each receiver, when the next message of the
 * topic arrives. Subscribers in the process that publishes get everything, whether NATS is there or not, but what goes
 * to topics with history.
 *
 * Threads: every function may be called from any thread. None blocks unless its name ends in _wait. on_event is called
 * on a thread of the bridge, one event at a time; on_replayed and on_format on others. None of them may call a _wait
 * function of the same bridge (WS_ERR_IN_CALLBACK, where it is known). Signals are blocked on all threads of the bridge
 * and of the NATS client, and the disposition of SIGPIPE, which that client changes when it is loaded, is put back.
 *
 * Life: a bridge ends with WS_NATS_EVENT_LEFT, which comes once, behind all other callbacks: because of ws_nats_leave,
 * because its server has stopped, or because it could not begin. It is freed then, and a ws_nats pointer of it gives
 * WS_ERR_HANDLE from every function: it is a name that is never given again, and is not followed.
 */
#ifndef LIBWS_NATS_H
#define LIBWS_NATS_H

#include <libws/ws.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A server that has joined. Since 0.1. */
typedef struct ws_nats ws_nats;

/* What happened (ws_nats_event.type). */
#define WS_NATS_EVENT_CONNECTED 1    /* the first connection to NATS is there */
#define WS_NATS_EVENT_DISCONNECTED 2 /* it was lost; the bridge tries to come back until it is left */
#define WS_NATS_EVENT_RECONNECTED 3  /* it is there again; subscriptions are renewed */
#define WS_NATS_EVENT_LOST 4         /* messages did not arrive: lost_out, lost_in; once a second at the most */
#define WS_NATS_EVENT_ERROR 5        /* NATS refuses something: credentials, a permission, a limit. text says what */
#define WS_NATS_EVENT_LEFT 6         /* the last event: the bridge has ended, and is freed */

/* Valid during the callback. Since 0.1. */
typedef struct ws_nats_event {
    uint32_t struct_size;
    int32_t type;      /* WS_NATS_EVENT_ */
    int32_t status;    /* WS_OK, or why, of WS_NATS_EVENT_ERROR, _DISCONNECTED and _LEFT */
    int32_t reserved;  /* 0 */
    const char *text;  /* what happened, for people; never NULL */
    const char *url;   /* of the NATS server of _CONNECTED and _RECONNECTED; else "" */
    uint64_t lost_out; /* messages that this process could not give to NATS since the event before */
    uint64_t unsure;   /* messages that were on their way when the connection was lost (_DISCONNECTED), or when
                          the bridge ended (_LEFT): they may have arrived or not */
    uint64_t lost_in;  /* messages of others that did not arrive here since the event before */
} ws_nats_event;

typedef void(WS_CALL *ws_nats_callback)(const ws_nats_event *event, void *user_data);

/* A message of a topic with history, or what a replay has come to: valid during the callback. Since 0.1. */
typedef struct ws_nats_message {
    uint32_t struct_size;
    int32_t type;         /* WS_TEXT or WS_BINARY */
    const void *topic;    /* topic_size bytes; a NUL follows */
    size_t topic_size;
    const void *data;     /* size bytes; a NUL follows */
    size_t size;
    const char *position; /* behind this message: up to 40 letters, digits and "-", for ws_nats_replay; opaque */
    int64_t time_ms;      /* of the publisher's clock: milliseconds since 1970 */
} ws_nats_message;

/*
 * What clients get of a message with a position: the host may write another message around it, so that its clients know
 * their position. Called for each message of a topic with history, live or replayed, one call at a time; must not
 * block.
 *
 * data, size: are those of the message; the callback may set others, of the same type, which have to stay as they are
 *   until its next call, or the end of the bridge.
 */
typedef void(WS_CALL *ws_nats_format)(const ws_nats_message *message, const void **data, size_t *size, void *user_data);

/* How a replay has ended. Valid during the callback. Since 0.1. */
typedef struct ws_nats_replayed {
    uint32_t struct_size;
    int32_t status;       /* WS_OK: the connection gets what is published to the topic from now on; else why it does
                             not */
    int32_t too_late;     /* 1: some of what came behind the position is no longer kept. Nothing was sent, the
                             connection has subscribed from now on, and wants a new begin, such as a snapshot by the
                             host */
    int32_t reserved;     /* 0 */
    ws_handle connection;
    uint64_t messages;    /* that were sent before the live ones */
    const char *position; /* where the connection is now, also when it has got nothing; "" when status is no WS_OK */
    const char *text;     /* why status is no WS_OK, for people; else "" */
} ws_nats_replayed;

typedef void(WS_CALL *ws_nats_replay_callback)(const ws_nats_replayed *replayed, void *user_data);

/* Somebody has come to a topic, or has gone: in no process before, in none any more. Valid during the callback. Since
 * 0.1. */
typedef struct ws_nats_presence {
    uint32_t struct_size;
    int32_t joined;       /* 1: has come; 0: has gone */
    const void *topic;    /* topic_size bytes; a NUL follows */
    size_t topic_size;
    const void *member;   /* member_size bytes; a NUL follows */
    size_t member_size;
} ws_nats_presence;

/*
 * Who comes and who goes, in all processes, those of this one, too: first all who are there, then each change. Who came
 * and went, or went and came, since the last call is left out; so what came last of a member is how things are. On the
 * thread of on_event, one call at a time.
 */
typedef void(WS_CALL *ws_nats_presence_callback)(const ws_nats_presence *presence, void *user_data);

/* ws_nats_options.flags */
#define WS_NATS_REQUIRE 1u  /* the bridge ends when the first connection fails; else it tries until it succeeds */
#define WS_NATS_NO_SPLIT 2u /* a message over the server's max_payload is refused, counted as lost and named by
                               WS_NATS_EVENT_ERROR; else it travels in parts */
#define WS_NATS_HISTORY_IN_MEMORY 4u /* of the NATS servers; else in files */

#define WS_NATS_PRESENCE 8u /* the bridge knows who is in a topic (ws_nats_enter); wanted of all processes of a
                               prefix */

/* ws_nats_join. Strings are copied; NULL means the default. Since 0.1. */
typedef struct ws_nats_options {
    uint32_t struct_size;
    uint32_t flags;                /* WS_NATS_REQUIRE | WS_NATS_NO_SPLIT | WS_NATS_HISTORY_IN_MEMORY |
                                      WS_NATS_PRESENCE */
    const char *urls;              /* of the NATS servers, separated by ",": nats://HOST:PORT, or tls://HOST:PORT for
                                      TLS; USER:PASSWORD@ or TOKEN@ may stand before the host. NULL:
                                      nats://127.0.0.1:4222 */
    const char *prefix;            /* what all subjects begin with: tokens of letters, digits, "-" and "_", between ".",
                                      up to 64 bytes. Servers with another prefix are another cluster. NULL: "libws" */
    const char *name;              /* of this process, for people: 1..32 letters, digits, "-" and "_". A random
                                      part is added, so that it need not be unique. NULL: "ws" */
    const char *user;              /* with password */
    const char *password;
    const char *token;             /* instead of a user */
    const char *nkey;              /* the public key (U...), with nkey_seed_file */
    const char *nkey_seed_file;    /* a file with the seed (SU...) */
    const char *credentials_file;  /* a .creds file: a user's JWT and seed */
    const char *ca_file;           /* PEM: whom a NATS server's certificate has to be signed by. With it, or with a
                                      certificate, TLS is wanted of every server. NULL: the system's authorities */
    const char *certificate_file;  /* PEM: the client's certificate, with key_file */
    const char *key_file;          /* PEM */
    const char *tls_hostname;      /* the name that the server's certificate must have; NULL: that of the URL */
    int32_t connect_timeout_ms;    /* of one attempt at one server, 1..3600000; 0: 2000 */
    int32_t reconnect_wait_ms;     /* between two attempts at the same server, and a tenth more at random,
                                      1..3600000; 0: 1000 */
    int32_t ping_interval_ms;      /* a server that does not answer two pings is lost, 1..3600000; 0: 2000 */
    int32_t linger_ms;             /* how long a topic without subscribers stays subscribed in NATS, 1..3600000; 0:
                                      1000; -1: not */
    int32_t part_timeout_ms;       /* how long the next part of a message is waited for, 1..3600000; 0: 5000 */
    int32_t drain_timeout_ms;      /* how long the end may take, when the server stops, 1..3600000; 0: 5000 */
    int64_t reconnect_buffer;      /* bytes that are kept for NATS while it is away, 1..2^30; 0: 8388608 (8 MiB); -1:
                                      none. What does not fit is lost and counted */
    int64_t max_message;           /* bytes of a message that travels in parts, 1..2^30; 0: 16777216 (16 MiB) */
    int64_t max_joining;           /* bytes of incomplete messages of all others, 1..2^40; 0: 67108864 (64 MiB) */
    int64_t max_waiting_messages;  /* that wait for the bridge: ws_relay.max_messages */
    int64_t max_waiting_bytes;     /* ws_relay.max_bytes */
    int32_t refuse_when_full;      /* 1: as WS_RELAY_REFUSE; 0: dropped and counted (relay_dropped in
                                      ws_server_stats) */
    int32_t reserved;              /* 0 */
    const char *history_topics;    /* patterns of ws_subscribe_pattern, separated by ",", of topics that have history
                                      (JetStream); NULL: none. All processes of a prefix have to say the same */
    int32_t history_messages;      /* that are kept of each topic, 1..10000; 0: 100 */
    int32_t history_seconds;       /* that a message is kept, 1..31536000; 0: 3600; -1: as long as there is room */
    int32_t history_replicas;      /* NATS servers that keep them, 1..5; 0: 1 */
    int32_t reserved2;             /* 0 */
    ws_nats_format on_format;      /* of messages of topics with history; NULL: clients get them as they are */
    ws_nats_callback on_event;     /* NULL: not asked for */
    void *user_data;               /* of on_event, on_format and on_presence */
    ws_nats_presence_callback on_presence; /* with WS_NATS_PRESENCE; NULL: not asked for */
} ws_nats_options;

/* Figures of a bridge, since it joined. Since 0.1. */
typedef struct ws_nats_stats {
    uint32_t struct_size;
    int32_t connected;         /* 1: to NATS, now */
    uint64_t connects;         /* that succeeded: the first one and those after a loss */
    uint64_t out_messages;     /* published here and given to NATS */
    uint64_t out_bytes;        /* of their data */
    uint64_t out_parts;        /* messages of NATS that they took */
    uint64_t out_lost;         /* that could not be given to NATS: its buffer was full, they were too large, it
                                  refuses them */
    uint64_t out_unconfirmed;  /* messages of NATS of which the server has not said yet that it has them */
    uint64_t out_unsure;       /* that were unconfirmed at some loss of the connection: they may have arrived or not */
    uint64_t in_messages;      /* of others, delivered to this server */
    uint64_t in_bytes;
    uint64_t in_parts;
    uint64_t in_lost;          /* of others that did not arrive, seen when the next one of the same topic and process
                                  did */
    uint64_t in_repeated;      /* that came again, as by two overlapping patterns, or behind a later one; not
                                  delivered */
    uint64_t in_foreign;       /* on our subjects, by nobody who writes as this library does; not delivered */
    uint64_t in_incomplete;    /* of which a part did not come in time or in order, or that are too large */
    uint64_t in_refused;       /* that the server did not take: it has no memory, or is stopped */
    uint64_t in_dropped;       /* by the NATS client, because too many waited; they count in in_lost, too, later */
    uint64_t subscriptions;    /* subjects that are subscribed in NATS now */
    uint64_t lingering;        /* those among them that nobody here wants any more */
    uint64_t others;           /* processes of which something came in the last minute */
    int64_t round_trip_us;     /* of the latest question to NATS; 0: none yet */
    int64_t max_payload;       /* of the NATS server; 0: not connected yet */
} ws_nats_stats;

/*
 * Lets a server take part: gives it a relay (ws_server_set_relay) and begins to connect. It returns before there is a
 * connection; what is published meanwhile waits for it.
 *
 * server: one that has no relay.
 * options: NULL, or zeroed but for what is wanted, with struct_size (WS_INIT_STRUCT).
 * bridge: receives it. It has to be left, or its server stopped.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER: an option is wrong; WS_ERR_URL: urls are; WS_ERR_CERT_FILE: a file of TLS or of
 * credentials cannot be read; WS_ERR_STATE: the server has a relay, or is stopped; WS_ERR_HANDLE; WS_ERR_MEMORY.
 *
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_join(ws_handle server, const ws_nats_options *options, ws_nats **bridge);

/*
 * ws_nats_join, and waits until NATS has been connected to. When it cannot be, the bridge goes on
 * trying, or has ended with WS_NATS_REQUIRE.
 *
 * timeout_ms: how long it waits; -1: as long as it takes. Below the time of an attempt it may end before that.
 *
 * Returns: as ws_nats_join; WS_ERR_TIMEOUT: the bridge is there, and goes on; WS_ERR_CONNECT_FAILED: with
 *   WS_NATS_REQUIRE, the bridge has ended and *bridge is NULL. ws_nats_last_error() has NATS's reason.
 *
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_join_wait(ws_handle server, const ws_nats_options *options, int32_t timeout_ms,
                                         ws_nats **bridge);

/*
 * Ends a bridge: what was published before still leaves, in timeout_ms, what comes until then is delivered,
 * then the connection is closed. The server goes on alone. WS_NATS_EVENT_LEFT tells the end.
 *
 * timeout_ms: 1..3600000; 0: drain_timeout_ms.
 *
 * Returns: WS_OK, also when it is being left already; WS_ERR_PARAMETER; WS_ERR_HANDLE: it has ended.
 *
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_leave(ws_nats *bridge, int32_t timeout_ms);

/*
 * ws_nats_leave, and waits for the end: behind it the bridge is freed, and on_event is called no more.
 *
 * Returns: as ws_nats_leave; WS_ERR_IN_CALLBACK: inside on_event of this bridge, nothing was done.
 *
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_leave_wait(ws_nats *bridge, int32_t timeout_ms);

/*
 * Subscribes a connection to a topic with history, behind a position: it gets what it has missed, exactly once and in
 * order, then what is published from now on. Instead of ws_subscribe; ws_unsubscribe ends it.
 *
 * connection: accepted and open, without a subscription to the topic, nor to a pattern that it fits: those would get
 * live messages in between.
 * position: of ws_nats_message or ws_nats_replayed, from any process, as it was; NULL: nothing was missed, and
 * on_replayed tells where the connection begins.
 * on_replayed: NULL, or how it has ended, on a thread of the bridge; not called when the call fails. Must not block.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER: also for a topic without history, and a position that is none; WS_ERR_STATE: the
 *   connection has subscribed, or the bridge is being left; WS_ERR_NO_CONNECTION; WS_ERR_MEMORY; WS_ERR_HANDLE.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_replay(ws_nats *bridge, ws_handle connection, const void *topic, size_t topic_size,
                                      const char *position, ws_nats_replay_callback on_replayed, void *user_data);

/*
 * Presence: who is in a topic, across all processes with WS_NATS_PRESENCE. The host says who comes (enter) and goes
 * (exit) here, by names of its own, such as users; once for each connection, if it likes: a member has gone when it
 * has left as often as it has entered. It has nothing to do with subscriptions. Other processes know within a second;
 * members of a process that was killed, or is cut off, have gone within 5 s. While NATS is away a process knows its
 * own members only.
 *
 * topic: 1..255 bytes. member: 1..255 bytes, copied. 65536 pairs of them are known at the most.
 *
 * Returns: WS_OK; WS_ERR_STATE: the bridge is without WS_NATS_PRESENCE, or the member is not in the topic (exit);
 * WS_ERR_FULL: there are too many (enter); WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_enter(ws_nats *bridge, const void *topic, size_t topic_size, const void *member,
                                     size_t member_size);
WS_API int32_t WS_CALL ws_nats_exit(ws_nats *bridge, const void *topic, size_t topic_size, const void *member,
                                    size_t member_size);

/*
 * Lists who is in a topic, each once, in no order, for ws_subscription_next.
 *
 * buffer: capacity bytes that receive the list; NULL with capacity 0 asks for the numbers only.
 * size, count: receive how many bytes the list has, and how many members.
 *
 * Returns: WS_OK; WS_ERR_BUFFER: buffer is too small: its content is not good, size and count are; WS_ERR_STATE:
 * without WS_NATS_PRESENCE; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_members(ws_nats *bridge, const void *topic, size_t topic_size, void *buffer,
                                       size_t capacity, size_t *size, size_t *count);

/*
 * Reads the figures of a bridge.
 *
 * stats: with struct_size; receives as many as it has room for.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE: it has ended.
 *
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_nats_stats_get(ws_nats *bridge, ws_nats_stats *stats);

/* The reason of the last failed call of ws_nats.h in this thread; never NULL. Good until the next one. Since: 0.1 */
WS_API const char *WS_CALL ws_nats_last_error(void);

#ifdef __cplusplus
}
#endif

#endif
