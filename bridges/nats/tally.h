/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally.h - the last number of each of many topics, with bounds.
 *
 * Topics are known by 64 bits of a hash. At WSN_TALLY_MOST topics all are forgotten: then the numbers begin anew, and
 * what was lost at that moment is not counted. Who uses one has a lock for it.
 */
#ifndef WSN_TALLY_H
#define WSN_TALLY_H

#include <stddef.h>
#include <stdint.h>

enum { WSN_TALLY_MOST = 1 << 18 };

typedef struct wsn_count {
    uint64_t hash; /* 0: free */
    uint64_t last;
    uint64_t era; /* of the interest; see interest.h */
} wsn_count;

typedef struct wsn_tally {
    wsn_count *counts; /* a power of two of them, at most three of four are used */
    size_t room, used;
} wsn_tally;

/* The count of a topic, made when there is none: last is 0 then. NULL: no memory. Good until the next call. */
wsn_count *wsn_tally_at(wsn_tally *tally, uint64_t hash);

void wsn_tally_free(wsn_tally *tally);

/* FNV-1a and a finish; never 0. */
uint64_t wsn_hash(const void *data, size_t size);

#endif
