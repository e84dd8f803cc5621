// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package loop

// TellsUnacked says that this system does not.
const TellsUnacked = false

// Unacked is not known here.
func (s *Socket) Unacked() (int, bool) { return 0, false }
