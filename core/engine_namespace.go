// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/fault"

// A thread of Linux may be in a network namespace of its own. Sockets are made, and names of interfaces
// looked up, in one namespace only, whichever thread of the host calls: that of the library's
// threads, which is that of the thread of the first call. Who connects or accepts does so on
// threads of the library anyway.

// onOwnThread runs f on a thread of the library, and waits for it. Any thread.
func (e *Engine) onOwnThread(what string, f func() *fault.Error) *fault.Error {
	result := make(chan *fault.Error, 1)
	go func() {
		defer e.guard(what, func(why *fault.Error) { result <- why })
		result <- f()
	}()
	//lint:ignore S1000 the simulator waits in a select only
	select {
	case why := <-result:
		return why
	}
}
