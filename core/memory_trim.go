// SPDX-License-Identifier: Apache-2.0

package core

import "time"

// trimTime is how long the pool keeps memory that nobody needs, at least; at most it is
// twice that.
const trimTime = time.Second

// trimLater gives back to the system what is not needed until then. Any thread, whatever
// locks it holds.
func (e *Engine) trimLater() { time.AfterFunc(trimTime, e.trim) }

func (e *Engine) trim() {
	defer e.guard("trimming the pool", nil)
	if e.pool.Trim() {
		e.trimLater()
	}
}
