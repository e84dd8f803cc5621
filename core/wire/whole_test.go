// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"slices"
	"testing"
)

// Wholes is a short way of Next: at every frame of every stream it must give the
// same, or leave everything as it is.
func TestWholesGivesWhatNextGivesOrChangesNothing(t *testing.T) {
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
					var found [1]Span
					took, m, errShort := short.Wholes(b, found[:])
					if took == 0 && errShort == nil && (m != 0 || short != p || !bytes.Equal(b, buf)) {
						t.Fatalf("%s: Wholes took nothing, but changed something", s.name)
					}
					c, n, err := p.Next(buf)
					switch {
					case errShort != nil:
						if took != 0 || m != 0 || errShort != err {
							t.Fatalf("%s: Wholes says %v behind %d, Next %v", s.name, errShort, took, err)
						}
					case took != 0:
						f := found[0]
						same := c.Ok && c.Flags == MessageStart|MessageEnd|FrameStart|FrameEnd && f.Op == c.Op
						if m != n || m != f.End || err != nil || !bytes.Equal(b[f.At:f.End], c.Payload) || !same {
							t.Fatalf("%s: Wholes gave %+v, %d; Next %+v, %d, %v", s.name, f, m, c, n, err)
						}
					case c.Flags&(MessageStart|MessageEnd) == MessageStart|MessageEnd && len(c.Payload) < 1<<16:
						t.Fatalf("%s: Wholes left a whole message of %d bytes to Next", s.name, len(c.Payload))
					}
					if took != 0 || errShort != nil {
						again, _, e := short.Next([]byte{0x81})
						if again.Ok || e != err {
							t.Fatalf("%s: after Wholes the parser says %+v, %v; before %v", s.name, again, e, err)
						}
					}
					buf = buf[n:]
				}
			}
		}
	}
}

// However many are asked for at a time, a stream has the same messages, and ends at the same byte.
func TestWholesTakesARunAsItTakesOneByOne(t *testing.T) {
	t.Parallel()
	for _, s := range streams {
		stream := encode(Client, s.frames...)
		var want []string
		wantEnd, wantErr := 0, (*Error)(nil)
		for most := 1; most < 5; most++ {
			var p Parser
			p.Init(Client, s.limit)
			var got []string
			end, buf := 0, bytes.Clone(stream)
			var err *Error
			for err == nil {
				found := make([]Span, most)
				n, next, e := p.Wholes(buf[end:], found)
				for _, f := range found[:n] {
					got = append(got, string(buf[end+f.At:end+f.End]))
				}
				if end, err = end+next, e; n < most {
					break
				}
			}
			if most == 1 {
				want, wantEnd, wantErr = got, end, err
			} else if !slices.Equal(got, want) || end != wantEnd || err != wantErr {
				t.Errorf("%s, %d at a time: %.50q up to %d, %v; one by one %.50q up to %d, %v", s.name, most, got, end, err, want, wantEnd, wantErr)
			}
		}
	}
}

func TestWholesWaitsForTheEndOfWhatNextBegan(t *testing.T) {
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
		var found [1]Span
		if n, next, err := p.Wholes(buf, found[:]); n != 0 || next != 0 || err != nil || p != before || !bytes.Equal(buf, message) {
			t.Errorf("after % x Wholes took %d", begin, n)
		}
	}
}
