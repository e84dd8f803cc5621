// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"encoding/binary"

	"libws/tests/simulate/world"
)

// wireCheck reads what one of our ends writes, frame by frame, as RFC 6455 has it. It
// shares nothing with core/wire.
type wireCheck struct {
	server  bool
	head    []byte
	frames  bool // the head is over
	plainly bool // it is an answer that refuses: no frames follow
	packed  bool // permessage-deflate was agreed on
	buffer  []byte
	inside  bool // of a fragmented message
	closed  bool
	nframes int
}

func (w *wireCheck) write(p []byte) {
	if w.plainly {
		return
	}
	if !w.frames {
		w.head = append(w.head, p...)
		if !w.server {
			w.head = pastProxy(w.head)
		}
		end := bytes.Index(w.head, []byte("\r\n\r\n"))
		if end < 0 {
			return
		}
		p = append([]byte(nil), w.head[end+4:]...)
		w.head = w.head[:end]
		w.frames = true
		w.packed = bytes.Contains(w.head, []byte("permessage-deflate"))
		if w.server && !bytes.HasPrefix(w.head, []byte("HTTP/1.1 101 ")) {
			w.plainly = true
			return
		}
	}
	w.buffer = append(w.buffer, p...)
	for w.frame() {
	}
}

// pastProxy cuts off what a client says to a proxy.
func pastProxy(head []byte) []byte {
	if len(head) > 0 && head[0] == 5 { // of SOCKS5
		if at := bytes.Index(head, []byte("GET ")); at >= 0 {
			return head[at:]
		}
	}
	if bytes.HasPrefix(head, []byte("CONNECT ")) {
		if at := bytes.Index(head, []byte("\r\n\r\n")); at >= 0 {
			return head[at+4:]
		}
	}
	return head
}

// frame takes one frame off; false: it is not whole.
func (w *wireCheck) frame() bool {
	b := w.buffer
	if len(b) < 2 {
		return false
	}
	fin, reserved, op := b[0]&0x80 != 0, b[0]>>4&7, b[0]&15
	masked, size, at := b[1]&0x80 != 0, uint64(b[1]&0x7f), 2
	switch size {
	case 126:
		if len(b) < 4 {
			return false
		}
		size, at = uint64(binary.BigEndian.Uint16(b[2:])), 4
		if size < 126 {
			world.Fail("wire: a length of %d takes two bytes", size)
		}
	case 127:
		if len(b) < 10 {
			return false
		}
		size, at = binary.BigEndian.Uint64(b[2:]), 10
		if size < 1<<16 || size > 1<<40 {
			world.Fail("wire: a length of %d takes eight bytes", size)
		}
	}
	control := op&8 != 0
	switch {
	case masked == w.server:
		world.Fail("wire: frame %d, masked: %v, comes from a server: %v", w.nframes, masked, w.server)
	case control && (!fin || size > 125 || reserved != 0):
		world.Fail("wire: a control frame of %d bytes, fin %v, reserved bits %d", size, fin, reserved)
	case op != 0 && op != 1 && op != 2 && op != 8 && op != 9 && op != 10:
		world.Fail("wire: frame %d has opcode %d", w.nframes, op)
	case reserved&3 != 0 || reserved == 4 && (!w.packed || op == 0):
		world.Fail("wire: frame %d of opcode %d has reserved bits %d", w.nframes, op, reserved)
	case !control && w.inside != (op == 0):
		world.Fail("wire: frame %d of opcode %d, inside of a fragmented message: %v", w.nframes, op, w.inside)
	case w.closed && op != 10:
		world.Fail("wire: frame %d of opcode %d follows a Close frame", w.nframes, op)
	}
	if masked {
		at += 4
	}
	if uint64(len(b)) < uint64(at)+size {
		return false
	}
	if !control {
		w.inside = !fin
	}
	if op == 8 {
		w.closed = true
		if size == 1 {
			world.Fail("wire: a Close frame of one byte")
		}
	}
	w.nframes++
	w.buffer = b[uint64(at)+size:]
	return true
}

// tap watches what our ends write.
func (m *model) tap(from *world.Socket, p []byte) {
	if from.Owner == "raw" {
		return
	}
	w, is := from.Owner.(*wireCheck)
	if !is {
		w = &wireCheck{server: from.Label == "server"}
		from.Owner = w
	}
	w.write(p)
}
