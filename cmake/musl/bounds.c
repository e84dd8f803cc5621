/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bounds.c - where the stack of a thread lies, which Go asks of glibc and bionic only. Elsewhere
 * it takes 32 KiB below the caller for it, anew at each call from C, which makes a call half as
 * dear again. Linked with -Wl,--wrap=x_cgo_getstackbound.
 *
 * Of the first thread musl knows only what is mapped now. Half of what it may grow to is told,
 * since arguments and environment lie above; and it is remembered, as musl looks for it page by
 * page. Below that half Go goes on as it did before.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma GCC visibility push(hidden)
void __wrap_x_cgo_getstackbound(uintptr_t bounds[2]);
#pragma GCC visibility pop

/* Leaves bounds alone when libc does not know. */
static int stack_of_this_thread(uintptr_t bounds[2])
{
    pthread_attr_t attr;
    void *low;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attr)) return 0;
    int found = !pthread_attr_getstack(&attr, &low, &size);
    pthread_attr_destroy(&attr);
    if (!found) return 0;
    bounds[0] = (uintptr_t)low;
    bounds[1] = (uintptr_t)low + size;
    return 1;
}

void __wrap_x_cgo_getstackbound(uintptr_t bounds[2])
{
    static _Atomic(uintptr_t) first, high, low; /* the first thread; written last, and by itself */
    uintptr_t self = (uintptr_t)pthread_self();
    bounds[0] = bounds[1] = 0;
    if (first == self) {
        bounds[0] = low;
        bounds[1] = high;
        return;
    }
    if (getpid() != (pid_t)syscall(SYS_gettid)) {
        stack_of_this_thread(bounds);
        return;
    }
    struct rlimit limit;
    size_t most = (size_t)8 << 20;
    if (getrlimit(RLIMIT_STACK, &limit) || !stack_of_this_thread(bounds)) return;
    if (limit.rlim_cur < most) most = limit.rlim_cur;
    bounds[0] = bounds[1] - most / 2;
    low = bounds[0];
    high = bounds[1];
    first = self;
}
