// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"sync"
)

const (
	endOfBlock  = 256
	lengthSyms  = 29
	distSyms    = 30
	mostData    = 32 << 10 // bytes of a block
	firstLength = 3
)

// Lengths and distances by their symbols, RFC 1951 3.2.5, and back.
// Distances less 1 have their place below 256, and above that their 128th behind 256.
var symOfLength, symOfDist = makeSyms()

// fits: symbols are below 30.
func makeSyms() (ofLength [maxMatch - firstLength + 1]uint8, ofDist [512]uint8) {
	for sym := range lengthSyms {
		entry := litEntries[endOfBlock+1+sym]
		from := int(entry>>valueShift) - firstLength
		for i := range min(1<<(entry>>extraShift&extraBits), len(ofLength)-from) {
			ofLength[from+i] = uint8(sym)
		}
	}
	for sym := range distSyms {
		entry := distEntries[sym]
		from := int(entry>>valueShift) - 1
		for i := range 1 << (entry >> extraShift & extraBits) {
			if at := from + i; at < 256 {
				ofDist[at] = uint8(sym)
			} else {
				ofDist[256+at>>7] = uint8(sym)
			}
		}
	}
	return ofLength, ofDist
}

func distSym(distance int) uint8 {
	if distance <= 256 {
		return symOfDist[(distance-1)&255]
	}
	return symOfDist[256+(distance-1)>>7&255]
}

// block is what a block will say of a part of a message, and how it may be written.
type block struct {
	steps     []step
	litOften  [endOfBlock + 1 + lengthSyms]uint16
	distOften [distSyms]uint16
	lit       code
	dist      code
	extra     int // bits of all references, besides their codes
	short     int // bits of the codes that both ends know for all this
	head      blockHead
}

// begin forgets what was there.
func (b *block) begin() {
	b.steps, b.extra, b.short = b.steps[:0], 0, 0
	clear(b.litOften[:])
	clear(b.distOften[:])
}

// add adds literals, and the reference behind them unless length is 0.
// fits: a block has up to 32768 bytes, lengths have 9 bits, distances 16.
func (b *block) add(literals []byte, length, distance int) {
	for _, l := range literals {
		b.litOften[l]++
		b.short += int(fixedLit[l])
	}
	s := step{literals: uint16(len(literals)), length: uint16(length), distance: uint16(distance)}
	if length > 0 {
		s.lengthSym, s.distSym = symOfLength[length-firstLength], distSym(distance)
		b.litOften[endOfBlock+1+int(s.lengthSym)]++
		b.distOften[s.distSym]++
		b.short += int(fixedLit[endOfBlock+1+int(s.lengthSym)]) + int(fixedDist[s.distSym])
		b.extra += int((litEntries[endOfBlock+1+int(s.lengthSym)] + distEntries[s.distSym]) >> extraShift & extraBits)
	}
	b.steps = append(b.steps, s)
}

// The codes that both ends know, RFC 1951 3.2.6, to write by.
var (
	fixedLit, fixedDist = fixedLengths()
	fixedWords          = sync.OnceValue(func() *[2]code { return &[2]code{codeOf(fixedLit[:]), codeOf(fixedDist[:])} })
)

// codeOf is the code with these lengths.
// fits: symbols have 9 bits.
func codeOf(lengths []uint8) (c code) {
	var counts [maxCode + 1]int
	for symbol, length := range lengths {
		c.symbols[symbol], c.lengths[symbol] = uint16(symbol), length
		counts[length]++
	}
	c.count, c.used = len(lengths), len(lengths)
	c.assign(&counts)
	return c
}

// shortBlock is up to how many bits a block is not worth codes of its own: their head alone takes
// about so many.
const shortBlock = 256

// write writes the block, of data, in the way that takes the least room.
func (b *block) write(w *writer, data []byte) {
	b.litOften[endOfBlock] = 1
	b.short += b.extra + int(fixedLit[endOfBlock])
	size := b.short
	if b.short > shortBlock {
		b.lit.build(b.litOften[:], maxCode)
		b.dist.build(b.distOften[:], maxCode)
		size = b.lit.size() + b.dist.size() + b.extra + b.head.plan(&b.lit, &b.dist)
	}
	switch {
	case 3+min(size, b.short) >= (storedHead+len(data))*8:
		w.stored(data)
	case b.short <= size:
		w.put(1<<1, 3)
		fixed := fixedWords()
		b.writeSteps(w, &fixed[0], &fixed[1], data)
	default:
		w.put(2<<1, 3)
		b.head.write(w)
		b.writeSteps(w, &b.lit, &b.dist, data)
	}
}

// writeSteps writes what the block says, and its end. A word has up to 15 bits, and up to 7 wait before
// it: three literals fit, and so do a length and a distance with all they have.
func (b *block) writeSteps(w *writer, lit, dist *code, data []byte) {
	at := 0
	local := bitBuffer{w.bits, w.count}
	size := w.size
	for i := range b.steps {
		s := &b.steps[i]
		literals := data[at : at+int(s.literals)]
		at += int(s.literals) + int(s.length)
		for ; len(literals) >= 3; literals = literals[3:] {
			local.add(lit.words[literals[0]])
			local.add(lit.words[literals[1]])
			local.add(lit.words[literals[2]])
			size = local.flush(w.bytes[size:], size)
		}
		for _, l := range literals {
			local.add(lit.words[l])
		}
		size = local.flush(w.bytes[size:], size)
		if s.length == 0 {
			continue
		}
		entry := litEntries[endOfBlock+1+int(s.lengthSym)]
		local.add(lit.words[endOfBlock+1+int(s.lengthSym)])
		local.put(uint64(uint32(s.length)-entry>>valueShift), uint(entry>>extraShift&extraBits))
		entry = distEntries[s.distSym]
		local.add(dist.words[s.distSym])
		local.put(uint64(uint32(s.distance)-entry>>valueShift), uint(entry>>extraShift&extraBits))
		size = local.flush(w.bytes[size:], size)
	}
	w.bitBuffer, w.size = local, size
	w.add(lit.words[endOfBlock])
	w.flush()
}
