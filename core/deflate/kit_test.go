// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	stdflate "compress/flate"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"libws/core/wire"
)

// lender is a Memory that knows what it has lent, and may be short of it.
type lender struct {
	t     testing.TB
	lent  int
	limit int // 0: none
}

var errShort = errors.New("no memory")

func (l *lender) Grow(b []byte, n int) ([]byte, error) {
	if l.limit > 0 && l.lent-cap(b)+n > l.limit {
		return b, errShort
	}
	l.lent += n - cap(b)
	bigger := append(make([]byte, 0, n), b...)
	for i := range b[:cap(b)] {
		b[:cap(b)][i] = 0xdb // whoever still uses it shall notice
	}
	return bigger[:len(b):n], nil
}

func (l *lender) Put(b []byte) {
	l.lent -= cap(b)
	if l.lent < 0 {
		l.t.Error("more was given back than was lent")
	}
}

func (l *lender) Count(n int) error {
	if n > 0 && l.limit > 0 && l.lent+n > l.limit {
		return errShort
	}
	l.lent += n
	return nil
}

var both = Params{ServerBits: 15, ClientBits: 15}

// inflate runs a message through a decoder in pieces, with room for step bytes at a
// time, more in long messages.
func inflate(d *Decoder, message []byte, piece, step int) (out []byte, err error) {
	more := func() { out = append(make([]byte, 0, len(out)+max(step, len(out)/64)), out...) }
	for rest := message; len(rest) > 0; {
		in := rest[:min(piece, len(rest))]
		rest = rest[len(in):]
		for {
			var n int
			out, n, err = d.Append(out, in)
			if err == nil && n != len(in) {
				return out, fmt.Errorf("%d of %d bytes taken without an error", n, len(in))
			}
			if err == nil {
				break
			}
			if err != ErrFull {
				return out, err
			}
			in = in[n:]
			more()
		}
	}
	for {
		if out, err = d.End(out); err != ErrFull {
			return out, err
		}
		more()
	}
}

// standard compresses with the standard library, as RFC 7692 7.2.1 wants it.
func standard(t testing.TB, level int, message []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := stdflate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(message)
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), tail[:])
}

// samples are messages of different nature, by name.
func samples() map[string][]byte {
	r := rand.New(rand.NewSource(7692))
	noise := make([]byte, 70_000)
	r.Read(noise)
	var words strings.Builder
	for words.Len() < 150_000 {
		fmt.Fprintf(&words, `{"id":%d,"name":"%x","on":%t,"tags":["a","b%d"]},`, r.Intn(9999), r.Intn(1<<20), r.Intn(2) == 0, r.Intn(5))
	}
	// Each byte a different frequency, so that codes get long.
	var skewed []byte
	for i := range 25 {
		skewed = append(skewed, bytes.Repeat([]byte{byte(i * 7)}, 1<<min(i, 15))...)
	}
	r.Shuffle(len(skewed), func(i, j int) { skewed[i], skewed[j] = skewed[j], skewed[i] })
	return map[string][]byte{
		"one byte": {0}, "hello": []byte("Hello"), "json 300": []byte(words.String()[:300]), "json 16 KiB": []byte(words.String()[:16<<10]),
		"json 150 KB": []byte(words.String()), "noise 100": noise[:100], "noise 70 KB": noise, "zeros": make([]byte, 300_000), "skewed": skewed[:200_000],
		"period 32768": bytes.Repeat(noise[:32768], 3), "period 3": bytes.Repeat([]byte("abc"), 5000),
	}
}

// slow decodes DEFLATE data bit by bit, straight from RFC 1951 and in another way than the
// inflater, and tells the greatest distance of all references.
type slow struct {
	in       []byte
	at       int // bit
	out      []byte
	farthest int
}

func (s *slow) bit() int {
	b := int(s.in[s.at/8]>>(s.at%8)) & 1
	s.at++
	return b
}

func (s *slow) number(n int) (v int) {
	for i := range n {
		v |= s.bit() << i
	}
	return v
}

// book is a code by its lengths: the symbols of each length, in order.
type book [16][]int

func bookOf(lengths []int) *book {
	b := new(book)
	for sym, l := range lengths {
		b[l] = append(b[l], sym)
	}
	return b
}

func (s *slow) symbol(b *book) int {
	code, first := 0, 0
	for length := 1; ; length++ {
		code, first = code<<1|s.bit(), first<<1
		if i := code - first; i < len(b[length]) {
			return b[length][i]
		}
		first += len(b[length])
	}
}

// run decodes blocks until the input ends, behind dict.
func (s *slow) run(dict, in []byte) []byte {
	s.in, s.at, s.out = in, 0, append([]byte(nil), dict...)
	for s.at+3 < len(in)*8 {
		if s.number(1) == 1 {
			panic("a last block")
		}
		switch s.number(2) {
		case 0:
			s.at = (s.at + 7) / 8 * 8
			n := s.number(16)
			s.number(16)
			s.out = append(s.out, in[s.at/8:s.at/8+n]...)
			s.at += n * 8
		case 1:
			lit := make([]int, 288)
			for i := range lit {
				lit[i] = 8
				if i >= 144 && i < 256 {
					lit[i] = 9
				} else if i >= 256 && i < 280 {
					lit[i] = 7
				}
			}
			dist := make([]int, 30)
			for i := range dist {
				dist[i] = 5
			}
			s.codes(bookOf(lit), bookOf(dist))
		case 2:
			nlit, ndist, ncode := s.number(5)+257, s.number(5)+1, s.number(4)+4
			code := make([]int, 19)
			for i := range ncode {
				code[codeOrder[i]] = s.number(3)
			}
			lengths := bookOf(code)
			var all []int
			for len(all) < nlit+ndist {
				switch sym := s.symbol(lengths); sym {
				case 16:
					for range s.number(2) + 3 {
						all = append(all, all[len(all)-1])
					}
				case 17:
					all = append(all, make([]int, s.number(3)+3)...)
				case 18:
					all = append(all, make([]int, s.number(7)+11)...)
				default:
					all = append(all, sym)
				}
			}
			s.codes(bookOf(all[:nlit]), bookOf(all[nlit:]))
		}
	}
	return s.out[len(dict):]
}

func (s *slow) codes(lit, dist *book) {
	for {
		sym := s.symbol(lit)
		if sym == 256 {
			return
		}
		if sym < 256 {
			s.out = append(s.out, byte(sym))
			continue
		}
		length := 258
		if sym < 285 {
			length = 3
			for i := 257; i < sym; i++ {
				length += 1 << max(0, (i-257)/4-1)
			}
			length += s.number(max(0, (sym-257)/4-1))
		}
		sym = s.symbol(dist)
		distance := 1
		for i := range sym {
			distance += 1 << max(0, i/2-1)
		}
		distance += s.number(max(0, sym/2-1))
		s.farthest = max(s.farthest, distance)
		for range length {
			s.out = append(s.out, s.out[len(s.out)-distance])
		}
	}
}

func clientDecoder(t testing.TB, p Params, o DecoderOptions) (*Decoder, *lender) {
	l := &lender{t: t}
	d := NewDecoder(l, wire.Client, p, o)
	t.Cleanup(func() {
		d.Close()
		d.Close()
		if l.lent != 0 {
			t.Errorf("%d bytes were not given back", l.lent)
		}
	})
	return d, l
}

func serverEncoder(t testing.TB, p Params, level int) (*Encoder, *lender) {
	l := &lender{t: t}
	e := NewEncoder(l, wire.Server, p, level)
	t.Cleanup(func() {
		e.Drop()
		if l.lent != 0 {
			t.Errorf("%d bytes were not given back", l.lent)
		}
	})
	return e, l
}
