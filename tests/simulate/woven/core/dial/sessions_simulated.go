// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package dial

import "crypto/tls"

// ForgetSessions makes the next world begin without what the last one has left.
func ForgetSessions() { resumable = tls.NewLRUClientSessionCache(maxSessions) }
