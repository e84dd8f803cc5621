/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c - the memory of queues and callbacks, in the budget that core watches over. */
#include "exports.h"
#include "shared.h"

wsx_meter wsx_memory;

/* The sum and then the question whether somebody waits: core asks the other way round. */
void wsx_count(int64_t bytes)
{
    int64_t used = atomic_fetch_add(&wsx_memory.used, bytes) + bytes;
    uint32_t waiting = 1;
    if (bytes < 0 && used <= atomic_load(&wsx_memory.low) && atomic_load(&wsx_memory.waiting) &&
        atomic_compare_exchange_strong(&wsx_memory.waiting, &waiting, 0))
        wsgo_memory_relaxed();
}

bool wsx_claim(size_t bytes)
{
    if (atomic_fetch_add(&wsx_memory.used, (int64_t)bytes) + (int64_t)bytes <= atomic_load(&wsx_memory.budget))
        return true;
    wsx_count(-(int64_t)bytes);
    return false;
}

bool wsx_tight(void)
{
    return atomic_load_explicit(&wsx_memory.used, memory_order_relaxed) >
           atomic_load_explicit(&wsx_memory.tight, memory_order_relaxed);
}
