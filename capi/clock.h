/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h - the clock that nobody sets. */
#ifndef WSX_CLOCK_H
#define WSX_CLOCK_H

#include <stdint.h>
#include <time.h>

/* ns */
static inline int64_t wsx_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* The time in so many ms, which are not negative. */
static inline struct timespec wsx_in(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += (time_t)(ms / 1000);
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

#endif
