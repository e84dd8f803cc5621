// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"libws/core/lock"
	"strings"
	"testing"

	"github.com/gobwas/ws"
)

// Not parallel: testing.AllocsPerRun counts the allocations of all threads.
func TestNothingOnTheHotPathAllocates(t *testing.T) {
	stream := encode(Server, frame{first: openText, payload: "κόσμ"}, frame{first: ping, payload: "x"}, frame{first: more, payload: longText(300)},
		frame{first: binaryData, payload: longText(70000)}, frame{first: closing, payload: "\x03\xe8bye"}, frame{first: text, payload: "last"}, frame{first: finBit | 3})
	buf := make([]byte, len(stream))
	var p Parser
	feed := func(piece int) {
		p.Init(Server, 1<<20)
		for rest := buf[:copy(buf, stream)]; len(rest) > 0; {
			_, n, _ := p.Next(rest[:min(piece, len(rest))])
			rest = rest[n:]
		}
	}
	dst := make([]byte, 0, 1<<20)
	payload := bytes.Repeat([]byte("x"), 70000)
	closePayload := []byte("\x03\xe8bye")
	for name, f := range map[string]func(){
		"Next, whole":         func() { feed(len(stream)) },
		"Next, single bytes":  func() { feed(1) },
		"Next, pieces of 50":  func() { feed(50) },
		"AppendFrame, server": func() { dst = AppendFrame(dst[:0], Server, ws.OpText, payload) },
		"AppendFrame, client": func() { dst = AppendFrame(dst[:0], Client, ws.OpText, payload) },
		"AppendClose, client": func() { dst = AppendClose(dst[:0], Client, 1000, closePayload[2:]) },
		"AppendMaskedHeader":  func() { dst = AppendMaskedHeader(dst[:0], ws.OpText, true, 70000, NewMask()) },
		"ParseClose":          func() { ParseClose(closePayload) },
	} {
		if lock.Checks && (strings.Contains(name, "client") || strings.Contains(name, "Masked")) {
			continue // whose masks are drawn under a lock that is looked at
		}
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	if p.state < parsingFailed {
		t.Error("the stream was meant to end with a violation, a reserved opcode")
	}
}
