// SPDX-License-Identifier: Apache-2.0

package config

import (
	"testing"

	"libws/core/fault"
)

func TestLimitsAreChecked(t *testing.T) {
	t.Parallel()
	for _, l := range []ListenLimits{{Connections: -1}, {Clients: -1}, {PerClient: -2}, {PerMinute: -1}} {
		if err := l.Fill(); err == nil || err.ID != fault.IDParameter {
			t.Errorf("%+v: %v", l, err)
		}
	}
	for _, c := range []struct{ given, want ListenLimits }{
		{ListenLimits{}, ListenLimits{}},
		{ListenLimits{Module: true}, ListenLimits{Clients: 10, PerClient: 10, Module: true}},
		{ListenLimits{Module: true, Clients: 3, PerClient: 200, PerMinute: 5}, ListenLimits{Module: true, Clients: 3, PerClient: 200, PerMinute: 5}},
	} {
		got := c.given
		if err := got.Fill(); err != nil || got != c.want {
			t.Errorf("%+v becomes %+v, %v", c.given, got, err)
		}
	}
}
