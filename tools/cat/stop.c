/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "prompt.h"
#include "stop.h"

static atomic_int wanted;
static _Atomic ws_handle woken;

static void stop(void)
{
    if (wanted++) {
        prompt_close();
        _Exit(130);
    }
    ws_handle queue = woken;
    if (queue) ws_queue_wake(queue);
}

#if defined(_WIN32)
#include <windows.h>

static BOOL WINAPI on_control(DWORD what)
{
    (void)what;
    stop();
    return TRUE;
}

void stop_begin(void) { SetConsoleCtrlHandler(on_control, TRUE); }
#else
static void *wait_for_signals(void *of)
{
    sigset_t *signals = of;
    for (int received; !sigwait(signals, &received);) stop();
    return NULL;
}

void stop_begin(void)
{
    static sigset_t signals;
    pthread_t thread;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (pthread_create(&thread, NULL, wait_for_signals, &signals)) pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
    else pthread_detach(thread);
}
#endif

void stop_wakes(ws_handle queue) { woken = queue; }

int stop_wanted(void) { return wanted > 0; }
