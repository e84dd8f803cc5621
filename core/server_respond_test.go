// SPDX-License-Identifier: Apache-2.0

package core

import "testing"

func TestOnlyARequestThatWaitsIsAnswered(t *testing.T) {
	t.Parallel()
	waits := &asking{waits: true}
	for name, c := range map[string]struct {
		ends *ends
		want *asking
		late bool
	}{
		"an open connection":           {nil, nil, false},
		"no request":                   {new(ends), nil, false},
		"one that is answered":         {&ends{begin: handshaking{ask: new(asking)}}, nil, false},
		"one that waits":               {&ends{begin: handshaking{ask: waits}}, waits, false},
		"one that the library answers": {&ends{begin: handshaking{late: true}}, nil, true},
	} {
		got, err := c.ends.asked()
		if got != c.want || (err == nil) != (c.want != nil) || (err == errTooLate) != c.late {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
