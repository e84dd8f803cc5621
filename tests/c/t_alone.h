/* SPDX-License-Identifier: Apache-2.0 */
/* t_alone.h - for programs that load the library themselves, and so are without the kit. */
#ifndef T_ALONE_H
#define T_ALONE_H

#include <stdio.h>
#include <unistd.h>

#define CHECK(condition)                                                    \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            _exit(1);                                                       \
        }                                                                   \
    } while (0)

#endif
