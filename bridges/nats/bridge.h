/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bridge.h - one server that has joined: what its threads share.
 *
 *   relay thread (of libws)   out.c: what was published here; interest.c: topics that begin and end
 *   delivery thread (of NATS) in.c: what others have published; peers.c: from whom
 *   async thread (of NATS)    link.c: the connection is lost, there again, closed
 *   keeper (ours)             keeper.c: connects, tells events, unsubscribes after the linger, confirms, ends
 *
 * Locks, outermost first: link_lock, interest_mutex, out_mutex, in_mutex, mutex. NATS has locks of its own behind
 * all of them; no callback of NATS is waited for with one of ours.
 */
#ifndef WSN_BRIDGE_H
#define WSN_BRIDGE_H

#include <nats/nats.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "peers.h"
#include "stamp.h"
#include "subject.h"
#include "ws_nats.h"

/* ws_nats_options with its defaults, and copies of its strings. */
typedef struct wsn_settings {
    ws_nats_options o;
    char *strings[16];
    int count;
} wsn_settings;

typedef struct wsn_interest wsn_interest;
typedef struct wsn_history wsn_history;
typedef struct wsn_presence wsn_presence;

/* Subjects that are subscribed or linger, by subject. Guarded by interest_mutex. */
typedef struct wsn_interests {
    wsn_interest **buckets;
    size_t room, used;                /* room is a power of two */
    wsn_interest *oldest, *newest;    /* that linger; the oldest ends first */
    wsn_interest *leaving;            /* that are unsubscribed and not destroyed yet */
    size_t lingering;
} wsn_interests;

typedef enum wsn_phase {
    WSN_STARTING, /* no attempt to connect has ended */
    WSN_UP,       /* there is a connection, or one that NATS tries to make */
    WSN_DOWN,     /* NATS has given the connection up; the keeper makes another */
    WSN_LEAVING,
} wsn_phase;

typedef struct wsn_event {
    struct wsn_event *next;
    int32_t type, status;
    uint64_t unsure;
    char url[160];
    char text[320];
} wsn_event;

typedef struct wsn_bridge {
    ws_handle server;
    wsn_settings settings;
    char id[WSN_MAX_ID + 1];
    char topics[WSN_MAX_PREFIX + 3]; /* PREFIX.t */
    char all[WSN_MAX_PREFIX + 5];    /* PREFIX.all: broadcasts */
    wsn_history *history;            /* NULL: no topic has one */
    wsn_presence *presence;          /* NULL: not asked for */

    pthread_rwlock_t link_lock; /* read: uses link; written: replaces it */
    natsConnection *link;       /* NULL: not yet, or no longer */

    pthread_mutex_t interest_mutex;
    wsn_interests interests;
    uint64_t era; /* of the latest interest; guarded by interest_mutex */

    pthread_mutex_t out_mutex;
    uint64_t number;  /* of the latest message of NATS; guarded by out_mutex */
    wsn_tally turns;  /* of each topic; guarded by out_mutex */

    pthread_mutex_t in_mutex;
    wsn_peers peers; /* guarded by in_mutex */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t changed;
    wsn_phase phase;
    bool tried;       /* the first attempt has ended */
    bool ever;        /* there was a connection */
    bool history_tried; /* the stream is there, or cannot be made now */
    bool closed;      /* NATS calls for this link no more */
    bool relay_set, relay_over;
    bool over;        /* LEFT has been told */
    int64_t deadline; /* of the end */
    int32_t fault;    /* why it ends */
    char reason[320];
    wsn_event *first_event, **last_event;
    int64_t told_out, told_in; /* of what was lost; keeper only */
    int refs; /* of the keeper and of calls; guarded by the registry's mutex (registry.c) */
    ws_nats *token;
    pthread_t keeper;

    atomic_int_fast64_t out_messages, out_bytes, out_parts, out_lost, out_unsure, confirmed, sent;
    atomic_int_fast64_t in_messages, in_bytes, in_parts, in_lost, in_dropped;
    atomic_int_fast64_t in_repeated, in_foreign, in_incomplete, in_refused;
    atomic_int_fast64_t connects, subscriptions, round_trip_us, max_payload;
    atomic_int_fast64_t alive; /* interests that NATS may call for */
    atomic_int_fast64_t catching_up; /* calls of wsn_interest_catch_up that wait */
    atomic_bool connected;
} wsn_bridge;

/* ---- error.c: what ws_nats_last_error says in this thread. Both return status. */
int32_t wsn_fail(int32_t status, const char *format, ...) __attribute__((format(printf, 2, 3)));
int32_t wsn_fail_as_libws(int32_t status, const char *what);

/* ---- settings.c */
int32_t wsn_settings_take(wsn_settings *settings, const ws_nats_options *options);
void wsn_settings_free(wsn_settings *settings);
/* Of NATS's client, for settings and a bridge that is the closure of its callbacks. */
int32_t wsn_nats_options(natsOptions **made, wsn_bridge *bridge);

/* ---- registry.c: bridges by the pointers that hosts have, which point nowhere. */
int32_t wsn_register(wsn_bridge *bridge);
wsn_bridge *wsn_take(const ws_nats *token); /* NULL: has ended, or never was; wsn_fail was called. With wsn_give. */
void wsn_forget(wsn_bridge *bridge);        /* takes it out; the references of calls stay */
void wsn_give(wsn_bridge *bridge);          /* the last one frees it */
void wsn_free(wsn_bridge *bridge);          /* join.c */

/* ---- events.c */
void wsn_tell(wsn_bridge *bridge, int32_t type, int32_t status, const char *url, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void wsn_events_deliver(wsn_bridge *bridge); /* keeper only; no lock held */
void wsn_lost_deliver(wsn_bridge *bridge);   /* what was lost since the last time; keeper only */
/* The last event. */
void wsn_left_deliver(wsn_bridge *bridge);

/* ---- keeper.c */
void *wsn_keeper(void *bridge);
int64_t wsn_now_ms(void); /* CLOCK_MONOTONIC */
void wsn_wake(wsn_bridge *bridge);
/* The phase of leaving, once: until when, why, and in words. mutex held. */
void wsn_begin_leaving(wsn_bridge *bridge, int64_t deadline, int32_t fault, const char *text);

/* ---- link.c: the connection to NATS. Keeper only. */
int32_t wsn_link_open(wsn_bridge *bridge);
void wsn_link_close(wsn_bridge *bridge, int64_t deadline); /* drains */
void wsn_link_confirm(wsn_bridge *bridge, int64_t timeout_ms);
int32_t wsn_status(natsStatus status); /* WS_ERR_ */

/* ---- interest.c */
void wsn_interest_changes(wsn_bridge *bridge, const ws_relay_interest *change);
int wsn_interest_add(wsn_bridge *bridge, const char *subject);
void wsn_interest_end(wsn_bridge *bridge, const char *subject);
void wsn_interest_renew(wsn_bridge *bridge);                      /* for a new link; link_lock is written */
int64_t wsn_interest_sweep(wsn_bridge *bridge, int64_t now);      /* lingers end; when to come again, or -1 */
void wsn_interest_free(wsn_bridge *bridge);
void wsn_interest_dropped(wsn_bridge *bridge, const char *subject, int64_t dropped);
uint64_t wsn_interest_era(const wsn_interest *interest);
/* Waits until what has come to a subject so far was delivered; false: not in that time. link_lock read. */
bool wsn_interest_catch_up(wsn_bridge *b, const char *subject, int64_t timeout_ms);
void wsn_interest_handled(wsn_interest *interest); /* a message of it was delivered */
/* Those that are unsubscribed, as a list; they have left when NATS has answered something behind that. */
bool wsn_interest_leaves(wsn_bridge *bridge); /* there are some */
wsn_interest *wsn_interest_leaving(wsn_bridge *bridge);
void wsn_interest_left(wsn_bridge *bridge, wsn_interest *all, bool answered);

/* ---- out.c */
void wsn_publish(wsn_bridge *bridge, const ws_relay_message *message);

/* ---- history.c, replay.c: topics that a stream keeps. See history.h. */
int32_t wsn_history_begin(wsn_bridge *bridge);
void wsn_history_end(wsn_bridge *bridge); /* replays that wait are told that the bridge has ended */
void wsn_history_free(wsn_bridge *bridge);
bool wsn_history_is_here(const wsn_bridge *bridge); /* in a callback on its thread */
void wsn_history_unlink(wsn_bridge *bridge);                /* the link is about to go; link_lock is written */
bool wsn_history_has(const wsn_bridge *bridge, const void *topic, size_t size);
/* PREFIX.h, where the stream takes messages from; behind the first attempt to make it. Relay thread. */
const char *wsn_history_stored(wsn_bridge *bridge);
const char *wsn_history_live(const wsn_bridge *bridge);     /* PREFIX.l, where the stream publishes what it has
                                                               stored */
void wsn_history_arrived(wsn_bridge *bridge, natsMsg *message, const wsn_stamp *stamp, uint64_t era);

/* ---- presence.c: who is in a topic */
int32_t wsn_presence_begin(wsn_bridge *bridge);
int64_t wsn_presence_tend(wsn_bridge *bridge, int64_t now);   /* keeper only; when to come again */
bool wsn_presence_arrived(wsn_bridge *bridge, natsMsg *message); /* false: the message is about something else */
void wsn_presence_end(wsn_bridge *bridge);                    /* says that this process leaves */
void wsn_presence_free(wsn_bridge *bridge);

/* ---- in.c */
void wsn_arrived(natsConnection *link, natsSubscription *subscription, natsMsg *message, void *interest);
wsn_bridge *wsn_interest_bridge(const wsn_interest *interest);

#endif
