/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start_windows.c - how the Go runtime is started.
 *
 * When the DLL is loaded Go's entry wants a thread made for the rest of its work: it comes to
 * __wrap_x_cgo_sys_thread_create, and all that happens in DllMain is that the body is remembered. Linked with
 * -Wl,--wrap=x_cgo_sys_thread_create. cmake/GoRuntimeWindows.cmake has what the runtime leaves alone here.
 */
#include <windows.h>

#include "exports.h"
#include "runtime.h"
#include "thread.h"

typedef unsigned long(__stdcall *go_thread)(void *);

void __wrap_x_cgo_sys_thread_create(go_thread body, void *argument);

static go_thread go_body; /* starts the runtime; returns never */

void __wrap_x_cgo_sys_thread_create(go_thread body, void *argument)
{
    (void)argument;
    go_body = body;
}

/* Not inside DllMain of anybody: the new thread would wait for that, which waits for it (docs/platforms.md). */
int32_t wsx_launch(void)
{
    if (!go_body) return wsx_fail(WS_ERR_STATE, "libws was called before the loader had made it ready");
    HMODULE own; /* Go never ends: from here on FreeLibrary does nothing */
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN, (const wchar_t *)(uintptr_t)wsx_launch, &own);
    HANDLE thread = CreateThread(NULL, 0, go_body, NULL, 0, NULL);
    if (!thread)
        return wsx_fail(WS_ERR_UNKNOWN, "making the thread that the runtime begins on: Windows error %lu", GetLastError());
    CloseHandle(thread);
    wsx_take_faults();
    wsgo_ready(); /* its packages have initialised */
    return WS_OK;
}
