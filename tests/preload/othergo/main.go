// SPDX-License-Identifier: Apache-2.0

// Command othergo is another library written in Go, for a host that has two: with a runtime
// of its own that starts when it is loaded, collects garbage and stops its threads by signals
// all the time.
package main

import (
	"runtime"
	"time"
)

import "C"

func init() {
	go func() {
		for {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
	}()
	for range 2 {
		go func() {
			for n := 0; ; n++ {
				if n%100000 == 0 {
					time.Sleep(time.Millisecond)
				}
			}
		}()
	}
}

func main() {} // c-shared wants one; it never runs
