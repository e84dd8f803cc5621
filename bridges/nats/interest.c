/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interest.c - which subjects are subscribed in NATS: those of topics and patterns that somebody here has subscribed
 * to, and for the linger those that nobody wants any more, so that who comes and goes does not cost NATS a thing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

enum { REPLAY_LINGER_MS = 5000, LEFT_FOR_LONG_MS = 60000 };

struct wsn_interest {
    wsn_bridge *bridge;
    struct wsn_interest *next;           /* of its bucket */
    struct wsn_interest *older, *newer;  /* of those that linger */
    uint64_t hash, era;
    int wanted;                          /* by how many topics and patterns; 0: lingers */
    int64_t until;
    natsSubscription *subscription;      /* NULL: there is no link, or NATS refuses it */
    bool forgotten;                      /* not in the table any more */
    bool leaving;                        /* is one of interests.leaving */
    atomic_int_fast64_t handled;         /* messages of the subscription of which wsn_arrived has returned */
    int64_t dropped;                     /* that are counted already */
    int calls;                           /* subscriptions that NATS may still call for */
    char subject[];
};

wsn_bridge *wsn_interest_bridge(const wsn_interest *i)
{
    return i->bridge;
}

uint64_t wsn_interest_era(const wsn_interest *i)
{
    return i->era;
}

static wsn_interest **place(wsn_interests *all, const char *subject, uint64_t hash)
{
    wsn_interest **at = &all->buckets[hash & (all->room - 1)];
    while (*at && ((*at)->hash != hash || strcmp((*at)->subject, subject) != 0)) at = &(*at)->next;
    return at;
}

static int grow(wsn_interests *all)
{
    size_t room = all->room ? 2 * all->room : 64;
    wsn_interest **buckets = calloc(room, sizeof *buckets);
    if (!buckets) return -1;
    for (size_t i = 0; i < all->room; i++)
        for (wsn_interest *one = all->buckets[i], *next; one; one = next) {
            next = one->next;
            one->next = buckets[one->hash & (room - 1)];
            buckets[one->hash & (room - 1)] = one;
        }
    free(all->buckets);
    all->buckets = buckets;
    all->room = room;
    return 0;
}

/* NATS calls for this subscription no more. */
static void complete(void *closure)
{
    wsn_interest *i = closure;
    wsn_bridge *b = i->bridge;
    pthread_mutex_lock(&b->interest_mutex);
    bool gone = !--i->calls && i->forgotten && !i->leaving;
    pthread_mutex_unlock(&b->interest_mutex);
    if (gone) free(i);
    /* The keeper frees the bridge when it sees none, which is behind this unlock. */
    pthread_mutex_lock(&b->mutex);
    if (atomic_fetch_sub(&b->alive, 1) == 1) pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->mutex);
}

/* interest_mutex and link_lock held. */
static void subscribe(wsn_bridge *b, wsn_interest *i)
{
    if (!b->link || i->subscription) return;
    atomic_store(&i->handled, 0);
    natsStatus status = natsConnection_Subscribe(&i->subscription, b->link, i->subject, wsn_arrived, i);
    if (status) {
        i->subscription = NULL;
        /* One that is closed is about to be replaced, and then everything is subscribed anew. */
        if (status != NATS_CONNECTION_CLOSED)
            wsn_tell(b, WS_NATS_EVENT_ERROR, wsn_status(status), "", "subscribing to %s: %s", i->subject,
                     natsStatus_GetText(status));
        return;
    }
    i->calls++;
    i->dropped = 0;
    atomic_fetch_add(&b->alive, 1);
    atomic_fetch_add(&b->subscriptions, 1);
    natsSubscription_SetOnCompleteCB(i->subscription, complete, i);
}

/* When NATS's client may look it up no more: the link has ended, or wsn_interest_left. interest_mutex held. */
static void drop(wsn_bridge *b, wsn_interest *i)
{
    if (!i->subscription) return;
    natsSubscription_Destroy(i->subscription);
    i->subscription = NULL;
    atomic_fetch_sub(&b->subscriptions, 1);
}

/* interest_mutex held. */
static void linger(wsn_interests *all, wsn_interest *i, int64_t until)
{
    i->until = until;
    i->older = all->newest;
    i->newer = NULL;
    *(all->newest ? &all->newest->newer : &all->oldest) = i;
    all->newest = i;
    all->lingering++;
}

/* interest_mutex held. */
static void stay(wsn_interests *all, wsn_interest *i)
{
    *(i->older ? &i->older->newer : &all->oldest) = i->newer;
    *(i->newer ? &i->newer->older : &all->newest) = i->older;
    i->older = i->newer = NULL;
    all->lingering--;
}

/* Takes one that is wanted by nobody out of the table, and unsubscribes it. interest_mutex held. */
static void forget(wsn_bridge *b, wsn_interest *i, int64_t now)
{
    wsn_interest **at = place(&b->interests, i->subject, i->hash);
    *at = i->next;
    b->interests.used--;
    i->forgotten = true;
    if (i->subscription) {
        natsSubscription_Unsubscribe(i->subscription);
        i->leaving = true;
        i->until = now;
        i->next = b->interests.leaving;
        b->interests.leaving = i;
    } else if (!i->calls) {
        free(i);
    }
}

/*
 * Up to 3.5 NATS's client looks a subscription up for a message and takes its lock a moment later; one that was
 * destroyed between is memory that has been freed (nats.c, pull request 638). So it is destroyed when the server has
 * answered a question that was asked behind its end: the thread that reads has gone on then.
 */
bool wsn_interest_leaves(wsn_bridge *b)
{
    pthread_mutex_lock(&b->interest_mutex);
    bool some = b->interests.leaving;
    pthread_mutex_unlock(&b->interest_mutex);
    return some;
}

wsn_interest *wsn_interest_leaving(wsn_bridge *b)
{
    pthread_mutex_lock(&b->interest_mutex);
    wsn_interest *all = b->interests.leaving;
    b->interests.leaving = NULL;
    pthread_mutex_unlock(&b->interest_mutex);
    return all;
}

void wsn_interest_left(wsn_bridge *b, wsn_interest *all, bool answered)
{
    int64_t now = wsn_now_ms();
    pthread_mutex_lock(&b->interest_mutex);
    for (wsn_interest *i = all, *next; i; i = next) {
        next = i->next;
        if (answered || now - i->until >= LEFT_FOR_LONG_MS) {
            drop(b, i);
            i->leaving = false;
            if (!i->calls) free(i);
        } else {
            i->next = b->interests.leaving;
            b->interests.leaving = i;
        }
    }
    pthread_mutex_unlock(&b->interest_mutex);
}

/* Of one that is wanted; -1: it is not subscribed. */
static int64_t come_so_far(wsn_bridge *b, const char *subject, wsn_interest **found)
{
    int waiting = 0;
    int64_t handed = -1;
    pthread_mutex_lock(&b->interest_mutex);
    wsn_interest *i = b->interests.room ? *place(&b->interests, subject, wsn_hash(subject, strlen(subject))) : NULL;
    if (i && i->subscription && !natsSubscription_GetStats(i->subscription, &waiting, NULL, NULL, NULL, &handed, NULL))
        handed += waiting;
    pthread_mutex_unlock(&b->interest_mutex);
    *found = i;
    return handed;
}

bool wsn_interest_catch_up(wsn_bridge *b, const char *subject, int64_t timeout_ms)
{
    wsn_interest *i = NULL;
    int64_t come = come_so_far(b, subject, &i), deadline = wsn_now_ms() + timeout_ms;
    struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
    bool done = come >= 0, late = false;
    atomic_fetch_add(&b->catching_up, 1);
    pthread_mutex_lock(&b->mutex);
    while (done && atomic_load(&i->handled) < come && !late)
        late = pthread_cond_timedwait(&b->changed, &b->mutex, &until) == ETIMEDOUT;
    pthread_mutex_unlock(&b->mutex);
    atomic_fetch_sub(&b->catching_up, 1);
    return done && !late;
}

void wsn_interest_handled(wsn_interest *i)
{
    wsn_bridge *b = i->bridge;
    atomic_fetch_add(&i->handled, 1);
    if (atomic_load(&b->catching_up)) wsn_wake(b);
}

int wsn_interest_add(wsn_bridge *b, const char *subject)
{
    uint64_t hash = wsn_hash(subject, strlen(subject));
    wsn_interests *all = &b->interests;
    int failed = 0;
    pthread_rwlock_rdlock(&b->link_lock);
    pthread_mutex_lock(&b->interest_mutex);
    if (all->used >= all->room && grow(all) && !all->room) {
        failed = -1;
    } else {
        wsn_interest **at = place(all, subject, hash), *i = *at;
        if (!i && (i = calloc(1, sizeof *i + strlen(subject) + 1))) {
            i->bridge = b;
            i->hash = hash;
            i->era = ++b->era;
            strcpy(i->subject, subject);
            *at = i;
            all->used++;
        }
        if (!i) {
            failed = -1;
        } else {
            if (!i->wanted && i->until) stay(all, i);
            i->until = 0;
            i->wanted++;
            subscribe(b, i);
        }
    }
    pthread_mutex_unlock(&b->interest_mutex);
    pthread_rwlock_unlock(&b->link_lock);
    if (failed) wsn_tell(b, WS_NATS_EVENT_ERROR, WS_ERR_MEMORY, "", "no memory for the subscription to %s", subject);
    return failed;
}

void wsn_interest_end(wsn_bridge *b, const char *subject)
{
    pthread_mutex_lock(&b->interest_mutex);
    wsn_interest *i = b->interests.room ? *place(&b->interests, subject, wsn_hash(subject, strlen(subject))) : NULL;
    bool lingers = false;
    if (i && i->wanted && !--i->wanted) {
        /* A replay ends its interest when it has subscribed the connection, of which the relay knows a little later. */
        int64_t ms = b->settings.o.linger_ms;
        if (b->history && ms < REPLAY_LINGER_MS) ms = REPLAY_LINGER_MS;
        if ((lingers = ms > 0)) linger(&b->interests, i, wsn_now_ms() + ms);
        else forget(b, i, wsn_now_ms());
    }
    lingers = lingers && b->interests.lingering == 1;
    pthread_mutex_unlock(&b->interest_mutex);
    if (lingers) wsn_wake(b);
}

void wsn_interest_changes(wsn_bridge *b, const ws_relay_interest *change)
{
    char subjects[4][WSN_MAX_SUBJECT];
    int count = 0;
    const char *live = wsn_history_live(b);
    if (!change->pattern) {
        wsn_topic_subject(subjects[count++], wsn_history_has(b, change->name, change->size) ? live : b->topics,
                          change->name, change->size);
    } else { /* topics with history and those without may fit it */
        for (const char *prefix = b->topics; prefix; prefix = prefix == live ? NULL : live) {
            wsn_pattern_subject(subjects[count++], prefix, change->name, change->size, false);
            if (wsn_pattern_has_above(change->name, change->size))
                wsn_pattern_subject(subjects[count++], prefix, change->name, change->size, true);
        }
    }
    for (int i = 0; i < count; i++) {
        if (change->begins) wsn_interest_add(b, subjects[i]);
        else wsn_interest_end(b, subjects[i]);
    }
}

void wsn_interest_renew(wsn_bridge *b)
{
    pthread_mutex_lock(&b->interest_mutex);
    for (size_t n = 0; n < b->interests.room; n++)
        for (wsn_interest *i = b->interests.buckets[n]; i; i = i->next) {
            drop(b, i);
            subscribe(b, i);
        }
    pthread_mutex_unlock(&b->interest_mutex);
}

int64_t wsn_interest_sweep(wsn_bridge *b, int64_t now)
{
    pthread_mutex_lock(&b->interest_mutex);
    wsn_interests *all = &b->interests;
    for (int most = 1000; all->oldest && all->oldest->until <= now && most--;) { /* others want the lock as well */
        wsn_interest *i = all->oldest;
        stay(all, i);
        forget(b, i, now);
    }
    int64_t next = all->oldest ? all->oldest->until : -1;
    pthread_mutex_unlock(&b->interest_mutex);
    return next;
}

void wsn_interest_dropped(wsn_bridge *b, const char *subject, int64_t dropped)
{
    pthread_mutex_lock(&b->interest_mutex);
    wsn_interest *i = b->interests.room ? *place(&b->interests, subject, wsn_hash(subject, strlen(subject))) : NULL;
    if (i && dropped > i->dropped) {
        atomic_fetch_add(&b->in_dropped, dropped - i->dropped);
        i->dropped = dropped;
    }
    pthread_mutex_unlock(&b->interest_mutex);
}

void wsn_interest_free(wsn_bridge *b)
{
    wsn_interest_left(b, wsn_interest_leaving(b), true); /* the link has ended */
    pthread_mutex_lock(&b->interest_mutex);
    wsn_interests *all = &b->interests;
    for (size_t n = 0; n < all->room; n++)
        for (wsn_interest *i = all->buckets[n], *next; i; i = next) {
            next = i->next;
            i->forgotten = true;
            drop(b, i);
            if (!i->calls) free(i);
        }
    free(all->buckets);
    *all = (wsn_interests){0};
    pthread_mutex_unlock(&b->interest_mutex);
}
