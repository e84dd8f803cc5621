/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bell.c - a word at which one thread waits until another one rings.
 *
 * Ringing takes no lock and is one system call that a signal handler may make: so
 * no condition variable. Words are never unmapped, so ringing late harms nobody.
 */
#include "cancel.h"
#include "queue.h"
#include "word.h"

void wsx_ring(wsx_bell *bell)
{
    atomic_fetch_add(bell, WSX_BELL_RING);
    wsx_word_wake(bell);
}

void wsx_call(wsx_bell *bell)
{
    atomic_fetch_or(bell, WSX_BELL_CALLED);
    wsx_word_wake(bell);
}

/* The kernel takes no part in cancellation, so it may come at any moment of the wait, in
 * which no lock is held. */
void wsx_await_bell(wsx_bell *bell, uint32_t seen, int64_t ns, int cancellation)
{
    wsx_cancel_state(cancellation); /* in this order, as in wsx_cancel_again */
    wsx_cancel_type(WSX_CANCEL_AT_ONCE);
    wsx_word_await(bell, seen, ns);
    wsx_cancel_type(WSX_CANCEL_LATER);
    wsx_cancel_state(WSX_CANCEL_NEVER);
}
