// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package loop

// hasEpoll says that this system has none.
const hasEpoll = false

func newEpoll() (poller, error) { return nil, ErrNoEpoll }
