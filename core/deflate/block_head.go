// SPDX-License-Identifier: Apache-2.0

package deflate

// blockHead is the head of a block with codes of its own, RFC 1951 3.2.7: the lengths of both, as
// symbols of a third code, which stand for a length, or for the same one several times.
type blockHead struct {
	lit, dist, lengths int // of which there are so many
	often              [len(codeEntries)]uint16
	code               code
	symbols            [288 + 32]uint8
	extras             [288 + 32]uint8
	count              int
}

// Symbols for lengths again: 16 the one before, 17 and 18 zeros.
const (
	again     = 16
	zeros     = 17
	manyZeros = 18
)

// repeatBits are those of how often.
var repeatBits = [len(codeEntries)]uint{again: 2, zeros: 3, manyZeros: 7}

// plan decides on the head for two codes, and says how many bits it takes.
func (h *blockHead) plan(lit, dist *code) (bits int) {
	h.lit, h.dist, h.count = max(lit.used, endOfBlock+1), max(dist.used, 1), 0
	clear(h.often[:])
	var all [288 + 32]uint8
	n := copy(all[:], lit.lengths[:h.lit])
	n += copy(all[n:], dist.lengths[:h.dist])
	for i := 0; i < n; {
		length, run := all[i], 1
		for i+run < n && all[i+run] == length {
			run++
		}
		i += run
		if length == 0 {
			for ; run >= 11; run -= min(run, 138) {
				h.add(manyZeros, min(run, 138)-11)
			}
			if run >= 3 {
				h.add(zeros, run-3)
				run = 0
			}
		} else {
			h.add(length, 0)
			run--
			for ; run >= 3; run -= min(run, 6) {
				h.add(again, min(run, 6)-3)
			}
		}
		for range run {
			h.add(length, 0)
		}
	}
	h.code.build(h.often[:], 7)
	h.lengths = len(codeOrder)
	for h.lengths > 4 && h.code.lengths[codeOrder[h.lengths-1]] == 0 {
		h.lengths--
	}
	bits = 5 + 5 + 4 + 3*h.lengths
	for symbol, f := range h.often {
		bits += int(f) * (int(h.code.lengths[symbol]) + int(repeatBits[symbol]))
	}
	return bits
}

// fits: a length is repeated up to 138 times.
func (h *blockHead) add(symbol uint8, extra int) {
	h.symbols[h.count], h.extras[h.count] = symbol, uint8(extra)
	h.often[symbol]++
	h.count++
}

func (h *blockHead) write(w *writer) {
	w.put(uint64(h.lit-257)|uint64(h.dist-1)<<5|uint64(h.lengths-4)<<10, 14)
	w.flush()
	for _, symbol := range codeOrder[:h.lengths] {
		w.put(uint64(h.code.lengths[symbol]), 3)
		w.flush()
	}
	for i, symbol := range h.symbols[:h.count] {
		w.add(h.code.words[symbol])
		w.put(uint64(h.extras[i]), repeatBits[symbol])
		w.flush()
	}
}
