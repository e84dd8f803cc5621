/* SPDX-License-Identifier: Apache-2.0 */
/*
 * boot.c - living with a host: what happens around the start of the Go runtime,
 * after fork, and with host stacks that are not the system's.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
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
    static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGURG};
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
    wsx_take_faults();
}

/* ---- address space -----------------------------------------------------------
 * Under a small RLIMIT_AS the Go runtime ends the process while it starts. So it is
 * not started then: its entry runs between the two constructors and makes one thread,
 * which does all the rest. Linked with -Wl,--wrap=x_cgo_sys_thread_create. */

enum { ADDRESS_SPACE_MIB = 2048 }; /* it takes about 1.6 GB; the rest is for its heap and the host */

extern void __real_x_cgo_sys_thread_create(void *(*body)(void *), void *argument);
void __wrap_x_cgo_sys_thread_create(void *(*body)(void *), void *argument);

static int enough_address_space(void)
{
    size_t size = (size_t)ADDRESS_SPACE_MIB << 20;
    void *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p != MAP_FAILED && !munmap(p, size);
}

void __wrap_x_cgo_sys_thread_create(void *(*body)(void *), void *argument)
{
    if (enough_address_space()) __real_x_cgo_sys_thread_create(body, argument);
    else wsx_refusal = WS_ERR_MEMORY;
}

/* ---- refusals -----------------------------------------------------------------
 * Without the threads of Go a call would wait for ever. They do not exist in a
 * forked child, nor when they were not started. */

volatile int32_t wsx_refusal;

static void in_child(void)
{
    wsx_refusal = WS_ERR_FORKED;
}

int32_t wsx_refuse(void)
{
    if (wsx_refusal == WS_ERR_FORKED) return wsx_fail(WS_ERR_FORKED, "libws does not work in a child of fork(); exec first");
    return wsx_fail(wsx_refusal, "libws found less than %d MiB of address space when it was loaded (RLIMIT_AS, ulimit -v)",
                    ADDRESS_SPACE_MIB);
}

/* Linked after go.o, so it runs after Go's entry. */
__attribute__((constructor)) static void after_go(void)
{
    /* Go's packages initialise on a thread of their own. Waiting for them here keeps
     * them from working against what the host does first in main. */
    if (!wsx_refusal) wsgo_ready();
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
