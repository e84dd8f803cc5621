/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

uint64_t wsn_hash(const void *data, size_t size)
{
    const unsigned char *at = data;
    uint64_t h = 14695981039346656037u;
    while (size--) h = (h ^ *at++) * 1099511628211u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    h ^= h >> 32;
    return h ? h : 1;
}

static wsn_count *find(const wsn_tally *t, uint64_t hash)
{
    size_t i = hash & (t->room - 1);
    while (t->counts[i].hash && t->counts[i].hash != hash) i = (i + 1) & (t->room - 1);
    return &t->counts[i];
}

static int grow(wsn_tally *t)
{
    wsn_tally more = {.room = t->room ? 2 * t->room : 64, .used = t->used};
    more.counts = calloc(more.room, sizeof *more.counts);
    if (!more.counts) return -1;
    for (size_t i = 0; i < t->room; i++)
        if (t->counts[i].hash) *find(&more, t->counts[i].hash) = t->counts[i];
    free(t->counts);
    *t = more;
    return 0;
}

wsn_count *wsn_tally_at(wsn_tally *t, uint64_t hash)
{
    if (t->room) {
        wsn_count *found = find(t, hash);
        if (found->hash) return found;
    }
    if (t->used == WSN_TALLY_MOST) {
        memset(t->counts, 0, t->room * sizeof *t->counts);
        t->used = 0;
    }
    if (4 * (t->used + 1) > 3 * t->room && grow(t)) return NULL;
    wsn_count *found = find(t, hash);
    *found = (wsn_count){.hash = hash};
    t->used++;
    return found;
}

void wsn_tally_free(wsn_tally *t)
{
    free(t->counts);
    *t = (wsn_tally){0};
}
