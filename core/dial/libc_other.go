// SPDX-License-Identifier: Apache-2.0

//go:build !unix || darwin || ios || android

package dial

// goAssists: Go's resolver does not know where this system has its names.
const goAssists = false

// wantsLibc is true for all names.
func wantsLibc(string) bool { return true }
