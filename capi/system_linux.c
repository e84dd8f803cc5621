/* SPDX-License-Identifier: Apache-2.0 */
/* system_linux.c - system.h with glibc and musl. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "cancel.h"
#include "system.h"

const char *wsx_variable(const char *name, bool secure)
{
    return secure ? secure_getenv(name) : getenv(name);
}

void wsx_at_fork(void (*child)(void))
{
    pthread_atfork(NULL, NULL, child);
}

void *wsx_lasting(size_t size)
{
    return aligned_alloc(64, size);
}

/* One write for a line, so that those of several threads stay whole. Nobody reads what stderr leads to: that
 * is no reason for the SIGPIPE of a host. */
void wsx_write_line(const char *begin, const char *line)
{
    struct iovec parts[] = {{(char *)(uintptr_t)begin, strlen(begin)}, {(char *)(uintptr_t)line, strlen(line)}, {(char[]){'\n'}, 1}};
    sigset_t pipe, before, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    wsx_cancellation theirs = wsx_cancel_off();
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    sigpending(&pending);
    ssize_t written;
    while ((written = writev(2, parts, 3)) < 0 && errno == EINTR) {}
    if (written < 0 && errno == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    wsx_cancel_again(theirs);
}
