/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start.c - the Go runtime starts at the first call that needs it, and never by itself. How it is
 * started is in start_linux.c, start_windows.c and start_other.c.
 */
#include "cancel.h"
#include "exports.h"
#include "handle.h"
#include "runtime.h"
#include "system.h"
#include "word.h"

/* ---- the gate ------------------------------------------------------------------
 * An export that is called before Go runs would wait for ever. Each is behind wsx_start,
 * or behind a handle, which somebody got from a call that went through here. */

enum { UNSTARTED, STARTING, STARTED, ENDED };
static _Atomic uint32_t state; /* a word, and no lock: a child of fork() finds none held */

/* A process that forks before the first call may use the library in parent and child. */
static void in_child(void)
{
    uint32_t now = atomic_load(&state);
    if (now == STARTING || now == STARTED) wsx_refusal = WS_ERR_FORKED;
    else {
        wsx_unlock_in_child();
        wsx_threads_in_child();
    }
}

__attribute__((constructor)) static void loaded(void)
{
    wsx_at_fork(in_child);
}

bool wsx_started(void)
{
    return atomic_load_explicit(&state, memory_order_acquire) == STARTED;
}

/* The state, once no other thread is starting. */
static uint32_t settled(void)
{
    uint32_t now;
    while ((now = atomic_load(&state)) == STARTING) wsx_await_change(&state, STARTING);
    return now;
}

int32_t wsx_start(void)
{
    for (;;) {
        uint32_t now = settled();
        if (now == STARTED) return WS_OK;
        if (now == ENDED) return wsx_fail(WS_ERR_SHUTDOWN, "the library was shut down by ws_shutdown_wait");
        if (!atomic_compare_exchange_strong(&state, &now, STARTING)) continue;
        int cancel = wsx_cancel_state(WSX_CANCEL_NEVER); /* others wait for this thread */
        int32_t status = wsx_launch();
        wsx_change(&state, status ? UNSTARTED : STARTED);
        wsx_cancel_state(cancel);
        return status;
    }
}

bool wsx_ended_unstarted(void)
{
    uint32_t now = settled();
    while (now == UNSTARTED && !atomic_compare_exchange_strong(&state, &now, ENDED)) now = settled();
    return now != STARTED;
}
