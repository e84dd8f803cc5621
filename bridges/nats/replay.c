/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - what a connection has missed of a topic, then what comes live.
 *
 * The topic is subscribed in NATS first; what comes of it meanwhile is kept (meanwhile) beside going to those who have
 * subscribed already. Then the stream is read up to its end, and what has come live until then is waited for, because
 * the connection would get it twice. Under the mutex under which live messages are delivered the connection gets what
 * was read, what was kept with a larger sequence, and its subscription: so nothing is missed or doubled.
 */
#include <stdlib.h>
#include <string.h>

#include "history.h"

enum { WAIT_MS = WSN_HISTORY_WAIT_MS, TRIES = 3, BEHIND_MS = 10 };

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

/* What others have put there is passed over, as it is when it comes live. */
static natsStatus take(reading *r, natsMsg *message)
{
    const char *text = NULL;
    wsn_stamp stamp;
    r->last = natsMsg_GetSequence(message);
    if (natsMsgHeader_Get(message, WSN_STAMP_FIELD, &text) != NATS_OK || !text || !wsn_stamp_read(text, &stamp))
        return NATS_OK;
    wsn_kept *kept = wsn_keep(r->last, &stamp, natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message));
    if (!kept) return NATS_NO_MEMORY;
    wsn_list_add(&r->list, kept);
    return NATS_OK;
}

/* The sequence of the topic's last message, as the stream's leader knows it; 0: there is none. */
static natsStatus last_of(wsn_history *h, const char *subject, uint64_t *last)
{
    natsMsg *message = NULL;
    jsOptions options = patience();
    natsStatus status = js_GetLastMsg(&message, h->js, h->stream, subject, &options, NULL);
    *last = status ? 0 : natsMsg_GetSequence(message);
    natsMsg_Destroy(message);
    return status == NATS_NOT_FOUND ? NATS_OK : status;
}

static natsStatus read_behind(wsn_history *h, const char *subject, uint64_t after, reading *r)
{
    uint64_t last = 0;
    int64_t deadline = wsn_now_ms() + WAIT_MS;
    natsStatus status = last_of(h, subject, &last);
    r->last = after;
    while (!status && r->last < last) {
        natsMsg *message = NULL;
        jsOptions options = patience();
        jsDirectGetMsgOptions next;
        jsDirectGetMsgOptions_Init(&next);
        next.Sequence = r->last + 1;
        next.NextBySubject = subject;
        status = js_DirectGetMsg(&message, h->js, h->stream, &options, &next);
        if (!status) status = take(r, message);
        natsMsg_Destroy(message);
        if (status != NATS_NOT_FOUND) continue;
        /* All are gone by age, or the server that was asked is behind the leader. */
        if (wsn_now_ms() >= deadline) return NATS_TIMEOUT;
        nats_Sleep(BEHIND_MS);
        status = last_of(h, subject, &last);
    }
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

static natsStatus read_all(wsn_bridge *b, const wsn_job *job, const char *live, reading *r)
{
    pthread_rwlock_rdlock(&b->link_lock);
    natsStatus status = wsn_history_ready(b);
    if (!status) status = natsConnection_FlushTimeout(b->link, WAIT_MS);
    if (!status) status = read_stream(b, job, r);
    if (!status && !wsn_interest_catch_up(b, live, WAIT_MS)) status = NATS_TIMEOUT;
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
    for (int tries = 0; tries < TRIES; tries++) { /* nothing was sent yet */
        wsn_list_free(&r.list);
        r = (reading){0};
        read = read_all(b, job, subject, &r);
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
