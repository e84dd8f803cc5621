/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- small parts ------------------------------------------------------------------------ */

void wsn_position_write(char text[WSN_MAX_POSITION], uint64_t stream, uint64_t sequence)
{
    snprintf(text, WSN_MAX_POSITION, "%" PRIx64 "-%" PRIx64, stream, sequence);
}

bool wsn_position_read(const char *text, uint64_t *stream, uint64_t *sequence)
{
    char again[WSN_MAX_POSITION];
    if (strlen(text) >= WSN_MAX_POSITION || sscanf(text, "%" SCNx64 "-%" SCNx64, stream, sequence) != 2) return false;
    wsn_position_write(again, *stream, *sequence);
    return !strcmp(again, text);
}

wsn_kept *wsn_keep(uint64_t sequence, const wsn_stamp *stamp, const void *data, size_t size)
{
    wsn_kept *kept = malloc(sizeof *kept + size + 1);
    if (!kept) return NULL;
    *kept = (wsn_kept){
        .sequence = sequence, .type = stamp->binary ? WS_BINARY : WS_TEXT, .priority = stamp->priority, .key = stamp->key,
        .time_ms = stamp->time_ms, .size = size};
    if (size) memcpy(kept->data, data, size);
    kept->data[size] = 0;
    return kept;
}

void wsn_list_add(wsn_list *list, wsn_kept *kept)
{
    if (!list->first) list->last = &list->first;
    kept->next = NULL;
    *list->last = kept;
    list->last = &kept->next;
    list->count++;
}

void wsn_list_free(wsn_list *list)
{
    for (wsn_kept *kept = list->first, *next; kept; kept = next) {
        next = kept->next;
        free(kept);
    }
    *list = (wsn_list){0};
}

bool wsn_history_has(const wsn_bridge *b, const void *topic, size_t size)
{
    if (!b->history) return false;
    for (const char *pattern = b->settings.o.history_topics;; pattern++) {
        size_t length = strcspn(pattern, ",");
        if (wsn_pattern_fits(pattern, length, topic, size)) return true;
        pattern += length;
        if (!*pattern) return false;
    }
}

const char *wsn_history_live(const wsn_bridge *b)
{
    return b->history ? b->history->live : NULL;
}

const char *wsn_history_stored(wsn_bridge *b)
{
    pthread_mutex_lock(&b->mutex);
    while (b->ever && !b->history_tried && b->phase != WSN_LEAVING) pthread_cond_wait(&b->changed, &b->mutex);
    pthread_mutex_unlock(&b->mutex);
    return b->history->stored;
}

/* ---- what comes live ------------------------------------------------------------------------- */

int32_t wsn_history_hand_out(wsn_bridge *b, ws_handle connection, const void *topic, size_t topic_size,
                             const wsn_kept *kept)
{
    char position[WSN_MAX_POSITION];
    const void *data = kept->data;
    size_t size = kept->size;
    wsn_position_write(position, b->history->created, kept->sequence);
    ws_nats_message message = {.struct_size = sizeof message,
                               .type = kept->type,
                               .topic = topic,
                               .topic_size = topic_size,
                               .data = data,
                               .size = size,
                               .position = position,
                               .time_ms = kept->time_ms};
    if (b->settings.o.on_format) b->settings.o.on_format(&message, &data, &size, b->settings.o.user_data);
    if (connection) return ws_send(connection, data, size, kept->type, NULL, NULL);
    ws_relay_message m = {.struct_size = sizeof m,
                          .type = kept->type,
                          .topic = topic,
                          .topic_size = topic_size,
                          .data = data,
                          .size = size,
                          .priority = kept->priority,
                          .key = kept->key,
                          .time_ms = kept->time_ms};
    return ws_relay_deliver(b->server, &m);
}

static uint64_t number_of(natsMsg *message, const char *field)
{
    const char *text = NULL;
    return natsMsgHeader_Get(message, field, &text) == NATS_OK && text ? strtoull(text, NULL, 10) : 0;
}

/* mutex held. */
static void take(wsn_bridge *b, const unsigned char *topic, size_t topic_size, wsn_kept *kept)
{
    wsn_history *h = b->history;
    int32_t status = wsn_history_hand_out(b, 0, topic, topic_size, kept);
    atomic_fetch_add(status ? &b->in_refused : &b->in_messages, 1);
    if (!status) atomic_fetch_add(&b->in_bytes, (int64_t)kept->size);
    if (h->catching && h->catching->topic_size == topic_size && !memcmp(h->catching->topic, topic, topic_size))
        wsn_list_add(&h->meanwhile, kept);
    else free(kept);
}

void wsn_history_arrived(wsn_bridge *b, natsMsg *message, const wsn_stamp *stamp, uint64_t era)
{
    wsn_history *h = b->history;
    unsigned char topic[WSN_MAX_TOPIC + 1];
    size_t topic_size;
    const char *subject = natsMsg_GetSubject(message);
    uint64_t sequence = number_of(message, "Nats-Sequence"), before = number_of(message, "Nats-Last-Sequence"),
             hash = wsn_hash(subject, strlen(subject));
    if (stamp->parts != 1 || !sequence || !wsn_subject_topic(subject + strlen(h->live) + 1, topic, &topic_size)) {
        atomic_fetch_add(&b->in_foreign, 1);
        return;
    }
    pthread_mutex_lock(&h->mutex);
    wsn_count *last = wsn_tally_at(&h->sequences, hash);
    /* What comes again has no larger sequence, unless the stream is a new one, where it is the first of its topic. */
    bool again = last && sequence <= last->last && (before || sequence == last->last);
    wsn_peer *peer = again ? NULL : wsn_peer_of(&h->peers, stamp->from, wsn_now_ms());
    wsn_kept *kept =
        peer ? wsn_keep(sequence, stamp, natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message)) : NULL;
    if (kept) {
        if (last) last->last = sequence;
        uint64_t lost = wsn_peer_lost(peer, hash, stamp->turn, era);
        atomic_fetch_add(&b->in_lost, (int64_t)lost);
        atomic_fetch_add(&b->in_parts, 1);
        take(b, topic, topic_size, kept);
    } else {
        atomic_fetch_add(again ? &b->in_repeated : &b->in_refused, 1);
    }
    pthread_mutex_unlock(&h->mutex);
}

/* ---- the stream --------------------------------------------------------------------------------- */

static natsStatus make(wsn_bridge *b, jsStreamInfo **info, jsErrCode *code)
{
    wsn_history *h = b->history;
    const ws_nats_options *o = &b->settings.o;
    char all[WSN_MAX_PREFIX + 6], published[WSN_MAX_PREFIX + 6];
    snprintf(all, sizeof all, "%s.>", h->stored);
    snprintf(published, sizeof published, "%s.>", h->live);
    const char *subjects[] = {all};
    jsRePublish republish;
    jsStreamConfig config;
    jsRePublish_Init(&republish);
    jsStreamConfig_Init(&config);
    republish.Source = all;
    republish.Destination = published;
    config.Name = h->stream;
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.MaxMsgsPerSubject = o->history_messages;
    config.MaxAge = (int64_t)o->history_seconds * 1000000000;
    config.Replicas = o->history_replicas;
    config.Storage = o->flags & WS_NATS_HISTORY_IN_MEMORY ? js_MemoryStorage : js_FileStorage;
    config.RePublish = &republish;
    config.AllowDirect = true; /* replay.c */
    return js_AddStream(info, h->js, &config, NULL, code);
}

natsStatus wsn_history_ready(wsn_bridge *b)
{
    wsn_history *h = b->history;
    if (!b->link || !atomic_load(&b->connected)) return NATS_CONNECTION_DISCONNECTED;
    jsOptions options;
    jsOptions_Init(&options);
    options.Wait = WSN_HISTORY_WAIT_MS;
    natsStatus status = h->js ? NATS_OK : natsConnection_JetStream(&h->js, b->link, &options);
    jsErrCode code = 0;
    jsStreamInfo *info = NULL;
    /* The answer of the stream's leader comes behind what it knows of our subscriptions. */
    if (!status && h->created) status = js_GetStreamInfo(&info, h->js, h->stream, &options, &code);
    if (!status && !info) status = make(b, &info, &code); /* one that is there as it has to be is no error */
    if (status && code == JSStreamNotFoundErr && h->created) status = make(b, &info, &code);
    if (!status) {
        pthread_mutex_lock(&h->mutex);
        h->created = (uint64_t)info->Created;
        pthread_mutex_unlock(&h->mutex);
        jsStreamInfo_Destroy(info);
        return NATS_OK;
    }
    if (wsn_now_ms() - h->told >= 10000) {
        const char *last = nats_GetLastError(NULL), *advice = "";
        if (status == NATS_NO_RESPONDERS || code == JSNotEnabledErr || code == JSNotEnabledForAccountErr)
            advice = " (the NATS server runs without JetStream: nats-server -js)";
        if (code == JSStreamNameExistErr)
            advice = " (history_messages, history_seconds and history_replicas have to be the same in all processes; "
                     "else delete the stream)";
        wsn_tell(b, WS_NATS_EVENT_ERROR, wsn_status(status), "", "there is no history, stream %s: %s%s%s%s", h->stream,
                 natsStatus_GetText(status), last && *last ? ": " : "", last && *last ? last : "", advice);
        h->told = wsn_now_ms();
    }
    return status;
}

void wsn_history_unlink(wsn_bridge *b)
{
    wsn_history *h = b->history;
    if (!h || !h->js) return;
    jsCtx_Destroy(h->js);
    h->js = NULL;
}

/* ---- the thread ---------------------------------------------------------------------------------------- */

static void *work(void *bridge)
{
    wsn_bridge *b = bridge;
    wsn_history *h = b->history;
    bool ready = false;
    for (;;) {
        pthread_mutex_lock(&b->mutex);
        while (!b->ever && b->phase != WSN_LEAVING) pthread_cond_wait(&b->changed, &b->mutex);
        pthread_mutex_unlock(&b->mutex);
        if (!ready) {
            pthread_rwlock_rdlock(&b->link_lock);
            ready = !wsn_history_ready(b);
            pthread_rwlock_unlock(&b->link_lock);
            pthread_mutex_lock(&b->mutex);
            b->history_tried = true;
            pthread_cond_broadcast(&b->changed);
            pthread_mutex_unlock(&b->mutex);
        }
        pthread_mutex_lock(&h->jobs_mutex);
        struct timespec soon;
        clock_gettime(CLOCK_MONOTONIC, &soon);
        soon.tv_sec++;
        while (!h->first && !h->ending && pthread_cond_timedwait(&h->jobs_changed, &h->jobs_mutex, &soon) == 0) {}
        wsn_job *job = h->first;
        bool ending = h->ending;
        if (job && !(h->first = job->next)) h->last = &h->first;
        pthread_mutex_unlock(&h->jobs_mutex);
        if (!job && ending) return NULL;
        if (job) wsn_replay(b, job, ending);
        free(job);
    }
}

int32_t wsn_history_begin(wsn_bridge *b)
{
    if (!b->settings.o.history_topics) return WS_OK;
    wsn_history *h = b->history = calloc(1, sizeof *h);
    if (!h) return wsn_fail(WS_ERR_MEMORY, "no memory for history");
    snprintf(h->stored, sizeof h->stored, "%s.h", b->settings.o.prefix);
    snprintf(h->live, sizeof h->live, "%s.l", b->settings.o.prefix);
    snprintf(h->stream, sizeof h->stream, "%s_history", b->settings.o.prefix);
    for (char *at = h->stream; *at; at++)
        if (*at == '.') *at = '_';
    h->last = &h->first;
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&h->jobs_changed, &clock);
    pthread_condattr_destroy(&clock);
    pthread_mutex_init(&h->jobs_mutex, NULL);
    pthread_mutex_init(&h->mutex, NULL);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    h->begun = !pthread_create(&h->thread, NULL, work, b);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return h->begun ? WS_OK : wsn_fail(WS_ERR_MEMORY, "the system gives no thread");
}

void wsn_history_end(wsn_bridge *b)
{
    wsn_history *h = b->history;
    if (!h || !h->begun) return;
    pthread_mutex_lock(&h->jobs_mutex);
    h->ending = true;
    pthread_cond_broadcast(&h->jobs_changed);
    pthread_mutex_unlock(&h->jobs_mutex);
    wsn_wake(b);
    pthread_join(h->thread, NULL);
    h->begun = false;
}

bool wsn_history_is_here(const wsn_bridge *b)
{
    return b->history && b->history->begun && pthread_equal(pthread_self(), b->history->thread);
}

void wsn_history_free(wsn_bridge *b)
{
    wsn_history *h = b->history;
    if (!h) return;
    wsn_tally_free(&h->sequences);
    wsn_peers_free(&h->peers);
    wsn_list_free(&h->meanwhile);
    pthread_mutex_destroy(&h->mutex);
    pthread_mutex_destroy(&h->jobs_mutex);
    pthread_cond_destroy(&h->jobs_changed);
    free(h);
}

/* ---- calls of the host ------------------------------------------------------------------------------------ */

static int32_t check(const wsn_bridge *b, const void *topic, size_t size)
{
    if (!topic || size < 1 || size > WSN_MAX_TOPIC)
        return wsn_fail(WS_ERR_PARAMETER, "topic: %s", topic ? "topic_size is not in 1..255" : "is NULL");
    if (wsn_history_has(b, topic, size)) return WS_OK;
    return wsn_fail(
        WS_ERR_PARAMETER,
        "topic: has no history: no pattern of history_topics fits it; ws_subscribe is for such topics");
}

/* Takes the job, whatever happens. */
static int32_t give(wsn_bridge *b, wsn_job *job)
{
    wsn_history *h = b->history;
    pthread_mutex_lock(&h->jobs_mutex);
    bool ending = h->ending; /* nothing is taken any more */
    if (!ending) {
        *h->last = job;
        h->last = &job->next;
        pthread_cond_broadcast(&h->jobs_changed);
    }
    pthread_mutex_unlock(&h->jobs_mutex);
    if (!ending) return WS_OK;
    free(job);
    return wsn_fail(WS_ERR_STATE, "the bridge is being left");
}

static int32_t replay(wsn_bridge *b, ws_handle connection, const void *topic, size_t topic_size, const char *position,
                      ws_nats_replay_callback on_replayed, void *user_data)
{
    int32_t status = check(b, topic, topic_size), how = 0;
    uint64_t stream = 0, after = 0;
    if (status) return status;
    if (position && !wsn_position_read(position, &stream, &after))
        return wsn_fail(WS_ERR_PARAMETER, "position: %.60s is none that this library has given", position);
    if ((status = ws_is_subscribed(connection, topic, topic_size, &how)))
        return wsn_fail_as_libws(status, "connection");
    if (how)
        return wsn_fail(WS_ERR_STATE, "connection: gets the topic already, by %s",
                        how & WS_BY_TOPIC ? "a subscription" : "a pattern");
    wsn_job *job = calloc(1, sizeof *job);
    if (!job) return wsn_fail(WS_ERR_MEMORY, "no memory for the replay");
    memcpy(job->topic, topic, topic_size);
    job->topic_size = topic_size;
    job->connection = connection;
    job->behind = position;
    job->stream = stream;
    job->after = after;
    job->on_replayed = on_replayed;
    job->user_data = user_data;
    return give(b, job);
}

int32_t WS_CALL ws_nats_replay(ws_nats *bridge, ws_handle connection, const void *topic, size_t topic_size,
                               const char *position, ws_nats_replay_callback on_replayed, void *user_data)
{
    wsn_bridge *b = wsn_take(bridge);
    if (!b) return WS_ERR_HANDLE;
    int32_t status = replay(b, connection, topic, topic_size, position, on_replayed, user_data);
    wsn_give(b);
    return status;
}
