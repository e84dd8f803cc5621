/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peers.h - the other processes: what came of each last, and the message that it is sending in parts.
 *
 * A process sends its messages of NATS one after the other, over one connection; so they arrive in the order of their
 * numbers, the parts of one message behind each other, and what is not larger than the last number has come already (a
 * topic and a pattern that overlap), or has been overtaken on another way. Who uses peers has a lock for them.
 */
#ifndef WSN_PEERS_H
#define WSN_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "stamp.h"
#include "tally.h"

enum { WSN_MAX_PEERS = 256 };

typedef struct wsn_peer {
    char id[WSN_MAX_ID + 1];
    uint64_t number;     /* the largest that has come */
    int64_t heard;       /* when, by wsn_now_ms */
    wsn_tally turns;     /* the last message of each topic */
    unsigned char *data; /* the message that is being joined; NULL: none */
    uint64_t size, filled, joining_turn;
    uint32_t next_part, parts;
} wsn_peer;

typedef struct wsn_peers {
    wsn_peer *all;
    size_t count, latest;
    int64_t joining, max_joining, max_message; /* bytes */
    uint64_t incomplete;                       /* messages that were given up, for who counts them */
} wsn_peers;

/* The peer of a stamp; a new one when it is not known, instead of the one of which nothing came for longest when there
 * are too many. NULL: no memory. Good until the next call. */
wsn_peer *wsn_peer_of(wsn_peers *peers, const char *id, int64_t now);

/* Whether this message of NATS is a new one of the peer; then it counts as come. */
bool wsn_peer_is_new(wsn_peer *peer, uint64_t number);

/* How many messages of the topic were lost before this one. era: of the interest by which it came. */
uint64_t wsn_peer_lost(wsn_peer *peer, uint64_t topic_hash, uint64_t turn, uint64_t era);

/* Adds a part. True: the message is complete, *whole is peer->data, of stamp->size bytes, until wsn_peer_joined. */
bool wsn_peer_join(wsn_peers *peers, wsn_peer *peer, const wsn_stamp *stamp, const void *data, size_t size);
void wsn_peer_joined(wsn_peers *peers, wsn_peer *peer);

/* Gives up the message that is being joined, if there is one: another one of the peer has come. */
void wsn_peer_give_up(wsn_peers *peers, wsn_peer *peer);

/* Gives up messages of which no part came since. */
void wsn_peers_sweep(wsn_peers *peers, int64_t since);
size_t wsn_peers_heard(const wsn_peers *peers, int64_t since);
void wsn_peers_free(wsn_peers *peers);

#endif
