// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	"math/rand"
	"testing"
)

// compressPart is what a connection does with a piece.
func compressPart(e *Encoder, part []byte, ends bool) (payload []byte, smaller bool) {
	payload, smaller = e.AppendPart(make([]byte, 0, PartSize(len(part))), part, ends)
	e.Sent(part)
	return payload, smaller
}

// checkParts sends a message in pieces. Ours must have each to its last byte before the next
// one comes; the slow decoder, which stands for all others, reads it as a whole behind what
// was sent before.
func checkParts(t *testing.T, e *Encoder, d *Decoder, s *slow, sent []byte, parts ...[]byte) {
	t.Helper()
	message := bytes.Join(parts, nil)
	var out, all []byte
	have := 0
	for i, part := range parts {
		ends := i == len(parts)-1
		payload, _ := compressPart(e, part, ends)
		all = append(all, payload...)
		have += len(part)
		out = append(make([]byte, 0, len(message)+1), out...)
		var n int
		var err error
		if out, n, err = d.Append(out, payload); err != nil || n != len(payload) || len(out) != have {
			t.Fatalf("piece %d of %d: %d of %d bytes taken, %d of %d are there, %v", i, len(parts), n, len(payload), len(out), have, err)
		}
	}
	out, err := d.End(out)
	if err != nil || !bytes.Equal(out, message) {
		t.Fatalf("%d bytes came back as %d, %v", len(message), len(out), err)
	}
	if out := s.run(sent, append(all, tail[:]...)); !bytes.Equal(out, message) {
		t.Fatalf("the slow decoder reads %d bytes for %d, or others", len(out), len(message))
	}
}

// inParts cuts a message at offsets.
func inParts(message []byte, at ...int) (parts [][]byte) {
	from := 0
	for _, to := range append(at, len(message)) {
		parts = append(parts, message[from:to])
		from = to
	}
	return parts
}

func TestMessagesInPiecesComeBackWhereverTheyAreCut(t *testing.T) {
	t.Parallel()
	all := samples()
	for _, takeover := range []bool{false, true} {
		for _, bits := range []int{8, 9, 12, 15} {
			for _, level := range []int{1, 6, 9} {
				if level > 1 && bits < maxBits {
					continue // they have one level
				}
				e, l := serverEncoder(t, Params{ServerNoTakeover: !takeover, ServerBits: bits, ClientBits: 15}, level)
				d, _ := clientDecoder(t, Params{ServerNoTakeover: !takeover, ServerBits: bits, ClientBits: 15}, DecoderOptions{})
				var s slow
				var sent []byte
				check := func(parts ...[]byte) {
					t.Helper()
					before := []byte(nil)
					if takeover {
						before = sent[max(0, len(sent)-MaxWindow):]
					}
					checkParts(t, e, d, &s, before, parts...)
					sent = append(sent, bytes.Join(parts, nil)...)
				}
				short := all["json 300"][:60]
				for at := range len(short) + 1 {
					check(inParts(short, at)...)
					check(inParts(all["noise 100"], at, at+1, at+1)...)
				}
				check(nil)
				check(nil, nil, nil)
				check(nil, short, nil)
				for _, message := range [][]byte{all["json 150 KB"], all["noise 70 KB"], all["skewed"], all["period 32768"], all["zeros"]} {
					n := len(message)
					check(inParts(message, 1, n/3, n/3, n/2, n-1)...)
				}
				check(all["json 16 KiB"], all["noise 70 KB"], all["json 16 KiB"]) // each as it is best
				if s.farthest > 1<<bits {
					t.Errorf("%d bits: a distance of %d", bits, s.farthest)
				}
				if !takeover && l.lent != 0 {
					t.Errorf("%d bytes are kept without takeover", l.lent)
				}
			}
		}
	}
}

func TestAPieceTellsWhetherItGotSmaller(t *testing.T) {
	t.Parallel()
	e, _ := serverEncoder(t, both, 1)
	all := samples()
	for name, want := range map[string]bool{"json 300": true, "json 150 KB": true, "noise 100": false, "noise 70 KB": false, "one byte": false} {
		for _, ends := range []bool{false, true} {
			room := make([]byte, 3, 3+PartSize(len(all[name])))
			payload, smaller := e.AppendPart(room, all[name], ends)
			if smaller != want || (len(payload)-3 < len(all[name])) != want || &payload[0] != &room[0] {
				t.Errorf("%s: %d bytes became %d, smaller %t", name, len(all[name]), len(payload)-3, smaller)
			}
		}
	}
	for _, ends := range []bool{false, true} { // RFC 7692 7.2.3.6
		if payload, smaller := e.AppendPart(nil, nil, ends); len(payload) != 0 && !ends || smaller {
			t.Errorf("nothing became %d bytes, smaller %t", len(payload), smaller)
		}
	}
}

// A piece that was not sent leaves no trace, and with takeover the next ones refer to those
// before them.
func TestPiecesRememberWhatWasSent(t *testing.T) {
	t.Parallel()
	message := samples()["json 300"]
	for _, takeover := range []bool{false, true} {
		p := Params{ServerNoTakeover: !takeover, ServerBits: 15, ClientBits: 15}
		e, _ := serverEncoder(t, p, 1)
		d, _ := clientDecoder(t, p, DecoderOptions{})
		e.AppendPart(make([]byte, 0, PartSize(len(message))), message, false)
		first, _ := compressPart(e, message, false)
		second, _ := compressPart(e, message, true)
		if (len(second) < len(first)/5) != takeover {
			t.Errorf("takeover %t: %d bytes, then %d", takeover, len(first), len(second))
		}
		if out, err := inflate(d, append(first, second...), 10, 1000); err != nil || !bytes.Equal(out, append(bytes.Clone(message), message...)) {
			t.Errorf("takeover %t: %d bytes, %v", takeover, len(out), err)
		}
	}
}

// A narrow window is full, and its newest bytes lie before its oldest, when the caller takes the begin of a
// message: that is remembered beside all of the window.
func TestTakenPartsFollowANarrowWindowThatIsFull(t *testing.T) {
	t.Parallel()
	p := Params{ServerBits: 9, ClientBits: 9}
	e, _ := serverEncoder(t, p, 1)
	d, _ := clientDecoder(t, p, DecoderOptions{})
	r := rand.New(rand.NewSource(9))
	for range 200 {
		message := record(r, 50+r.Intn(900))
		payload, ok := e.Append(make([]byte, 0, len(message)+6), message)
		if !ok {
			continue
		}
		e.Sent(message)
		cut := r.Intn(len(payload))
		begin, n, err := d.Append(make([]byte, 0, len(message)), payload[:cut])
		if err != nil || n != cut {
			t.Fatalf("%d of %d bytes taken, %v", n, cut, err)
		}
		if err := d.Took(begin); err != nil {
			t.Fatal(err)
		}
		rest, n, err := d.Append(make([]byte, 0, len(message)+1), payload[cut:])
		if err != nil || n != len(payload)-cut {
			t.Fatalf("%d of %d bytes taken, %v", n, len(payload)-cut, err)
		}
		if rest, err = d.End(rest); err != nil || !bytes.Equal(append(begin, rest...), message) {
			t.Fatalf("%d bytes came back as %d, or others, %v", len(message), len(begin)+len(rest), err)
		}
	}
	d.Close()
	e.Drop()
}
