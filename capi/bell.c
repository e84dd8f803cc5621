/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bell.c - a word at which one thread waits until another one rings.
 *
 * Ringing takes no lock and is one system call that a signal handler may make: so
 * no condition variable. Words are never unmapped, so ringing late harms nobody.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cancel.h"
#include "queue.h"

enum { WAIT = 128, WAKE = 129 }; /* FUTEX_..._PRIVATE; musl comes without the headers of the kernel */

static void wake(wsx_bell *bell)
{
    syscall(SYS_futex, bell, WAKE, INT_MAX, NULL, NULL, 0);
}

void wsx_ring(wsx_bell *bell)
{
    atomic_fetch_add(bell, WSX_BELL_RING);
    wake(bell);
}

void wsx_call(wsx_bell *bell)
{
    atomic_fetch_or(bell, WSX_BELL_CALLED);
    wake(bell);
}

/* The kernel takes no part in cancellation, so it may come at any moment of the wait, in
 * which no lock is held. */
void wsx_await_bell(wsx_bell *bell, uint32_t seen, int64_t ns, int cancellation)
{
    /* as the call has it, on 32 bits, too */
    struct { long seconds, nanoseconds; } left = {(long)(ns / 1000000000), (long)(ns % 1000000000)};
    wsx_cancel_state(cancellation); /* in this order, as in wsx_cancel_again */
    wsx_cancel_type(WSX_CANCEL_AT_ONCE);
    syscall(SYS_futex, bell, WAIT, seen, ns < 0 ? NULL : &left, NULL, 0);
    wsx_cancel_type(WSX_CANCEL_LATER);
    wsx_cancel_state(WSX_CANCEL_NEVER);
}
