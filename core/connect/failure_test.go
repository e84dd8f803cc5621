// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"syscall"
	"testing"

	"libws/core/dial"
	"libws/core/fault"
)

func TestConnectThatTheSystemGivesUpKeepsItsErrno(t *testing.T) {
	t.Parallel()
	target, err := dial.ParseURL("ws://192.0.2.1/")
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{Target: target}
	e := p.failure(t.Context(), "connecting", &dial.Error{Stage: dial.StageConnect, Errno: syscall.ETIMEDOUT, Err: syscall.ETIMEDOUT})
	if e.ID != fault.IDTimeout || e.Stage != dial.StageTimeout || e.Errno != syscall.ETIMEDOUT {
		t.Errorf("%+v", e)
	}
}
