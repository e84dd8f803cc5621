// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package loop

// Await does nothing here: In is reported for any byte.
func (s *Socket) Await(int) {}
