/* SPDX-License-Identifier: Apache-2.0 */
/* frame.h - frames as C writes them: whole messages, without extensions (RFC 6455 5.2). */
#ifndef WSX_FRAME_H
#define WSX_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ASCII is UTF-8; Go checks all else. */
static inline bool wsx_ascii(const unsigned char *p, size_t n)
{
    uint64_t word, high = 0;
    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&word, p, 8);
        high |= word;
    }
    while (n--) high |= (uint64_t)*p++;
    return !(high & 0x8080808080808080ull);
}

/* Without a mask. */
static inline uint32_t wsx_header_size(size_t size)
{
    return size < 126 ? 2 : size <= UINT16_MAX ? 4 : 10;
}

/* Without the bit of the mask. */
static inline void wsx_write_header(uint8_t *p, size_t size, int32_t type)
{
    p[0] = (uint8_t)(0x80 | type);
    if (size < 126) {
        p[1] = (uint8_t)size;
    } else if (size <= UINT16_MAX) {
        p[1] = 126;
        p[2] = (uint8_t)(size >> 8);
        p[3] = (uint8_t)size;
    } else {
        p[1] = 127;
        for (int i = 0; i < 8; i++) p[2 + i] = (uint8_t)((uint64_t)size >> (56 - 8 * i));
    }
}

#endif
