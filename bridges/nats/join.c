/* SPDX-License-Identifier: Apache-2.0 */
/* join.c - how a bridge begins and is left, what the relay calls, and its figures. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "bridge.h"

/* ---- NATS's client is loaded --------------------------------------------------------- */

static pthread_once_t loaded = PTHREAD_ONCE_INIT;
static natsStatus load_status;

/* Its threads have this one's mask of signals. It ignores SIGPIPE from then on, which is the host's to decide: the
 * signal is blocked in all threads that write for us. */
static void load(void)
{
    struct sigaction before;
    bool known = !sigaction(SIGPIPE, NULL, &before);
    load_status = nats_Open(-1);
    if (known) sigaction(SIGPIPE, &before, NULL);
}

static natsStatus load_with_signals_blocked(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_once(&loaded, load);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return load_status;
}

/* ---- what the relay is called for --------------------------------------------------------- */

static void WS_CALL on_message(const ws_relay_message *message, void *user_data)
{
    wsn_bridge *b = user_data;
    pthread_mutex_lock(&b->mutex);
    while (!b->tried) pthread_cond_wait(&b->changed, &b->mutex);
    bool late = b->phase == WSN_LEAVING && wsn_now_ms() >= b->deadline;
    pthread_mutex_unlock(&b->mutex);
    if (late) atomic_fetch_add(&b->out_lost, 1);
    else wsn_publish(b, message);
}

static void WS_CALL on_interest(const ws_relay_interest *interest, void *user_data)
{
    wsn_interest_changes(user_data, interest);
}

/* The server's stop waits for this call: so what was published before it has reached NATS when it is complete. */
static void WS_CALL on_end(void *user_data)
{
    wsn_bridge *b = user_data;
    pthread_mutex_lock(&b->mutex);
    wsn_begin_leaving(b, wsn_now_ms() + b->settings.o.drain_timeout_ms, WS_OK, "the server has stopped");
    int64_t left = b->deadline - wsn_now_ms();
    pthread_mutex_unlock(&b->mutex);
    if (left > 0) wsn_link_confirm(b, left);
    pthread_mutex_lock(&b->mutex);
    b->relay_over = true;
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->mutex);
}

/* ---- how it begins ------------------------------------------------------------------------------- */

static void name(wsn_bridge *b)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    unsigned char random[8] = {0};
    if (getrandom(random, sizeof random, 0) != sizeof random) { /* never, in Linux, with so few bytes */
        uint64_t other = (uint64_t)nats_NowInNanoSeconds() ^ (uint64_t)(uintptr_t)b;
        memcpy(random, &other, sizeof random);
    }
    int n = snprintf(b->id, sizeof b->id, "%s.", b->settings.o.name);
    for (size_t i = 0; i < sizeof random; i++) b->id[n++] = letters[random[i] % 36];
}

static int32_t make(wsn_bridge **made, ws_handle server, const ws_nats_options *options)
{
    wsn_bridge *b = calloc(1, sizeof *b);
    if (!b) return wsn_fail(WS_ERR_MEMORY, "no memory for a bridge");
    int32_t status = wsn_settings_take(&b->settings, options);
    natsOptions *tried = NULL;
    if (!status && load_with_signals_blocked())
        status = wsn_fail(WS_ERR_MEMORY, "NATS's client does not begin: %s", natsStatus_GetText(load_status));
    if (!status) {
        name(b);
        snprintf(b->topics, sizeof b->topics, "%s.t", b->settings.o.prefix);
        snprintf(b->all, sizeof b->all, "%s.all", b->settings.o.prefix);
        status = wsn_nats_options(&tried, b); /* what is wrong with them is told by this call */
    }
    if (status) {
        wsn_settings_free(&b->settings);
        free(b);
        return status;
    }
    natsOptions_Destroy(tried);
    b->server = server;
    b->last_event = &b->first_event;
    b->peers.max_joining = b->settings.o.max_joining;
    b->peers.max_message = b->settings.o.max_message;
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&b->changed, &clock);
    pthread_condattr_destroy(&clock);
    pthread_mutex_init(&b->mutex, NULL);
    pthread_mutex_init(&b->interest_mutex, NULL);
    pthread_mutex_init(&b->out_mutex, NULL);
    pthread_mutex_init(&b->in_mutex, NULL);
    pthread_rwlock_init(&b->link_lock, NULL);
    *made = b;
    return WS_OK;
}

void wsn_free(wsn_bridge *b)
{
    for (wsn_event *e = b->first_event, *next; e; e = next) {
        next = e->next;
        free(e);
    }
    wsn_history_free(b);
    wsn_presence_free(b);
    wsn_peers_free(&b->peers);
    wsn_tally_free(&b->turns);
    wsn_settings_free(&b->settings);
    pthread_rwlock_destroy(&b->link_lock);
    pthread_mutex_destroy(&b->in_mutex);
    pthread_mutex_destroy(&b->out_mutex);
    pthread_mutex_destroy(&b->interest_mutex);
    pthread_mutex_destroy(&b->mutex);
    pthread_cond_destroy(&b->changed);
    free(b);
}

static int begin_keeper(wsn_bridge *b)
{
    sigset_t all, before;
    pthread_attr_t attr;
    sigfillset(&all);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&b->keeper, &attr, wsn_keeper, b);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attr);
    return failed;
}

/* The reference of the keeper is the bridge's; *held, when it is not NULL, receives another. */
static int32_t join(ws_handle server, const ws_nats_options *options, ws_nats **bridge, wsn_bridge **held)
{
    if (!bridge) return wsn_fail(WS_ERR_PARAMETER, "bridge: is NULL");
    wsn_bridge *b = NULL;
    int32_t status = make(&b, server, options);
    if (!b) return status;
    if ((status = wsn_register(b))) {
        wsn_free(b);
        return status;
    }
    ws_nats *token = b->token;
    if ((status = wsn_presence_begin(b)) || (status = wsn_history_begin(b))) {
        wsn_forget(b);
        wsn_interest_free(b);
        wsn_free(b);
        return status;
    }
    wsn_interest_add(b, b->all);
    const ws_nats_options *o = &b->settings.o;
    ws_relay relay = {.struct_size = sizeof relay,
                      .flags = o->refuse_when_full ? WS_RELAY_REFUSE : 0,
                      .max_messages = o->max_waiting_messages,
                      .max_bytes = o->max_waiting_bytes,
                      .drain_timeout_ms = o->drain_timeout_ms,
                      .on_message = on_message,
                      .on_interest = on_interest,
                      .on_end = on_end,
                      .user_data = b,
                      .returning = o->history_topics};
    *bridge = token; /* events may come before this returns */
    if (held) *held = wsn_take(token);
    b->relay_set = true; /* before it is: its end may come at once */
    if ((status = ws_server_set_relay(server, &relay))) {
        wsn_fail_as_libws(status, "server");
    } else if (!begin_keeper(b)) {
        return WS_OK;
    } else {
        status = wsn_fail(WS_ERR_MEMORY, "the system gives no thread");
        pthread_mutex_lock(&b->mutex);
        b->tried = true;
        wsn_begin_leaving(b, wsn_now_ms(), status, "");
        pthread_mutex_unlock(&b->mutex);
        ws_server_set_relay(server, NULL);
        pthread_mutex_lock(&b->mutex);
        while (!b->relay_over) pthread_cond_wait(&b->changed, &b->mutex);
        pthread_mutex_unlock(&b->mutex);
    }
    *bridge = NULL;
    wsn_forget(b);
    pthread_mutex_lock(&b->mutex);
    wsn_begin_leaving(b, wsn_now_ms(), status, "");
    pthread_mutex_unlock(&b->mutex);
    wsn_history_end(b);
    wsn_interest_free(b);
    if (held) wsn_give(*held);
    wsn_give(b);
    return status;
}

int32_t WS_CALL ws_nats_join(ws_handle server, const ws_nats_options *options, ws_nats **bridge)
{
    return join(server, options, bridge, NULL);
}

/* mutex held. False: the time is over. */
static bool wait_until(wsn_bridge *b, int64_t deadline)
{
    struct timespec at = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
    if (deadline >= 0) return pthread_cond_timedwait(&b->changed, &b->mutex, &at) != ETIMEDOUT;
    pthread_cond_wait(&b->changed, &b->mutex);
    return true;
}

int32_t WS_CALL ws_nats_join_wait(ws_handle server, const ws_nats_options *options, int32_t timeout_ms,
                                  ws_nats **bridge)
{
    if (timeout_ms < -1 || timeout_ms > 3600000)
        return wsn_fail(WS_ERR_PARAMETER, "timeout_ms: %d is not in -1..3600000", timeout_ms);
    wsn_bridge *b = NULL;
    int32_t status = join(server, options, bridge, &b);
    if (status) return status;
    int64_t deadline = timeout_ms < 0 ? -1 : wsn_now_ms() + timeout_ms;
    pthread_mutex_lock(&b->mutex);
    while (!b->ever && !b->over && wait_until(b, deadline)) {}
    bool ever = b->ever, over = b->over;
    if (!ever && !over)
        status = wsn_fail(WS_ERR_TIMEOUT, "NATS at %s: no connection in %d ms; the bridge goes on trying",
                          b->settings.o.urls, timeout_ms);
    if (!ever && over) status = wsn_fail(WS_ERR_CONNECT_FAILED, "%s", b->reason);
    pthread_mutex_unlock(&b->mutex);
    if (over) *bridge = NULL;
    wsn_give(b);
    return status;
}

/* ---- how it ends ------------------------------------------------------------------------------------ */

static int32_t leave(wsn_bridge *b, int32_t timeout_ms)
{
    if (timeout_ms < 0 || timeout_ms > 3600000)
        return wsn_fail(WS_ERR_PARAMETER, "timeout_ms: %d is not in 0..3600000", timeout_ms);
    pthread_mutex_lock(&b->mutex);
    wsn_begin_leaving(b, wsn_now_ms() + (timeout_ms ? timeout_ms : b->settings.o.drain_timeout_ms), WS_OK, "left");
    pthread_mutex_unlock(&b->mutex);
    return WS_OK;
}

int32_t WS_CALL ws_nats_leave(ws_nats *bridge, int32_t timeout_ms)
{
    wsn_bridge *b = wsn_take(bridge);
    if (!b) return WS_ERR_HANDLE;
    int32_t status = leave(b, timeout_ms);
    wsn_give(b);
    return status;
}

int32_t WS_CALL ws_nats_leave_wait(ws_nats *bridge, int32_t timeout_ms)
{
    wsn_bridge *b = wsn_take(bridge);
    if (!b) return WS_ERR_HANDLE;
    bool inside = pthread_equal(pthread_self(), b->keeper) || wsn_history_is_here(b);
    int32_t status = inside ? wsn_fail(WS_ERR_IN_CALLBACK,
                                       "ws_nats_leave_wait inside a callback of the bridge would wait for itself")
                            : leave(b, timeout_ms);
    if (!status) {
        pthread_mutex_lock(&b->mutex);
        while (!b->over) pthread_cond_wait(&b->changed, &b->mutex);
        pthread_mutex_unlock(&b->mutex);
    }
    wsn_give(b);
    return status;
}

int32_t WS_CALL ws_nats_stats_get(ws_nats *bridge, ws_nats_stats *stats)
{
    if (!stats) return wsn_fail(WS_ERR_PARAMETER, "stats: is NULL");
    if (stats->struct_size < sizeof(uint32_t))
        return wsn_fail(WS_ERR_PARAMETER, "stats.struct_size: is %u; WS_INIT_STRUCT sets it", stats->struct_size);
    wsn_bridge *b = wsn_take(bridge);
    if (!b) return WS_ERR_HANDLE;
    int64_t unconfirmed = atomic_load(&b->sent) - atomic_load(&b->confirmed);
    ws_nats_stats s = {.struct_size = stats->struct_size,
                       .connected = atomic_load(&b->connected),
                       .connects = (uint64_t)atomic_load(&b->connects),
                       .out_messages = (uint64_t)atomic_load(&b->out_messages),
                       .out_bytes = (uint64_t)atomic_load(&b->out_bytes),
                       .out_parts = (uint64_t)atomic_load(&b->out_parts),
                       .out_lost = (uint64_t)atomic_load(&b->out_lost),
                       .out_unconfirmed = unconfirmed > 0 ? (uint64_t)unconfirmed : 0,
                       .out_unsure = (uint64_t)atomic_load(&b->out_unsure),
                       .in_messages = (uint64_t)atomic_load(&b->in_messages),
                       .in_bytes = (uint64_t)atomic_load(&b->in_bytes),
                       .in_parts = (uint64_t)atomic_load(&b->in_parts),
                       .in_lost = (uint64_t)atomic_load(&b->in_lost),
                       .in_repeated = (uint64_t)atomic_load(&b->in_repeated),
                       .in_foreign = (uint64_t)atomic_load(&b->in_foreign),
                       .in_incomplete = (uint64_t)atomic_load(&b->in_incomplete),
                       .in_refused = (uint64_t)atomic_load(&b->in_refused),
                       .in_dropped = (uint64_t)atomic_load(&b->in_dropped),
                       .subscriptions = (uint64_t)atomic_load(&b->subscriptions),
                       .round_trip_us = atomic_load(&b->round_trip_us),
                       .max_payload = atomic_load(&b->max_payload)};
    pthread_mutex_lock(&b->interest_mutex);
    s.lingering = b->interests.lingering;
    pthread_mutex_unlock(&b->interest_mutex);
    pthread_mutex_lock(&b->in_mutex);
    s.others = wsn_peers_heard(&b->peers, wsn_now_ms() - 60000);
    pthread_mutex_unlock(&b->in_mutex);
    memcpy(stats, &s, stats->struct_size < sizeof s ? stats->struct_size : sizeof s);
    wsn_give(b);
    return WS_OK;
}
