// SPDX-License-Identifier: Apache-2.0

//go:build !linux || android

package loop

// defaultKind on Android is what Go is known to work with in apps.
const defaultKind = Goroutine
