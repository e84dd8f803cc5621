/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call leaves the signal mask of the calling thread as it is, whatever it
 * blocks, also at the first call of a thread. Signals that are faults, and SIGURG,
 * which Go sends itself, may be open.
 */
#include "t.h"

#include <signal.h>

static int may_differ(int number)
{
    static const int open[] = {SIGSEGV, SIGBUS,    SIGFPE, SIGILL,  SIGTRAP, SIGABRT, SIGSYS,
                               /* the last ones are libc's */
                               SIGURG,  SIGSTKFLT, SIGKILL, SIGSTOP, 32,      33,      34};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (open[i] == number) return 1;
    return 0;
}

static void use(void)
{
    static _Thread_local int32_t state;
    ws_handle client = ws_create(NULL);
    CHECK(client);
    OK(ws_state(client, &state));
    OK(ws_connect(client, "ws://127.0.0.1:1/", NULL, NULL, NULL));
    int32_t sent = ws_send(client, "x", 1, WS_TEXT, NULL, NULL);
    CHECK(sent == WS_OK || sent == WS_ERR_STATE); /* the attempt may have failed by now */
    OK(ws_destroy(client));
}

static void *thread_with_mask(void *mask)
{
    sigset_t now;
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, mask, NULL), 0);
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, NULL, mask), 0); /* without what nobody can block */
    for (int i = 0; i < 3; i++) {
        use();
        CHECK_EQ(pthread_sigmask(SIG_SETMASK, NULL, &now), 0);
        for (int s = 1; s < NSIG; s++)
            if (sigismember(mask, s) != sigismember(&now, s) && !may_differ(s))
                FAIL("signal %d is %s after a call", s, sigismember(&now, s) ? "blocked" : "not blocked");
    }
    return NULL;
}

int main(void)
{
    sigset_t mask;
    pthread_t thread;
    sigemptyset(&mask);
    t_thread(&thread, thread_with_mask, &mask);
    t_join(thread);
    for (int only = 1; only <= SIGSYS; only++) { /* each signal alone */
        sigemptyset(&mask);
        sigaddset(&mask, only);
        t_thread(&thread, thread_with_mask, &mask);
        t_join(thread);
    }
    sigfillset(&mask);
    t_thread(&thread, thread_with_mask, &mask);
    t_join(thread);
    thread_with_mask(&mask); /* main */
    return t_done();
}
