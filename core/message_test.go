// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// prose makes text of exactly size bytes with characters of one to four bytes.
func prose(size int) []byte {
	b := []byte(strings.Repeat("aé€😀 WebSocket ", size/20+1))
	b = b[:size]
	for !bytes.HasSuffix(b, []byte("a")) && len(b) > 0 && b[len(b)-1] >= 0x80 { // not in the middle of one
		b = b[:len(b)-1]
	}
	return append(b, strings.Repeat(".", size-len(b))...)
}

// Large messages come whole, however the peer and the network cut them.
func TestMessageGrowsByPieces(t *testing.T) {
	cuts := map[string]struct {
		size     int
		fragment int             // bytes of a frame; 0: one frame
		write    func(n int) int // bytes of the next write
	}{
		"fragments of 64 bytes":           {1 << 20, 64, func(int) int { return 1 << 16 }},
		"a byte at a time":                {40_000, 0, func(int) int { return 1 }},
		"7 bytes at a time":               {100_000, 0, func(int) int { return 7 }},
		"odd sizes":                       {1 << 20, 0, func(n int) int { return 1 + n*7919%9973 }},
		"odd sizes of a very large frame": {5 << 20, 0, func(n int) int { return 1 + n*7919%99_991 }},
		"very large fragments":            {6 << 20, 1<<20 + 1, func(int) int { return 1 << 20 }},
		"fragments and odd sizes":         {300_000, 33_000, func(n int) int { return 1 + n*31%997 }},
	}
	for name, c := range cuts {
		t.Run(name, func(t *testing.T) {
			bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
				want := prose(c.size)
				var wire []byte
				op, rest := ws.OpText, want
				for fin := false; !fin; op = ws.OpContinuation {
					n := len(rest)
					if c.fragment > 0 {
						n = min(n, c.fragment)
					}
					fin = n == len(rest)
					wire = append(wire, s.peer.frame(ws.NewFrame(op, fin, bytes.Clone(rest[:n])))...)
					rest = rest[n:]
				}
				wire = append(wire, s.peer.frame(ws.NewTextFrame([]byte("next")))...)
				for i := 0; len(wire) > 0; i++ {
					n := min(len(wire), c.write(i))
					_, err := s.peer.Write(wire[:n])
					must(t, err)
					wire = wire[n:]
				}
				if e := s.r.next(t, border.EventMessage); !e.text || !bytes.Equal(e.data, want) {
					t.Fatalf("%d bytes came, text %v, or other bytes than the %d that were sent", len(e.data), e.text, len(want))
				}
				if e := s.r.next(t, border.EventMessage); string(e.data) != "next" {
					t.Errorf("the next message is %q", e.data)
				}
			})
		})
	}
}

func TestMessagesOfEverySizeAroundTheBuffersArrive(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		random := rand.New(rand.NewPCG(3, 3))
		for _, around := range []int{0, 126, 512, readDirect, readSize, 2 * readSize, 1 << 20} {
			for d := -16; d <= 16; d += 8 {
				size := max(0, around+d)
				want := make([]byte, size)
				for i := range want {
					want[i] = byte(random.Uint32())
				}
				must(t, s.peer.send(ws.OpBinary, bytes.Clone(want)))
				if e := s.r.next(t, border.EventMessage); e.text || !bytes.Equal(e.data, want) {
					t.Fatalf("%d bytes came back as %d", size, len(e.data))
				}
			}
		}
	})
}

func TestEmptyFragmentsMakeAnEmptyMessage(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		for range 2 {
			must(t, s.peer.raw(
				ws.NewFrame(ws.OpText, false, nil),
				ws.NewPingFrame([]byte("between")),
				ws.NewFrame(ws.OpContinuation, false, nil),
				ws.NewFrame(ws.OpContinuation, true, nil),
			))
			if e := s.r.next(t, border.EventMessage); !e.text || len(e.data) != 0 {
				t.Errorf("%q", e.data)
			}
			if f, err := s.peer.read(); err != nil || f.Header.OpCode != ws.OpPong || string(f.Payload) != "between" {
				t.Errorf("opcode %d with %q, %v", f.Header.OpCode, f.Payload, err)
			}
		}
	})
}

// raw sends frames in one segment.
func (p *peer) raw(frames ...ws.Frame) error {
	var b []byte
	for _, f := range frames {
		b = append(b, p.frame(f)...)
	}
	_, err := p.Write(b)
	return err
}

// Many small messages in one segment make more events than a batch takes.
func TestManyMessagesOfOneSegmentArriveInOrder(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		const messages = 5 * recordsCut
		var wire []byte
		for i := range messages {
			wire = append(wire, s.peer.frame(ws.NewTextFrame(fmt.Appendf(nil, "%d", i)))...)
		}
		_, err := s.peer.Write(wire)
		must(t, err)
		for i := range messages {
			if e := s.r.next(t, border.EventMessage); string(e.data) != fmt.Sprint(i) {
				t.Fatalf("message %d is %q", i, e.data)
			}
		}
	})
}
