/* SPDX-License-Identifier: Apache-2.0 */
/* stderr.c - the log of a host that has none, when who starts it asks for one by WS_LOG. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "cancel.h"
#include "front.h"

static const char *const names[] = {"", "error", "warn", "info", "debug"}; /* by WS_LOG_ */

/* Not in a program that runs with rights of its own: its stderr may be somebody else's. */
int32_t wsx_wanted_log(const char **unknown)
{
    const char *wanted = secure_getenv("WS_LOG");
    *unknown = NULL;
    if (!wanted || !wanted[0]) return 0;
    for (int32_t level = WS_LOG_ERROR; level <= WS_LOG_DEBUG; level++)
        if (!strcmp(wanted, names[level])) return level;
    *unknown = wanted;
    return WS_LOG_WARN;
}

/* One write for a line, so that those of several threads stay whole. Nobody reads what stderr leads to: that
 * is no reason for the SIGPIPE of a host. */
void WS_CALL wsx_log_to_stderr(int32_t level, const char *line, void *unused)
{
    (void)unused;
    char begin[16];
    strcat(strcat(strcpy(begin, "libws "), names[level]), ": ");
    struct iovec parts[] = {{begin, strlen(begin)}, {(char *)(uintptr_t)line, strlen(line)}, {(char[]){'\n'}, 1}};
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
