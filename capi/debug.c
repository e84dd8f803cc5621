/* SPDX-License-Identifier: Apache-2.0 */
/* debug.c - who owns a slot, and what was delivered to it: for the checks of debug.h. */
#include "debug.h"

#ifdef WS_DEBUG_INVARIANTS

#include <stdio.h>
#include <stdlib.h>

#include "handle.h"

enum { CHUNK = 1 << WSX_CHUNK_BITS };

typedef struct truth {
    _Atomic uint64_t owner;  /* 0: nobody */
    _Atomic uint64_t stream; /* whose stream stands there */
    atomic_bool ended;       /* the destroyed event was delivered */
} truth;

static truth *_Atomic chunks[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)]; /* by slot; written under wsx_mutex */

static truth *truth_of(const wsx_block *b)
{
    return &atomic_load(&chunks[b->slot >> WSX_CHUNK_BITS])[b->slot & (CHUNK - 1)];
}

void wsx_broken(const char *what, const char *where)
{
    fprintf(stderr, "libws: an invariant of tests/model/slot.pml does not hold: %s, %s\n", what, where);
    abort();
}

void wsx_debug_taken(const wsx_block *b)
{
    truth *_Atomic *place = &chunks[b->slot >> WSX_CHUNK_BITS];
    if (!atomic_load(place)) {
        truth *chunk = calloc(CHUNK, sizeof *chunk);
        if (!chunk) wsx_broken("there is memory for the checks", "debug.c");
        atomic_store(place, chunk);
    }
    truth *t = truth_of(b);
    WSX_INVARIANT(!t->owner && !t->stream); /* a slot has one owner at a time */
    t->ended = false;
    t->owner = b->handle;
}

void wsx_debug_given(const wsx_block *b)
{
    truth *t = truth_of(b);
    WSX_INVARIANT(t->owner && t->owner == b->handle);
    t->owner = 0;
    t->stream = 0;
}

uint64_t wsx_debug_owner(const wsx_block *b)
{
    return truth_of(b)->owner;
}

void wsx_debug_joined(const wsx_block *b)
{
    truth_of(b)->stream = b->handle;
}

void wsx_debug_check_stream(const wsx_block *b)
{
    truth *t = truth_of(b);
    WSX_INVARIANT(t->stream && t->stream == t->owner && t->owner == b->handle);
}

void wsx_debug_tells(const wsx_block *b, const wsx_record *r, bool delivers)
{
    truth *t = truth_of(b);
    WSX_INVARIANT(t->owner && t->owner == b->handle); /* no event of one owner reaches another */
    WSX_INVARIANT(!t->ended);                         /* destroyed is the last one */
    if (r->type != WS_EVENT_DESTROYED) return;
    WSX_INVARIANT(delivers && !(atomic_load(&b->life) & WSX_LIFE_OPENED)); /* every open has its close */
    t->ended = true;
}

#endif
