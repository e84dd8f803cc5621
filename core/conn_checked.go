// SPDX-License-Identifier: Apache-2.0

//go:build checks

package core

import (
	"fmt"
	"slices"
)

const checking = true

// checkPhase panics when to may not follow.
func checkPhase(from, to phase) {
	if to != from && !slices.Contains(follows[from], to) {
		panic(fmt.Sprintf("phase %d follows %d", to, from))
	}
}
