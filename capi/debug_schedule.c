/* SPDX-License-Identifier: Apache-2.0 */
/* debug_schedule.c - for now: no schedule. */
#include "debug.h"

#ifdef WS_DEBUG_INVARIANTS
void wsx_point(const char *name) { (void)name; }
#endif
