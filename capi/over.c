/* SPDX-License-Identifier: Apache-2.0 */
/* over.c - waits for the end of the library; here and not in Go, where signals are blocked. */
#define _GNU_SOURCE
#include <pthread.h>

#include "clock.h"
#include "debug.h"
#include "runtime.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static bool over; /* guarded by mutex */

/* Nobody waits for a time of day. pthread_cond_clockwait would need none of this; not every libc has it. */
__attribute__((constructor)) static void make_condition(void)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attr);
    pthread_condattr_destroy(&attr);
}

void wsx_tell_over(void)
{
    WSX_DEBUG(wsx_debug_over());
    pthread_mutex_lock(&mutex);
    over = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void unlock(void *m)
{
    pthread_mutex_unlock(m);
}

bool wsx_wait_over(int64_t timeout_ms)
{
    const bool for_ever = timeout_ms < 0 || timeout_ms > INT32_MAX * (int64_t)1000; /* 68 years, too */
    struct timespec end = wsx_in(for_ever ? 0 : timeout_ms);
    bool is;
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex); /* a wait is a point of cancellation */
    int late = 0;
    while (!over && !late)
        late = for_ever ? pthread_cond_wait(&changed, &mutex)
                        : pthread_cond_timedwait(&changed, &mutex, &end);
    is = over;
    pthread_cleanup_pop(1);
    return is;
}
