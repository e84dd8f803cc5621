/* SPDX-License-Identifier: Apache-2.0 */
/* boot.c - living with a host: its environment, and stacks that are not the system's. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "front.h"
#include "system.h"

/* ---- environment ---------------------------------------------------------------
 * Read by C: Go sees only what the process was started with. */

int32_t wsx_default_engine(const char **unknown)
{
    const char *name = wsx_variable("WS_ENGINE", false);
    *unknown = NULL;
    if (!name || !name[0]) return WS_ENGINE_DEFAULT;
    if (!strcmp(name, "epoll")) return WS_ENGINE_EPOLL;
    if (!strcmp(name, "goroutine")) return WS_ENGINE_GOROUTINE;
    *unknown = name;
    return WS_ENGINE_DEFAULT;
}

/* ---- stack bounds -------------------------------------------------------------
 * A host that calls on a stack of its own (coroutines, some FFIs) makes the Go
 * runtime ask for the thread's bounds at every call, and on the main thread glibc
 * reads the process map for the answer: 80 us. The answer never changes, so it is
 * remembered. Linked with -Wl,--wrap=pthread_getattr_np. */
#if defined(__GLIBC__)
#include <sys/syscall.h>

extern int __real_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr);
int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *attr);

static _Atomic(void *) main_low;
static size_t main_size;

/* Two system calls, of which every call would pay. A thread of the host has its state. gettid() is of
 * glibc 2.30, and tests/abi/glibc.sh says that the library wants none so new. */
static bool has_id_of_process(void)
{
    return getpid() == (pid_t)syscall(SYS_gettid);
}

static bool on_main_thread(void)
{
    wsx_thread *self = wsx_this_thread;
    if (!self) return has_id_of_process();
    if (!self->place) self->place = has_id_of_process() ? WSX_ON_MAIN : WSX_ELSEWHERE;
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
