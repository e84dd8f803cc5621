// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"net/netip"
	"syscall"
)

// Adoption is for systems where sockets have numbers.
type Adoption struct{}

// Adopt cannot be done here: EOPNOTSUPP.
func Adopt(int) (a Adoption, errno syscall.Errno) { return a, EOPNOTSUPP }

// PeerAddress is nobody's.
func (Adoption) PeerAddress() (a netip.AddrPort) { return a }

// Leave does nothing; see Adopt.
func (Adoption) Leave() {}

// Keep does nothing; see Adopt.
func (Adoption) Keep() {}

// Ready does nothing; see Adopt.
func (Adoption) Ready() (d Descriptor) { return d }
