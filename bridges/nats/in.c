/* SPDX-License-Identifier: Apache-2.0 */
/* in.c - what others have published, to the subscribers here. */
#include <string.h>

#include "bridge.h"

/* in_mutex held: so that what overlapping subjects bring stays in its order. */
static void deliver(wsn_bridge *b, const wsn_stamp *stamp, const unsigned char *topic, size_t topic_size,
                    const void *data, size_t size)
{
    ws_relay_message m = {.struct_size = sizeof m,
                          .type = stamp->binary ? WS_BINARY : WS_TEXT,
                          .broadcast = !topic_size,
                          .priority = stamp->priority,
                          .topic = topic_size ? topic : NULL,
                          .topic_size = topic_size,
                          .data = data,
                          .size = size,
                          .key = stamp->key,
                          .time_ms = stamp->time_ms};
    int32_t status = ws_relay_deliver(b->server, &m);
    if (status) {
        if (atomic_fetch_add(&b->in_refused, 1) % 1000 == 0)
            wsn_tell(b, WS_NATS_EVENT_ERROR, status, "", "the server does not take a message of %s: %s", stamp->from,
                     ws_last_error());
        return;
    }
    atomic_fetch_add(&b->in_messages, 1);
    atomic_fetch_add(&b->in_bytes, (int64_t)size);
}

/* in_mutex held. */
static void take(wsn_bridge *b, const wsn_stamp *stamp, uint64_t era, const char *subject, const void *data,
                 size_t size)
{
    unsigned char topic[WSN_MAX_TOPIC + 1];
    size_t topic_size = 0, prefix = strlen(b->topics);
    if (strcmp(subject, b->all) != 0) {
        if (strncmp(subject, b->topics, prefix) != 0 || subject[prefix] != '.' ||
            !wsn_subject_topic(subject + prefix + 1, topic, &topic_size)) {
            atomic_fetch_add(&b->in_foreign, 1);
            return;
        }
    }
    wsn_peer *peer = wsn_peer_of(&b->peers, stamp->from, wsn_now_ms());
    if (!peer) {
        atomic_fetch_add(&b->in_refused, 1);
        return;
    }
    if (!wsn_peer_is_new(peer, stamp->number)) {
        atomic_fetch_add(&b->in_repeated, 1);
        return;
    }
    atomic_fetch_add(&b->in_parts, 1);
    bool whole = stamp->parts == 1 || wsn_peer_join(&b->peers, peer, stamp, data, size);
    if (stamp->parts == 1) wsn_peer_give_up(&b->peers, peer);
    atomic_fetch_add(&b->in_incomplete, (int64_t)b->peers.incomplete);
    b->peers.incomplete = 0;
    if (!whole) return;
    if (stamp->parts > 1) {
        data = peer->data;
        size = (size_t)stamp->size;
    }
    uint64_t lost = wsn_peer_lost(peer, wsn_hash(subject, strlen(subject)), stamp->turn, era);
    if (lost) {
        atomic_fetch_add(&b->in_lost, (int64_t)lost);
        wsn_wake(b);
    }
    deliver(b, stamp, topic, topic_size, data, size);
    if (stamp->parts > 1) wsn_peer_joined(&b->peers, peer);
}

void wsn_arrived(natsConnection *link, natsSubscription *subscription, natsMsg *message, void *closure)
{
    (void)link;
    (void)subscription;
    wsn_interest *interest = closure;
    wsn_bridge *b = wsn_interest_bridge(interest);
    const char *text = NULL;
    wsn_stamp stamp;
    size_t size = (size_t)natsMsg_GetDataLength(message); /* fits: it is never negative */
    bool about_members = wsn_presence_arrived(b, message);
    bool ours = natsMsgHeader_Get(message, WSN_STAMP_FIELD, &text) == NATS_OK && text && wsn_stamp_read(text, &stamp);
    if (about_members) {
        ;
    } else if (!ours || (stamp.parts == 1 && stamp.size != size)) {
        atomic_fetch_add(&b->in_foreign, 1);
    } else if (b->history && !strncmp(natsMsg_GetSubject(message), wsn_history_live(b), strlen(wsn_history_live(b)))) {
        wsn_history_arrived(b, message, &stamp, wsn_interest_era(interest));
    } else if (strcmp(stamp.from, b->id) != 0) { /* a server without echo sends nothing back; a gateway might */
        pthread_mutex_lock(&b->in_mutex);
        take(b, &stamp, wsn_interest_era(interest), natsMsg_GetSubject(message), natsMsg_GetData(message), size);
        pthread_mutex_unlock(&b->in_mutex);
    }
    natsMsg_Destroy(message);
    wsn_interest_handled(interest);
}
