/* SPDX-License-Identifier: Apache-2.0 */
//go:build !linux
/* gate_other.c - where no signal has to wait for the end of a call: a thread of the host goes into Go as it is. */
#include "thread.h"

bool wsx_step_out(wsx_thread *self)
{
    (void)self;
    return false;
}

void wsx_step_in(wsx_thread *self, bool stepped)
{
    (void)self, (void)stepped;
}

void wsx_guest_ends(wsx_guest *guest)
{
    (void)guest;
}
