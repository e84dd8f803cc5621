/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * gate.c - what every call from C into Go goes through.
 *
 * Go runs on stacks of its own that lie in its heap. A handler of the host that ran there
 * would write over what is below it. So a thread of the host blocks its signals while it is
 * in Go, and has its mask back before the call returns. What waits does so in C, with the
 * host's mask (wsx_shutdown). Signals that are faults cannot be blocked: for them, and for
 * those of libc, the stack that Go uses on a thread of the host has room to spare, and the
 * thread gets no alternate stack of ours (cmake/GoRuntime.cmake); but on arm64.
 *
 * cgo calls crosscall2 for each export; linked with -Wl,--wrap=crosscall2 it is this one, so
 * no export can be forgotten. Threads of the library, which block signals from their begin,
 * are known by their mark.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cancel.h"
#include "runtime.h"
#include "thread.h"

static sigset_t blocked;

__attribute__((constructor(101))) static void make_mask(void)
{
    wsx_block_signals(&blocked);
    sigaddset(&blocked, SIGURG); /* Go stops threads of the host in no other way than by asking */
}

/* On arm64 no handler may run on the stack that Go uses (lent.c). That of pthread_cancel has no SA_ONSTACK, in
 * most libcs; its signal comes later, which nobody waits for. That of setuid() must not be blocked: who
 * calls it waits for every thread. The host's callbacks run as the host has it. */
#if defined(__aarch64__)
#if defined(__GLIBC__)
enum { SIGNAL_OF_CANCEL = 32 };
#else
enum { SIGNAL_OF_CANCEL = 33 };
#endif

static void block(sigset_t *before)
{
    uint64_t set; /* libc would take that signal out again */
    memcpy(&set, &blocked, sizeof set);
    set |= 1ull << (SIGNAL_OF_CANCEL - 1);
    memset(before, 0, sizeof *before);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, before, sizeof set);
}
#else
static void block(sigset_t *before) { pthread_sigmask(SIG_SETMASK, &blocked, before); }
#endif

/* ---- in and out ------------------------------------------------------------------------------- */

static void enter(wsx_thread *self)
{
    block(&self->guest.mask);
    wsx_lend(&self->guest.lent);
    self->inside = WSX_INSIDE;
}

static void leave(wsx_thread *self)
{
    self->inside = WSX_OUTSIDE;
    wsx_take_back(&self->guest.lent);
    pthread_sigmask(SIG_SETMASK, &self->guest.mask, NULL);
}

extern void __real_crosscall2(void (*function)(void *), void *arguments, int size, size_t context);
void __wrap_crosscall2(void (*function)(void *), void *arguments, int size, size_t context);

void __wrap_crosscall2(void (*function)(void *), void *arguments, int size, size_t context)
{
    wsx_thread *self = wsx_self();
    if (self && self->inside) {
        __real_crosscall2(function, arguments, size, context);
    } else if (self) {
        /* The host's callbacks may be points of cancellation, and nothing unwinds Go's frames. */
        int cancel = wsx_cancel_state(WSX_CANCEL_NEVER);
        enter(self);
        __real_crosscall2(function, arguments, size, context);
        leave(self);
        wsx_cancel_state(cancel);
    } else { /* no memory */
        sigset_t hosts;
        block(&hosts);
        __real_crosscall2(function, arguments, size, context);
        pthread_sigmask(SIG_SETMASK, &hosts, NULL);
    }
}

bool wsx_step_out(wsx_thread *self)
{
    wsx_is_ours(self);
    if (!self || self->inside == WSX_OURS) return false;
    leave(self);
    return true;
}

void wsx_step_in(wsx_thread *self, bool stepped)
{
    if (stepped) enter(self);
}
