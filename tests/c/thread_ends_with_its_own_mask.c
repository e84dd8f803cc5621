/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Destructors that run when a thread of the host ends have the signal mask that the thread
 * has then, not that of its first call into the library.
 */
#include "t.h"

#include <signal.h>

static pthread_key_t key;
static sigset_t at_end;

static void ends(void *unused)
{
    (void)unused;
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, NULL, &at_end), 0);
}

static void *call_and_end(void *unused)
{
    sigset_t first, last;
    sigemptyset(&first);
    sigaddset(&first, SIGUSR1);
    last = first;
    sigdelset(&last, SIGUSR1);
    sigaddset(&last, SIGUSR2);
    CHECK_EQ(pthread_setspecific(key, &key), 0);
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, &first, NULL), 0);
    OK(ws_destroy(t_client(NULL)));
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, &last, NULL), 0);
    return unused;
}

int main(void)
{
    pthread_t thread;
    OK(ws_init(NULL));
    CHECK_EQ(pthread_key_create(&key, ends), 0); /* after the keys of the library: its destructor is a later one */
    t_thread(&thread, call_and_end, NULL);
    t_join(thread);
    for (int s = 1; s < NSIG; s++) CHECK_EQ(sigismember(&at_end, s) > 0, s == SIGUSR2);
    return t_done();
}
