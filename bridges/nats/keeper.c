/* SPDX-License-Identifier: Apache-2.0 */
/* keeper.c - the thread that sees to a bridge: it connects, tends, and ends. */
#include <stdio.h>
#include <time.h>

#include "bridge.h"

enum { CONFIRM_MS = 200, SWEEP_MS = 1000 };

int64_t wsn_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void wsn_wake(wsn_bridge *b)
{
    pthread_mutex_lock(&b->mutex);
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->mutex);
}

void wsn_begin_leaving(wsn_bridge *b, int64_t deadline, int32_t fault, const char *text)
{
    if (b->phase == WSN_LEAVING) return;
    b->phase = WSN_LEAVING;
    b->deadline = deadline;
    b->fault = fault;
    snprintf(b->reason, sizeof b->reason, "%s", text);
    pthread_cond_broadcast(&b->changed);
}

/* Waits until something changes, or until a time. */
static void rest(wsn_bridge *b, int64_t until)
{
    struct timespec at = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
    pthread_mutex_lock(&b->mutex);
    if (!b->first_event && b->phase != WSN_LEAVING) pthread_cond_timedwait(&b->changed, &b->mutex, &at);
    pthread_mutex_unlock(&b->mutex);
}

static wsn_phase phase_of(wsn_bridge *b)
{
    pthread_mutex_lock(&b->mutex);
    wsn_phase phase = b->phase;
    pthread_mutex_unlock(&b->mutex);
    return phase;
}

static void connect(wsn_bridge *b)
{
    int32_t status = wsn_link_open(b);
    pthread_mutex_lock(&b->mutex);
    b->tried = true;
    if (!status) {
        if (b->phase != WSN_LEAVING) b->phase = b->closed ? WSN_DOWN : WSN_UP;
    } else if (!b->ever && (b->settings.o.flags & WS_NATS_REQUIRE)) {
        wsn_begin_leaving(b, wsn_now_ms(), status, ws_nats_last_error());
    } else if (b->phase != WSN_LEAVING) {
        b->phase = WSN_DOWN;
    }
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->mutex);
    if (status) wsn_tell(b, WS_NATS_EVENT_ERROR, status, "", "%s", ws_nats_last_error());
}

/* What is to be done now; returns when to come again at the latest. */
static int64_t tend(wsn_bridge *b, int64_t *confirm, int64_t *sweep)
{
    int64_t now = wsn_now_ms(), next = wsn_presence_tend(b, now), linger = wsn_interest_sweep(b, now);
    if (linger >= 0 && linger < next) next = linger;
    if (now >= *confirm) {
        if (atomic_load(&b->sent) != atomic_load(&b->confirmed) || !atomic_load(&b->round_trip_us) ||
            wsn_interest_leaves(b))
            wsn_link_confirm(b, 1000);
        *confirm = wsn_now_ms() + CONFIRM_MS;
    }
    if (now >= *sweep) {
        pthread_mutex_lock(&b->in_mutex);
        wsn_peers_sweep(&b->peers, now - b->settings.o.part_timeout_ms);
        atomic_fetch_add(&b->in_incomplete, (int64_t)b->peers.incomplete);
        b->peers.incomplete = 0;
        pthread_mutex_unlock(&b->in_mutex);
        wsn_lost_deliver(b);
        *sweep = now + SWEEP_MS;
    }
    if (*confirm < next) next = *confirm;
    if (*sweep < next) next = *sweep;
    return next;
}

static void finish(wsn_bridge *b)
{
    pthread_mutex_lock(&b->mutex);
    bool set = b->relay_set;
    pthread_mutex_unlock(&b->mutex);
    if (set) ws_server_set_relay(b->server, NULL); /* an error: the server ends it, or has */
    pthread_mutex_lock(&b->mutex);
    while (set && !b->relay_over) pthread_cond_wait(&b->changed, &b->mutex);
    int64_t deadline = b->deadline;
    pthread_mutex_unlock(&b->mutex);
    wsn_history_end(b);
    wsn_presence_end(b);
    wsn_link_close(b, deadline);
    wsn_interest_free(b);
    pthread_mutex_lock(&b->mutex);
    while (atomic_load(&b->alive)) pthread_cond_wait(&b->changed, &b->mutex);
    pthread_mutex_unlock(&b->mutex);
    wsn_events_deliver(b);
    wsn_lost_deliver(b);
    wsn_forget(b);
    wsn_left_deliver(b);
    pthread_mutex_lock(&b->mutex);
    b->over = true;
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->mutex);
    wsn_give(b);
}

void *wsn_keeper(void *bridge)
{
    wsn_bridge *b = bridge;
    int64_t confirm = 0, sweep = 0;
    connect(b);
    for (wsn_phase phase; (phase = phase_of(b)) != WSN_LEAVING;) {
        wsn_events_deliver(b);
        int64_t next = tend(b, &confirm, &sweep);
        if (phase == WSN_DOWN) {
            wsn_link_close(b, 0);
            rest(b, wsn_now_ms() + b->settings.o.reconnect_wait_ms); /* woken early it tries early, no harm */
            if (phase_of(b) != WSN_LEAVING) connect(b);
            continue;
        }
        rest(b, next);
    }
    finish(b);
    return NULL;
}

