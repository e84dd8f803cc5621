/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot.c - living with a host: what happens around the start of the Go runtime,
 * after fork, and with host stacks that are not the system's.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "internal.h"

/* ---- signal guard -----------------------------------------------------------
 * Go's library entry runs between these two constructors and starts threads that
 * inherit the mask. So no handler of the host ever runs on a thread of ours; the
 * synchronous signals and SIGURG, which Go sends itself, stay open. */

static sigset_t host_mask;

void wsx_block_signals(sigset_t *set)
{
    static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGURG};
    sigfillset(set);
    for (unsigned i = 0; i < sizeof open / sizeof *open; i++) sigdelset(set, open[i]);
}

/* ---- descriptor limit -------------------------------------------------------
 * Go's package os raises the soft limit in its init. It is the host's: a host that
 * uses select must not get descriptors above 1023 that it did not ask for. */

static struct rlimit host_files;
static int host_files_known;

__attribute__((constructor(101))) static void before_go(void)
{
    host_files_known = getrlimit(RLIMIT_NOFILE, &host_files) == 0;
    sigset_t blocked;
    wsx_block_signals(&blocked);
    pthread_sigmask(SIG_SETMASK, &blocked, &host_mask);
}

/* ---- fork guard -------------------------------------------------------------
 * Go's threads do not exist in a forked child: a call would wait for ever. */

volatile int wsx_forked;

static void in_child(void)
{
    wsx_forked = 1;
}

/* Linked after go.o, so it runs after Go's entry. */
__attribute__((constructor)) static void after_go(void)
{
    /* Go's packages initialise on a thread of their own. Waiting for them here keeps
     * them from working against what the host does first in main. */
    wsgo_ready();
    if (host_files_known) setrlimit(RLIMIT_NOFILE, &host_files);
    pthread_sigmask(SIG_SETMASK, &host_mask, NULL);
    pthread_atfork(NULL, NULL, in_child);
}

/* ---- environment ---------------------------------------------------------------
 * Read by C: Go sees only what the process was started with. */

int32_t wsx_default_engine(void)
{
    const char *name = getenv("WS_ENGINE");
    if (name && !strcmp(name, "epoll")) return WS_ENGINE_EPOLL;
    if (name && !strcmp(name, "goroutine")) return WS_ENGINE_GOROUTINE;
    return WS_ENGINE_DEFAULT;
}

/* ---- stack bounds -------------------------------------------------------------
 * A host that calls on a stack of its own (coroutines, some FFIs) makes the Go
 * runtime ask for the thread's bounds at every call, and on the main thread glibc
 * reads the process map for the answer: 80 us. The answer never changes, so it is
 * remembered. Linked with -Wl,--wrap=pthread_getattr_np. */
#if defined(__GLIBC__)
extern int __real_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr);
int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr);

static _Atomic(void *) main_low;
static size_t main_size;

/* Two system calls, of which every call would pay. A thread of the host has its state. */
static bool on_main_thread(void)
{
    wsx_thread *self = wsx_this_thread;
    if (!self) return getpid() == gettid();
    if (!self->place) self->place = getpid() == gettid() ? WSX_ON_MAIN : WSX_ELSEWHERE;
    return self->place == WSX_ON_MAIN;
}

int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr)
{
    if (!on_main_thread() || !pthread_equal(thread, pthread_self())) return __real_pthread_getattr_np(thread, attr);
    void *low = atomic_load_explicit(&main_low, memory_order_acquire);
    if (low) {
        int failed = pthread_attr_init(attr);
        return failed ? failed : pthread_attr_setstack(attr, low, main_size);
    }
    size_t size;
    int failed = __real_pthread_getattr_np(thread, attr);
    if (!failed && !pthread_attr_getstack(attr, &low, &size)) {
        main_size = size;
        atomic_store_explicit(&main_low, low, memory_order_release);
    }
    return failed;
}
#endif
