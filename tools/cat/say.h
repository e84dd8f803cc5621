/* SPDX-License-Identifier: Apache-2.0 */
/* say.h - what the program says on stderr, and the end of it when there is no memory. */
#ifndef CAT_SAY_H
#define CAT_SAY_H

#include <stdint.h>

extern const char *program; /* the name that it was called by, without directories */

#if defined(__GNUC__)
#define CAT_PRINTF __attribute__((format(printf, 1, 2)))
#else
#define CAT_PRINTF
#endif

/* A line on stderr, "libws-cat: ...". */
void say(const char *format, ...) CAT_PRINTF;

/* say, and STATUS_USAGE. */
int wrong(const char *format, ...) CAT_PRINTF;

/* p, which was just allocated, or the end of the program. */
void *need(void *p);

char *format_text(const char *format, ...) CAT_PRINTF; /* allocated */

int64_t now_us(void); /* of a clock that only goes forward */

#endif
