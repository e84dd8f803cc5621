// SPDX-License-Identifier: Apache-2.0

// Package runtime is what core uses of runtime, where there are no threads.
package runtime

import "runtime"

const GOOS = runtime.GOOS

func LockOSThread()      {}
func NumCPU() int        { return 1 }
func GOMAXPROCS(int) int { return 4 }

func AddCleanup[T, S any](*T, func(S), S) (none struct{}) { return }
