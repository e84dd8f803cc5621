/* SPDX-License-Identifier: Apache-2.0 */
/* lane.c - what threads of the host need to write to a connection themselves, by slot. */
#include <stdlib.h>

#include "handle.h"

#if defined(__linux__)

#define CHUNK (1u << WSX_CHUNK_BITS)

static wsx_lane *_Atomic lanes[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)]; /* by slot; written under wsx_mutex */

wsx_lane *wsx_lane_of(uint32_t slot)
{
    wsx_lane *_Atomic *place = &lanes[slot >> WSX_CHUNK_BITS];
    wsx_lane *chunk = atomic_load_explicit(place, memory_order_acquire);
    if (!chunk) {
        pthread_mutex_lock(&wsx_mutex);
        chunk = atomic_load_explicit(place, memory_order_relaxed);
        if (!chunk && (chunk = calloc(CHUNK, sizeof *chunk))) atomic_store_explicit(place, chunk, memory_order_release);
        pthread_mutex_unlock(&wsx_mutex);
        if (!chunk) return NULL;
    }
    return &chunk[slot & (CHUNK - 1)];
}

#else

wsx_lane *wsx_lane_of(uint32_t slot)
{
    (void)slot;
    return NULL;
}

#endif
