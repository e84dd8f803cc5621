/* SPDX-License-Identifier: Apache-2.0 */
/* system_windows.c - system.h on Windows. */
#include <malloc.h>
#include <string.h>
#include <windows.h>

#include "system.h"

/* That of the process, not the copy which some C library has made of it. */
const char *wsx_variable(const char *name, bool secure)
{
    static char values[2][200]; /* of the two variables that there are; every thread writes the same */
    char *value = values[name[sizeof "WS_" - 1] == 'L'];
    (void)secure; /* no program has rights that who starts it has not */
    DWORD size = GetEnvironmentVariableA(name, value, sizeof *values);
    return size && size < sizeof *values ? value : NULL;
}

void wsx_at_fork(void (*child)(void))
{
    (void)child; /* there is none */
}

void *wsx_lasting(size_t size)
{
    return _aligned_malloc(size, 64);
}

/* One write for a line, so that those of several threads stay whole. What is longer than any of ours is cut. */
void wsx_write_line(const char *begin, const char *line)
{
    char all[2048];
    size_t first = strlen(begin), rest = strlen(line);
    if (rest > sizeof all - first - 1) rest = sizeof all - first - 1;
    memcpy(all, begin, first);
    memcpy(all + first, line, rest);
    all[first + rest] = '\n';
    DWORD written;
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), all, (DWORD)(first + rest + 1), &written, NULL);
}
