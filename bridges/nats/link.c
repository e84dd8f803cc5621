/* SPDX-License-Identifier: Apache-2.0 */
/* link.c - the connection to NATS: how it begins, what NATS's client says of it, how it ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

int32_t wsn_status(natsStatus status)
{
    switch (status) {
    case NATS_OK: return WS_OK;
    case NATS_NO_MEMORY: return WS_ERR_MEMORY;
    case NATS_TIMEOUT: return WS_ERR_TIMEOUT;
    case NATS_NOT_PERMITTED:
    case NATS_CONNECTION_AUTH_FAILED: return WS_ERR_PERMISSION;
    case NATS_MAX_PAYLOAD: return WS_ERR_TOO_LARGE;
    case NATS_INSUFFICIENT_BUFFER:
    case NATS_SLOW_CONSUMER: return WS_ERR_FULL;
    default: return WS_ERR_CONNECT_FAILED;
    }
}

/* Why, as far as it is known: what NATS says, and what it said last on this connection, or in this thread. */
static void reason(char *text, size_t size, natsConnection *link, natsStatus status)
{
    const char *last = NULL;
    natsStatus known = link ? natsConnection_GetLastError(link, &last) : NATS_OK;
    if (!link) last = nats_GetLastError(NULL);
    if (!status) status = known;
    const char *advice = "";
    if (status == NATS_SSL_ERROR) /* also of a server that speaks TLS when urls do not ask for it */
        advice = " (the server speaks TLS: ca_file has to name who signed its certificate, certificate_file what it "
                 "may want of us)";
    if (status == NATS_SECURE_CONNECTION_WANTED)
        advice = " (the server does not speak TLS: use nats://, without ca_file)";
    if (status == NATS_CONNECTION_AUTH_FAILED)
        advice = " (user, password, token, nkey or credentials_file are not those that the server wants)";
    const char *place = last ? strstr(last, ".c:") : NULL; /* "(conn.c:1905): " is for those who know its source */
    if (place && (place = strstr(place, "): "))) last = place + 3;
    bool more = last && *last && strcmp(last, natsStatus_GetText(status)) != 0;
    snprintf(text, size, "%s%s%s%s", natsStatus_GetText(status), more ? ": " : "", more ? last : "", advice);
}

static void there(wsn_bridge *b, natsConnection *link, int32_t type)
{
    char url[160] = "";
    natsConnection_GetConnectedUrl(link, url, sizeof url);
    atomic_store(&b->max_payload, natsConnection_GetMaxPayload(link));
    atomic_store(&b->connected, true);
    atomic_fetch_add(&b->connects, 1);
    wsn_tell(b, type, WS_OK, url, "%s %s", type == WS_NATS_EVENT_CONNECTED ? "connected to" : "connected again, to",
             url);
}

static void comes(wsn_bridge *b, natsConnection *link)
{
    pthread_mutex_lock(&b->mutex);
    bool again = b->ever;
    pthread_mutex_unlock(&b->mutex);
    there(b, link, again ? WS_NATS_EVENT_RECONNECTED : WS_NATS_EVENT_CONNECTED);
    pthread_mutex_lock(&b->mutex); /* behind it: who waited for the first connection may use it at once */
    b->ever = true;
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->mutex);
}

static void on_connected(natsConnection *link, void *closure)
{
    comes(closure, link);
}

static void on_disconnected(natsConnection *link, void *closure)
{
    wsn_bridge *b = closure;
    if (!atomic_exchange(&b->connected, false)) return;
    pthread_mutex_lock(&b->mutex);
    bool leaving = b->phase == WSN_LEAVING;
    pthread_mutex_unlock(&b->mutex);
    if (leaving) return;
    char why[256];
    reason(why, sizeof why, link, NATS_OK);
    wsn_tell(b, WS_NATS_EVENT_DISCONNECTED, WS_ERR_CONNECT_FAILED, "", "the connection to NATS is lost: %s", why);
}

static void on_closed(natsConnection *link, void *closure)
{
    wsn_bridge *b = closure;
    pthread_mutex_lock(&b->mutex);
    bool leaving = b->phase == WSN_LEAVING;
    pthread_mutex_unlock(&b->mutex);
    if (!leaving) {
        char why[256];
        reason(why, sizeof why, link, NATS_OK);
        wsn_tell(b, WS_NATS_EVENT_DISCONNECTED, WS_ERR_CONNECT_FAILED, "",
                 "NATS's client gives up: %s; a new attempt follows", why);
    }
    pthread_mutex_lock(&b->mutex);
    b->closed = true;
    if (b->phase == WSN_UP) b->phase = WSN_DOWN;
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->mutex);
}

static void on_error(natsConnection *link, natsSubscription *subscription, natsStatus status, void *closure)
{
    wsn_bridge *b = closure;
    const char *subject = subscription ? natsSubscription_GetSubject(subscription) : NULL;
    int64_t dropped = 0;
    if (status == NATS_SLOW_CONSUMER && subject && !natsSubscription_GetDropped(subscription, &dropped))
        wsn_interest_dropped(b, subject, dropped);
    const char *last = NULL;
    natsConnection_GetLastError(link, &last);
    wsn_tell(b, WS_NATS_EVENT_ERROR, wsn_status(status), "", "%s%s%s%s%s", natsStatus_GetText(status),
             subject ? ", " : "", subject ? subject : "", last && *last ? ": " : "", last && *last ? last : "");
}

static natsStatus set_callbacks(natsOptions *options, wsn_bridge *b)
{
    natsStatus status = natsOptions_SetDisconnectedCB(options, on_disconnected, b);
    if (!status) status = natsOptions_SetReconnectedCB(options, on_connected, b);
    if (!status) status = natsOptions_SetClosedCB(options, on_closed, b);
    if (!status) status = natsOptions_SetErrorHandler(options, on_error, b);
    if (!status && !(b->settings.o.flags & WS_NATS_REQUIRE))
        status = natsOptions_SetRetryOnFailedConnect(options, true, on_connected, b);
    return status;
}

/* The reason of a failure is in wsn_fail's text. */
int32_t wsn_link_open(wsn_bridge *b)
{
    natsOptions *options = NULL;
    natsConnection *link = NULL;
    int32_t failed = wsn_nats_options(&options, b);
    if (failed) return failed;
    pthread_mutex_lock(&b->mutex);
    b->closed = false;
    pthread_mutex_unlock(&b->mutex);
    natsStatus status = set_callbacks(options, b);
    if (!status) status = natsConnection_Connect(&link, options);
    natsOptions_Destroy(options);
    if (status && status != NATS_NOT_YET_CONNECTED) {
        char why[256];
        reason(why, sizeof why, NULL, status);
        if (link) natsConnection_Destroy(link);
        return wsn_fail(wsn_status(status), "NATS at %s: %s", b->settings.o.urls, why);
    }
    pthread_rwlock_wrlock(&b->link_lock);
    b->link = link;
    wsn_interest_renew(b);
    pthread_rwlock_unlock(&b->link_lock);
    if (!status) comes(b, link);
    return WS_OK;
}

static bool wait_closed(wsn_bridge *b, int64_t deadline)
{
    pthread_mutex_lock(&b->mutex);
    while (!b->closed) {
        struct timespec until = {.tv_sec = deadline / 1000, .tv_nsec = deadline % 1000 * 1000000};
        if (deadline < 0) pthread_cond_wait(&b->changed, &b->mutex);
        else if (pthread_cond_timedwait(&b->changed, &b->mutex, &until)) break;
    }
    bool closed = b->closed;
    pthread_mutex_unlock(&b->mutex);
    return closed;
}

void wsn_link_close(wsn_bridge *b, int64_t deadline)
{
    pthread_rwlock_wrlock(&b->link_lock);
    natsConnection *link = b->link;
    wsn_history_unlink(b);
    b->link = NULL;
    pthread_rwlock_unlock(&b->link_lock);
    if (!link) return;
    int64_t left = deadline - wsn_now_ms();
    if (left > 0 && atomic_load(&b->connected) && !natsConnection_DrainTimeout(link, left)) wait_closed(b, deadline);
    natsConnection_Close(link);
    wait_closed(b, -1); /* it is told by a thread of NATS, and nothing is called behind it */
    natsConnection_Destroy(link);
    atomic_store(&b->connected, false);
}

void wsn_link_confirm(wsn_bridge *b, int64_t timeout_ms)
{
    wsn_interest *leaving = wsn_interest_leaving(b);
    bool answered = false;
    pthread_rwlock_rdlock(&b->link_lock);
    if (b->link && atomic_load(&b->connected) && natsConnection_Status(b->link) == NATS_CONN_STATUS_CONNECTED) {
        int64_t sent = atomic_load(&b->sent), lost = atomic_load(&b->out_unsure), begin = nats_NowInNanoSeconds();
        if ((answered = !natsConnection_FlushTimeout(b->link, timeout_ms))) {
            /* What was unsure at a loss meanwhile is confirmed by nothing. */
            if (lost == atomic_load(&b->out_unsure)) atomic_store(&b->confirmed, sent);
            atomic_store(&b->round_trip_us, (nats_NowInNanoSeconds() - begin) / 1000);
        }
    }
    pthread_rwlock_unlock(&b->link_lock);
    wsn_interest_left(b, leaving, answered);
}
