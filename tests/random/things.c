/* SPDX-License-Identifier: Apache-2.0 */
/*
 * things.c - records of handles and of calls that complete.
 *
 * A record outlives its handle for a while: what the library tells too late
 * must find it, and be found out.
 */
#include "random.h"

enum { BUCKETS = 4096, THINGS_KEPT = 20000, CALLS_KEPT = 50000 };

_Atomic long r_count_calls, r_count_events, r_count_opens, r_count_failed, r_count_accepted, r_count_polled;

/* n bytes of the script; what it lacks is 0. */
static uint64_t scripted(r_rng *rng, int n)
{
    uint64_t z = 0;
    for (; n && rng->at < rng->end; n--) z = z << 8 | *rng->at++;
    return z;
}

unsigned r_below(r_rng *rng, unsigned n)
{
    if (rng->at < rng->end) return (unsigned)(scripted(rng, n <= 1 << 8 ? 1 : n <= 1 << 16 ? 2 : 3) % n);
    return (unsigned)(r_next(rng) >> 33) % n;
}

uint64_t r_next(r_rng *rng)
{
    if (rng->at < rng->end) return scripted(rng, 2);
    uint64_t z = atomic_fetch_add(&rng->state, 0x9e3779b97f4a7c15u) + 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* ---- things by handle ------------------------------------------------------------ */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards all that is static here */
static r_thing *buckets[BUCKETS];
static long alive;
static r_thing *oldest, **newest = &oldest;
static long kept;
static r_call *oldest_call, **newest_call = &oldest_call;
static long calls_kept, calls_open;
static r_thing *places[2][R_CONNECTIONS];

static r_thing **bucket(ws_handle handle)
{
    return &buckets[(handle * 0x9e3779b97f4a7c15u >> 40) % BUCKETS];
}

r_thing *r_thing_new(int kind, uint64_t seed)
{
    r_thing *t = calloc(1, sizeof *t);
    CHECK(t);
    t->kind = kind;
    t->rng.state = seed;
    pthread_mutex_init(&t->mutex, NULL);
    return t;
}

void r_thing_known(r_thing *t, ws_handle handle)
{
    R_CHECK(handle < (1ull << 53), "handle %#llx is not below 2^53", (unsigned long long)handle);
    t->handle = handle;
    pthread_mutex_lock(&mutex);
    r_thing **b = bucket(handle);
    for (r_thing *other = *b; other; other = other->next)
        R_CHECK(other->handle != handle, "handle %#llx is given out while it is alive", (unsigned long long)handle);
    t->next = *b;
    *b = t;
    alive++;
    pthread_mutex_unlock(&mutex);
}

r_thing *r_thing_of(ws_handle handle)
{
    pthread_mutex_lock(&mutex);
    r_thing *t = *bucket(handle);
    while (t && t->handle != handle) t = t->next;
    pthread_mutex_unlock(&mutex);
    return t;
}

static void check_and_free(r_thing *t)
{
    R_CHECK(t->untold == 0, "%ld calls on %#llx never completed (kind %d)", t->untold, (unsigned long long)t->handle,
            t->kind);
    R_CHECK(t->opens == t->closes, "%ld opens, %ld closes of %#llx", t->opens, t->closes,
            (unsigned long long)t->handle);
    if (t->server) r_unpin(t->server);
    r_listeners_free(t);
    pthread_mutex_destroy(&t->mutex);
    free(t);
}

void r_thing_over(r_thing *t)
{
    r_thing *old = NULL;
    pthread_mutex_lock(&mutex);
    r_thing **link = bucket(t->handle);
    while (*link != t) link = &(*link)->next;
    *link = t->next;
    alive--;
    t->next = NULL;
    *newest = t;
    newest = &t->next;
    if (++kept > THINGS_KEPT && oldest->pins == 0) {
        old = oldest;
        if (!(oldest = old->next)) newest = &oldest;
        kept--;
    }
    pthread_mutex_unlock(&mutex);
    if (old) check_and_free(old);
}

void r_pin(r_thing *t)
{
    t->pins++;
}

void r_unpin(r_thing *t)
{
    t->pins--;
}

long r_things_alive(void)
{
    pthread_mutex_lock(&mutex);
    long n = alive;
    pthread_mutex_unlock(&mutex);
    return n;
}

void r_things_each(void (*f)(r_thing *))
{
    size_t n = 0, room = 0;
    r_thing **all = NULL;
    pthread_mutex_lock(&mutex);
    for (int b = 0; b < BUCKETS; b++)
        for (r_thing *t = buckets[b]; t; t = t->next) {
            if (n == room) CHECK((all = realloc(all, (room = room ? 2 * room : 64) * sizeof *all)));
            r_pin(all[n++] = t);
        }
    pthread_mutex_unlock(&mutex);
    for (size_t i = 0; i < n; i++) {
        f(all[i]);
        r_unpin(all[i]);
    }
    free(all);
}

void r_things_tell(void)
{
    for (int b = 0; b < BUCKETS; b++)
        for (r_thing *t = buckets[b]; t; t = t->next)
            fprintf(stderr,
                    "  alive: %#llx kind %d queue %#llx server %#llx opens %ld closes %ld dying %d dead %d "
                    "destroys %d ending %d heard as server %d deaf %d paused once %d untold %ld conns %ld\n",
                    (unsigned long long)t->handle, t->kind, (unsigned long long)t->queue,
                    t->server ? (unsigned long long)t->server->handle : 0, t->opens, t->closes, t->dying, t->dead,
                    t->destroys, t->ending, t->heard_close_as_server, t->deaf, t->paused_once, t->untold, t->conns);
}

void r_things_end(void)
{
    while (oldest) {
        r_thing *t = oldest;
        oldest = t->next;
        check_and_free(t);
    }
    while (oldest_call) {
        r_call *c = oldest_call;
        oldest_call = c->next;
        free(c);
    }
}

/* ---- calls that complete ------------------------------------------------------------- */

r_call *r_call_new(r_thing *thing, int operation)
{
    r_call *c = calloc(1, sizeof *c);
    CHECK(c);
    c->thing = thing;
    c->operation = operation;
    r_pin(thing); /* until it is told and has returned */
    pthread_mutex_lock(&mutex);
    calls_open++;
    pthread_mutex_unlock(&mutex);
    return c;
}

static void call_over(r_call *c)
{
    r_call *old = NULL;
    r_unpin(c->thing);
    pthread_mutex_lock(&mutex);
    calls_open--;
    *newest_call = c;
    newest_call = &c->next;
    if (++calls_kept > CALLS_KEPT) {
        old = oldest_call;
        oldest_call = old->next;
        calls_kept--;
    }
    pthread_mutex_unlock(&mutex);
    free(old);
}

void r_call_returned(r_call *c, int32_t status)
{
    if (!c) return;
    if (status) {
        R_CHECK(c->told == 0, "a call that returned %d completed (operation %d)", status, c->operation);
        c->returned = 2;
        call_over(c);
        return;
    }
    c->thing->untold++;
    /* told and returned: the second of the two ends the call */
    c->returned = 1;
    if (atomic_fetch_add(&c->told, 2) & 1) call_over(c);
}

void r_call_told(r_call *c)
{
    R_CHECK(c->returned != 2, "a call that was refused completed (operation %d)", c->operation);
    int before = atomic_fetch_add(&c->told, 1);
    R_CHECK(!(before & 1), "a call completed twice (operation %d)", c->operation);
    c->thing->untold--;
    if (before & 2) call_over(c);
}

long r_calls_open(void)
{
    pthread_mutex_lock(&mutex);
    long n = calls_open;
    pthread_mutex_unlock(&mutex);
    return n;
}

/* ---- places ----------------------------------------------------------------------------- */

r_thing *r_take(int servers, unsigned place)
{
    pthread_mutex_lock(&mutex);
    r_thing *t = places[servers][place];
    if (t) r_pin(t);
    pthread_mutex_unlock(&mutex);
    return t;
}

void r_put(int servers, unsigned place, r_thing *thing)
{
    if (thing) r_pin(thing);
    pthread_mutex_lock(&mutex);
    r_thing *old = places[servers][place];
    places[servers][place] = thing;
    pthread_mutex_unlock(&mutex);
    if (old) r_unpin(old);
}
