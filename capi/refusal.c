/* SPDX-License-Identifier: Apache-2.0 */
/* refusal.c - why no call is let into the library now; start.c and threads.c set it. */
#include "runtime.h"
#include "thread.h"

_Atomic int32_t wsx_refusal;

int32_t wsx_refuse(void)
{
    if (wsx_refusal == WS_ERR_MEMORY)
        return wsx_fail(WS_ERR_MEMORY, "the system refuses a thread that libws needs; it tries again");
    return wsx_fail(WS_ERR_FORKED, "libws does not work in a child of fork() when its parent has used it; exec first");
}
