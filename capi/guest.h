/* SPDX-License-Identifier: Apache-2.0 */
/* guest.h - what a thread of the host has for its time in Go, where there are signals. */
#ifndef WSX_GUEST_H
#define WSX_GUEST_H

#include <stddef.h>

#if defined(__linux__)

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>

#include "hidden.h"

WSX_HIDDEN_BEGINS

/* An alternate stack for its time in Go, on arm64; lent.c. */
typedef struct wsx_lent {
    void *memory; /* its own; NULL until the first call */
    size_t size;
    bool set;
} wsx_lent;
/* A thread goes into Go; it is back; it ends (lent.c). */
void wsx_lend(wsx_lent *lent);
void wsx_take_back(wsx_lent *lent);
void wsx_lent_ends(wsx_lent *lent);

typedef struct wsx_guest {
    sigset_t mask; /* the host's, while it is inside; gate.c */
    wsx_lent lent;
    sigjmp_buf *probing; /* where a fault in wsx_readable leads, when the host has no handler for it; fault.c */
} wsx_guest;

/* Which signals a thread of the library blocks, and one of the host while it is in Go (threads.c). */
void wsx_block_signals(sigset_t *set);

WSX_HIDDEN_ENDS

#elif defined(_WIN32) /* which has none */

typedef struct wsx_guest {
    struct wsx_thread *next; /* among those that have ended; self_windows.c */
} wsx_guest;

#else /* elsewhere the linker cannot put the gate where it belongs (gate_other.c) */

typedef struct wsx_guest {
    char none;
} wsx_guest;

#endif

#endif
