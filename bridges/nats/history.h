/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history.h - topics that a stream of JetStream keeps.
 *
 *   ws_publish -> PREFIX.h.TOPIC -> the stream -> PREFIX.l.TOPIC (RePublish) -> all processes, the publisher's, too
 *
 * The relay says that such topics come back (ws_relay.returning), so that nobody gets a message without its position.
 *
 * What the stream republishes carries its sequence, so that each message has a position, and costs NATS one subject for
 * each wanted topic, as topics without history do. (An ordered consumer for each topic took 90 times as long to begin;
 * one for all topics would bring what nobody here wants.) What was missed is asked for message by message, of any
 * server that has the stream ("direct get"): a consumer for each client that comes back is work for the leader, and its
 * subscription, which ends while messages come to it, is what wsn_interest_left is about.
 *
 * One thread of the bridge does what waits for JetStream: it makes the stream and replays, one after the other.
 */
#ifndef WSN_HISTORY_H
#define WSN_HISTORY_H

#include "bridge.h"

/* A connection that wants to know what it has missed. */
typedef struct wsn_job {
    struct wsn_job *next;
    size_t topic_size;
    ws_handle connection;
    bool behind; /* a position was given: after is its sequence, stream its stream */
    uint64_t after, stream;
    ws_nats_replay_callback on_replayed;
    void *user_data;
    unsigned char topic[WSN_MAX_TOPIC + 1];
} wsn_job;

/* A message of the stream. */
typedef struct wsn_kept {
    struct wsn_kept *next;
    uint64_t sequence;
    int32_t type, priority;
    uint64_t key;
    int64_t time_ms;
    size_t size;
    unsigned char data[]; /* size, and a NUL */
} wsn_kept;

typedef struct wsn_list {
    wsn_kept *first, **last;
    size_t count;
} wsn_list;

struct wsn_history {
    char stored[WSN_MAX_PREFIX + 3]; /* PREFIX.h */
    char live[WSN_MAX_PREFIX + 3];   /* PREFIX.l */
    char stream[WSN_MAX_PREFIX + 9]; /* its name: PREFIX_history, without "." */

    pthread_mutex_t jobs_mutex; /* guards what follows */
    pthread_cond_t jobs_changed;
    wsn_job *first, **last;
    bool ending;
    pthread_t thread;
    bool begun;

    jsCtx *js;        /* of b->link; made and used by the thread with link_lock read, ended with link_lock written */
    int64_t told;     /* when it was told that there is no stream; the thread's */

    pthread_mutex_t mutex; /* guards what follows; what is delivered is delivered under it */
    uint64_t created;      /* which stream it is: nanoseconds since 1970; 0: none yet. Written by the thread */
    wsn_tally sequences;   /* the last one of each topic */
    wsn_peers peers;
    wsn_job *catching;     /* the replay that reads the stream; NULL: none */
    wsn_list meanwhile;    /* what came live to its topic since */
};

/* What a message is for clients, to one connection or to all subscribers here. mutex held. */
int32_t wsn_history_hand_out(wsn_bridge *bridge, ws_handle connection, const void *topic, size_t topic_size,
                             const wsn_kept *kept);

wsn_kept *wsn_keep(uint64_t sequence, const wsn_stamp *stamp, const void *data, size_t size);
void wsn_list_add(wsn_list *list, wsn_kept *kept);
void wsn_list_free(wsn_list *list);

/* "STREAM-SEQUENCE", both hexadecimal. */
enum { WSN_MAX_POSITION = 40 };
void wsn_position_write(char text[WSN_MAX_POSITION], uint64_t stream, uint64_t sequence);
bool wsn_position_read(const char *text, uint64_t *stream, uint64_t *sequence);

enum { WSN_HISTORY_WAIT_MS = 5000 }; /* for one answer of JetStream */

/* Makes the stream, or finds it as it has to be. link_lock read. Of an error an event has told. */
natsStatus wsn_history_ready(wsn_bridge *bridge);

/* replay.c; on the thread of the history. cancelled: the bridge is being left, it only says so. */
void wsn_replay(wsn_bridge *bridge, wsn_job *job, bool cancelled);

#endif
