// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package core

import (
	"github.com/gobwas/ws"

	"libws/core/fault"
)

// sendDirect: threads write themselves only on Linux.
func (x *handle) sendDirect(ws.OpCode, []byte) (did bool, _ *fault.Error) { return false, nil }
