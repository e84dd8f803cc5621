/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One queue for each environment, and how its events are taken, on the thread of JavaScript; watch.c
 * says when.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon.h"

/* Milliseconds at the end of an environment for the last events of its handles. */
#define LAST_EVENTS_MS 2000

static void forget(host *h, ws_handle handle) {
    for (size_t i = h->live_count; i-- > 0;) {
        if (h->live[i] == handle) {
            h->live[i] = h->live[--h->live_count];
            return;
        }
    }
}

bool host_remember(host *h, ws_handle handle) {
    if (h->live_count == h->live_room) {
        size_t room = h->live_room ? 2 * h->live_room : 64;
        ws_handle *more = realloc(h->live, room * sizeof *more);
        if (!more)
            return false;
        h->live = more;
        h->live_room = room;
    }
    h->live[h->live_count++] = handle;
    return true;
}

/* The next batch; what was sent since the last one leaves. False: there is none. */
static bool poll_batch(host *h) {
    h->next = h->count = 0;
    h->batch[0].struct_size = sizeof(ws_event);
    if (ws_queue_poll(h->queue, h->batch, BATCH, 0, &h->count))
        h->count = 0;
    for (size_t i = 0; i < h->count; i++)
        if (h->batch[i].type == WS_EVENT_DESTROYED)
            forget(h, h->batch[i].handle);
    return h->count;
}

bool take_batches(host *h, size_t *told) {
    while (h->next < h->count || (*told < TURN_EVENTS && poll_batch(h))) {
        size_t before = h->next;
        if (!events_dispatch(h) || h->refused)
            return false; /* JavaScript cannot run: host_end follows; or process.exit() inside */
        *told += h->next - before;
        if (h->promises_first)
            return true;
    }
    if (*told >= TURN_EVENTS)
        ws_queue_flush(h->queue);
    return false;
}

void host_drop(host *h) {
    if (--h->owners)
        return;
    free(h->live);
    free(h);
}

static bool refuse(host *h, const char *what) {
    h->refused = true;
    snprintf(h->why, sizeof h->why, "%s", what);
    return false;
}

/* Where JavaScript finds the numbers of events. */
static bool make_facts(host *h) {
    napi_value buffer;
    void *facts = NULL;
    if (napi_create_arraybuffer(h->env, BATCH * FACTS * sizeof(double), &facts, &buffer) != napi_ok)
        return false;
    h->facts = facts;
    return napi_create_reference(h->env, buffer, 1, &h->facts_kept) == napi_ok;
}

bool host_start(host *h) {
    if (h->refused)
        return refuse(h, "this environment ends");
    if (h->started)
        return true;
    ws_queue_options options;
    WS_INIT_STRUCT(&options);
    options.flags = WS_QUEUE_GATHER;
    h->queue = ws_queue_create(&options);
    if (!h->queue || ws_queue_fd(h->queue, &h->descriptor)) {
        snprintf(h->why, sizeof h->why, "%s", ws_last_error());
        ws_queue_destroy(h->queue);
        return false;
    }
    if (!make_facts(h) || !watch_start(h, h->by_thread)) {
        ws_queue_destroy(h->queue);
        return refuse(h, "no libuv, memory, thread or descriptor can be had");
    }
    h->started = true;
    return true;
}

/* The environment ends: process.exit, or a Worker that is terminated, with anything open. Nothing
 * is told any more. The waits are those for the loops to end what they are at. */
void host_end(host *h) {
    h->refused = true;
    for (size_t i = 0; i < h->live_count; i++) {
        if (ws_destroy(h->live[i]))
            ws_server_destroy(h->live[i]);
    }
    for (int32_t waited = 0; ws_queue_destroy(h->queue) == WS_ERR_BUSY && waited < LAST_EVENTS_MS; waited += 20) {
        size_t count;
        h->batch[0].struct_size = sizeof(ws_event);
        if (ws_queue_poll(h->queue, h->batch, BATCH, 20, &count))
            break;
    }
}
