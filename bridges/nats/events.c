/* SPDX-License-Identifier: Apache-2.0 */
/* events.c - what the host is told: gathered by any thread, told by the keeper, one after the other. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge.h"

enum { MOST = 64 }; /* that wait; a flood of errors beyond is dropped, they say the same */

/* What was sent and not confirmed may have arrived or not, and nothing will say so any more. */
static uint64_t settle(wsn_bridge *b)
{
    int64_t sent = atomic_load(&b->sent), unsure = sent - atomic_exchange(&b->confirmed, sent);
    if (unsure <= 0) return 0;
    atomic_fetch_add(&b->out_unsure, unsure);
    return (uint64_t)unsure;
}

void wsn_tell(wsn_bridge *b, int32_t type, int32_t status, const char *url, const char *format, ...)
{
    uint64_t unsure = type == WS_NATS_EVENT_DISCONNECTED ? settle(b) : 0;
    wsn_event *e = calloc(1, sizeof *e);
    if (!e) return; /* the figures still say what happened */
    e->unsure = unsure;
    e->type = type;
    e->status = status;
    snprintf(e->url, sizeof e->url, "%s", url);
    va_list list;
    va_start(list, format);
    vsnprintf(e->text, sizeof e->text, format, list);
    va_end(list);
    pthread_mutex_lock(&b->mutex);
    int waiting = 0;
    for (wsn_event *other = b->first_event; other; other = other->next) waiting++;
    bool dropped = type == WS_NATS_EVENT_ERROR && waiting >= MOST;
    if (!dropped) {
        *b->last_event = e;
        b->last_event = &e->next;
        pthread_cond_broadcast(&b->changed);
    }
    pthread_mutex_unlock(&b->mutex);
    if (dropped) free(e);
}

static void call(wsn_bridge *b, const ws_nats_event *event)
{
    if (b->settings.o.on_event) b->settings.o.on_event(event, b->settings.o.user_data);
}

void wsn_events_deliver(wsn_bridge *b)
{
    for (;;) {
        pthread_mutex_lock(&b->mutex);
        wsn_event *e = b->first_event;
        if (e && !(b->first_event = e->next)) b->last_event = &b->first_event;
        pthread_mutex_unlock(&b->mutex);
        if (!e) return;
        ws_nats_event event = {.struct_size = sizeof event,
                               .type = e->type,
                               .status = e->status,
                               .text = e->text,
                               .url = e->url,
                               .unsure = e->unsure};
        call(b, &event);
        free(e);
    }
}

void wsn_lost_deliver(wsn_bridge *b)
{
    int64_t out = atomic_load(&b->out_lost), in = atomic_load(&b->in_lost);
    if (out == b->told_out && in == b->told_in) return;
    ws_nats_event event = {.struct_size = sizeof event, .type = WS_NATS_EVENT_LOST, .url = "",
        .lost_out = (uint64_t)(out - b->told_out), .lost_in = (uint64_t)(in - b->told_in)};
    char text[128];
    snprintf(text, sizeof text, "lost: %llu of this process, %llu of others", (unsigned long long)event.lost_out,
             (unsigned long long)event.lost_in);
    event.text = text;
    b->told_out = out;
    b->told_in = in;
    call(b, &event);
}

void wsn_left_deliver(wsn_bridge *b)
{
    ws_nats_event event = {.struct_size = sizeof event,
                           .type = WS_NATS_EVENT_LEFT,
                           .status = b->fault,
                           .text = b->reason,
                           .url = "",
                           .unsure = settle(b)};
    call(b, &event);
}
