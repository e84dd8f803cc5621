/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One queue and one thread for each environment. The thread waits in ws_queue_poll, hands
 * the batch over to JavaScript by the threadsafe function and sleeps until it is given back;
 * so the two never touch it at once, and a queue that is never empty stays with JavaScript.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon.h"

/* Milliseconds at the end of an environment for the last events of its handles. */
#define LAST_EVENTS_MS 2000

static void set_turn(host *h, enum turn turn) {
    pthread_mutex_lock(&h->mutex);
    if (h->turn != TURN_OVER)
        h->turn = turn;
    pthread_cond_broadcast(&h->turned);
    pthread_mutex_unlock(&h->mutex);
}

/* Sleeps until the batch is the waiter's; false: the environment ends. */
static bool await_turn(host *h) {
    pthread_mutex_lock(&h->mutex);
    while (h->turn == TURN_SCRIPT)
        pthread_cond_wait(&h->turned, &h->mutex);
    bool goes_on = h->turn == TURN_WAITER;
    pthread_mutex_unlock(&h->mutex);
    return goes_on;
}

static void *wait_for_events(void *data) {
    host *h = data;
    while (await_turn(h)) {
        if (h->next == h->count) {
            h->next = h->count = 0;
            h->batch[0].struct_size = sizeof(ws_event);
            if (ws_queue_poll(h->queue, h->batch, BATCH, -1, &h->count))
                break; /* the library was shut down by another user of it in this process */
            if (!h->count)
                continue;
        } /* else JavaScript has given the rest back, for its event loop to go round */
        set_turn(h, TURN_SCRIPT);
        if (napi_call_threadsafe_function(h->wake, NULL, napi_tsfn_nonblocking) != napi_ok)
            break;
    }
    return NULL;
}

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

/* On the thread of JavaScript, whose turn it is. Promises that an event has resolved go on before
 * the next event: then the rest of the batch comes with another wake. */
static void take_batch(napi_env env, napi_value unused, void *context, void *data) {
    host *h = context;
    (void)unused;
    (void)data;
    if (!env || h->refused)
        return; /* the environment ends; host_end has taken over */
    for (size_t told = 0;;) {
        while (h->next < h->count) {
            bool promises_first = false;
            const ws_event *event = &h->batch[h->next++];
            if (event->type == WS_EVENT_DESTROYED)
                forget(h, event->handle);
            if (!event_tell(h, event, &promises_first))
                return; /* JavaScript cannot run: host_end follows */
            told++;
            if (h->refused)
                return; /* process.exit() inside */
            if (told >= TURN_EVENTS)
                break;
            if (promises_first) {
                napi_call_threadsafe_function(h->wake, NULL, napi_tsfn_nonblocking);
                return;
            }
        }
        if (told >= TURN_EVENTS)
            break; /* a wake from here would be served before timers and sockets: the waiter's is not */
        h->next = h->count = 0;
        h->batch[0].struct_size = sizeof(ws_event);
        if (ws_queue_poll(h->queue, h->batch, BATCH, 0, &h->count)) {
            h->count = 0;
            break;
        }
        if (!h->count)
            break;
    }
    set_turn(h, TURN_WAITER);
}

void host_drop(host *h) {
    if (--h->owners)
        return;
    free(h->live);
    if (h->started) {
        pthread_cond_destroy(&h->turned);
        pthread_mutex_destroy(&h->mutex);
    }
    free(h);
}

static void drop_wake(napi_env env, void *data, void *hint) {
    (void)env;
    (void)hint;
    host_drop(data);
}

static bool refuse(host *h, const char *what) {
    h->refused = true;
    snprintf(h->why, sizeof h->why, "%s", what);
    return false;
}

bool host_start(host *h) {
    if (h->refused)
        return refuse(h, "this environment ends");
    if (h->started)
        return true;
    ws_queue_options options;
    WS_INIT_STRUCT(&options);
    h->queue = ws_queue_create(&options);
    if (!h->queue) {
        snprintf(h->why, sizeof h->why, "%s", ws_last_error());
        return false;
    }
    napi_value name;
    napi_create_string_utf8(h->env, "libws", NAPI_AUTO_LENGTH, &name);
    pthread_mutex_init(&h->mutex, NULL);
    pthread_cond_init(&h->turned, NULL);
    if (napi_create_threadsafe_function(h->env, NULL, NULL, name, 0, 1, h, drop_wake, h, take_batch, &h->wake) != napi_ok) {
        ws_queue_destroy(h->queue);
        return refuse(h, "no threadsafe function can be had");
    }
    h->started = true;
    h->owners++;
    napi_unref_threadsafe_function(h->env, h->wake); /* until something is open */
    if (pthread_create(&h->waiter, NULL, wait_for_events, h)) {
        ws_queue_destroy(h->queue);
        napi_release_threadsafe_function(h->wake, napi_tsfn_abort);
        return refuse(h, "no thread can be had");
    }
    napi_add_env_cleanup_hook(h->env, host_end, h);
    return true;
}

/* The environment ends: process.exit, or a Worker that is terminated, with anything open. Nothing
 * is told any more. The waits are those for the loops to end what they are at. */
void host_end(void *data) {
    host *h = data;
    h->refused = true;
    set_turn(h, TURN_OVER);
    ws_queue_wake(h->queue);
    pthread_join(h->waiter, NULL);
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
    napi_release_threadsafe_function(h->wake, napi_tsfn_abort);
}
