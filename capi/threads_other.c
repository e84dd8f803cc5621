/* SPDX-License-Identifier: Apache-2.0 */
//go:build !linux && !windows
/*
 * threads_other.c - threads of the library where the linker has no --wrap, so that the Go runtime makes its own, and
 * ends the process when the system refuses one (docs/platforms.md).
 */
#include <pthread.h>
#include <signal.h>

#include "runtime.h"

_Atomic uint32_t wsx_threads_refused;

/* No handler of the host ever runs on a thread that the library makes itself. */
int wsx_start_thread(void *(*body)(void *), void *argument)
{
    static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGURG};
    sigset_t ours, hosts;
    sigfillset(&ours);
    for (unsigned i = 0; i < sizeof open / sizeof *open; i++) sigdelset(&ours, open[i]);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    pthread_sigmask(SIG_SETMASK, &ours, &hosts);
    int error = pthread_create(&thread, &detached, body, argument);
    pthread_sigmask(SIG_SETMASK, &hosts, NULL);
    pthread_attr_destroy(&detached);
    return error;
}

int wsx_threads_provide(uint32_t all, uint32_t *there)
{
    *there = all;
    return 0;
}

bool wsx_threads_short(void)
{
    return false;
}

void wsx_threads_in_child(void) {}
