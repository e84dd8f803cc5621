/* SPDX-License-Identifier: Apache-2.0 */
/* listeners.c - listeners that come and go; one that was removed is not called again. */
#include "random.h"

static void WS_CALL hear(const ws_event *e, void *user_data)
{
    r_listener *l = user_data;
    r_thing *t = l->thing;
    bool entered = r_enter(t, "an added listener");
    R_CHECK(!l->off_inside, "event %d of %#llx after ws_off in its callback", e->type, (unsigned long long)t->handle);
    if (l->off) R_CHECK(++l->late == 1, "the second event of %#llx after ws_off", (unsigned long long)t->handle);
    R_CHECK(e->type == l->event, "a listener for event %d hears %d", l->event, e->type);
    R_CHECK(!t->dead_inside || e->type == WS_EVENT_CLOSE || e->type == WS_EVENT_ERROR,
            "event %d of %#llx after ws_destroy in its callback", e->type, (unsigned long long)t->handle);
    if (!r_stop && r_one_in(&t->rng, 4)) r_act(&t->rng, t, true);
    r_leave(t, entered);
}

bool r_told_its_end(r_thing *t, int32_t(WS_CALL *on)(ws_handle, int32_t, ws_callback, void *), ws_callback hears)
{
    int32_t status = R_CALL("a new handle", t->handle, on(t->handle, WS_EVENT_DESTROYED, hears, t));
    R_CHECK(!status || r_stop, "a listener of a new handle is refused: %d", status);
    if (!status) return true;
    t->dead = true;
    r_thing_over(t);
    return false;
}

static void add(r_rng *rng, r_thing *t)
{
    static const int events[] = {WS_EVENT_MESSAGE, WS_EVENT_MESSAGE, WS_EVENT_CLOSE, WS_EVENT_ERROR, WS_EVENT_DRAIN,
                                 WS_EVENT_OPEN};
    r_listener *l = calloc(1, sizeof *l);
    CHECK(l);
    l->thing = t;
    l->event = events[r_below(rng, t->kind == R_CLIENT ? 6 : 5)];
    bool dead = t->dead;
    int32_t status = R_CALL("ws_on", t->handle, ws_on(t->handle, l->event, hear, l));
    R_ALLOW("ws_on", t, dead, status, WS_OK);
    if (status) {
        free(l);
        return;
    }
    pthread_mutex_lock(&t->mutex);
    l->next = t->listeners;
    t->listeners = l;
    pthread_mutex_unlock(&t->mutex);
}

static r_listener *take(r_thing *t)
{
    pthread_mutex_lock(&t->mutex);
    r_listener *l = t->listeners;
    if (l) t->listeners = l->next;
    pthread_mutex_unlock(&t->mutex);
    return l;
}

static void keep(r_thing *t, r_listener **list, r_listener *l)
{
    pthread_mutex_lock(&t->mutex);
    l->next = *list;
    *list = l;
    pthread_mutex_unlock(&t->mutex);
}

static void take_off(r_thing *t, r_listener *l, bool inside)
{
    bool dead = t->dead;
    int32_t status = R_CALL("ws_off", t->handle, ws_off(t->handle, l->event, hear, l));
    R_ALLOW("ws_off", t, dead, status, WS_OK);
    if (!status && inside) l->off_inside = true;
    else if (!status) l->off = true;
    keep(t, &t->removed, l);
}

/* What ws_off_wait has removed is freed at once, and filled by the allocator. */
static void take_off_and_wait(r_thing *t, r_listener *l, bool inside, int timeout_ms)
{
    bool dead = t->dead;
    int32_t status = R_CALL("ws_off_wait", t->handle, ws_off_wait(t->handle, l->event, hear, l, timeout_ms));
    if (inside && !t->dead && !t->dying) R_ALLOW("ws_off_wait in a callback", t, dead, status, WS_ERR_IN_CALLBACK);
    else R_ALLOW("ws_off_wait", t, dead, status, WS_OK, WS_ERR_TIMEOUT, WS_ERR_IN_CALLBACK);
    R_CHECK(inside || status != WS_ERR_IN_CALLBACK, "ws_off_wait says that this is a callback of %#llx",
            (unsigned long long)t->handle);
    if (status == WS_OK) {
        free(l);
    } else if (status == WS_ERR_IN_CALLBACK) {
        keep(t, &t->listeners, l);
    } else {
        l->off = true;
        keep(t, &t->removed, l);
    }
}

void r_listener_act(r_rng *rng, r_thing *t, bool inside)
{
    if (inside && t->kind == R_CLIENT && r_one_in(rng, 30)) {
        bool dead = t->dead;
        int32_t status = R_CALL("ws_off of all", t->handle, ws_off(t->handle, WS_EVENT_MESSAGE, NULL, NULL));
        R_ALLOW("ws_off of all", t, dead, status, WS_OK);
        if (!status) t->messages_off = true;
        return;
    }
    r_listener *l = r_one_in(rng, 2) ? take(t) : NULL;
    if (!l) add(rng, t);
    else if (r_one_in(rng, 3)) take_off_and_wait(t, l, inside, 1 + (int)r_below(rng, 10));
    else take_off(t, l, inside);
}

static void free_all(r_listener *l)
{
    while (l) {
        r_listener *next = l->next;
        free(l);
        l = next;
    }
}

void r_listeners_free(r_thing *t)
{
    free_all(t->listeners);
    free_all(t->removed);
}
