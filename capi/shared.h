/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared.h - what lies outside the Go heap and is read and written by both halves.
 *
 * The state block of a handle, its lane, the records of an event batch, the outbox of a
 * batch, and the memory budget. Their Go twins are in core/block.go, core/send_direct.go,
 * core/record.go, core/send_gathered.go and core/loop/meter.go; layout.go compares every offset.
 */
#ifndef WSX_SHARED_H
#define WSX_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>

#include "hidden.h"
#include <libws/ws_types.h>

WSX_HIDDEN_BEGINS

/* ---- the state block --------------------------------------------------------------- */

/* wsx_block.out: flags above, buffered bytes below. */
#define WSX_OUT_OPEN (1ull << 63)   /* sends are accepted */
#define WSX_OUT_FAST (1ull << 62)   /* plain uncompressed server connection: its frames may be corked */
#define WSX_OUT_CORKED (1ull << 61) /* frames wait in the outbox of the running batch */
#define WSX_OUT_QUEUED (1ull << 60) /* frames wait in the connection's queue, or a writer is at work */
#define WSX_OUT_BYTES ((1ull << 48) - 1)
/* See core/send_direct.go for these. */
#define WSX_OUT_DIRECT (1ull << 58)  /* offered: a thread may write a short message itself */
#define WSX_OUT_SENDING (1ull << 57) /* one does */
#define WSX_OUT_HANDING (1ull << 56) /* it has left the descriptor and calls wsgo_sent */
#define WSX_OUT_DEFERRED (1ull << 55)    /* core has left work to it */
#define WSX_OUT_SPOKE (1ull << 54)   /* one did since core looked */
#define WSX_OUT_GATHERED (1ull << 53) /* all that is buffered lies in the outbox of a thread, see core/send_gathered.go */
#define WSX_OUT_SECURE (1ull << 52) /* over TLS: a thread gathers, and core sends it */
#define WSX_OUT_HELD_BY_QUEUE (1ull << 50) /* the connection holds what a thread has sent, see core/send_held.go */

/* wsx_block.life */
#define WSX_LIFE_DEAD 1u   /* destroyed, or an accepted connection after its close: calls fail */
#define WSX_LIFE_OPENED 2u /* open (connect) was delivered and close was not */
#define WSX_LIFE_RUNNING 4u /* a dispatcher is delivering events of this handle */
#define WSX_LIFE_PAUSED 8u  /* ws_pause: events are held back. Written by core */
#define WSX_LIFE_HELD 16u /* one was: all later ones are, until core has put it into a new batch */
#define WSX_LIFE_QUEUED 32u  /* its events go through a queue; set before the handle is known */
#define WSX_LIFE_CUT 64u     /* aborted: the last events come although it is paused. Written by core */
#define WSX_LIFE_PINGS 128u  /* there was a listener for ping or pong; read by core, which makes these events then */
#define WSX_LIFE_ENDS 256u   /* there was a listener for data-end */
#define WSX_LIFE_UPGRADES 512u  /* a server: there is a listener for upgrades; read by core, which asks then */
#define WSX_LIFE_REQUESTS 1024u /* the same for other requests */
#define WSX_LIFE_UNREAD 2048u   /* not read for now. Core's alone, and so are 4096, 8192, 16384, 32768, 1 << 20 and 1 << 21 */
#define WSX_LIFE_LABELLED 65536u /* it had a correlation id */
#define WSX_LIFE_TOPICS 131072u  /* a server: there was a listener for topics; read by core, which makes these then */

/* One per handle, 64 bytes, never unmapped. The first half belongs to core, the
 * second to capi. */
typedef struct wsx_block {
    _Atomic uint64_t out;   /* WSX_OUT_ */
    _Atomic uint64_t limit; /* bytes that may be buffered; while the slot is free: its last generation */
    _Atomic uint32_t state; /* WS_STATE_ */
    _Atomic uint32_t loop;  /* 1 + index of the loop that owns the connection; set before the handle is known */
    uint32_t cork;          /* last segment of this connection in the outbox; owned by the batch. Of what is gathered
                               the first one; guarded by WSX_OUT_SENDING */
    uint32_t slot;          /* own index */
    _Atomic uint64_t handle;    /* 0: free. Written under wsx_mutex */
    _Atomic uint32_t life;      /* WSX_LIFE_ */
    _Atomic uint32_t sequence;  /* sequence lock of the listener list; odd: it is being changed */
    _Atomic uint32_t listeners; /* first node, 0: none. Written under wsx_mutex */
    uint32_t server;            /* slot of the server of an accepted connection, else 0; next free slot while free */
    _Atomic uintptr_t user_data;
} wsx_block;
_Static_assert(sizeof(wsx_block) == 64, "one cache line per connection");

/* ---- lanes (lane.c) -------------------------------------------------------------- */

/* What a thread needs to write to a connection itself; core's Lane. Made in chunks, like
 * blocks, at the first need of one of them. */
typedef struct wsx_lane {
    _Atomic int32_t descriptor;
    _Atomic uint32_t epoch;
    _Atomic uint64_t messages, bytes; /* changed only by the thread that has the claim */
    _Atomic uint64_t outbox; /* address of that which has what is gathered; guarded by WSX_OUT_SENDING */
} wsx_lane;

/* The longest message that a thread writes itself. */
#define WSX_DIRECT_MAX 1024

/* ---- event batches ----------------------------------------------------------------- */

#define WSX_REC_FINAL 1u /* delivered even though the handle is dead or paused */
#define WSX_REC_HELD 2u  /* written by wsx_dispatch: not delivered, the connection is paused */
#define WSX_REC_FULL 4u  /* written by wsx_dispatch: went into a queue that has no more room */
#define WSX_REC_ENDS 8u  /* in a queue: the handle ends when the host polls again */
#define WSX_REC_LOST 32u /* written by wsx_dispatch: there was no memory to put it into its queue */
#define WSX_REC_HEADROOM 16u /* a message: before its data lies the masked header it came with, free for an answer's */
#define WSX_REC_PART(flags) ((flags) >> 8) /* WS_PART_ of a message */

/* Types of records that are no events, for handles with a queue only. */
#define WSX_RESUMED 255 /* the queue delivers again */
#define WSX_MARK 254    /* core is notified when the dispatcher comes here */

/* One event. Messages carry data and size, all others a detail, some both. */
typedef struct wsx_record {
    uint32_t slot;
    uint8_t type;         /* WS_EVENT_, as seen by a client or connection */
    uint8_t message_type; /* WS_TEXT, WS_BINARY */
    uint16_t flags;       /* WSX_REC_ */
    uint64_t data; /* payload, a writable byte follows it; 0: none */
    uint64_t size;
    uint64_t detail; /* address of a wsx_detail, 0 for messages */
} wsx_record;

/* What the rarer events say. Lies in the arena of the batch. */
typedef struct wsx_detail {
    uint64_t callback; /* of a completion */
    uint64_t user_data;
    uint64_t text; /* NUL-terminated */
    uint64_t reason;
    uint64_t reason_size;
    uint64_t protocol; /* NUL-terminated */
    uint64_t method;   /* NUL-terminated */
    uint64_t target;   /* NUL-terminated */
    uint64_t body;     /* a NUL behind it */
    uint64_t body_size;
    int64_t round_trip_us, delay_ms;
    uint64_t token;
    uint64_t skipped; /* bytes of a message that was skipped */
    int32_t status, code, clean, error, stage, os_error, operation, attempt, will_reconnect, pattern,
        message_type, scheme;
} wsx_detail;

/* ---- the outbox -------------------------------------------------------------------- */

/* Bytes for one connection: in outbox.bytes, or in the data of an event of the batch. */
typedef struct wsx_segment {
    uint64_t data;
    uint32_t size;
    uint32_t slot;
    uint32_t next; /* next segment of the same connection, 0: none. Segment 0 is never used */
    uint32_t head; /* bit 0: first segment of its connection; WSX_HEAD_MESSAGE for each message that begins in it, and
                      WSX_HEAD_PAIR for each two bytes that a header has beyond two: for ws_server_stats. Of what is
                      gathered: the last segment of the connection in the first, 0 in all others */
} wsx_segment;

#define WSX_HEAD_FIRST 1u
#define WSX_HEAD_PAIR (1u << 1)     /* an outbox has room for 2016 of them */
#define WSX_HEAD_MESSAGE (1u << 13) /* and for 131072 of these */

/* Frames written inside callbacks, sent when the callbacks of the batch have returned. */
typedef struct wsx_outbox {
    uint64_t bytes;    /* address */
    uint64_t segments; /* address */
    uint32_t bytes_cap, bytes_used;
    uint32_t segments_cap, segments_used; /* used counts segment 0 */
    uint64_t claimed;  /* bytes of segments outside the outbox, which the budget counts until they are sent */
} wsx_outbox;

/* What became of a batch. */
typedef struct wsx_outcome {
    uint32_t unheard; /* messages that no listener took */
    uint32_t marked;  /* records with WSX_REC_HELD or WSX_REC_FULL */
} wsx_outcome;

/* ---- the memory budget (memory.c) -------------------------------------------------- */

/* Bytes of all buffers together; core's loop.Meter, and what its methods do. */
typedef struct wsx_meter {
    _Atomic int64_t used;
    _Atomic int64_t budget, tight, low; /* written by core when it starts */
    _Atomic uint32_t waiting;
    uint32_t reserved;
} wsx_meter;
extern wsx_meter wsx_memory;

/* Counts bytes that were taken, or with a minus were given back. It may call Go. */
void wsx_count(int64_t bytes);
/* Counts bytes if they are within the budget. */
bool wsx_claim(size_t bytes);
/* Memory is short. */
bool wsx_tight(void);

WSX_HIDDEN_ENDS

#endif
