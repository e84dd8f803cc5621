// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	stdflate "compress/flate"
	"fmt"
	"io"
	"math/rand"
	"testing"
)

// record is n bytes of JSON as an application sends them: alike, and never the same.
func record(r *rand.Rand, n int) []byte {
	var b []byte
	for len(b) < n {
		symbol, price := []string{"AAA", "BBB", "CCC"}[r.Intn(3)], float64(r.Intn(65536))/100
		b = fmt.Appendf(b, `{"id": %d, "symbol": "%s", "price": %g, "open": true}`, r.Intn(1<<24), symbol, price)
	}
	return b[:n]
}

// All that was sent is one stream for the standard library, which knows nothing of messages: whatever
// was not sent, however often the windows were filled, and what was forgotten in between.
func TestTakeoverGoesOnForManyWindows(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{8, 10, 13, 15} {
		for _, level := range []int{1, 2, 3, 4, 5, 6} {
			r := rand.New(rand.NewSource(int64(bits*10 + level)))
			e, _ := serverEncoder(t, Params{ServerBits: bits, ClientBits: 15}, level)
			d, _ := clientDecoder(t, Params{ServerBits: bits, ClientBits: 15}, DecoderOptions{})
			noise := make([]byte, 4000)
			r.Read(noise)
			var stream, want []byte
			for sent := 0; sent < 400_000 && sent < 40<<bits; {
				message := record(r, 1+r.Intn([]int{40, 400, 4000, 40_000}[r.Intn(4)]))
				switch r.Intn(20) {
				case 0:
					e.Append(make([]byte, 0, len(message)+6), message) // not sent
					continue
				case 1:
					e.Forget()
				case 2:
					message = append(message, noise[:r.Intn(len(noise))]...)
				case 3:
					e.Drop()
				}
				payload, ok := compress(e, message)
				if !ok {
					continue
				}
				out, err := inflate(d, payload, 1+r.Intn(len(payload)), 1+r.Intn(5000))
				if err != nil || !bytes.Equal(out, message) {
					t.Fatalf("%d bits, level %d, after %d bytes: %d of %d, %v", bits, level, sent, len(out), len(message), err)
				}
				stream, want = append(append(stream, payload...), tail[:]...), append(want, message...)
				sent += len(message)
			}
			got, err := io.ReadAll(stdflate.NewReader(bytes.NewReader(stream)))
			if err != io.ErrUnexpectedEOF || !bytes.Equal(got, want) {
				t.Errorf("%d bits, level %d: the standard library reads %d bytes for %d, %v", bits, level, len(got), len(want), err)
			}
		}
	}
}

func TestMessagesGetAsSmallAsByOthers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(24))
	alone, _ := serverEncoder(t, Params{ServerNoTakeover: true, ServerBits: 15, ClientBits: 15}, 1)
	after, _ := serverEncoder(t, both, 1)
	var ours, theirs, later int
	for range 200 {
		message := record(r, 1024)
		one, _ := compress(alone, message)
		two, _ := compress(after, message)
		ours, theirs, later = ours+len(one), theirs+len(standard(t, 1, message)), later+len(two)
	}
	if ours > theirs || later*6 > ours*5 {
		t.Errorf("%d bytes, %d by the standard library, %d with takeover", ours, theirs, later)
	}
}

// Short messages are what takeover is for, and the first one has nothing to refer to.
func TestTakeoverBeginsWithAShortMessage(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(24))
	e, _ := serverEncoder(t, both, 1)
	d, _ := clientDecoder(t, both, DecoderOptions{})
	for i := range 100 {
		message := record(r, 64)
		payload, ok := compress(e, message)
		if out, err := inflate(d, payload, 10, 100); err != nil || !bytes.Equal(out, message) {
			t.Fatal(len(out), err)
		}
		if most := []int{66, 40, 32}[min(i, 2)]; !ok || len(payload) > most {
			t.Errorf("message %d takes %d bytes, %t", i, len(payload), ok)
		}
	}
}

// A code is complete, and no longer than it may be: by the frequencies that make it longest.
func TestCodesKeepToTheirLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{7, 15} {
		for n := 1; n <= 22; n++ {
			often := make([]uint16, max(n, 2))
			for i := range n {
				often[i] = 1
				if i > 1 {
					often[i] = often[i-1] + often[i-2]
				}
			}
			var c code
			c.build(often, limit)
			sum, rarer := 0, limit
			for i := range often {
				length := int(c.lengths[i])
				if length == 0 || length > rarer {
					t.Fatalf("%d symbols up to %d bits: %v", n, limit, c.lengths[:len(often)])
				}
				sum, rarer = sum+1<<(limit-length), length
			}
			if sum != 1<<limit {
				t.Errorf("%d symbols up to %d bits: %v leave bits without a meaning", n, limit, c.lengths[:n])
			}
		}
	}
}
