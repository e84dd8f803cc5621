/* SPDX-License-Identifier: Apache-2.0 */
//go:build !linux && !windows
/* system_other.c - system.h on macOS and the BSDs. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cancel.h"
#include "system.h"

const char *wsx_variable(const char *name, bool secure)
{
    return secure && issetugid() ? NULL : getenv(name);
}

void wsx_at_fork(void (*child)(void))
{
    pthread_atfork(NULL, NULL, child);
}

void *wsx_lasting(size_t size)
{
    return aligned_alloc(64, size);
}

/* As on Linux, without sigtimedwait, which is not everywhere. */
void wsx_write_line(const char *begin, const char *line)
{
    struct iovec parts[] = {{(char *)(uintptr_t)begin, strlen(begin)}, {(char *)(uintptr_t)line, strlen(line)}, {(char[]){'\n'}, 1}};
    sigset_t pipe, before, earlier, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    wsx_cancellation theirs = wsx_cancel_off();
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    sigpending(&earlier);
    ssize_t written;
    while ((written = writev(2, parts, 3)) < 0 && errno == EINTR) {}
    int number;
    if (written < 0 && errno == EPIPE && !sigismember(&earlier, SIGPIPE) && !sigpending(&pending) && sigismember(&pending, SIGPIPE))
        sigwait(&pipe, &number);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    wsx_cancel_again(theirs);
}
