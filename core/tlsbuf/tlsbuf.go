// SPDX-License-Identifier: Apache-2.0

// Package tlsbuf takes the buffers of crypto/tls back. Come here when Go has changed tls.Conn, or
// TLS connections take more memory than they did.
package tlsbuf

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
// buffers are taken out of its fields: a loop has one, which it lends to whom it
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

// Conn is a tls.Conn whose buffers are taken back. It belongs to one thread at a time.
type Conn struct {
	*tls.Conn
	own  []byte // of the pool: what crypto/tls has read and not used
	over bool   // nothing is read any more
}

// Lender has the buffer of a loop. It belongs to the loop's thread.
type Lender struct {
	spare []byte // outside the Go heap: what crypto/tls reads into; nil before the first use
	lent  *Conn  // who has it
}

func (s *Conn) rawInput() *bytes.Buffer {
	return (*bytes.Buffer)(unsafe.Add(unsafe.Pointer(s.Conn), tlsKeeps.raw))
}

func (s *Conn) input() *bytes.Reader {
	return (*bytes.Reader)(unsafe.Add(unsafe.Pointer(s.Conn), tlsKeeps.input))
}

func (s *Conn) hand() *bytes.Buffer {
	return (*bytes.Buffer)(unsafe.Add(unsafe.Pointer(s.Conn), tlsKeeps.hand))
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

// Lend lets crypto/tls read the next record of s into the loop's buffer, unless it has
// that one already. Before each read.
func (w *Lender) Lend(s *Conn, pool *loop.Pool) {
	if w.lent == s || !tlsKeeps.known {
		return
	}
	raw := s.rawInput()
	if s.input().Len() > 0 || goesOn(raw) {
		return
	}
	w.TakeBack(pool)
	if w.spare == nil {
		if w.spare = loop.Map(lentSize); w.spare == nil {
			return
		}
	}
	*raw = *bytes.NewBuffer(append(w.spare[:0], raw.Bytes()...))
	s.giveOwn(pool)
	w.lent = s
}

// TakeBack ends what Lend began: what crypto/tls has left in the buffer moves. At the end
// of the round, or when another connection is read.
func (w *Lender) TakeBack(pool *loop.Pool) {
	s := w.lent
	if s == nil {
		return
	}
	w.lent = nil
	raw, input := s.rawInput(), s.input()
	if s.over || raw.Len()+input.Len() == 0 {
		s.clear(pool)
		return
	}
	decrypted := input.Len()
	b := s.takeOwn(pool, decrypted+max(raw.Len(), recordSize(raw)+bytes.MinRead))[:decrypted]
	input.Read(b)
	input.Reset(b)
	*raw = *bytes.NewBuffer(append(b[decrypted:], raw.Bytes()...))
}

// Inside tells whether crypto/tls may have more to give without a look at the socket.
func (s *Conn) Inside() bool {
	return !tlsKeeps.known || s.rawInput().Len()+s.input().Len() > 0
}

// Settle gives back what crypto/tls has read to the end. After each read.
func (w *Lender) Settle(s *Conn, pool *loop.Pool) {
	if tlsKeeps.known && w.lent != s && s.rawInput().Len()+s.input().Len() == 0 {
		s.clear(pool)
	}
}

// Forget takes all buffers from crypto/tls, when the connection has ended.
func (s *Conn) Forget(pool *loop.Pool) {
	if tlsKeeps.known {
		s.over = true
		s.clear(pool)
	}
}

// clear takes all buffers from crypto/tls. What they hold is lost.
func (s *Conn) clear(pool *loop.Pool) {
	*s.rawInput() = bytes.Buffer{}
	s.input().Reset(nil)
	if s.hand().Len() == 0 {
		*s.hand() = bytes.Buffer{}
	}
	s.giveOwn(pool)
}

// takeOwn gets an empty buffer of its own for s, which has none.
func (s *Conn) takeOwn(pool *loop.Pool, size int) []byte {
	own, err := pool.Force(size)
	if err != nil { // from where crypto/tls would take it
		return make([]byte, 0, size)
	}
	s.own = own
	return own
}

func (s *Conn) giveOwn(pool *loop.Pool) {
	pool.Put(s.own)
	s.own = nil
}

// Sizes are those of the buffers that crypto/tls has now: of bytes as they came, decrypted, of a
// handshake, and of the one of its own in which some of these lie.
func (s *Conn) Sizes() (raw, input, hand, own int) {
	return s.rawInput().Cap(), int(s.input().Size()), s.hand().Cap(), cap(s.own) // fits: it is in memory
}
