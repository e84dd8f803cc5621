/* SPDX-License-Identifier: Apache-2.0 */
/* over.c - waits for the end of the library; here and not in Go, where signals are blocked. */
#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>

#include "runtime.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool over; /* guarded by mutex */

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
    int late = 0;
    bool is;
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex); /* a wait is a point of cancellation */
    while (!over && !late)
        late = for_ever ? pthread_cond_wait(&changed, &mutex)
                        : pthread_cond_clockwait(&changed, &mutex, CLOCK_MONOTONIC, &end);
    is = over;
    pthread_cleanup_pop(1);
    return is;
}
