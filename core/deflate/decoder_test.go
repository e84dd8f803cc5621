// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	stdflate "compress/flate"
	"encoding/hex"
	"testing"

	"libws/core/wire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheExamplesOfTheRFCInflate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ section, message, want string }{
		{"7.2.3.1 one block", "f248cdc9c90700", "Hello"},
		{"7.2.3.3 a block without compression", "000500faff48656c6c6f00", "Hello"},
		{"7.2.3.4 a block that is the last", "f348cdc9c9070000", "Hello"},
		{"7.2.3.4 without the byte behind it", "f348cdc9c90700", "Hello"},
		{"7.2.3.5 two blocks", "f248050000" + "00ffffcac9c90700", "Hello"},
		{"7.2.3.6 an empty message", "00", ""},
		{"no byte at all", "", ""},
		{"two streams, each with its end", "f348cdc9c90700f348cdc9c9070000", "HelloHello"},
	} {
		for piece := 1; piece <= 12; piece++ {
			d, _ := clientDecoder(t, both, DecoderOptions{})
			out, err := inflate(d, unhex(t, c.message), piece, 3)
			if err != nil || string(out) != c.want {
				t.Errorf("%s, pieces of %d: %q, %v", c.section, piece, out, err)
			}
		}
	}
}

// 7.2.3.2: the second message refers to the first one.
func TestAMessageRefersToTheOneBeforeItOnlyWithTakeover(t *testing.T) {
	t.Parallel()
	first, second := unhex(t, "f248cdc9c90700"), unhex(t, "f200110000")
	d, _ := clientDecoder(t, both, DecoderOptions{})
	for _, m := range [][]byte{first, second, second} {
		if out, err := inflate(d, m, 100, 100); err != nil || string(out) != "Hello" {
			t.Errorf("%x: %q, %v", m, out, err)
		}
	}
	d, l := clientDecoder(t, Params{ServerNoTakeover: true, ServerBits: 15, ClientBits: 15}, DecoderOptions{})
	if out, err := inflate(d, first, 100, 100); err != nil || string(out) != "Hello" {
		t.Errorf("%q, %v", out, err)
	}
	if l.lent != 0 || d.Busy() {
		t.Errorf("%d bytes are kept between messages without takeover", l.lent)
	}
	if out, err := inflate(d, second, 100, 100); err != ErrCorrupt {
		t.Errorf("%q, %v", out, err)
	}
}

func TestWhatTheStandardLibraryCompressesInflatesInAnyPieces(t *testing.T) {
	t.Parallel()
	for name, message := range samples() {
		message = message[:min(len(message), 70_000)]
		for _, level := range []int{stdflate.HuffmanOnly, 0, 1, 6} {
			compressed := standard(t, level, message)
			for _, piece := range []int{1, 9, len(compressed)} {
				for _, step := range []int{5, 2 * len(message)} {
					d, _ := clientDecoder(t, both, DecoderOptions{Limit: int64(len(message))})
					out, err := inflate(d, compressed, piece, step)
					if err != nil || !bytes.Equal(out, message) {
						t.Errorf("%s, level %d, pieces of %d, room for %d: %d of %d bytes, %v", name, level, piece, step, len(out), len(message), err)
					}
				}
			}
		}
	}
}

// The inflater must not lag behind: text is to be refused at the first wrong piece.
func TestWhatIsKnownComesOutAtOnce(t *testing.T) {
	t.Parallel()
	d, _ := clientDecoder(t, both, DecoderOptions{})
	out := make([]byte, 0, 100)
	var b bytes.Buffer
	w, _ := stdflate.NewWriter(&b, 6)
	for i, part := range []string{"κόσμε", " and ", "more"} {
		w.Write([]byte(part))
		w.Flush()
		var err error
		want := len(out) + len(part)
		if out, _, err = d.Append(out, b.Bytes()); err != nil || len(out) != want {
			t.Errorf("part %d: %q, %v", i, out, err)
		}
		b.Reset()
	}
}

func TestAMessageThatIsTakenInPartsRefersToThem(t *testing.T) {
	t.Parallel()
	message := samples()["period 32768"]
	for _, p := range []Params{both, {ServerNoTakeover: true, ServerBits: 9, ClientBits: 15}} {
		d, l := clientDecoder(t, p, DecoderOptions{})
		for range 2 {
			rest, got := standard(t, 6, message), []byte(nil)
			for len(rest) > 0 {
				out, n, err := d.Append(make([]byte, 0, 5000), rest)
				if err != nil && err != ErrFull {
					t.Fatal(err)
				}
				rest = rest[n:]
				if len(rest) > 0 || err == ErrFull {
					if err := d.Took(out); err != nil {
						t.Fatal(err)
					}
				}
				got = append(got, out...)
				if len(rest) > 0 {
					continue
				}
				if err == nil {
					if err := d.Took(out); err != nil {
						t.Fatal(err)
					}
				}
				for {
					out, err := d.End(make([]byte, 0, 5000))
					got = append(got, out...)
					if err == nil {
						break
					} else if err != ErrFull {
						t.Fatal(err)
					}
					d.Took(out)
				}
			}
			if !bytes.Equal(got, message) {
				t.Errorf("%d of %d bytes", len(got), len(message))
			}
			if p.ServerNoTakeover && l.lent != 0 {
				t.Errorf("%d bytes are kept behind the message", l.lent)
			}
		}
	}
}

func TestABombStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	bomb := standard(t, 9, make([]byte, 10<<20))
	for _, limit := range []int64{1, 100, 65536, 1 << 20} {
		d, _ := clientDecoder(t, both, DecoderOptions{Limit: limit})
		out, err := inflate(d, bomb, 100, 1<<16)
		if err != ErrTooBig || int64(len(out)) > limit+1 {
			t.Errorf("limit %d: %d bytes, %v", limit, len(out), err)
		}
	}
	d, _ := clientDecoder(t, both, DecoderOptions{Ratio: 20})
	out, err := inflate(d, bomb, 100, 1<<10)
	if err != ErrRatio || len(out) > ratioFrom+100*20+1<<10 {
		t.Errorf("ratio: %d bytes, %v", len(out), err)
	}
	// The compressed size counts, not that of the pieces; and what is dense passes.
	text := samples()["json 150 KB"]
	d, _ = clientDecoder(t, both, DecoderOptions{Ratio: 20, Limit: int64(len(text))})
	if out, err := inflate(d, standard(t, 6, text), 10, 1<<10); err != nil || !bytes.Equal(out, text) {
		t.Errorf("ratio, text: %d bytes, %v", len(out), err)
	}
	d, _ = clientDecoder(t, both, DecoderOptions{Limit: int64(len(text) - 1)})
	if _, err := inflate(d, standard(t, 6, text), 10, 1<<10); err != ErrTooBig {
		t.Errorf("one byte more than the limit: %v", err)
	}
}

func TestBrokenDataIsRefused(t *testing.T) {
	t.Parallel()
	for name, message := range map[string]string{
		"block of kind 3":                         "07",
		"length of a stored block and its check":  "000500fbff48656c6c6f00",
		"reference before the begin":              "f200110000",
		"too many literal codes":                  "f5ff",
		"lengths that begin with a repeat":        "04c001000000000000",
		"the message ends inside a block":         "f248cdc9",
		"the tail was not taken off":              "f248cdc9c9070000" + "00ffff",
		"a stored block swallows the tail":        "000900f6ff48656c6c6f",
		"a reserved distance, 30, in a fixed one": "62011e",
		"nothing behind a header":                 "02",
	} {
		for piece := 1; piece < 12; piece++ {
			d, _ := clientDecoder(t, both, DecoderOptions{})
			if out, err := inflate(d, unhex(t, message), piece, 10); err != ErrCorrupt {
				t.Errorf("%s, pieces of %d: %q, %v", name, piece, out, err)
			}
		}
	}
}

func TestEachTruncatedMessageIsRefused(t *testing.T) {
	t.Parallel()
	whole := standard(t, 6, samples()["json 300"])
	for n := 1; n < len(whole); n++ {
		d, _ := clientDecoder(t, both, DecoderOptions{})
		if out, err := inflate(d, whole[:n], 50, 50); err != ErrCorrupt {
			t.Errorf("%d of %d bytes: %d bytes, %v", n, len(whole), len(out), err)
		}
	}
}

func TestHistoryIsNoLargerThanTheWindow(t *testing.T) {
	t.Parallel()
	text := samples()["json 16 KiB"]
	d, l := clientDecoder(t, Params{ServerBits: 10, ClientBits: 15}, DecoderOptions{})
	for range 5 {
		if _, err := inflate(d, standard(t, 1, text), 1000, 1000); err != nil {
			t.Fatal(err)
		}
		if l.lent > 1024 || d.Held() != l.lent {
			t.Errorf("%d bytes are kept, %d said, for a window of 1024", l.lent, d.Held())
		}
	}
	l.limit = 1
	d, l = clientDecoder(t, both, DecoderOptions{})
	l.limit = 100
	if _, err := inflate(d, standard(t, 1, text), 1000, 1000); err != errShort {
		t.Errorf("without memory for the history: %v", err)
	}
}

// Who finds memory goes on where it was missing: before the first byte, or at the end, with
// the tail already read.
func TestADecoderWithoutMemoryGoesOnWhenThereIsSome(t *testing.T) {
	t.Parallel()
	message := samples()["json 300"]
	for _, payload := range [][]byte{standard(t, 1, message), append(standard(t, 1, message), 0, 0, 0xff, 0xff, 3, 0)} { // and one that ended
		d, l := clientDecoder(t, both, DecoderOptions{})
		for range 3 {
			out := make([]byte, 0, len(message)+1)
			l.limit = d.Held() + inflaterSize - 1
			if got, n, err := d.Append(out, payload); len(got) != 0 || n != 0 || err != errShort || d.Busy() {
				t.Fatalf("%d bytes of %d taken, %v", n, len(payload), err)
			}
			l.limit = 0
			out, n, err := d.Append(out, payload)
			if n != len(payload) || err != nil || d.Held() != l.lent {
				t.Fatalf("%d bytes of %d taken, %v; %d bytes held, %d lent", n, len(payload), err, d.Held(), l.lent)
			}
			l.limit = 1
			for range 2 {
				if out, err = d.End(out); err != errShort {
					t.Fatalf("without memory for the history: %v", err)
				}
			}
			l.limit = 0
			if out, err = d.End(out); err != nil || !bytes.Equal(out, message) || d.Busy() || d.Held() != l.lent {
				t.Fatalf("%d bytes, %v", len(out), err)
			}
			d.Close()
		}
	}
}

func TestADecoderOfAServerTakesTheClientsParameters(t *testing.T) {
	t.Parallel()
	l := &lender{t: t}
	d := NewDecoder(l, wire.Server, Params{ServerBits: 15, ClientBits: 15, ClientNoTakeover: true}, DecoderOptions{})
	if _, err := inflate(d, unhex(t, "f248cdc9c90700"), 100, 100); err != nil || l.lent != 0 {
		t.Errorf("%d bytes kept, %v", l.lent, err)
	}
	d = NewDecoder(l, wire.Server, Params{ServerBits: 15, ClientBits: 9, ServerNoTakeover: true}, DecoderOptions{})
	if _, err := inflate(d, standard(t, 1, samples()["json 16 KiB"]), 100, 100); err != nil || l.lent != 512 {
		t.Errorf("%d bytes kept, %v", l.lent, err)
	}
	d.Close()
}
