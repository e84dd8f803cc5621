/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_refusals.h - a system that refuses threads: this program's pthread_create stands before
 * that of libc, also for the library. Included by one file of a test.
 */
#ifndef T_REFUSALS_H
#define T_REFUSALS_H

#include "t.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <sys/wait.h>

/* How many threads the system still gives. */
static atomic_int t_threads_left = 1 << 30;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument)
{
    static int (*of_libc)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!of_libc) *(void **)&of_libc = dlsym(RTLD_NEXT, "pthread_create");
    if (atomic_fetch_sub(&t_threads_left, 1) <= 0) {
        t_threads_left = 0;
        return EAGAIN;
    }
    return of_libc(thread, attributes, body, argument);
}

/* Runs body in a child, which has T_DEADLINE_MS. */
static inline void t_in_child(const char *what, int n, int (*body)(int))
{
    int status;
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        alarm(T_DEADLINE_MS / 1000);
        _exit(body(n));
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    if (status) FAIL("%s %d: status %#x", what, n, status);
}

#endif
