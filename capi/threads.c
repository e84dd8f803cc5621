/* SPDX-License-Identifier: Apache-2.0 */
/* threads.c - threads of the library: how they are made, and which signals they block. */
#include "internal.h"

/* No handler of the host ever runs on a thread of ours: the synchronous signals and
 * SIGURG, which Go sends itself, stay open. */
static void block_signals(sigset_t *set)
{
    static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGURG};
    sigfillset(set);
    for (unsigned i = 0; i < sizeof open / sizeof *open; i++) sigdelset(set, open[i]);
}

int wsx_start_thread(void *(*body)(void *), void *argument)
{
    sigset_t ours, hosts;
    block_signals(&ours);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    pthread_sigmask(SIG_SETMASK, &ours, &hosts); /* a thread begins with its maker's mask */
    int error = pthread_create(&thread, &detached, body, argument);
    pthread_sigmask(SIG_SETMASK, &hosts, NULL);
    pthread_attr_destroy(&detached);
    return error;
}
