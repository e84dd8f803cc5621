// SPDX-License-Identifier: Apache-2.0

//go:build !checks

package lock

import "sync"

// Checks: locks are looked at as they are taken, and phases of connections as they change. Tests
// are built with the tag "checks"; without it nothing of that is left.
const Checks = false

// Mutex is a lock of a kind.
type Mutex[R Rank] = sync.Mutex

// Any is a lock of any kind.
type Any = *sync.Mutex
