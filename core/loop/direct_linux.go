// SPDX-License-Identifier: Apache-2.0

package loop

// Direct is the number of the descriptor, which others may write to in the way of Write
// under the same lock; false: there is none, or Write does more than one system call.
func (s *Socket) Direct() (descriptor int32, ok bool) { return int32(s.fd), s.loop != nil }
