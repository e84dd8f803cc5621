// SPDX-License-Identifier: Apache-2.0

// Package rand is what core uses of math/rand, by the seed of a simulated world.
package rand

import "libws/tests/simulate/world"

// Float64 is in [0, 1).
func Float64() float64 { return float64(world.Draw(1<<20)) / (1 << 20) }
