// SPDX-License-Identifier: Apache-2.0

package loop

// FileLimit is the limit of descriptors of the process: this system has none.
func FileLimit() int64 { return noLimit }
