/* SPDX-License-Identifier: Apache-2.0 */
/* Threads with stacks of 64 KiB, or the least that libc allows (128 for glibc on arm64), as of programs with
 * thousands of them, may call everything. */
#include "t_busy.h"

enum { THREADS = 8, ROUNDS = 30, STACK = 64 << 10 };

static void *use(void *busy)
{
    for (int i = 0; i < ROUNDS; i++) t_busy_once(busy);
    return NULL;
}

int main(void)
{
    static t_busy busy[THREADS];
    pthread_t threads[THREADS];
    pthread_attr_t small;
    CHECK_EQ(pthread_attr_init(&small), 0);
    long least = sysconf(_SC_THREAD_STACK_MIN);
    CHECK_EQ(pthread_attr_setstacksize(&small, least > STACK ? (size_t)least : STACK), 0);
    for (int i = 0; i < THREADS; i++) {
        t_busy_begin(&busy[i]);
        CHECK_EQ(pthread_create(&threads[i], &small, use, &busy[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        t_join(threads[i]);
        t_busy_end(&busy[i]);
    }
    return t_done();
}
