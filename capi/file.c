/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * file.c - reads the files that calls name. In C, because a file may make its reader wait,
 * as a pipe does, and on a thread of the host that has to be with the host's signal mask.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "front.h"

/* Reads up to most bytes and one more, when there are more. Sets *error and returns NULL when
 * that fails; *opened: whether the file could be opened. */
static char *read_file(const char *path, size_t most, size_t *size, int *error, bool *opened)
{
    size_t room = 0, have = 0;
    ssize_t n = 0;
    char *data = NULL;
    int fd;
    do {
        fd = open(path, O_RDONLY | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    *error = errno;
    *opened = fd >= 0;
    if (fd < 0) return NULL;
    do {
        if (room - have < 1024) { /* never realloc, which may leave a copy of a key behind */
            char *larger = malloc(room = room ? 4 * room : 16384);
            if (larger && have) memcpy(larger, data, have);
            wsx_free_file(data, have);
            if (!(data = larger)) {
                errno = ENOMEM;
                n = -1;
                break;
            }
        }
        n = read(fd, data + have, room - have < most + 1 - have ? room - have : most + 1 - have);
        if (n > 0) have += (size_t)n;
    } while ((n > 0 && have <= most) || (n < 0 && errno == EINTR));
    *error = errno;
    close(fd);
    if (n < 0) {
        wsx_free_file(data, have);
        return NULL;
    }
    *size = have;
    return data;
}

char *wsx_read_file(const char *path, size_t most, size_t *size, int *error, bool *opened)
{
    wsx_thread *self = wsx_this_thread;
    bool stepped = wsx_step_out(self);
    char *data = read_file(path, most, size, error, opened);
    wsx_step_in(self, stepped);
    return data;
}

/* Keys are overwritten: the compiler must not see that nobody reads them after that. explicit_bzero() is
 * of glibc 2.25, newer than what the library wants. */
void wsx_free_file(char *data, size_t size)
{
    if (data) {
        memset(data, 0, size);
        __asm__ volatile("" : : "r"(data) : "memory");
    }
    free(data);
}
