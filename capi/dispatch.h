/* SPDX-License-Identifier: Apache-2.0 */
/* dispatch.h - dispatchers run callbacks: those of the listeners of a handle. */
#ifndef WSX_DISPATCH_H
#define WSX_DISPATCH_H

#include "handle.h"
#include "thread.h"

WSX_HIDDEN_BEGINS

/* ---- dispatchers (dispatch.c) ------------------------------------------------------ */

/* A listener as a dispatcher sees it. Start with all zero. */
typedef struct wsx_listener {
    uint64_t id;
    uintptr_t callback, user;
    uint32_t sequence; /* wsx_block.sequence of the list it was seen in */
    bool more;         /* there was another one for the type behind it */
} wsx_listener;

/* Frames of the connection whose callback runs that lie one behind the other at the end of the outbox, see
 * cork.h. All zero: there is none. */
typedef struct wsx_run {
    ws_handle handle; /* of the connection, whose bytes are claimed */
    struct wsx_segment *segment; /* its last one, which the next frame makes longer */
    uint32_t until; /* outbox.bytes_used stays below: what the outbox, the connection and wsx_thread.owed have room for */
} wsx_run;

/* A dispatcher at work, on its stack: a loop with a batch, or a thread with a queue. */
typedef struct wsx_dispatcher {
    uint32_t loop; /* as in wsx_block.loop; 0 for a queue: nothing is corked */
    struct wsx_queue *queue; /* NULL: a loop */
    wsx_outbox *outbox;    /* of the loop, else NULL */
    wsx_block *block;      /* whose events are being delivered */
    wsx_block *server;     /* of an accepted connection, else NULL */
    const uint8_t *data;   /* data of the current event ... */
    size_t size;           /* ... it lives until the outbox is sent */
    bool headroom;         /* WSX_REC_HEADROOM, and nobody has used it yet */
    int32_t message_type;  /* of the current event, else 0 */
    wsx_outcome outcome;
    ws_event event; /* the one that is delivered */
    bool rare;      /* the last event was no message */
    const wsx_block *listener_of; /* whose list has a single listener for messages, which got the last one ... */
    wsx_listener listener;        /* ... this one */
    const wsx_block *again; /* the last event was a message of this connection, which only listener_of, its server, got */
    wsx_run run;            /* of block; ends with its turn, and with whatever else comes to the outbox */
} wsx_dispatcher;

/* Runs the callbacks of a batch; what belongs to queues goes there. */
wsx_outcome wsx_dispatch(uint32_t loop, wsx_record *records, uint32_t count, wsx_outbox *outbox);

/* The event in which nothing is set. */
extern const ws_event wsx_blank;
/* Makes the event of a record out of a blank one and does what comes before its
 * callbacks. False: it must not be delivered. As a connection sees it: the listeners of a server
 * get connect and message-receive instead of open and message. */
bool wsx_event_begins(wsx_block *block, const wsx_record *record, ws_event *event);
/* Does what comes after the callbacks, also when there were none. */
void wsx_event_ends(wsx_block *block, const wsx_record *record);
/* Runs the callbacks of one record on this thread, whose dispatcher is d. False: it must not
 * be delivered. Start d with event = wsx_blank; wsx_delivered ends a run of records. */
bool wsx_deliver(wsx_dispatcher *d, wsx_block *block, const wsx_record *record);
void wsx_delivered(wsx_dispatcher *d);

/* ---- listeners (listeners.c) ------------------------------------------------------- */

int32_t wsx_on(ws_handle handle, uint32_t kinds, int32_t type, ws_callback callback, void *user_data);
/* Removes what matches; callback NULL: all of the type. *block: whose list it was. */
int32_t wsx_off(ws_handle handle, uint32_t kinds, int32_t type, ws_callback callback, void *user_data,
                wsx_block **block);
/* Goes on to the next listener for type; false when there is none. */
bool wsx_listener_next(wsx_block *block, int32_t type, wsx_listener *listener);
/* The newest listener id: those added during an event wait for the next one. */
uint64_t wsx_listener_newest(void);
void wsx_listeners_clear(wsx_block *block); /* wsx_mutex held */

WSX_HIDDEN_ENDS

#endif
