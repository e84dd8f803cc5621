// SPDX-License-Identifier: Apache-2.0

//go:build checks

package core

import (
	"fmt"
	"slices"
)

const checking = true

// checkPhase panics when p may not follow.
func (c *Conn) checkPhase(p phase) {
	if p != c.phase && !slices.Contains(follows[c.phase], p) {
		panic(fmt.Sprintf("phase %d follows %d", p, c.phase))
	}
}
