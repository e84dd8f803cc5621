// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"math/bits"
	"slices"
)

// code is a prefix code for symbols that are about to be written, RFC 1951 3.2.2.
type code struct {
	words   [288]uint32 // by symbol: the bits, the first one lowest, above 5 bits with their number
	lengths [288]uint8
	symbols [288]uint16 // that have a code, in order
	often   [288]uint16 // each of them occurs
	count   int         // of them
	used    int         // symbols up to the last one that has a code
}

const wordShift = 5

// leaf is a symbol below how often it occurs.
type leaf uint32

const (
	symbolBits = 9
	symbolMask = 1<<symbolBits - 1
)

// build makes the code with the least bits for symbols that occur so often, of up to limit bits
// each. There are two codes at least, as some decoders want.
// fits: symbols have 9 bits, lengths 4, and a block has up to 32769 symbols.
func (c *code) build(often []uint16, limit int) {
	for _, symbol := range c.symbols[:c.count] {
		c.lengths[symbol] = 0
	}
	n := 0
	for symbol, f := range often {
		if f != 0 {
			c.symbols[n], c.often[n] = uint16(symbol), f
			n++
		}
	}
	for n < 2 { // the first ones that do not occur
		symbol := uint16(0)
		if n == 1 && c.symbols[0] == 0 {
			symbol = 1
		}
		if n == 1 && symbol == 0 {
			c.symbols[1], c.often[1] = c.symbols[0], c.often[0]
			c.symbols[0], c.often[0] = 0, 0
		} else {
			c.symbols[n], c.often[n] = symbol, 0
		}
		n++
	}
	c.count, c.used = n, int(c.symbols[n-1])+1

	var leaves [288]leaf
	sorted := leaves[:n]
	c.sort(sorted)
	var counts [maxCode + 1]int
	lengthCounts(sorted, &counts, limit)
	i := 0
	for length := limit; length > 0; length-- { // the rarest have the longest
		for _, l := range sorted[i : i+counts[length]] {
			c.lengths[l&symbolMask] = uint8(length)
		}
		i += counts[length]
	}
	c.assign(&counts)
}

// sort puts the symbols in the order of how often they occur. Most of them are rare, so those
// have places of their own, and only the others are compared.
// fits: as in build.
func (c *code) sort(sorted []leaf) {
	const rare = 64
	var places [rare + 1]uint16
	for _, f := range c.often[:c.count] {
		places[min(f, rare)]++
	}
	at := uint16(0)
	for i, n := range places {
		places[i] = at
		at += n
	}
	many := places[rare]
	for i, f := range c.often[:c.count] {
		place := &places[min(f, rare)]
		sorted[*place] = leaf(f)<<symbolBits | leaf(c.symbols[i])
		*place++
	}
	slices.Sort(sorted[many:])
}

// assign gives each symbol its bits, RFC 1951 3.2.2.
// fits: codes have up to 15 bits.
func (c *code) assign(counts *[maxCode + 1]int) {
	var next [maxCode + 2]uint16
	for length := 1; length <= maxCode; length++ {
		next[length+1] = (next[length] + uint16(counts[length])) << 1
	}
	for _, symbol := range c.symbols[:c.count] {
		length := c.lengths[symbol] & maxCode
		c.words[symbol] = uint32(bits.Reverse16(next[length])>>(16-length))<<wordShift | uint32(length)
		next[length]++
	}
}

// size is how many bits all symbols take.
func (c *code) size() (bits int) {
	for i, symbol := range c.symbols[:c.count] {
		bits += int(c.often[i]) * int(c.lengths[symbol])
	}
	return bits
}

// lengthCounts says how many codes of each length there are in the best code, as Huffman found it,
// for leaves that are sorted. The nodes above them need no memory of their own, because they are made
// in order (Moffat and Katajainen, In-Place Calculation of Minimum-Redundancy Codes, 1995).
// fits: there are up to 287 nodes.
func lengthCounts(sorted []leaf, counts *[maxCode + 1]int, limit int) {
	var nodes [288]uint32 // first how often, then the node above
	n := len(sorted)
	next, node := 0, 0 // the rarest leaf and node that nothing is above of
	rarest := func(to int) (sum uint32) {
		if next < n && (node == to || uint32(sorted[next]>>symbolBits) <= nodes[node]) {
			sum = uint32(sorted[next] >> symbolBits)
			next++
		} else {
			sum = nodes[node]
			nodes[node] = uint32(to)
			node++
		}
		return sum
	}
	for to := range n - 1 {
		first := rarest(to)
		nodes[to] = first + rarest(to)
	}
	// Each node but the root is one deeper than that above it. What nodes there are at a depth take
	// two places each at the next one; what is left of the places are leaves.
	nodes[n-2] = 0
	var depths [64]int
	deepest := 0
	depths[0] = 1
	for i := n - 3; i >= 0; i-- {
		depth := nodes[nodes[i]] + 1
		nodes[i] = depth
		depths[depth]++
		deepest = int(depth)
	}
	for depth := 0; depth <= deepest; depth++ {
		counts[min(depth+1, limit)] += 2*depths[depth] - depths[depth+1]
	}
	// Codes that are too long are now too many: each step makes room by one that gets longer.
	room := 0
	for length := 1; length <= limit; length++ {
		room += counts[length] << (limit - length)
	}
	for ; room > 1<<limit; room-- {
		length := limit - 1
		for counts[length] == 0 {
			length--
		}
		counts[length]--
		counts[length+1] += 2
		counts[limit]--
	}
}
