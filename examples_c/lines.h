/* SPDX-License-Identifier: Apache-2.0 */
/* lines.h - getline(3), which the C library of Windows lacks. */
#ifndef LINES_H
#define LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#if defined(_WIN32)
static inline ssize_t getline(char **line, size_t *space, FILE *from)
{
    size_t n = 0;
    for (int c = 0; c != '\n' && (c = getc(from)) != EOF; (*line)[n] = 0) {
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
#endif

#endif
