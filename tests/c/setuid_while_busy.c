/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setuid() and its kind interrupt every thread of the process by a signal of libc's own,
 * which nobody can block: also threads that run Go. Its handler has SA_ONSTACK, so that it
 * does not run on a stack of Go where a thread has another one.
 */
#include "t_busy.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>

enum { TIMES = 1500 };

static atomic_bool stop;

static void *other(void *busy)
{
    while (!stop) t_busy_once(busy);
    return NULL;
}

/* sigaction() refuses the signal. musl has a handler only while it interrupts, and that says SA_ONSTACK itself. */
static void has_a_stack(void)
{
#if defined(__GLIBC__)
    struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        unsigned long mask;
    } action;
    enum { SIGSETXID = 33 };
    CHECK_EQ(syscall(SYS_rt_sigaction, SIGSETXID, NULL, &action, sizeof action.mask), 0);
    CHECK(action.flags & SA_ONSTACK);
#endif
}

int main(void)
{
    static t_busy here, there;
    pthread_t thread;
    t_busy_begin(&here);
    t_busy_begin(&there);
    has_a_stack();
    t_thread(&thread, other, &there);
    for (int i = 0; i < TIMES; i++) {
        CHECK_EQ(setresuid(getuid(), geteuid(), geteuid()), 0);
        if (i % 10 == 0) t_busy_once(&here);
    }
    stop = true;
    t_join(thread);
    t_busy_end(&here);
    t_busy_end(&there);
    return t_done();
}
