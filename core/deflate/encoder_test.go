// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	"sync"
	"testing"

	"libws/core/wire"
)

// compress is what a connection does with one message.
func compress(e *Encoder, message []byte) ([]byte, bool) {
	payload, ok := e.Append(make([]byte, 0, len(message)+6), message)
	if ok {
		e.Sent(message)
	}
	return payload, ok
}

func TestMessagesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, level := range []int{0, 1, 2, 3, 6, 9} {
		for _, p := range []Params{both, {ServerNoTakeover: true, ServerBits: 15, ClientBits: 15}} {
			e, _ := serverEncoder(t, p, level)
			d, _ := clientDecoder(t, p, DecoderOptions{})
			for range 2 {
				for name, message := range samples() {
					message = message[:min(len(message), 100_000)]
					payload, ok := compress(e, message)
					if !ok {
						continue
					}
					out, err := inflate(d, payload, 1000, 1<<16)
					if err != nil || !bytes.Equal(out, message) {
						t.Fatalf("level %d, %s: %d of %d bytes, %v", level, name, len(out), len(message), err)
					}
				}
			}
		}
	}
}

// The proof that a narrow window can be promised (RFC 7692 7.1.2): a second decoder reads
// the bits and looks at each distance.
func TestNoReferenceLeavesTheWindow(t *testing.T) {
	t.Parallel()
	for bits := minBits; bits <= maxBits; bits++ {
		for _, takeover := range []bool{false, true} {
			if !takeover && bits > 9 && bits < 14 {
				continue // nothing that the others do not show
			}
			p := Params{ServerNoTakeover: !takeover, ServerBits: bits, ClientBits: 15}
			e, l := serverEncoder(t, p, 6)
			d, _ := clientDecoder(t, p, DecoderOptions{})
			var s slow
			var sent []byte
			used := 0
			for range 2 {
				for name, message := range samples() {
					message = message[:min(len(message), 40_000)]
					payload, ok := compress(e, message)
					if !ok {
						continue
					}
					used++
					dict := []byte(nil)
					if takeover {
						dict = sent
					}
					if out := s.run(dict, append(bytes.Clone(payload), tail[:]...)); !bytes.Equal(out, message) {
						t.Fatalf("%d bits, takeover %t, %s: the slow decoder reads something else", bits, takeover, name)
					}
					if out, err := inflate(d, payload, 100_000, 1<<16); err != nil || !bytes.Equal(out, message) {
						t.Fatalf("%d bits, takeover %t, %s: %v", bits, takeover, name, err)
					}
					sent = append(sent, message...)
				}
			}
			if s.farthest > 1<<bits || s.farthest < 1<<bits/4 || used < 10 {
				t.Errorf("%d bits, takeover %t: a distance of %d, %d messages", bits, takeover, s.farthest, used)
			}
			if l.lent > 2<<bits || !takeover && l.lent != 0 {
				t.Errorf("%d bits, takeover %t: %d bytes are kept", bits, takeover, l.lent)
			}
		}
	}
}

func TestTakeoverMakesTheNextMessageSmaller(t *testing.T) {
	t.Parallel()
	message := samples()["json 300"]
	for _, bits := range []int{10, 12, 15} {
		e, _ := serverEncoder(t, Params{ServerBits: bits, ClientBits: 15}, 1)
		first, _ := compress(e, message)
		second, ok := compress(e, message)
		if !ok || len(second) > len(first)/5 {
			t.Errorf("%d bits: %d bytes, then %d", bits, len(first), len(second))
		}
	}
}

func TestWhatDoesNotShrinkIsLeftAlone(t *testing.T) {
	t.Parallel()
	e, l := serverEncoder(t, both, 1)
	for name, message := range map[string][]byte{"empty": {}, "one byte": {0}, "noise": samples()["noise 70 KB"], "noise 100": samples()["noise 100"]} {
		if payload, ok := compress(e, message); ok || len(payload) != 0 {
			t.Errorf("%s: %d bytes became %d", name, len(message), len(payload))
		}
	}
	// It stays usable, and what was not sent is not referred to.
	if l.lent != 0 {
		t.Errorf("%d bytes are kept of messages that were not sent", l.lent)
	}
	d, _ := clientDecoder(t, both, DecoderOptions{})
	message := samples()["json 300"]
	e.Append(make([]byte, 0, 400), message)
	payload, ok := compress(e, message)
	if out, err := inflate(d, payload, 10, 1000); !ok || err != nil || !bytes.Equal(out, message) {
		t.Errorf("%t, %v", ok, err)
	}
	// A buffer that is too small is not left.
	small := make([]byte, 3, 50)
	if payload, ok := e.Append(small, samples()["json 16 KiB"]); ok || len(payload) != 3 {
		t.Errorf("%d bytes in a buffer for 50, %t", len(payload), ok)
	}
}

func TestWithoutMemoryTheHistoryIsForgotten(t *testing.T) {
	t.Parallel()
	e, l := serverEncoder(t, both, 1)
	d, _ := clientDecoder(t, both, DecoderOptions{})
	text := samples()["json 150 KB"]
	for i := range 20 {
		message := text[i*1000 : i*1000+1000]
		l.limit = []int{0, 1, 3000}[i%3]
		payload, ok := compress(e, message)
		if out, err := inflate(d, payload, 1000, 1000); !ok || err != nil || !bytes.Equal(out, message) {
			t.Fatalf("message %d: %t, %v", i, ok, err)
		}
	}
}

func TestManyConnectionsShareCompressors(t *testing.T) {
	t.Parallel()
	all := samples()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := Params{ServerBits: 12 + i%4, ClientBits: 12 + i%4}
			e, d := NewEncoder(&lender{t: t}, wire.Client, p, i), NewDecoder(&lender{t: t}, wire.Server, p, DecoderOptions{})
			defer e.Drop()
			defer d.Close()
			for name, message := range all {
				payload, ok := compress(e, message)
				if !ok {
					continue
				}
				if out, err := inflate(d, payload, 1000, 1<<16); err != nil || !bytes.Equal(out, message) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	wg.Wait()
}

// What was agreed on for one direction says nothing of the other (RFC 7692 7.1.1, 7.1.2).
func TestEachRoleKeepsToItsOwnParameters(t *testing.T) {
	t.Parallel()
	text := samples()["json 16 KiB"]
	for _, role := range []wire.Role{wire.Client, wire.Server} {
		own := func(noTakeover bool, bits int) Params {
			p := Params{ServerNoTakeover: noTakeover, ClientNoTakeover: !noTakeover, ServerBits: bits, ClientBits: 24 - bits}
			if role == wire.Client {
				p = Params{p.ClientNoTakeover, p.ServerNoTakeover, p.ClientBits, p.ServerBits}
			}
			return p
		}
		e := NewEncoder(&lender{t: t}, role, own(true, 9), 6)
		first, _ := compress(e, text)
		first = bytes.Clone(first)
		if second, ok := compress(e, text); !ok || !bytes.Equal(first, second) {
			t.Errorf("role %d: without takeover the same message is %d bytes, then %d", role, len(first), len(second))
		}
		var s slow
		if out := s.run(nil, append(first, tail[:]...)); !bytes.Equal(out, text) || s.farthest > 1<<9 {
			t.Errorf("role %d: a distance of %d in a window of 9 bits", role, s.farthest)
		}
		e.Drop()

		e = NewEncoder(&lender{t: t}, role, own(false, 15), 6)
		first, _ = compress(e, text)
		n := len(first)
		if second, ok := compress(e, text); !ok || len(second) > n/5 {
			t.Errorf("role %d: with takeover the same message is %d bytes, then %d", role, n, len(second))
		}
		e.Drop()
	}
}

// Without takeover no lock orders messages and the end of a connection; the race detector
// is the judge.
func TestAnEncoderWithoutHistoryMayBeDroppedWhileItCompresses(t *testing.T) {
	t.Parallel()
	e, _ := serverEncoder(t, Params{ServerNoTakeover: true, ServerBits: 15, ClientBits: 15}, 1)
	var wg sync.WaitGroup
	wg.Go(func() { compress(e, bytes.Repeat([]byte("message "), 100)) })
	wg.Go(e.Drop)
	wg.Wait()
}
