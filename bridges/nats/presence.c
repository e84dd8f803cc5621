/* SPDX-License-Identifier: Apache-2.0 */
/*
 * presence.c - who is in a topic, across all processes.
 *
 * Each process says on PREFIX.p what changes among its own members, numbered, and each BEAT_MS the number of the latest
 * change. Who knows another number asks, and the process says all that it has. One that was not heard for SILENT_MS is
 * gone, with its members. A message is "1 KIND ID NUMBER\n" and, for changes and for all, entries: '+' or '-', the
 * sizes of topic and member, a byte each, and both.
 *
 *   B beat   C changes   S all: it begins   M some of them   E it ends   Q ID is asked   L leaves
 *
 * The keeper sends; the delivery thread of NATS hears; calls of the host leave their changes for the keeper.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "members.h"

enum { BEAT_MS = 700, SILENT_MS = 3000, ASK_MS = 500, ROOM = 32 << 10, HEAD = 100, NEWS = 1000 };

typedef struct process {
    char id[WSN_MAX_ID + 1]; /* "": free */
    int64_t heard, asked;
    uint64_t number; /* of the latest change that is known */
    bool known;      /* all of it was heard once */
    bool ask, hearing; /* the keeper is to ask; all of it is being heard */
} process;

struct wsn_presence {
    char subject[WSN_MAX_PREFIX + 3]; /* PREFIX.p */
    pthread_mutex_t mutex;            /* guards what follows */
    wsn_members members;
    process others[WSN_MAX_PROCESSES]; /* [0] is this one, and not used */
    uint64_t number;                   /* of our latest change */
    unsigned char changes[ROOM];       /* that were not sent */
    size_t size;
    bool overflown, asked;             /* the changes are more than that; somebody has asked */
    int64_t beat, answered;            /* when; keeper only */
};

/* ---- what is sent: keeper only ------------------------------------------------------------------ */

/* Messages in their order: made with the mutex, given to NATS without it, because NATS may let us wait. */
typedef struct letter {
    struct letter *next;
    size_t size;
    char text[];
} letter;

typedef struct letters {
    letter *first, **last;
} letters;

static void write(letters *to, char kind, const char *id, uint64_t number, const void *entries, size_t size)
{
    letter *l = malloc(sizeof *l + HEAD + size);
    if (!l) return; /* who knows another number asks */
    int head = snprintf(l->text, HEAD, "1 %c %s %" PRIu64 "\n", kind, id, number);
    if (size) memcpy(l->text + head, entries, size);
    l->size = (size_t)head + size;
    l->next = NULL;
    *to->last = l;
    to->last = &l->next;
}

static void send(wsn_bridge *b, const letters *all)
{
    pthread_rwlock_rdlock(&b->link_lock);
    for (letter *l = all->first, *next; l; l = next) {
        next = l->next;
        if (b->link)
            natsConnection_Publish(b->link, b->presence->subject, l->text,
                                   (int)l->size); /* fits: up to ROOM and HEAD */
        free(l);
    }
    pthread_rwlock_unlock(&b->link_lock);
}

static size_t entry(unsigned char *to, char what, const void *topic, size_t topic_size, const void *member, size_t size)
{
    to[0] = (unsigned char)what;
    to[1] = (unsigned char)topic_size;
    to[2] = (unsigned char)size;
    memcpy(to + 3, topic, topic_size);
    memcpy(to + 3 + topic_size, member, size);
    return 3 + topic_size + size;
}

/* mutex held */
static void write_all(wsn_bridge *b, letters *to)
{
    wsn_presence *p = b->presence;
    unsigned char entries[ROOM];
    size_t at = 0, size = 0;
    p->overflown = p->asked = false;
    write(to, 'S', b->id, p->number, NULL, 0);
    for (const wsn_member *m = NULL; (m = wsn_members_own(&p->members, &at, m));) {
        if (size + 3 + 2 * 255 > sizeof entries) {
            write(to, 'M', b->id, p->number, entries, size);
            size = 0;
        }
        size += entry(entries + size, '+', m->bytes, m->topic_size, m->bytes + m->topic_size, m->size);
    }
    write(to, 'E', b->id, p->number, entries, size);
}

/* mutex held; there is a connection. */
static void write_news(wsn_bridge *b, int64_t now, letters *to)
{
    wsn_presence *p = b->presence;
    for (unsigned i = 1; i < WSN_MAX_PROCESSES; i++) {
        process *o = &p->others[i];
        if (!*o->id || !o->ask || now - o->asked < ASK_MS) continue;
        o->ask = false;
        o->asked = now;
        write(to, 'Q', o->id, 0, NULL, 0);
    }
    bool all = p->overflown || (p->asked && now - p->answered >= ASK_MS);
    if (p->size || p->overflown) p->number++;
    if (p->size && !all) write(to, 'C', b->id, p->number, p->changes, p->size);
    p->size = 0; /* when all is said the members have them */
    if (all) {
        write_all(b, to);
        p->answered = now;
    }
    if (now - p->beat >= BEAT_MS) {
        write(to, 'B', b->id, p->number, NULL, 0);
        p->beat = now;
    }
}

/* Forgets a process, with its members. mutex held. */
static void forget(wsn_presence *p, unsigned who)
{
    wsn_members_anew(&p->members, who);
    wsn_members_anew_end(&p->members, who);
    *p->others[who].id = 0;
}

/* Tells the host some news; true: there are more. */
static bool tell(wsn_bridge *b)
{
    wsn_presence *p = b->presence;
    wsn_news news;
    for (int n = 0; n < NEWS; n++) {
        pthread_mutex_lock(&p->mutex);
        bool some = wsn_members_take_news(&p->members, &news);
        pthread_mutex_unlock(&p->mutex);
        if (!some) return false;
        ws_nats_presence change = {.struct_size = sizeof change,
                                   .joined = news.joined,
                                   .topic = news.topic,
                                   .topic_size = news.topic_size,
                                   .member = news.member,
                                   .member_size = news.size};
        b->settings.o.on_presence(&change, b->settings.o.user_data);
    }
    return true;
}

int64_t wsn_presence_tend(wsn_bridge *b, int64_t now)
{
    wsn_presence *p = b->presence;
    if (!p) return now + 3600000;
    letters all = {.last = &all.first};
    pthread_mutex_lock(&p->mutex);
    for (unsigned i = 1; i < WSN_MAX_PROCESSES; i++)
        if (*p->others[i].id && now - p->others[i].heard >= SILENT_MS) forget(p, i);
    if (atomic_load(&b->connected)) write_news(b, now, &all);
    bool soon = p->asked;
    for (unsigned i = 1; i < WSN_MAX_PROCESSES; i++) soon = soon || (*p->others[i].id && p->others[i].ask);
    pthread_mutex_unlock(&p->mutex);
    send(b, &all);
    if (tell(b)) return now;
    return now + (soon ? ASK_MS / 5 : BEAT_MS / 2);
}

void wsn_presence_end(wsn_bridge *b)
{
    if (!b->presence || !atomic_load(&b->connected)) return;
    letters all = {.last = &all.first};
    write(&all, 'L', b->id, 0, NULL, 0);
    send(b, &all);
}

/* ---- what is heard: delivery thread ---------------------------------------------------------------- */

/* 0: there are too many. mutex held. */
static unsigned process_of(wsn_presence *p, const char *id)
{
    unsigned free_one = 0;
    for (unsigned i = 1; i < WSN_MAX_PROCESSES; i++) {
        if (!strcmp(p->others[i].id, id)) return i;
        if (!*p->others[i].id && !free_one) free_one = i;
    }
    if (free_one) {
        p->others[free_one] = (process){0};
        strcpy(p->others[free_one].id, id); /* fits: it was read with a bound */
    }
    return free_one;
}

/* False: what follows is no entry. */
static bool apply(wsn_presence *p, unsigned who, const unsigned char *at, size_t size)
{
    while (size) {
        if (size < 3 || !at[1] || !at[2] || size < 3u + at[1] + at[2] || (*at != '+' && *at != '-')) return false;
        const unsigned char *topic = at + 3, *member = topic + at[1];
        if (*at == '+') wsn_member_enters(&p->members, who, topic, at[1], member, at[2]);
        else wsn_member_leaves(&p->members, who, topic, at[1], member, at[2]);
        size -= 3u + at[1] + at[2];
        at += 3u + at[1] + at[2];
    }
    return true;
}

/* mutex held. True: the keeper has to do something. */
static bool hear(wsn_presence *p, char kind, unsigned who, uint64_t number, const unsigned char *entries, size_t size)
{
    process *o = &p->others[who];
    switch (kind) {
    case 'B':
        o->ask = o->ask || !o->known || number != o->number;
        return o->ask;
    case 'C':
        if (!o->known || number != o->number + 1 || !apply(p, who, entries, size)) o->ask = true;
        else o->number = number;
        return o->ask;
    case 'S':
        wsn_members_anew(&p->members, who);
        o->hearing = true;
        return false;
    case 'M':
    case 'E':
        if (!o->hearing) return false;
        if (!apply(p, who, entries, size)) o->hearing = false;
        if (kind == 'M' || !o->hearing) return false;
        wsn_members_anew_end(&p->members, who);
        o->hearing = o->ask = false;
        o->known = true;
        o->number = number;
        return false;
    default: /* L */
        forget(p, who);
        return false;
    }
}

bool wsn_presence_arrived(wsn_bridge *b, natsMsg *message)
{
    wsn_presence *p = b->presence;
    if (!p || strcmp(natsMsg_GetSubject(message), p->subject) != 0) return false;
    const char *data = natsMsg_GetData(message);
    size_t size = (size_t)natsMsg_GetDataLength(message), head = 0;
    const char *end = memchr(data, '\n', size < HEAD ? size : HEAD);
    char text[HEAD + 1], kind, id[WSN_MAX_ID + 1];
    uint64_t number;
    bool good = false, wake = false;
    if (end) {
        head = (size_t)(end + 1 - data);
        memcpy(text, data, head);
        text[head] = 0;
        good = sscanf(text, "1 %c %41s %" SCNu64, &kind, id, &number) == 3 && strchr("BCSMEQL", kind);
    }
    if (!good) {
        atomic_fetch_add(&b->in_foreign, 1);
        return true;
    }
    pthread_mutex_lock(&p->mutex);
    if (kind == 'Q') {
        if (!strcmp(id, b->id)) wake = p->asked = true;
    } else if (strcmp(id, b->id) != 0) {
        unsigned who = process_of(p, id);
        if (who) p->others[who].heard = wsn_now_ms();
        if (who) wake = hear(p, kind, who, number, (const unsigned char *)data + head, size - head);
        wake = wake || p->members.news;
    }
    pthread_mutex_unlock(&p->mutex);
    if (wake) wsn_wake(b);
    return true;
}

/* ---- begin and end -------------------------------------------------------------------------------------- */

int32_t wsn_presence_begin(wsn_bridge *b)
{
    if (!(b->settings.o.flags & WS_NATS_PRESENCE)) return WS_OK;
    wsn_presence *p = b->presence = calloc(1, sizeof *p);
    if (!p) return wsn_fail(WS_ERR_MEMORY, "no memory for presence");
    p->members.keeps_news = b->settings.o.on_presence;
    snprintf(p->subject, sizeof p->subject, "%s.p", b->settings.o.prefix);
    pthread_mutex_init(&p->mutex, NULL);
    return wsn_interest_add(b, p->subject) ? wsn_fail(WS_ERR_MEMORY, "no memory for presence") : WS_OK;
}

void wsn_presence_free(wsn_bridge *b)
{
    if (!b->presence) return;
    wsn_members_free(&b->presence->members);
    pthread_mutex_destroy(&b->presence->mutex);
    free(b->presence);
}

/* ---- calls of the host -------------------------------------------------------------------------------------- */

static int32_t check(const wsn_bridge *b, const void *topic, size_t topic_size, const void *member, size_t size)
{
    if (!b->presence) return wsn_fail(WS_ERR_STATE, "bridge: is without WS_NATS_PRESENCE in its options");
    if (!topic || topic_size < 1 || topic_size > WSN_MAX_TOPIC)
        return wsn_fail(WS_ERR_PARAMETER, "topic: %s", topic ? "topic_size is not in 1..255" : "is NULL");
    if (!member || size < 1 || size > WSN_MAX_MEMBER)
        return wsn_fail(WS_ERR_PARAMETER, "member: %s", member ? "member_size is not in 1..255" : "is NULL");
    return WS_OK;
}

static int32_t change(ws_nats *bridge, char what, const void *topic, size_t topic_size, const void *member, size_t size)
{
    wsn_bridge *b = wsn_take(bridge);
    if (!b) return WS_ERR_HANDLE;
    int32_t status = check(b, topic, topic_size, member, size);
    wsn_presence *p = b->presence;
    if (!status) {
        pthread_mutex_lock(&p->mutex);
        bool done = what == '+' ? wsn_member_enters(&p->members, 0, topic, topic_size, member, size)
                                : wsn_member_leaves(&p->members, 0, topic, topic_size, member, size);
        if (!done) {
            status = what == '-' ? wsn_fail(WS_ERR_STATE, "member: is not in the topic by this process")
                                 : wsn_fail(WS_ERR_FULL, "there are %d members already, or no memory", WSN_MAX_MEMBERS);
        } else if (p->size + 3 + topic_size + size > sizeof p->changes) {
            p->overflown = true;
        } else if (what == '+' || !wsn_member_here(&p->members, topic, topic_size, member, size)) {
            p->size += entry(p->changes + p->size, what, topic, topic_size, member, size);
        }
        pthread_mutex_unlock(&p->mutex);
    }
    if (!status) wsn_wake(b);
    wsn_give(b);
    return status;
}

int32_t WS_CALL ws_nats_enter(ws_nats *bridge, const void *topic, size_t topic_size, const void *member,
                              size_t member_size)
{
    return change(bridge, '+', topic, topic_size, member, member_size);
}

int32_t WS_CALL ws_nats_exit(ws_nats *bridge, const void *topic, size_t topic_size, const void *member,
                             size_t member_size)
{
    return change(bridge, '-', topic, topic_size, member, member_size);
}

int32_t WS_CALL ws_nats_members(ws_nats *bridge, const void *topic, size_t topic_size, void *buffer, size_t capacity,
                                size_t *size, size_t *count)
{
    if (!buffer && capacity) return wsn_fail(WS_ERR_PARAMETER, "buffer: is NULL, capacity is %zu", capacity);
    if (!size || !count) return wsn_fail(WS_ERR_PARAMETER, "%s: is NULL", size ? "count" : "size");
    wsn_bridge *b = wsn_take(bridge);
    if (!b) return WS_ERR_HANDLE;
    int32_t status = check(b, topic, topic_size, "x", 1);
    if (!status) {
        pthread_mutex_lock(&b->presence->mutex);
        *count = wsn_members_of(&b->presence->members, topic, topic_size, buffer, capacity, size);
        pthread_mutex_unlock(&b->presence->mutex);
        if (buffer && *size > capacity)
            status = wsn_fail(WS_ERR_BUFFER, "buffer: has %zu bytes, %zu are wanted", capacity, *size);
    }
    wsn_give(b);
    return status;
}
