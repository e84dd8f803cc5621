/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h - getdelim(3) and getline(3), which the C library of Windows lacks. */
#ifndef CAT_LINES_H
#define CAT_LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#if defined(_WIN32)
static inline ssize_t get_until(char **line, size_t *space, int end, FILE *from)
{
    size_t n = 0;
    for (int c = ~end; c != end && (c = getc(from)) != EOF; (*line)[n] = 0) {
        if (n + 2 > *space) {
            char *larger = realloc(*line, 2 * n + 128);
            if (!larger) return -1;
            *line = larger;
            *space = 2 * n + 128;
        }
        (*line)[n++] = (char)c;
    }
    return n ? (ssize_t)n : -1;
}
#else
static inline ssize_t get_until(char **line, size_t *space, int end, FILE *from) { return getdelim(line, space, end, from); }
#endif

#endif
