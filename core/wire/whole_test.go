// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"slices"
	"testing"

	"github.com/gobwas/ws"
)

// Whole is a short way of Next: at every frame of every stream it must give the
// same, or leave everything as it is.
func TestWholeGivesWhatNextGivesOrChangesNothing(t *testing.T) {
	t.Parallel()
	for _, s := range streams {
		for _, role := range []Role{Server, Client} {
			stream := encode(role, s.frames...)
			// The end of the stream is where a frame is cut off.
			for end := len(stream); end >= 0 && end > len(stream)-40; end-- {
				var p Parser
				p.Init(role, s.limit)
				buf := bytes.Clone(stream[:end])
				for len(buf) > 0 {
					short, b := p, bytes.Clone(buf)
					payload, isText, m, errShort := short.Whole(b, 0)
					if m == 0 && (short != p || !bytes.Equal(b, buf) || errShort != nil) {
						t.Fatalf("%s: Whole took nothing, but changed something", s.name)
					}
					c, n, err := p.Next(buf)
					if m != 0 {
						same := err != nil || c.Ok && c.Flags == MessageStart|MessageEnd|FrameStart|FrameEnd && isText == (c.Op == ws.OpText)
						if m != n || errShort != err || !bytes.Equal(payload, c.Payload) || !same {
							t.Fatalf("%s: Whole gave %.50q, %v, %d, %v; Next %+v, %d, %v", s.name, payload, isText, m, errShort, c, n, err)
						}
						again, _, e := short.Next([]byte{0x81})
						if again.Ok || e != err {
							t.Fatalf("%s: after Whole the parser says %+v, %v; before %v", s.name, again, e, err)
						}
					} else if c.Flags&(MessageStart|MessageEnd) == MessageStart|MessageEnd && len(c.Payload) < 1<<16 {
						t.Fatalf("%s: Whole left a whole message of %d bytes to Next", s.name, len(c.Payload))
					}
					buf = buf[n:]
				}
			}
		}
	}
}

func TestWholeWaitsForTheEndOfWhatNextBegan(t *testing.T) {
	t.Parallel()
	message := encode(Client, frame{first: text, payload: "Hello"})
	for _, begin := range []string{"\x81", "\x82\x05x", "\x01\x01x", "\x01\x01x\x89", "\x83\x00"} {
		var p Parser
		p.Init(Client, 0)
		for b := []byte(begin); len(b) > 0; {
			_, n, _ := p.Next(b)
			b = b[n:]
		}
		before, buf := p, slices.Clone(message)
		if payload, _, n, err := p.Whole(buf, 0); n != 0 || err != nil || payload != nil || p != before || !bytes.Equal(buf, message) {
			t.Errorf("after % x Whole took %q", begin, payload)
		}
	}
}
