/* SPDX-License-Identifier: Apache-2.0 */
/* life.c - what may still be delivered of a handle: it may be destroyed, paused or cut off. */
#include "handle.h"

bool wsx_dead(const wsx_block *b)
{
    return wsx_either_dead(b, wsx_server_of(b));
}

bool wsx_paused(const wsx_block *b)
{
    uint32_t life = atomic_load_explicit(&b->life, memory_order_acquire);
    return life & WSX_LIFE_PAUSED && !(life & WSX_LIFE_CUT) && !wsx_dead(b);
}

bool wsx_cut_off(const wsx_block *b, const wsx_record *r)
{
    uint32_t life = atomic_load_explicit(&b->life, memory_order_acquire);
    return life & WSX_LIFE_PAUSED && life & WSX_LIFE_CUT && !wsx_passes_pause(r) && r->type != WS_EVENT_CLOSE &&
           r->type != WS_EVENT_DESTROYED;
}
