// SPDX-License-Identifier: Apache-2.0

package main

import "C"

// wsgo_ready returns when all packages have initialised, as every export does.
//
//export wsgo_ready
func wsgo_ready() { defer quiet() }
