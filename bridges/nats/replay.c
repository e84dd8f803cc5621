/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - what a connection has missed of a topic, then what comes live.
 *
 * The topic is subscribed in NATS first; what comes of it meanwhile is kept (meanwhile) beside going to those who have
 * subscribed already. Then the stream is read up to its end. Under the mutex under which live messages are delivered
 * the connection gets what was read, what was kept with a larger sequence, and its subscription: so nothing is missed
 * or doubled.
 */
#include <stdlib.h>
#include <string.h>

#include "history.h"

enum { WAIT_MS = 5000, TRIES = 3 };

/* What was read of the stream. */
typedef struct reading {
    wsn_list list;  /* behind the position */
    uint64_t last;  /* sequence up to which the connection knows everything */
    bool too_late;
} reading;

static jsOptions patience(void)
{
    jsOptions o;
    jsOptions_Init(&o);
    o.Wait = WAIT_MS;
    return o;
}

/* Whether the stream still has the message at a sequence, and of this subject. */
static bool kept_still(wsn_history *h, uint64_t sequence, const char *subject)
{
    natsMsg *message = NULL;
    jsOptions options = patience();
    bool there = sequence && !js_GetMsg(&message, h->js, h->stream, sequence, &options, NULL) &&
                 !strcmp(natsMsg_GetSubject(message), subject);
    natsMsg_Destroy(message);
    return there;
}

/* One message of the consumer; *pending: how many follow. */
static natsStatus take(reading *r, natsMsg *message, uint64_t *pending)
{
    jsMsgMetaData *meta = NULL;
    const char *text = NULL;
    wsn_stamp stamp;
    natsStatus status = natsMsg_GetMetaData(&meta, message);
    if (status) return status;
    *pending = meta->NumPending;
    r->last = meta->Sequence.Stream;
    /* What others have put there is passed over, as it is when it comes live. */
    if (natsMsgHeader_Get(message, WSN_STAMP_FIELD, &text) == NATS_OK && text && wsn_stamp_read(text, &stamp)) {
        wsn_kept *kept = wsn_keep(r->last, &stamp, natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message));
        if (kept) wsn_list_add(&r->list, kept);
        else status = NATS_NO_MEMORY;
    }
    jsMsgMetaData_Destroy(meta);
    return status;
}

static natsStatus read_behind(wsn_history *h, const char *subject, uint64_t after, reading *r)
{
    natsSubscription *subscription = NULL;
    jsConsumerInfo *info = NULL;
    jsSubOptions how;
    jsOptions options = patience();
    jsSubOptions_Init(&how);
    how.Ordered = true;
    how.Stream = h->stream;
    how.Config.DeliverPolicy = js_DeliverByStartSequence;
    how.Config.OptStartSeq = after + 1;
    natsStatus status = js_SubscribeSync(&subscription, h->js, subject, &options, &how, NULL);
    if (!status) status = natsSubscription_GetConsumerInfo(&info, subscription, &options, NULL);
    uint64_t pending = status ? 0 : info->NumPending + info->Delivered.Consumer;
    while (!status && pending) {
        natsMsg *message = NULL;
        status = natsSubscription_NextMsg(&message, subscription, WAIT_MS);
        if (!status) status = take(r, message, &pending);
        natsMsg_Destroy(message);
    }
    jsConsumerInfo_Destroy(info);
    natsSubscription_Destroy(subscription);
    return status;
}

/*
 * Reads what came behind the position, and finds out whether that is all. It is when the message at the position is
 * still there, because the oldest go first; or when nothing of the stream behind it has gone by age, and nothing of the
 * topic by number. The stream is asked behind the reading: what is true then was true all the time.
 */
static natsStatus read_stream(wsn_bridge *b, const wsn_job *job, reading *r)
{
    wsn_history *h = b->history;
    char subject[WSN_MAX_SUBJECT];
    wsn_topic_subject(subject, h->stored, job->topic, job->topic_size);
    jsStreamInfo *info = NULL;
    jsOptions options = patience();
    natsStatus status = job->behind && job->stream == h->created ? read_behind(h, subject, job->after, r) : NATS_OK;
    uint64_t read = r->last;
    if (!status) status = js_GetStreamInfo(&info, h->js, h->stream, &options, NULL);
    if (status) return status;
    uint64_t first = info->State.FirstSeq, last = info->State.LastSeq;
    bool recreated = job->behind && (job->stream != (uint64_t)info->Created || job->after > last);
    jsStreamInfo_Destroy(info);
    if (!job->behind || recreated) {
        r->last = last;
        r->too_late = recreated;
        return NATS_OK;
    }
    bool none_by_age = first <= job->after + 1, none_by_number = r->list.count < (size_t)b->settings.o.history_messages;
    r->too_late = !(none_by_age && none_by_number) && job->after < last && !kept_still(h, job->after, subject);
    r->last = r->too_late ? last : read > job->after ? read : job->after;
    return NATS_OK;
}

/* The connection is told first, then it gets the rest. mutex held. */
static int32_t hand_over(wsn_bridge *b, const wsn_job *job, reading *r, uint64_t *sent)
{
    int32_t status = WS_OK;
    if (r->too_late) wsn_list_free(&r->list);
    for (const wsn_list *list = &r->list; list; list = list == &r->list ? &b->history->meanwhile : NULL)
        for (const wsn_kept *kept = list->first; kept && !status; kept = kept->next) {
            if (list != &r->list && kept->sequence <= r->last) continue; /* it was read, or is known */
            status = wsn_history_hand_out(b, job->connection, job->topic, job->topic_size, kept);
            if (status) continue;
            ++*sent;
            r->last = kept->sequence;
        }
    if (!status) status = ws_subscribe(job->connection, job->topic, job->topic_size);
    return status;
}

static natsStatus read_all(wsn_bridge *b, const wsn_job *job, reading *r)
{
    pthread_rwlock_rdlock(&b->link_lock);
    natsStatus status =
        wsn_history_ready(b) ? natsConnection_FlushTimeout(b->link, WAIT_MS) : NATS_CONNECTION_DISCONNECTED;
    if (!status) status = read_stream(b, job, r);
    pthread_rwlock_unlock(&b->link_lock);
    return status;
}

static void tell(const wsn_job *job, int32_t status, bool too_late, uint64_t sent, const char *position,
                 const char *text)
{
    ws_nats_replayed replayed = {.struct_size = sizeof replayed,
                                 .status = status,
                                 .too_late = too_late,
                                 .connection = job->connection,
                                 .messages = sent,
                                 .position = position,
                                 .text = text};
    if (job->on_replayed) job->on_replayed(&replayed, job->user_data);
}

void wsn_replay(wsn_bridge *b, wsn_job *job, bool cancelled)
{
    wsn_history *h = b->history;
    char subject[WSN_MAX_SUBJECT], position[WSN_MAX_POSITION] = "";
    reading r = {0};
    uint64_t sent = 0;
    if (cancelled) {
        tell(job, WS_ERR_CANCELLED, false, 0, "", "the bridge has ended");
        return;
    }
    wsn_topic_subject(subject, h->live, job->topic, job->topic_size);
    wsn_interest_add(b, subject);
    pthread_mutex_lock(&h->mutex);
    h->catching = job;
    pthread_mutex_unlock(&h->mutex);
    natsStatus read = NATS_OK;
    for (int tries = 0; tries < TRIES; tries++) { /* a reading's consumer is gone sometimes; nothing was sent yet */
        wsn_list_free(&r.list);
        r = (reading){0};
        read = read_all(b, job, &r);
        if (!read || read == NATS_CONNECTION_DISCONNECTED || read == NATS_TIMEOUT) break;
    }
    int32_t status = wsn_status(read);
    const char *text = read ? natsStatus_GetText(read) : "";
    pthread_mutex_lock(&h->mutex);
    if (!status && (status = hand_over(b, job, &r, &sent))) text = ws_last_error();
    if (!status) wsn_position_write(position, h->created, r.last);
    h->catching = NULL;
    wsn_list_free(&h->meanwhile);
    pthread_mutex_unlock(&h->mutex);
    wsn_interest_end(b, subject); /* it lingers until the relay knows the subscription */
    wsn_list_free(&r.list);
    tell(job, status, !status && r.too_late, sent, position, text);
}
