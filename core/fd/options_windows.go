// SPDX-License-Identifier: Apache-2.0

package fd

import "syscall"

// Binds: this system knows nothing of Options.
const Binds = false

// Adopt takes over nothing here.
func Adopt(int, Options) (Stream, error) { return nil, errLow }

// Exhausted: handles are as many as there is memory for.
func Exhausted() syscall.Errno { return 0 }

// Connected knows no sockets by number.
func Connected(int) bool { return false }
