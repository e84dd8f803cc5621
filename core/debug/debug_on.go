// SPDX-License-Identifier: Apache-2.0

//go:build ws_invariants

// Package debug is where a build with the tag ws_invariants (WS_DEBUG_INVARIANTS of CMake) checks
// what tests/model/slot.pml asserts, and follows a trace of it. In all others it is nothing.
package debug

// On tells whether this is such a build.
const On = true

// Step and Stop are the host's; set before anything starts. nil: there is none.
var (
	Step func(name string)
	Stop func(what string)
)

// Point is where a step of the model begins: it waits for its turn when there is a schedule.
func Point(name string) {
	if Step != nil {
		Step(name)
	}
}

// Broken tells of an invariant that does not hold, and does not return.
func Broken(what string) {
	if Stop != nil {
		Stop(what)
	}
	panic("an invariant of tests/model/slot.pml does not hold: " + what)
}
