/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault_windows.c - faults belong to the host. Go's handler of exceptions passes on what did not happen in Go, and
 * we look at one place only: where a host's memory is touched before a call begins. The host's own vectored
 * handlers come first, those of its frames would come behind.
 */
#include <windows.h>

#include "front.h"

/* Reads a byte at every 4096 from at on, and the one at last. 1, or 0 by our handler. A leaf, so that the
 * handler may go on at its end: nothing is on the stack. */
extern int wsx_touch(const void *at, const void *last);
extern const char wsx_touch_ends[], wsx_touch_failed[];
__asm__(".text\n"
        "wsx_touch:\n"
        "1:\tmovzbl (%rcx), %eax\n"
        "\taddq $4096, %rcx\n"
        "\tcmpq %rdx, %rcx\n"
        "\tjb 1b\n"
        "\tmovzbl (%rdx), %eax\n"
        "\tmovl $1, %eax\n"
        "\tret\n"
        "wsx_touch_ends:\n"
        "wsx_touch_failed:\n"
        "\txorl %eax, %eax\n"
        "\tret\n");

static LONG NTAPI on_exception(EXCEPTION_POINTERS *e)
{
    DWORD code = e->ExceptionRecord->ExceptionCode;
    if (code != EXCEPTION_ACCESS_VIOLATION && code != EXCEPTION_IN_PAGE_ERROR) return EXCEPTION_CONTINUE_SEARCH;
    uintptr_t at = (uintptr_t)e->ContextRecord->Rip;
    if (at < (uintptr_t)wsx_touch || at >= (uintptr_t)wsx_touch_ends) return EXCEPTION_CONTINUE_SEARCH;
    e->ContextRecord->Rip = (DWORD64)(uintptr_t)wsx_touch_failed;
    return EXCEPTION_CONTINUE_EXECUTION;
}

void wsx_take_faults(void)
{
    static atomic_bool taken;
    if (!atomic_exchange(&taken, true)) AddVectoredExceptionHandler(0, on_exception);
}

bool wsx_readable(const void *data, size_t size, const char *name)
{
    enum { MOST_BITS = 46 };
    if (!size || size > (size_t)1 << MOST_BITS) return true; /* what is larger is refused unseen */
    if (wsx_touch(data, (const char *)data + size - 1)) return true;
    wsx_fail(WS_ERR_PARAMETER, "%s: not all of the %zu bytes at %p can be read", name, size, data);
    return false;
}
