/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * lent.c - an alternate stack for signals, for the time in which a thread of the host is in Go.
 *
 * On arm64 Go's functions keep the frame pointer of their caller below the stack pointer, and when a large
 * frame begins the return address, too, for a moment: a handler on the same stack would write over both.
 * So a thread that has no alternate stack has ours meanwhile, for handlers with SA_ONSTACK, as that of
 * setuid() has. Elsewhere there is room enough below (cmake/GoRuntime.cmake).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "thread.h"

#if defined(__aarch64__)
void wsx_lend(wsx_lent *l)
{
    enum { LENT = 64 << 10, LEAST = 51 /* AT_MINSIGSTKSZ: what the kernel itself writes */ };
    if (!l->memory) {
        size_t size = LENT + ((getauxval(LEAST) + 4095) & ~4095ul);
        void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) return;
        l->memory = memory;
        l->size = size;
    }
    stack_t ours = {.ss_sp = l->memory, .ss_size = l->size}, hosts;
    if (sigaltstack(&ours, &hosts)) return; /* in a handler that runs on the host's */
    if (hosts.ss_flags & SS_DISABLE) l->set = true;
    else sigaltstack(&hosts, NULL);
}

void wsx_take_back(wsx_lent *l)
{
    stack_t none = {.ss_flags = SS_DISABLE};
    if (l->set) sigaltstack(&none, NULL);
    l->set = false;
}

void wsx_lent_ends(wsx_lent *l)
{
    if (l->memory) munmap(l->memory, l->size);
}
#else
void wsx_lend(wsx_lent *l) { (void)l; }
void wsx_take_back(wsx_lent *l) { (void)l; }
void wsx_lent_ends(wsx_lent *l) { (void)l; }
#endif

void wsx_guest_ends(wsx_guest *guest)
{
    wsx_lent_ends(&guest->lent);
}
