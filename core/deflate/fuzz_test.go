// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	stdflate "compress/flate"
	"io"
	"testing"

	"libws/core/wire"
)

// FuzzInflate compares with the standard library, in pieces of any size.
func FuzzInflate(f *testing.F) {
	for _, message := range samples() {
		message = message[:min(len(message), 2000)]
		for _, level := range []int{-2, 0, 1, 9} {
			f.Add(standard(f, level, message), uint16(3), uint16(100))
		}
	}
	f.Add([]byte("\xf2\x00\x11\x00\x00"), uint16(1), uint16(1))
	f.Add([]byte("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), uint16(2), uint16(2))
	f.Fuzz(func(t *testing.T, data []byte, piece, step uint16) {
		const limit = 1 << 20
		d, _ := clientDecoder(t, both, DecoderOptions{Limit: limit})
		out, err := inflate(d, data, int(piece)+1, max(int(step), 64))
		if err == ErrTooBig {
			return
		}
		if err != nil && err != ErrCorrupt {
			t.Fatal(err)
		}
		// A stream that ended needs no tail, and another one may follow: what the library
		// sees of it is a begin of ours.
		want, fault := io.ReadAll(io.LimitReader(stdflate.NewReader(io.MultiReader(bytes.NewReader(data), bytes.NewReader(tail[:]))), limit))
		if err == nil && !bytes.HasPrefix(out, want) {
			t.Fatalf("%q, %q", out, want)
		}
		if err == nil && len(data) > 0 && fault != nil && fault != io.ErrUnexpectedEOF {
			t.Fatalf("what we take is %v for the standard library", fault)
		}
		if err == ErrCorrupt && !bytes.HasPrefix(want, out) && fault != nil {
			t.Fatalf("corrupt behind %d bytes, and behind %d for the standard library", len(out), len(want))
		}
	})
}

// FuzzRoundTrip sends messages through both ends, with the windows and the level that the
// input asks for.
func FuzzRoundTrip(f *testing.F) {
	for _, message := range samples() {
		f.Add(message[:min(len(message), 3000)], uint8(7), uint8(1), true, uint16(100))
	}
	f.Fuzz(func(t *testing.T, data []byte, bits, level uint8, takeover bool, cut uint16) {
		p := Params{ServerNoTakeover: !takeover, ServerBits: minBits + int(bits)%8, ClientBits: 15}
		e, _ := serverEncoder(t, p, int(level))
		d, _ := clientDecoder(t, p, DecoderOptions{Limit: int64(len(data))})
		at := min(int(cut), len(data))
		for _, message := range [][]byte{data[:at], data, data[at:]} {
			payload, ok := compress(e, message)
			if !ok {
				continue
			}
			if most := len(message) - 1; len(payload) > most && !(takeover && len(payload) <= most+3) {
				t.Fatalf("%d bytes became %d", len(message), len(payload))
			}
			if out, err := inflate(d, payload, at+1, 1000); err != nil || !bytes.Equal(out, message) {
				t.Fatalf("%d of %d bytes, %v", len(out), len(message), err)
			}
		}
		first, _ := compressPart(e, data[:at], false)
		last, _ := compressPart(e, data[at:], true)
		if out, err := inflate(d, append(first, last...), at+1, 1000); err != nil || !bytes.Equal(out, data) {
			t.Fatalf("in pieces: %d of %d bytes, %v", len(out), len(data), err)
		}
	})
}

// FuzzExtensions looks for answers that the other side would not take.
func FuzzExtensions(f *testing.F) {
	f.Add("permessage-deflate; server_max_window_bits=10; client_max_window_bits", uint8(9), uint8(12), true)
	f.Add(`a, permessage-deflate; server_no_context_takeover, b; c="d"`, uint8(0), uint8(0), false)
	f.Fuzz(func(t *testing.T, value string, out, in uint8, takeover bool) {
		o := Options{OutTakeover: takeover, InTakeover: !takeover, OutBits: int(out), InBits: int(in)}
		p, answer, err := o.Answer(value)
		if err != nil || answer == "" {
			if p != (Params{}) {
				t.Fatal(p)
			}
		} else {
			fits := false
			scan(value, func(name string, offer terms) {
				scan(answer, func(_ string, a terms) {
					fits = fits || name == Name && offer.bad == "" && a.bad == "" && a.grants(&offer) == nil
				})
			})
			if !fits || p.ServerBits < minBits || p.ServerBits > maxBits || p.ClientBits < minBits || p.ClientBits > maxBits {
				t.Fatalf("%q, %+v", answer, p)
			}
		}
		if p, ok, err := o.Accept(value); ok && (err != nil || p.ClientBits > bitsOr15(o.OutBits) || p.ServerBits < minBits || p.ServerBits > maxBits) {
			t.Fatalf("%+v, %v", p, err)
		}
	})
}

// A decoder and an encoder of one end are for opposite directions.
func TestBothRolesTalkToEachOther(t *testing.T) {
	t.Parallel()
	p := Params{ServerNoTakeover: true, ServerBits: 9, ClientBits: 12}
	for _, role := range []wire.Role{wire.Server, wire.Client} {
		l := &lender{t: t}
		other := wire.Client
		if role == wire.Client {
			other = wire.Server
		}
		e, d := NewEncoder(l, role, p, 1), NewDecoder(l, other, p, DecoderOptions{})
		for range 3 {
			message := samples()["json 16 KiB"]
			payload, ok := compress(e, message)
			if out, err := inflate(d, payload, 1000, 1<<16); !ok || err != nil || !bytes.Equal(out, message) {
				t.Errorf("%t, %v", ok, err)
			}
		}
		e.Drop()
		d.Close()
	}
}
