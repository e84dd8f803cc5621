// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package loop

import "time"

func thisThread() int { return 0 }

func threadCPU(int) (time.Duration, bool) { return 0, false }
