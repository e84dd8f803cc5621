/* SPDX-License-Identifier: Apache-2.0 */
/* copy.h - memcpy for what is mostly short. */
#ifndef WSX_COPY_H
#define WSX_COPY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Up to here without a call: a frame with a header of two bytes, as nearly all are. */
enum { WSX_SHORT_MAX = 125 };

/* memcpy, for which short data is not worth a call. */
static inline __attribute__((always_inline)) void wsx_copy(uint8_t *to, const uint8_t *from, size_t size)
{
    if (size > WSX_SHORT_MAX) {
        memcpy(to, from, size);
    } else if (size >= 32) { /* the last step may copy again what the one before it has copied */
        for (size_t at = 0; at < size - 32; at += 32) memcpy(to + at, from + at, 32);
        memcpy(to + size - 32, from + size - 32, 32);
    } else if (size >= 16) {
        memcpy(to, from, 16);
        memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else {
        for (size_t at = 0; at < size; at++) to[at] = from[at];
    }
}

#endif
