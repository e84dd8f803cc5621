/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate.c - what every call from C into Go goes through.
 *
 * Go runs on stacks of a few KiB that lie in its heap. A handler of the host that ran there
 * would write over what is below it. So a thread of the host blocks its signals while it is
 * in Go, and has an alternate stack for Go's own handler of faults; before the call returns
 * it has its mask and its alternate stack back. What waits does so in C, with the host's
 * mask (wsx_shutdown, wsx_step_out).
 *
 * cgo calls crosscall2 for each export; linked with -Wl,--wrap=crosscall2 it is this one, so
 * no export can be forgotten. Threads of the library are known by their mark: they block
 * signals from their begin, and have a stack of Go's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif

#include "internal.h"

/* ---- the alternate stack ------------------------------------------------------------ */

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif
#ifndef SS_AUTODISARM
#define SS_AUTODISARM 0 /* before Linux 4.7 no stack has it */
#endif

/* What Go's handler takes besides the kernel's frame, and what a handler of the host that is
 * asked for a fault inside of a call gets besides it. */
enum { GOS_NEED = 16 << 10, ROOM = 128 << 10 };

static size_t frame_size, page_size, mapped_size;

__attribute__((constructor(101))) static void look_at_the_system(void)
{
    page_size = (size_t)sysconf(_SC_PAGESIZE);
#if defined(__linux__)
    frame_size = getauxval(AT_MINSIGSTKSZ);
#endif
    mapped_size = (ROOM + frame_size + 2 * page_size - 1) & ~(page_size - 1); /* with the guard page below */
}

/* Maps the thread's own; without memory there is none, and the next call tries again. */
static bool make_stack(wsx_thread *self)
{
    int before = errno;
    void *p = mmap(NULL, mapped_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (p != MAP_FAILED && mprotect((char *)p + page_size, mapped_size - page_size, PROT_READ | PROT_WRITE)) {
        munmap(p, mapped_size);
        p = MAP_FAILED;
    }
    errno = before;
    if (p == MAP_FAILED) return false;
    self->alternate = p;
    return true;
}

/* With SS_AUTODISARM Go would not find the stack that its handler runs on. */
static bool good_enough(const stack_t *s)
{
    return !(s->ss_flags & (SS_DISABLE | SS_AUTODISARM)) && s->ss_size >= GOS_NEED + frame_size;
}

/* One call of the system where the host has no stack, as mostly, and where its own does. */
static void stack_on(wsx_thread *self)
{
    stack_t hosts;
    self->exchanged = false;
    if (self->has_stack || (!self->alternate && !make_stack(self))) {
        if (sigaltstack(NULL, &hosts) || good_enough(&hosts)) return;
        self->has_stack = false;
        if (!self->alternate && !make_stack(self)) {
            self->hosts_stack = hosts; /* Go makes one, the first time, which goes again after the call */
            self->exchanged = true;
            return;
        }
    }
    stack_t ours = {.ss_sp = (char *)self->alternate + page_size, .ss_size = mapped_size - page_size};
    if (sigaltstack(&ours, &hosts)) return; /* the call comes from a handler that runs on the host's */
    if (good_enough(&hosts)) {
        sigaltstack(&hosts, NULL);
        self->has_stack = true;
        return;
    }
    self->hosts_stack = hosts;
    self->exchanged = true;
}

static void stack_off(wsx_thread *self)
{
    if (self->exchanged) sigaltstack(&self->hosts_stack, NULL);
}

void wsx_free_stack(wsx_thread *self)
{
    if (self->alternate) munmap(self->alternate, mapped_size);
    self->alternate = NULL;
}

/* ---- in and out ------------------------------------------------------------------------ */

static sigset_t blocked;

__attribute__((constructor(101))) static void make_mask(void)
{
    wsx_block_signals(&blocked);
    sigaddset(&blocked, SIGURG); /* Go stops threads of the host in no other way than by asking */
}

static void enter(wsx_thread *self)
{
    pthread_sigmask(SIG_SETMASK, &blocked, &self->mask);
    stack_on(self);
    self->inside = WSX_INSIDE;
}

static void leave(wsx_thread *self)
{
    self->inside = WSX_OUTSIDE;
    stack_off(self);
    pthread_sigmask(SIG_SETMASK, &self->mask, NULL);
}

extern void __real_crosscall2(void (*function)(void *), void *arguments, int size, size_t context);
void __wrap_crosscall2(void (*function)(void *), void *arguments, int size, size_t context);

void __wrap_crosscall2(void (*function)(void *), void *arguments, int size, size_t context)
{
    wsx_thread *self = wsx_self();
    if (self && self->inside) {
        __real_crosscall2(function, arguments, size, context);
    } else if (self) {
        enter(self);
        __real_crosscall2(function, arguments, size, context);
        leave(self);
    } else { /* no memory */
        sigset_t hosts;
        pthread_sigmask(SIG_SETMASK, &blocked, &hosts);
        __real_crosscall2(function, arguments, size, context);
        pthread_sigmask(SIG_SETMASK, &hosts, NULL);
    }
}

bool wsx_step_out(wsx_thread *self)
{
    if (!self || self->inside != WSX_INSIDE) {
        wsx_is_ours(self);
        return false;
    }
    leave(self);
    return true;
}

void wsx_step_in(wsx_thread *self, bool stepped)
{
    if (stepped) enter(self);
}
