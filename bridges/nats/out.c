/* SPDX-License-Identifier: Apache-2.0 */
/* out.c - what was published here, to NATS: in one message or in parts, or counted as lost. */
#include <stdio.h>
#include <string.h>

#include "bridge.h"

/* What a message takes in NATS beside its data: the header block, with its first line and the field. */
static size_t overhead(const char *stamp)
{
    return sizeof "NATS/1.0\r\n" - 1 + sizeof WSN_STAMP_FIELD - 1 + sizeof ": \r\n\r\n" - 1 + strlen(stamp);
}

/* out_mutex and link_lock held. */
static natsStatus give(wsn_bridge *b, const char *subject, const wsn_stamp *stamp, const void *data, size_t size)
{
    char text[WSN_MAX_STAMP];
    natsMsg *message = NULL;
    wsn_stamp_write(text, stamp);
    natsStatus status = natsMsg_Create(&message, subject, NULL, data, (int)size); /* fits: max_payload is an int */
    if (!status) status = natsMsgHeader_Set(message, WSN_STAMP_FIELD, text);
    if (!status) status = natsConnection_PublishMsg(b->link, message);
    natsMsg_Destroy(message);
    if (!status) {
        atomic_fetch_add(&b->sent, 1);
        atomic_fetch_add(&b->out_parts, 1);
    }
    return status;
}

/* What one part may have; 0: nothing is known of the server. */
static size_t part_size(wsn_bridge *b, const wsn_stamp *stamp)
{
    char text[WSN_MAX_STAMP];
    wsn_stamp widest = *stamp;
    widest.number += UINT32_MAX; /* of the last part, at the most */
    widest.part = widest.parts = UINT32_MAX;
    wsn_stamp_write(text, &widest);
    int64_t most = natsConnection_GetMaxPayload(b->link);
    if (most > 0) atomic_store(&b->max_payload, most);
    else most = atomic_load(&b->max_payload);
    if (most <= 0) most = 1 << 20; /* NATS's default: it waits for the first connection in a buffer */
    size_t beside = overhead(text);
    return (size_t)most > beside ? (size_t)most - beside : 0;
}

static void lose(wsn_bridge *b, const char *subject, const ws_relay_message *m, int32_t status, const char *why)
{
    atomic_fetch_add(&b->out_lost, 1);
    if (status) wsn_tell(b, WS_NATS_EVENT_ERROR, status, "", "%s, %zu bytes: %s", subject, m->size, why);
}

/* out_mutex and link_lock held. */
static void publish(wsn_bridge *b, const char *subject, const ws_relay_message *m, bool whole)
{
    char why[128];
    wsn_stamp stamp = {
        .binary = m->type == WS_BINARY, .time_ms = m->time_ms, .key = m->key, .priority = m->priority, .size = m->size};
    strcpy(stamp.from, b->id);
    wsn_count *turn = wsn_tally_at(&b->turns, wsn_hash(subject, strlen(subject)));
    stamp.turn = turn ? ++turn->last : 1; /* one that does not leave is missed by the receivers, as it is */
    if (!b->link) {
        lose(b, subject, m, WS_OK, "");
        return;
    }
    size_t most = part_size(b, &stamp);
    if (!most || (m->size > most && whole)) {
        snprintf(why, sizeof why, "the NATS server takes %lld at once (max_payload) with the header",
                 (long long)atomic_load(&b->max_payload));
        lose(b, subject, m, WS_ERR_TOO_LARGE, why);
        return;
    }
    if (m->size > most && (int64_t)m->size > b->settings.o.max_message) {
        lose(b, subject, m, WS_ERR_TOO_LARGE, "over max_message");
        return;
    }
    size_t parts = m->size > most ? (m->size + most - 1) / most : 1;
    stamp.parts = (uint32_t)parts; /* fits: max_message is up to 2^30 */
    for (size_t at = 0; stamp.part < parts; at += most) {
        stamp.part++;
        stamp.number = ++b->number;
        size_t left = m->size - at;
        natsStatus status = give(b, subject, &stamp, (const char *)m->data + at, left < most ? left : most);
        if (status) { /* of a buffer that is full, and a link that is closed, the event of what was lost says enough */
            bool quiet = status == NATS_INSUFFICIENT_BUFFER || status == NATS_CONNECTION_CLOSED;
            lose(b, subject, m, quiet ? WS_OK : wsn_status(status), natsStatus_GetText(status));
            return;
        }
    }
    atomic_fetch_add(&b->out_messages, 1);
    atomic_fetch_add(&b->out_bytes, (int64_t)m->size);
}

void wsn_publish(wsn_bridge *b, const ws_relay_message *m)
{
    char subject[WSN_MAX_SUBJECT];
    bool kept = !m->broadcast && wsn_history_has(b, m->topic, m->topic_size);
    if (m->broadcast) strcpy(subject, b->all);
    else wsn_topic_subject(subject, kept ? wsn_history_stored(b) : b->topics, m->topic, m->topic_size);
    pthread_rwlock_rdlock(&b->link_lock);
    pthread_mutex_lock(&b->out_mutex);
    publish(b, subject, m, kept || b->settings.o.flags & WS_NATS_NO_SPLIT);
    pthread_mutex_unlock(&b->out_mutex);
    pthread_rwlock_unlock(&b->link_lock);
}
