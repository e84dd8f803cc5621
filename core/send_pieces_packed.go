// SPDX-License-Identifier: Apache-2.0

package core

import "libws/core/fault"

// A message in pieces goes compressed or not as a whole (RFC 7692 6.1): its first frame
// alone has RSV1. The first piece decides. What follows is not known yet, so a small one
// says little: only one that could shrink, and does not, leaves the message as it is. A
// piece alone is a message like any other.
//
// Each piece is compressed and flushed when it is sent, so nothing of it stays behind. It
// refers to those before it with takeover only: without, a history would have to be kept
// between the calls.

// packs tells whether a piece of size bytes is to be compressed.
func (p *part) packs(z *compression, size int) bool {
	switch {
	case !p.begins:
		return p.after.packed
	case p.ends:
		return size >= z.minSize
	}
	return true
}

// mayBePlain tells whether the message has not begun compressed. p is nil for a whole one.
func (p *part) mayBePlain() bool { return p == nil || p.begins }

// orPlain is err for the piece of a message that has begun compressed, and for the begin of
// one that it may go as it is.
func (p *part) orPlain(err *fault.Error) *fault.Error {
	if p.mayBePlain() {
		return errPlain
	}
	return err
}

// pack compresses a message, or a piece of one; false when it is better sent as it is.
// z.mu is held, with takeover.
func (z *compression) pack(buffer, data []byte, p *part) (payload []byte, ok bool) {
	if p == nil || p.begins && p.ends {
		return z.out.Append(buffer, data)
	}
	payload, smaller := z.out.AppendPart(buffer, data, p.ends)
	return payload, smaller || !p.begins || len(data) < z.minSize
}
