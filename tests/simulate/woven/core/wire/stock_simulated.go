// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package wire

// ForgetStock makes the next world begin without what the last one has left.
func ForgetStock() { stock.left = 0 }
