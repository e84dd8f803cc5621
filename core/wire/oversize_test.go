// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"github.com/gobwas/ws"
)

// A parser that allows messages over the limit gives all of them, cut anywhere; from the frame on
// by which one is too large its chunks say so. Without that it is what it was.
func TestOversizeMessagesGoOnWithAFlag(t *testing.T) {
	t.Parallel()
	const limit = 10
	frame := func(first byte, size int) []byte {
		return AppendFragment(nil, Client, ws.OpCode(first&0x0f), first&finBit != 0, bytes.Repeat([]byte("x"), size))
	}
	stream := slices.Concat(
		frame(0x81, limit), frame(0x81, limit+1), frame(0x81, 3),
		frame(0x02, limit), frame(0x89, 4), frame(0x00, 1), frame(0x00, 0), frame(0x80, 300), frame(0x82, limit))
	want := []struct{ size, skipped int }{{limit, 0}, {limit + 1, limit + 1}, {3, 0}, {limit + 301, 301}, {limit, 0}}
	for cut := range stream {
		var p Parser
		p.Init(Server, limit)
		p.AllowOversize()
		var got []struct{ size, skipped int }
		var now struct{ size, skipped int }
		for _, piece := range [][]byte{slices.Clone(stream[:cut]), slices.Clone(stream[cut:])} {
			for len(piece) > 0 {
				c, n, err := p.Next(piece)
				if err != nil {
					t.Fatalf("cut at %d: %v", cut, err)
				}
				piece = piece[n:]
				if !c.Ok || c.Op.IsControl() {
					if c.Flags&Skipped != 0 {
						t.Errorf("cut at %d: a control frame has the flag", cut)
					}
					continue
				}
				now.size += len(c.Payload)
				if c.Flags&Skipped != 0 {
					now.skipped += len(c.Payload)
				} else if now.skipped > 0 {
					t.Errorf("cut at %d: a message is not skipped any more", cut)
				}
				if c.Flags&MessageEnd != 0 {
					got = append(got, now)
					now.size, now.skipped = 0, 0
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("cut at %d: %v", cut, got)
		}
	}
	for _, packed := range []bool{false, true} {
		var p Parser
		p.Init(Server, limit)
		if packed {
			p.AllowPacked()
		}
		if _, _, err := p.Next(frame(0x82, limit+1)); err != ErrTooBig {
			t.Errorf("without: %v", err)
		}
	}
	// Sizes that no message has by then are added up to nothing wrong.
	var p Parser
	p.Init(Client, limit)
	p.AllowOversize()
	for i := range 3 {
		first := byte(0x02)
		if i > 0 {
			first = 0
		}
		head := append([]byte{first, 127}, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
		c, _, err := p.Next(head)
		if err != nil || c.Flags&Skipped == 0 || c.Left != math.MaxInt64 {
			t.Fatalf("frame %d: %+v, %v", i, c, err)
		}
		p.remaining, p.state = 0, parsingFrame // as if all of it had come
	}
}
