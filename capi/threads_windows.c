/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads_windows.c - threads of the library. There is no reserve for the Go runtime: its own code makes them by
 * CreateThread, and ends the process when Windows refuses one twenty times (docs/platforms.md).
 */
#include <pthread.h>

#include "runtime.h"

_Atomic uint32_t wsx_threads_refused;

int wsx_start_thread(void *(*body)(void *), void *argument)
{
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int error = pthread_create(&thread, &detached, body, argument);
    pthread_attr_destroy(&detached);
    return error;
}

int wsx_threads_provide(uint32_t all, uint32_t *there)
{
    *there = all;
    return 0;
}

bool wsx_threads_short(void)
{
    return false;
}

void wsx_threads_in_child(void) {}
