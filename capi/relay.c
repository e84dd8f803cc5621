/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relay.c - the thread of a relay: it waits in Go for what comes next, and calls the host's function for it from C,
 * where that may take as long as it likes.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "cancel.h"
#include "exports.h"
#include "runtime.h"

typedef struct running {
    ws_relay relay;
    ws_handle server;
    uintptr_t core;
    bool ended; /* on_end was called */
} running;

static void *run(void *of);

static void call_each(running *r)
{
    wsx_relay_item item;
    while (wsgo_relay_next(r->core, &item) != WSX_RELAY_OVER) {
        if (item.kind == WSX_RELAY_MESSAGE) r->relay.on_message(&item.message, r->relay.user_data);
        else r->relay.on_interest(&item.interest, r->relay.user_data);
    }
    if (!r->ended && (r->ended = true) && r->relay.on_end) r->relay.on_end(r->relay.user_data);
}

static void finish(running *r)
{
    wsgo_relay_over(r->core);
    free(r);
}

/* A function of the host has ended the thread: another one goes on, or this one, when the system gives none. */
static void replace(void *of)
{
    running *r = of;
    if (!r->ended && !wsx_start_thread(run, r)) return;
    call_each(r);
    finish(r);
}

static void *run(void *of)
{
    running *r = of;
    wsx_cancel_state(WSX_CANCEL_NEVER); /* it is no thread of the host's to cancel */
    wsx_thread *self;
    while (!(self = wsx_self())) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    wsx_is_ours(self);
    self->relay_of = r->server;
    pthread_cleanup_push(replace, r);
    call_each(r);
    pthread_cleanup_pop(0);
    finish(r);
    return NULL;
}

int wsx_relay_begin(ws_handle server, const ws_relay *relay, uintptr_t core)
{
    running *r = calloc(1, sizeof *r);
    if (!r) return ENOMEM;
    r->relay = *relay;
    r->server = server;
    r->core = core;
    int error = wsx_start_thread(run, r);
    if (error) free(r);
    return error;
}
