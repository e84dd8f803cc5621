// SPDX-License-Identifier: Apache-2.0

//go:build ws_invariants

package main

/*
#include <debug.h>

static void wsx_debug_broken(const char *what) { wsx_broken(what, "core"); }
*/
import "C"

import "libws/core/debug"

func init() {
	debug.Step = func(name string) { C.wsx_point((*C.char)(cText(name))) }
	debug.Stop = func(what string) { C.wsx_debug_broken((*C.char)(cText(what))) }
}
