/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue_chunk.c - memory of short messages that come together.
 *
 * A loop takes it and a thread of the host gives it back, which allocators are slow at: the system's gives it to the
 * kernel soon, and page faults follow. So a few chunks stay for the next run of any queue.
 */
#include <stdlib.h>

#include "queue.h"

/* So many stay, in the whole process: half a MiB. */
enum { SPARE = 32 };

#ifndef __has_feature /* clang's */
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
static atomic_bool keeps = false; /* it is to find who looks at a message that is gone */
#else
static atomic_bool keeps = true;
#endif

/* Those from taken to given, in a ring. Whoever moves a count has the place that it names, but for one that came late:
 * a place is exchanged, so that a chunk is never lost and never has two owners. */
static wsx_chunk *_Atomic spare[SPARE];
static _Atomic uint32_t taken, given;

static wsx_chunk *take(void)
{
    uint32_t at = atomic_load(&taken);
    if (at == atomic_load(&given) || !atomic_compare_exchange_strong(&taken, &at, at + 1)) return NULL;
    return atomic_exchange(&spare[at % SPARE], NULL);
}

/* What is left without a place, NULL: nothing. */
static wsx_chunk *give(wsx_chunk *c)
{
    uint32_t at = atomic_load(&given);
    if (at - atomic_load(&taken) >= SPARE || !atomic_compare_exchange_strong(&given, &at, at + 1)) return c;
    return atomic_exchange(&spare[at % SPARE], c);
}

wsx_chunk *wsx_new_chunk(size_t size, uint64_t users)
{
    bool whole = size > WSX_CHUNK_MOST / 2 && size <= WSX_CHUNK_MOST;
    wsx_chunk *c = whole ? take() : NULL;
    if (!c && !(c = malloc(whole ? WSX_CHUNK_MOST : size))) return NULL;
    atomic_init(&c->users, users);
    c->whole = whole;
    return c;
}

void wsx_leave_chunk(wsx_chunk *c, uint64_t users)
{
    if (!users || atomic_fetch_sub(&c->users, users) != users) return;
    free(c->whole && atomic_load_explicit(&keeps, memory_order_relaxed) ? give(c) : c);
}

void wsx_free_chunks(void)
{
    atomic_store(&keeps, false);
    for (uint32_t i = 0; i < SPARE; i++) free(atomic_exchange(&spare[i], NULL));
}
