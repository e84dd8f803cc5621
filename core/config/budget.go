// SPDX-License-Identifier: Apache-2.0

package config

// leastBudget is the smallest that there is.
const leastBudget = 1 << 20

// defaultBudget is for those who name none.
func defaultBudget() int64 { return budgetOf(totalMemory()) }

// budgetOf is a quarter of the memory that this process may use, of 1 GiB when that is not
// known; at least 64 MiB, when that is no more than half.
func budgetOf(memory int64) int64 {
	if memory <= 0 {
		memory = 1 << 30
	}
	return max(memory/4, min(64<<20, memory/2), leastBudget)
}
