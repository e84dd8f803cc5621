// SPDX-License-Identifier: Apache-2.0

// Package rand is what core uses of crypto/rand, by the seed of a simulated world.
package rand

import "libws/tests/simulate/world"

// Read fills p.
func Read(p []byte) (int, error) {
	world.Bytes(p)
	return len(p), nil
}
