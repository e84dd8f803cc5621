/* SPDX-License-Identifier: Apache-2.0 */
//go:build !windows
/* self_posix.c - which state is the calling thread's. */
#include <pthread.h>
#include <stdatomic.h>

#include "thread.h"

/* One pointer only: the thread-local block has to fit into the loader's static surplus. */
WSX_TLS wsx_thread *wsx_this_thread;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int key_failed;
static void (*_Atomic at_end)(wsx_thread *); /* the same for all, who write it at any time */

static void thread_ends(void *t)
{
    wsx_this_thread = NULL;
    atomic_load_explicit(&at_end, memory_order_relaxed)(t);
}

static void make_key(void)
{
    key_failed = pthread_key_create(&key, thread_ends);
}

bool wsx_own(wsx_thread *t, void (*ends)(wsx_thread *))
{
    atomic_store_explicit(&at_end, ends, memory_order_relaxed);
    pthread_once(&once, make_key);
    if (key_failed || pthread_setspecific(key, t)) return false;
    wsx_this_thread = t;
    return true;
}
