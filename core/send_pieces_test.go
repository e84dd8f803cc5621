// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"

	"github.com/gobwas/ws"
)

func TestPiecesFollowEachOther(t *testing.T) {
	t.Parallel()
	begin := &part{begins: true, after: pieces{op: ws.OpText}}
	next := &part{after: pieces{op: ws.OpText}}
	for name, c := range map[string]struct {
		of   pieces
		p    *part
		want error
	}{
		"a message":                      {pieces{}, nil, nil},
		"a message between pieces":       {pieces{op: ws.OpText}, nil, errPieces},
		"the first piece":                {pieces{}, begin, nil},
		"two first pieces":               {pieces{op: ws.OpText}, begin, errOthersPieces},
		"the second piece":               {pieces{op: ws.OpText}, next, nil},
		"no first piece":                 {pieces{}, next, errOthersPieces},
		"of another message":             {pieces{op: ws.OpBinary}, next, errOthersPieces},
		"compressed, and then not":       {pieces{op: ws.OpText, packed: true}, next, errOthersPieces},
		"behind the end of a connection": {pieces{cut: true}, next, errCut},
	} {
		if err := c.of.follows(c.p); err != c.want && (err != nil || c.want != nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := pieces{op: ws.OpText}
	if m.cutOff(); m.follows(next) != errCut || m.follows(begin) != nil {
		t.Error("the end of the connection is not told once")
	}
}
