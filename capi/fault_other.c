/* SPDX-License-Identifier: Apache-2.0 */
//go:build !linux && !windows
/* fault_other.c - faults belong to the host: one in its memory is raised here, before anything has begun. */
#include "front.h"
#include "runtime.h"

void wsx_take_faults(void) {}

bool wsx_readable(const void *data, size_t size, const char *name)
{
    enum { STEP = 4096, MOST_BITS = 46 }; /* what is larger is refused unseen; no system has smaller pages */
    const volatile unsigned char *at = data, *last = at + size - 1;
    (void)name;
    if (!size || size > (size_t)1 << MOST_BITS) return true;
    for (; (size_t)(last - at) >= STEP; at += STEP) (void)*at;
    (void)*at;
    (void)*last;
    return true;
}
