// SPDX-License-Identifier: Apache-2.0

//go:build !checks

package lock

import "sync"

// Mutex is a lock of a kind.
type Mutex[R Rank] = sync.Mutex

// Any is a lock of any kind.
type Any = *sync.Mutex
