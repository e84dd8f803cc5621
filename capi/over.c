/* SPDX-License-Identifier: Apache-2.0 */
/* over.c - waits for the end of the library; here and not in Go, where signals are blocked. */
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>

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
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    const bool for_ever = timeout_ms < 0 || timeout_ms > INT32_MAX * (int64_t)1000; /* 68 years, too */
    if (!for_ever) {
        end.tv_sec += (time_t)(timeout_ms / 1000);
        end.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
        if (end.tv_nsec >= 1000000000) {
            end.tv_sec++;
            end.tv_nsec -= 1000000000;
        }
    }
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
