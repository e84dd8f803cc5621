// SPDX-License-Identifier: Apache-2.0

package main

import "C"

import "time"

// wsgo_ready returns when all packages have initialised, as every export does, and the
// runtime watches its descriptors (poller.c), which it does from the first timer on.
//
//export wsgo_ready
func wsgo_ready() {
	defer quiet()
	time.AfterFunc(time.Hour, func() {}).Stop()
}
