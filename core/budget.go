// SPDX-License-Identifier: Apache-2.0

package core

// defaultBudget is a quarter of the memory that this process may use, of 1 GiB
// when that is not known.
func defaultBudget() int64 {
	memory := totalMemory()
	if memory <= 0 {
		memory = 1 << 30
	}
	return max(memory/4, 64<<20)
}
