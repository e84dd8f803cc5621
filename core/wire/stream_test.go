// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/ws"
)

// frame describes a frame for a test, right or wrong. It is encoded by hand
// here, not by the writer under test.
type frame struct {
	first   byte // fin, reserved bits and opcode
	payload string
	form    int    // bits of the length: 0 the shortest, 16 or 64
	length  uint64 // declared length, when it is not that of payload
	badMask bool   // the mask bit of the wrong role
}

// encode writes frames as the peer of role sends them.
func encode(role Role, frames ...frame) []byte {
	var b []byte
	for i, f := range frames {
		length := f.length
		if length == 0 {
			length = uint64(len(f.payload))
		}
		bit := byte(0)
		if (role == Server) != f.badMask {
			bit = 0x80
		}
		b = append(b, f.first)
		switch {
		case f.form == 0 && length < 126:
			b = append(b, bit|byte(length))
		case f.form == 16 || f.form == 0 && length < 1<<16:
			b = append(b, bit|126)
			b = binary.BigEndian.AppendUint16(b, uint16(length))
		default:
			b = append(b, bit|127)
			b = binary.BigEndian.AppendUint64(b, length)
		}
		mask := [4]byte{}
		if bit != 0 {
			mask = [4]byte{0x37 + byte(i), 0xfa, 0x21, 0x3d}
			b = append(b, mask[:]...)
		}
		for j := range len(f.payload) {
			b = append(b, f.payload[j]^mask[j%4])
		}
	}
	return b
}

// outcome is what a parser made of a stream, however the stream was cut.
type outcome struct {
	events  []string // whole messages and control frames
	err     *Error
	partial string // what came of an unfinished message or control frame; not after an error
	midway  string // what the parser says about the end of the stream
}

func (o outcome) String() string {
	text := "(no error)"
	if o.err != nil {
		text = o.err.Text
	}
	return fmt.Sprintf("%.400q\n\terror: %s\n\tpartial %.100q, %s", o.events, text, o.partial, o.midway)
}

func (o outcome) equal(x outcome) bool {
	return slices.Equal(o.events, x.events) && o.err == x.err && o.partial == x.partial && o.midway == x.midway
}

// play feeds a stream, cut at the given points, and checks every chunk against
// the promises of Next.
func play(t testing.TB, role Role, limit int64, stream []byte, cuts ...int) outcome {
	t.Helper()
	var p Parser
	p.Init(role, limit)
	var o outcome
	var message, control, frameOpen, messageOpen = []byte{}, []byte{}, false, false
	left := int64(0)
	begin := 0
	for _, end := range append(slices.Clone(cuts), len(stream)) {
		// Each piece has its own memory: it is unmasked in place.
		piece := bytes.Clone(stream[begin:end])
		begin = end
		for len(piece) > 0 {
			c, n, err := p.Next(piece)
			if err != nil {
				if c.Ok || n != len(piece) {
					t.Fatalf("with error %q: Ok %v, %d of %d bytes used", err.Text, c.Ok, n, len(piece))
				}
				if again, n, err2 := p.Next([]byte{0x81}); again.Ok || n != 1 || err2 != err {
					t.Fatalf("after error %q the parser said %v, %v", err.Text, again, err2)
				}
				if p.Remaining() != 0 || p.MidFrame() || p.MidMessage() {
					t.Fatalf("after error %q the parser is in the middle of something", err.Text)
				}
				o.err = err
				return o
			}
			if !c.Ok {
				if n != len(piece) || !p.MidFrame() {
					t.Fatalf("no chunk, but %d of %d bytes used, inside a frame: %v", n, len(piece), p.MidFrame())
				}
				break
			}
			if n < len(c.Payload) || len(c.Payload) > 0 && &c.Payload[0] != &piece[n-len(c.Payload)] {
				t.Fatal("the payload does not lie in the buffer, at the end of what was used")
			}
			if cap(c.Payload) != len(c.Payload) {
				t.Fatal("appending to the payload would overwrite the bytes behind it")
			}
			if (c.Flags&FrameStart != 0) == frameOpen {
				t.Fatalf("FrameStart is wrong in flags %#x, inside a frame: %v", c.Flags, frameOpen)
			}
			if (c.Flags&FrameEnd != 0) != (c.Left == 0) || c.Left != p.Remaining() {
				t.Fatalf("flags %#x with %d bytes left, Remaining %d", c.Flags, c.Left, p.Remaining())
			}
			if frameOpen && c.Left != left-int64(len(c.Payload)) {
				t.Fatalf("%d bytes were left, now %d came and %d are left", left, len(c.Payload), c.Left)
			}
			frameOpen, left = c.Left > 0, c.Left
			if c.Op.IsControl() {
				if c.Flags&(MessageStart|MessageEnd) != 0 {
					t.Fatalf("a control frame has flags %#x of a message", c.Flags)
				}
				control = append(control, c.Payload...)
				if c.Left == 0 {
					o.events = append(o.events, describe(c.Op, control))
					control = control[:0]
				}
			} else {
				if (c.Flags&MessageStart != 0) == messageOpen {
					t.Fatalf("MessageStart is wrong in flags %#x, inside a message: %v", c.Flags, messageOpen)
				}
				message = append(message, c.Payload...)
				messageOpen = c.Flags&MessageEnd == 0
				if !messageOpen {
					o.events = append(o.events, describe(c.Op, message))
					message = message[:0]
				}
			}
			if p.MidMessage() != messageOpen || p.MidFrame() != frameOpen {
				t.Fatalf("MidMessage %v and MidFrame %v, should be %v and %v", p.MidMessage(), p.MidFrame(), messageOpen, frameOpen)
			}
			piece = piece[n:]
		}
	}
	o.partial = string(message) + string(control)
	o.midway = fmt.Sprint("MidFrame ", p.MidFrame(), " MidMessage ", p.MidMessage(), " Remaining ", p.Remaining())
	return o
}

func describe(op ws.OpCode, payload []byte) string {
	name := map[ws.OpCode]string{ws.OpText: "text", ws.OpBinary: "binary", ws.OpClose: "close", ws.OpPing: "ping", ws.OpPong: "pong"}[op]
	if name == "" {
		name = fmt.Sprintf("opcode %d", op)
	}
	return name + ":" + string(payload)
}

// everySplit plays a stream whole, in single bytes, cut at every point, and for
// short streams at every two points. All must give the same as whole.
func everySplit(t *testing.T, role Role, limit int64, stream []byte) outcome {
	t.Helper()
	whole := play(t, role, limit, stream)
	check := func(cuts ...int) {
		t.Helper()
		if got := play(t, role, limit, stream, cuts...); !got.equal(whole) {
			t.Fatalf("cut at %.20v:\n\t%v\nwhole:\n\t%v", cuts, got, whole)
		}
	}
	single := make([]int, len(stream))
	for i := range single {
		single[i] = i
	}
	check(single...)
	for i := range stream {
		// The middle of a large payload is all alike.
		if i < 80 || i > len(stream)-80 || i%997 == 0 {
			check(i)
		}
	}
	if len(stream) <= 80 {
		for i := range stream {
			for j := i; j < len(stream); j++ {
				check(i, j)
			}
		}
	}
	return whole
}

func longText(n int) string { return strings.Repeat("0123456789abcde\n", n/16+1)[:n] }
