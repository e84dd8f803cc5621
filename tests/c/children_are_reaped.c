/* SPDX-License-Identifier: Apache-2.0 */
/* A host that reaps its children in a plain handler of SIGCHLD, while it calls. */
#include "t_busy.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

enum { CHILDREN = 150 };

static volatile sig_atomic_t reaped;

static void reap(int number)
{
    (void)number;
    int before = errno;
    volatile char line[4096]; /* as a host that notes who has ended */
    for (size_t i = 0; i < sizeof line; i++) line[i] = (char)0xee;
    while (waitpid(-1, NULL, WNOHANG) > 0) reaped = reaped + 1;
    errno = before;
}

int main(void)
{
    static t_busy busy;
    t_busy_begin(&busy);
    signal(SIGCHLD, reap);
    for (int i = 0; i < CHILDREN; i++) {
        pid_t pid = vfork();
        CHECK(pid >= 0);
        if (!pid) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(127);
        }
        for (int k = 0; k < 10; k++) t_busy_once(&busy);
    }
    T_UNTIL_SO(reaped == CHILDREN);
    t_busy_end(&busy);
    return t_done();
}
