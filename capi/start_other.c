/* SPDX-License-Identifier: Apache-2.0 */
//go:build !linux && !windows
/*
 * start_other.c - how the Go runtime is started where the linker has no --wrap: by the loader, on a thread of its
 * own. The first call waits for it.
 */
#include "exports.h"
#include "runtime.h"

int32_t wsx_launch(void)
{
    wsx_take_faults();
    wsgo_ready(); /* its packages have initialised */
    return WS_OK;
}
