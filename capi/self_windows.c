/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self_windows.c - which state is the calling thread's: in a slot of TlsAlloc, and the loader tells when a thread
 * ends. Not by keys of winpthreads, whose destructors would run our code with the loader locked; nor by FlsAlloc, whose
 * values are a fiber's, and end with it.
 */
#include <stdatomic.h>
#include <windows.h>

#include "await.h"
#include "thread.h"

static DWORD slot = TLS_OUT_OF_INDEXES; /* made when the DLL is loaded, which no other thread sees before */
static void (*_Atomic at_end)(wsx_thread *); /* the same for all, who write it at any time */

wsx_thread *wsx_current(void)
{
    DWORD error = GetLastError(); /* which TlsGetValue sets, and may be the host's */
    wsx_thread *t = slot == TLS_OUT_OF_INDEXES ? NULL : TlsGetValue(slot);
    SetLastError(error);
    return t;
}

bool wsx_own(wsx_thread *t, void (*ends)(wsx_thread *))
{
    atomic_store_explicit(&at_end, ends, memory_order_relaxed);
    return slot != TLS_OUT_OF_INDEXES && TlsSetValue(slot, t);
}

static _Atomic(wsx_thread *) over; /* those that have ended, until wsx_reap */

void wsx_reap(void)
{
    if (!atomic_load_explicit(&over, memory_order_relaxed)) return;
    for (wsx_thread *t = atomic_exchange(&over, NULL), *next; t; t = next) {
        next = t->guest.next;
        atomic_load_explicit(&at_end, memory_order_relaxed)(t);
    }
}

/* Under the loader's lock: no lock of ours that may be held while Go is called, since Go may wait for a thread that
 * waits for the loader. That of the waiters is none of these. At the end of the process nothing is given back: other threads are gone, wherever they were. */
static void NTAPI on_loader(void *module, DWORD reason, void *ending)
{
    (void)module;
    if (reason == DLL_PROCESS_ATTACH) slot = TlsAlloc();
    if (reason == DLL_PROCESS_DETACH && !ending && slot != TLS_OUT_OF_INDEXES) TlsFree(slot);
    wsx_thread *t = reason == DLL_THREAD_DETACH && slot != TLS_OUT_OF_INDEXES ? TlsGetValue(slot) : NULL;
    if (!t) return;
    TlsSetValue(slot, NULL);
    bool dispatched = t->ends;
    wsx_thread *before = atomic_load(&over);
    do t->guest.next = before;
    while (!atomic_compare_exchange_weak(&over, &before, t));
    if (dispatched && atomic_load(&wsx_waiters)) wsx_tell_work(NULL, NULL); /* what it has left is anybody's */
}

__attribute__((section(".CRT$XLC"), used)) static const PIMAGE_TLS_CALLBACK callback = on_loader;
