// SPDX-License-Identifier: Apache-2.0

//go:build !ws_invariants

// Package debug is where a build with the tag ws_invariants (WS_DEBUG_INVARIANTS of CMake) checks
// what tests/model/slot.pml asserts, and follows a trace of it. In all others it is nothing.
package debug

// On tells whether this is such a build.
const On = false

// Point is where a step of the model begins.
func Point(string) {}

// Broken tells of an invariant that does not hold, and does not return.
func Broken(string) {}
