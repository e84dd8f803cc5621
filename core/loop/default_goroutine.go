// SPDX-License-Identifier: Apache-2.0

//go:build !linux || android

package loop

// defaultKind on Android is what Go is known to work with in apps. The build tag
// ws_goroutine makes a library for Linux whose tests all run on this engine.
const defaultKind = Goroutine
