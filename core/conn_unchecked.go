// SPDX-License-Identifier: Apache-2.0

//go:build !checks

package core

// checking: phases are looked at as they change, and locks as they are taken. Tests are built
// with the tag "checks"; without it nothing of that is left.
const checking = false

func checkPhase(phase, phase) {}
