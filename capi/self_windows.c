/* SPDX-License-Identifier: Apache-2.0 */
/*
 * self_windows.c - which state is the calling thread's: in a slot of TlsAlloc, and the loader tells when a thread
 * ends. Not by keys of winpthreads, which share their threads with a copy of it in the host; nor by FlsAlloc, whose
 * values are a fiber's, and end with it.
 */
#include <windows.h>

#include "thread.h"

static DWORD slot = TLS_OUT_OF_INDEXES; /* made when the DLL is loaded, which no other thread sees before */
static void (*at_end)(wsx_thread *);    /* the same for all */

wsx_thread *wsx_current(void)
{
    DWORD error = GetLastError(); /* which TlsGetValue sets, and may be the host's */
    wsx_thread *t = slot == TLS_OUT_OF_INDEXES ? NULL : TlsGetValue(slot);
    SetLastError(error);
    return t;
}

bool wsx_own(wsx_thread *t, void (*ends)(wsx_thread *))
{
    at_end = ends;
    return slot != TLS_OUT_OF_INDEXES && TlsSetValue(slot, t);
}

/* Under the loader's lock. At the end of the process nothing is given back: other threads are gone, wherever they were. */
static void NTAPI on_loader(void *module, DWORD reason, void *ending)
{
    (void)module;
    if (reason == DLL_PROCESS_ATTACH) slot = TlsAlloc();
    if (reason == DLL_PROCESS_DETACH && !ending && slot != TLS_OUT_OF_INDEXES) TlsFree(slot);
    wsx_thread *t = reason == DLL_THREAD_DETACH && slot != TLS_OUT_OF_INDEXES ? TlsGetValue(slot) : NULL;
    if (!t) return;
    TlsSetValue(slot, NULL);
    at_end(t);
}

__attribute__((section(".CRT$XLC"), used)) static const PIMAGE_TLS_CALLBACK callback = on_loader;
