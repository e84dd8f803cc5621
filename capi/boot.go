// SPDX-License-Identifier: Apache-2.0

package main

import "C"

import "libws/core/fd"

// wsgo_ready returns when all packages have initialised, as every export does, and the
// runtime has its descriptors.
//
//export wsgo_ready
func wsgo_ready() {
	defer quiet()
	fd.Settle()
}
