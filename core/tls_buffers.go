// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"reflect"
	"unsafe"

	"libws/core/loop"
)

// crypto/tls keeps for each connection the buffer into which it has read, as long as
// the longest record so far, to the end; it has no call to give that back. So the
// buffers are taken out of its fields: a worker has one, which it lends to whom it
// reads, and what is left there at the end goes into a buffer of its own size. A
// connection that waits for its next record holds none.
//
// The fields belong to who may read: the goroutine of the handshake, then the loop's
// thread. They are found by name and type, once. When Go has changed them all stays with
// crypto/tls, and TestTheBuffersOfCryptoTLSAreFound fails.

// tlsFields is where a tls.Conn has its buffers.
type tlsFields struct {
	raw   uintptr // bytes.Buffer: what was read, as it came
	input uintptr // bytes.Reader: the rest of a decrypted record, in the memory of raw
	hand  uintptr // bytes.Buffer: messages of a handshake, copied
	known bool
}

var tlsKeeps = findTLSFields(reflect.TypeFor[tls.Conn]())

func findTLSFields(t reflect.Type) tlsFields {
	raw, isRaw := fieldAt[bytes.Buffer](t, "rawInput")
	input, isInput := fieldAt[bytes.Reader](t, "input")
	hand, isHand := fieldAt[bytes.Buffer](t, "hand")
	return tlsFields{raw, input, hand, isRaw && isInput && isHand}
}

// fieldAt is where t has a field of this name, if that is a T.
func fieldAt[T any](t reflect.Type, name string) (uintptr, bool) {
	f, found := t.FieldByName(name)
	return f.Offset, found && f.Type == reflect.TypeFor[T]()
}

func (s *secure) rawInput() *bytes.Buffer {
	return (*bytes.Buffer)(unsafe.Add(unsafe.Pointer(s.conn), tlsKeeps.raw))
}

func (s *secure) input() *bytes.Reader {
	return (*bytes.Reader)(unsafe.Add(unsafe.Pointer(s.conn), tlsKeeps.input))
}

func (s *secure) hand() *bytes.Buffer {
	return (*bytes.Buffer)(unsafe.Add(unsafe.Pointer(s.conn), tlsKeeps.hand))
}

const (
	recordHeader = 5                               // RFC 8446 5.1
	maxRecord    = recordHeader + 16<<10 + 2048    // RFC 5246 6.2.3, the longest of all versions
	maxInside    = 2 * (maxRecord + bytes.MinRead) // in a buffer of this size bytes.Buffer finds room by moving
	lentSize     = (maxInside + 4095) &^ 4095
)

// recordSize is how long the record is with which raw begins; 0: its header is not whole.
func recordSize(raw *bytes.Buffer) int {
	if raw.Len() < recordHeader {
		return 0
	}
	return min(recordHeader+int(binary.BigEndian.Uint16(raw.Bytes()[3:])), maxRecord)
}

// goesOn tells whether the next record is in raw or has room there. crypto/tls asks for
// more room than is missing.
func goesOn(raw *bytes.Buffer) bool {
	size := recordSize(raw)
	return size > 0 && raw.Len()+max(raw.Available()-bytes.MinRead, 0) >= size
}

// lend lets crypto/tls read the next record of s into the worker's buffer, unless it has
// that one already. Before each read.
func (w *worker) lend(s *secure) {
	if w.lent == s || !tlsKeeps.known {
		return
	}
	raw := s.rawInput()
	if s.input().Len() > 0 || goesOn(raw) {
		return
	}
	w.takeBack()
	if w.spare == nil {
		if w.spare = loop.Map(lentSize); w.spare == nil {
			return
		}
	}
	*raw = *bytes.NewBuffer(append(w.spare[:0], raw.Bytes()...))
	s.giveOwn()
	w.lent = s
}

// takeBack ends what lend began: what crypto/tls has left in the buffer moves. At the end
// of the round, or when another connection is read.
func (w *worker) takeBack() {
	s := w.lent
	if s == nil {
		return
	}
	w.lent = nil
	raw, input := s.rawInput(), s.input()
	if s.c.tls.Load() != s || raw.Len()+input.Len() == 0 {
		s.clear()
		return
	}
	decrypted := input.Len()
	b := s.takeOwn(decrypted + max(raw.Len(), recordSize(raw)+bytes.MinRead))[:decrypted]
	input.Read(b)
	input.Reset(b)
	*raw = *bytes.NewBuffer(append(b[decrypted:], raw.Bytes()...))
}

// inside tells whether crypto/tls may have more to give without a look at the socket.
func (s *secure) inside() bool {
	return !tlsKeeps.known || s.rawInput().Len()+s.input().Len() > 0
}

// settle gives back what crypto/tls has read to the end. After each read.
func (s *secure) settle() {
	if tlsKeeps.known && s.c.w.lent != s && s.rawInput().Len()+s.input().Len() == 0 {
		s.clear()
	}
}

// clear takes all buffers from crypto/tls. What they hold is lost.
func (s *secure) clear() {
	*s.rawInput() = bytes.Buffer{}
	s.input().Reset(nil)
	if s.hand().Len() == 0 {
		*s.hand() = bytes.Buffer{}
	}
	s.giveOwn()
}

// takeOwn gets an empty buffer of its own for s, which has none.
func (s *secure) takeOwn(size int) []byte {
	own, err := s.c.w.engine.pool.Force(size)
	if err != nil { // from where crypto/tls would take it
		return make([]byte, 0, size)
	}
	s.own = own
	return own
}

func (s *secure) giveOwn() {
	s.c.w.engine.pool.Put(s.own)
	s.own = nil
}
