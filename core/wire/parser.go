// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"encoding/binary"
	"math"
	"math/bits"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// Role says which end of a connection this is; it decides which direction is
// masked (RFC 6455 5.1).
type Role uint8

// The two ends of a connection.
const (
	Server Role = iota // reads masked frames, writes unmasked ones
	Client             // reads unmasked frames, writes masked ones
)

// Flags say which borders a [Chunk] touches.
type Flags uint8

// The borders of a chunk. A control frame belongs to no message and has only
// the two frame flags (RFC 6455 5.4, 5.5).
const (
	MessageStart Flags = 1 << iota // the first chunk of a message
	MessageEnd                     // the last chunk of a message
	FrameStart                     // the first chunk of a frame
	FrameEnd                       // the last chunk of a frame
	Packed                         // of a compressed message, RFC 7692 6; its text is not checked yet
	Skipped                        // of a message that is larger than the limit, see AllowOversize
)

// Chunk is a piece of one frame's payload, already unmasked and checked. Its
// payload lies in the buffer that was given to [Parser.Next], and may be empty.
type Chunk struct {
	Payload []byte
	Left    int64     // payload bytes of this frame still to come after this chunk
	Op      ws.OpCode // of the message, also on continuation frames; or ws.OpClose, ws.OpPing, ws.OpPong
	Flags   Flags
	Ok      bool // false: there is no chunk, the buffer ended inside a header or was empty
}

// Parser takes the bytes of one direction of a connection, in pieces of any
// size, and gives checked chunks of payload. It lives in every idle connection,
// so it is small and keeps no buffer; the bytes of a header that was cut off are
// inside. It belongs to one thread at a time. Call Init before the first use.
type Parser struct {
	remaining int64 // payload bytes missing of the current frame
	limit     int64 // bytes of one whole message
	allowed   int64 // what the limit leaves for the rest of the current message

	head [MaxHeader]byte // at parsingHeader the header so far; at parsingPayload the mask at maskAt
	have uint8           // bytes used of head, at parsingHeader

	state   uint8
	masked  uint8     // the mask bit that the peer's frames must have: 0x80 or 0
	first   uint8     // first byte of the current frame, at parsingPayload
	message ws.OpCode // opcode of the message in progress, 0 without one
	packing uint8     // rsv1Bit if messages may be compressed, oversize if they may be too large; Packed, Skipped if the one in progress is
	text    Text      // of the text message in progress
}

// What the next byte belongs to.
const (
	parsingFrame   = iota // a new frame
	parsingHeader         // a header that was cut off
	parsingPayload        // a payload that was cut off
	parsingFailed         // nothing: the peer broke a rule; from here on it is which of parserErrors
)

const (
	finBit  = 0x80 // in the first byte of a frame, RFC 6455 5.2
	rsvBits = 0x70
	rsv1Bit = 0x40
	opBits  = 0x0f
	maskBit = 0x80 // in the second byte
	maskAt  = MaxHeader - 4
)

// Init prepares the parser for a new connection. role is our own end.
// maxMessage is the limit in bytes of one message, over all its frames; zero or
// less means no limit.
func (p *Parser) Init(role Role, maxMessage int64) {
	if maxMessage <= 0 {
		maxMessage = math.MaxInt64
	}
	*p = Parser{limit: maxMessage}
	if role == Server {
		p.masked = maskBit
	}
}

// AllowPacked lets messages be compressed: permessage-deflate was agreed on (RFC 7692).
// Chunks of such a message have the flag Packed and are what is on the wire; its limit
// holds for that with some room for the overhead of data that does not shrink.
func (p *Parser) AllowPacked() { p.packing |= rsv1Bit }

// oversize lies where no other bit of Parser.packing does.
const oversize = 1

// AllowOversize lets messages be larger than the limit: what comes of one from the frame on by
// which it is has the flag Skipped, for the caller to drop.
func (p *Parser) AllowOversize() { p.packing |= oversize }

// packedLimit is what DEFLATE may make of a message of limit bytes, RFC 1951 3.2.4.
func packedLimit(limit int64) int64 {
	if limit > math.MaxInt64/2 {
		return limit
	}
	return limit + limit/64 + 1024
}

// Next takes one chunk from the front of buf and says how many bytes of buf are
// done with. A frame whose payload lies wholly in buf gives one chunk with
// FrameStart and FrameEnd; otherwise what is there is a chunk, possibly an empty
// one behind a header, and later calls give the rest. A frame without payload
// gives one empty chunk. Without Ok there was no chunk, and all of buf is used.
//
// The payload is unmasked in place, so buf must be writable, and no byte may be
// given twice. The chunk is valid as long as the caller leaves buf alone.
//
// A violation is found as early as it can be known (the limit with the header,
// wrong text with the first chunk that cannot become right) and is final: all of
// buf counts as used, and every later call gives the same error.
func (p *Parser) Next(buf []byte) (c Chunk, n int, err *Error) {
	var size int64
	var header []byte
	switch p.state {
	case parsingFrame:
		size, n, err = p.header(buf)
		if err != nil {
			return p.fail(err, buf)
		}
		if n == 0 {
			return p.keepHeader(buf)
		}
		header = buf[:n]
	case parsingHeader:
		size, n, err = p.completeHeader(buf)
		if err != nil {
			return p.fail(err, buf)
		}
		if n == 0 {
			return Chunk{}, len(buf), nil
		}
		header = p.head[:p.have]
	case parsingPayload:
		return p.continuePayload(buf)
	default:
		return Chunk{}, len(buf), parserErrors[p.state-parsingFailed]
	}

	first := header[0]
	op, flags := ws.OpCode(first&opBits), FrameStart
	if op.IsData() {
		if op == ws.OpContinuation {
			op = p.message
		} else {
			flags |= MessageStart
			p.message = op
			p.allowed = p.limit
			p.packing &^= uint8(Packed | Skipped)
			if first&rsv1Bit != 0 {
				p.packing |= uint8(Packed)
				p.allowed = packedLimit(p.limit)
			}
		}
		if size > p.allowed { // then header has let it pass
			p.packing |= uint8(Skipped)
			p.allowed = size
		}
		flags |= Flags(p.packing) & (Packed | Skipped)
		p.allowed -= size
	}

	k := int(min(size, int64(len(buf)-n)))
	payload := buf[n : n+k : n+k]
	left := size - int64(k)
	if p.masked != 0 {
		mask := [4]byte(header[len(header)-4:])
		Mask(payload, mask, 0)
		if left > 0 {
			p.keepMask(mask, k)
		}
	}
	p.first, p.remaining = first, left
	flags |= p.advance(op)
	if op == ws.OpText && flags&Packed == 0 && !p.validText(payload, flags) {
		return p.fail(ErrNotUTF8, buf)
	}
	return Chunk{Payload: payload, Left: left, Op: op, Flags: flags, Ok: true}, n + k, nil
}

// header reads the header at the front of h and checks it (RFC 6455 5.2). size
// is the length of the payload and n that of the header, 0 if h ends inside it.
// The checks come in the order of the bytes, each as soon as its bytes are
// there: a header in pieces fails with the same error as a whole one.
func (p *Parser) header(h []byte) (size int64, n int, err *Error) {
	if len(h) < 2 {
		return 0, 0, nil
	}
	first, second := h[0], h[1]
	if err := p.checkStart(first, second); err != nil {
		return 0, 0, err
	}
	size, n = int64(second&^maskBit), 2
	switch size {
	case 126:
		if len(h) < 4 {
			return 0, 0, nil
		}
		size, n = int64(binary.BigEndian.Uint16(h[2:])), 4
		if size < 126 {
			return 0, 0, ErrLengthNotMinimal
		}
	case 127:
		if len(h) < 10 {
			return 0, 0, nil
		}
		size, n = int64(binary.BigEndian.Uint64(h[2:])), 10
		if size < 0 {
			return 0, 0, ErrLengthTopBit
		}
		if size <= math.MaxUint16 {
			return 0, 0, ErrLengthNotMinimal
		}
	}
	switch ws.OpCode(first & opBits) {
	case ws.OpContinuation:
		if size > p.allowed && p.packing&oversize == 0 {
			return 0, 0, ErrTooBig
		}
	case ws.OpText, ws.OpBinary:
		if size > p.limit && (first&rsv1Bit == 0 || size > packedLimit(p.limit)) && p.packing&oversize == 0 {
			return 0, 0, ErrTooBig
		}
	}
	n += int(p.masked >> 5) // a mask has four bytes
	if len(h) < n {
		return 0, 0, nil
	}
	return size, n, nil
}

// checkStart checks what the first two bytes of a frame say.
func (p *Parser) checkStart(first, second byte) *Error {
	// RFC 7692 6: only the first frame of a message may have it, and no control frame.
	if rsv := first & rsvBits; rsv != 0 && (rsv != p.packing&rsv1Bit || first&opBits != byte(ws.OpText) && first&opBits != byte(ws.OpBinary)) {
		return ErrReservedBits
	}
	switch ws.OpCode(first & opBits) {
	case ws.OpText, ws.OpBinary:
		if p.message != 0 {
			return ErrInterleaved
		}
	case ws.OpContinuation:
		if p.message == 0 {
			return ErrContinuation
		}
	case ws.OpClose, ws.OpPing, ws.OpPong:
		if first&finBit == 0 {
			return ErrControlFragmented
		}
		if second&^maskBit > ws.MaxControlFramePayloadSize {
			return ErrControlTooLong
		}
	default:
		return ErrReservedOpcode
	}
	if second&maskBit != p.masked {
		if p.masked != 0 {
			return ErrUnmasked
		}
		return ErrMasked
	}
	return nil
}

// keepHeader stores the begin of a header, which is all that buf has.
func (p *Parser) keepHeader(buf []byte) (Chunk, int, *Error) {
	if len(buf) > 0 {
		p.state, p.have = parsingHeader, uint8(copy(p.head[:], buf)) // fits: head has 14 bytes
	}
	return Chunk{}, len(buf), nil
}

// completeHeader adds bytes to the header that was cut off. n is how many of buf
// it took, 0 if the header is still not complete.
func (p *Parser) completeHeader(buf []byte) (size int64, n int, err *Error) {
	for i, b := range buf {
		p.head[p.have] = b
		p.have++
		size, n, err = p.header(p.head[:p.have])
		if n != 0 || err != nil {
			return size, i + 1, err
		}
	}
	return 0, 0, nil
}

// continuePayload takes the next piece of a payload that was cut off.
func (p *Parser) continuePayload(buf []byte) (Chunk, int, *Error) {
	if len(buf) == 0 {
		return Chunk{}, 0, nil
	}
	op, packed := ws.OpCode(p.first&opBits), Flags(0)
	if op.IsData() {
		op, packed = p.message, Flags(p.packing)&(Packed|Skipped)
	}
	k := int(min(p.remaining, int64(len(buf))))
	payload := buf[:k:k]
	if p.masked != 0 {
		mask := [4]byte(p.head[maskAt:])
		Mask(payload, mask, 0)
		p.keepMask(mask, k)
	}
	p.remaining -= int64(k)
	flags := p.advance(op) | packed
	if op == ws.OpText && packed&Packed == 0 && !p.validText(payload, flags) {
		return p.fail(ErrNotUTF8, buf)
	}
	return Chunk{Payload: payload, Left: p.remaining, Op: op, Flags: flags, Ok: true}, k, nil
}

// keepMask stores the mask for the byte after the next n, RFC 6455 5.3. Turning
// it, instead of counting, keeps whole words whole for ws.Cipher.
func (p *Parser) keepMask(mask [4]byte, n int) {
	word := binary.LittleEndian.Uint32(mask[:])
	binary.LittleEndian.PutUint32(p.head[maskAt:], bits.RotateLeft32(word, -8*(n&3)))
}

// advance says what the next byte belongs to, when a chunk of opcode op was
// taken, and gives the flags of what ends here.
func (p *Parser) advance(op ws.OpCode) Flags {
	if p.remaining > 0 {
		p.state = parsingPayload
		return 0
	}
	p.state = parsingFrame
	if op.IsData() && p.first&finBit != 0 {
		p.message = 0
		return FrameEnd | MessageEnd
	}
	return FrameEnd
}

// validText checks a chunk of a text message (RFC 6455 8.1).
func (p *Parser) validText(payload []byte, flags Flags) bool {
	if flags&(MessageStart|MessageEnd) == MessageStart|MessageEnd {
		return utf8.Valid(payload)
	}
	return p.text.Write(payload) && (flags&MessageEnd == 0 || p.text.Whole())
}

// fail stops the parser for good.
func (p *Parser) fail(err *Error, buf []byte) (Chunk, int, *Error) {
	for i, e := range parserErrors {
		if e == err {
			p.state = parsingFailed + uint8(i) // fits: a few kinds of violation
		}
	}
	p.remaining, p.message = 0, 0
	return Chunk{}, len(buf), err
}

// Remaining is how many payload bytes are missing of the current frame; 0
// between frames, inside a header and after an error.
func (p *Parser) Remaining() int64 { return p.remaining }

// MidMessage reports whether a message has begun and its last frame has not come
// whole (RFC 6455 5.4). After an error it is false.
func (p *Parser) MidMessage() bool { return p.message != 0 }

// MidFrame reports whether the bytes so far end inside a frame: in its header or
// in its payload. After an error it is false.
func (p *Parser) MidFrame() bool { return p.state == parsingHeader || p.state == parsingPayload }
