/* SPDX-License-Identifier: Apache-2.0 */
#include "peers.h"

#include <stdlib.h>
#include <string.h>

wsn_peer *wsn_peer_of(wsn_peers *p, const char *id, int64_t now)
{
    wsn_peer *peer = NULL;
    if (p->latest < p->count && !strcmp(p->all[p->latest].id, id)) peer = &p->all[p->latest];
    for (size_t i = 0; !peer && i < p->count; i++)
        if (!strcmp(p->all[i].id, id)) peer = &p->all[i];
    if (!peer) {
        if (!p->all && !(p->all = calloc(WSN_MAX_PEERS, sizeof *p->all))) return NULL;
        if (p->count < WSN_MAX_PEERS) {
            peer = &p->all[p->count++];
        } else {
            peer = p->all;
            for (size_t i = 1; i < p->count; i++)
                if (p->all[i].heard < peer->heard) peer = &p->all[i];
            if (peer->data) p->incomplete++;
            wsn_peer_joined(p, peer);
            wsn_tally_free(&peer->turns);
        }
        *peer = (wsn_peer){0};
        strcpy(peer->id, id); /* fits: wsn_stamp_read has looked */
    }
    p->latest = (size_t)(peer - p->all);
    peer->heard = now;
    return peer;
}

bool wsn_peer_is_new(wsn_peer *peer, uint64_t number)
{
    if (number <= peer->number) return false;
    peer->number = number;
    return true;
}

uint64_t wsn_peer_lost(wsn_peer *peer, uint64_t topic_hash, uint64_t turn, uint64_t era)
{
    wsn_count *count = wsn_tally_at(&peer->turns, topic_hash);
    if (!count) return 0;
    /* One of an older interest says nothing of what came while nobody here wanted the topic. */
    bool known = count->last && count->era >= era;
    uint64_t lost = known && turn > count->last + 1 ? turn - count->last - 1 : 0;
    count->last = turn;
    if (count->era < era) count->era = era;
    return lost;
}

void wsn_peer_give_up(wsn_peers *p, wsn_peer *peer)
{
    if (!peer->parts) return;
    p->incomplete++;
    wsn_peer_joined(p, peer);
}

bool wsn_peer_join(wsn_peers *p, wsn_peer *peer, const wsn_stamp *s, const void *data, size_t size)
{
    if (s->part == 1) {
        wsn_peer_give_up(p, peer); /* the one before has lost its end */
        int64_t wanted = (int64_t)s->size; /* fits: wsn_stamp_read has looked */
        if (wanted <= p->max_message && p->joining <= p->max_joining - wanted) peer->data = malloc((size_t)wanted + 1);
        if (!peer->data) {
            p->incomplete++;
            return false;
        }
        p->joining += wanted;
        peer->size = s->size;
        peer->filled = 0;
        peer->parts = s->parts;
        peer->next_part = 1;
        peer->joining_turn = s->turn;
    } else if (!peer->parts) {
        return false; /* its begin was lost, or refused and counted then */
    }
    bool fits = s->part == peer->next_part && s->parts == peer->parts && s->size == peer->size &&
                s->turn == peer->joining_turn && size <= peer->size - peer->filled;
    bool last = s->part == s->parts;
    if (!fits || (last && size != peer->size - peer->filled)) {
        wsn_peer_give_up(p, peer);
        return false;
    }
    memcpy(peer->data + peer->filled, data, size);
    peer->filled += size;
    peer->next_part++;
    return last;
}

void wsn_peer_joined(wsn_peers *p, wsn_peer *peer)
{
    if (!peer->data) return;
    p->joining -= (int64_t)peer->size;
    free(peer->data);
    peer->data = NULL;
    peer->parts = 0;
}

void wsn_peers_sweep(wsn_peers *p, int64_t since)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->all[i].data && p->all[i].heard < since) wsn_peer_give_up(p, &p->all[i]);
}

size_t wsn_peers_heard(const wsn_peers *p, int64_t since)
{
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++) n += p->all[i].heard >= since;
    return n;
}

void wsn_peers_free(wsn_peers *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->all[i].data);
        wsn_tally_free(&p->all[i].turns);
    }
    free(p->all);
    *p = (wsn_peers){0};
}
