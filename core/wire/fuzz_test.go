// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobwas/ws"
)

// FuzzParserSplits feeds any bytes, cut anywhere, and wants the same from every
// cut.
func FuzzParserSplits(f *testing.F) {
	for i, s := range streams {
		for _, role := range []Role{Server, Client} {
			if b := encode(role, s.frames...); len(b) < 1000 {
				f.Add(b, s.limit, role == Client, uint64(i))
			}
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, limit int64, client bool, seed uint64) {
		role := Server
		if client {
			role = Client
		}
		whole := play(t, role, limit, stream)
		random := rand.New(rand.NewPCG(seed, 0))
		for _, step := range []int{1, 2, 7, 64} {
			var cuts []int
			for at := 0; at < len(stream); at += 1 + random.IntN(step) {
				cuts = append(cuts, at)
			}
			if got := play(t, role, limit, stream, cuts...); !got.equal(whole) {
				t.Fatalf("cut at %v:\n\t%v\nwhole:\n\t%v", cuts, got, whole)
			}
		}
	})
}

// FuzzParserAgainstForeignReader holds any bytes against the reader of another
// library: the same messages, and
// it accepts nothing that we refuse but what it does not look at.
func FuzzParserAgainstForeignReader(f *testing.F) {
	for _, s := range streams {
		for _, role := range []Role{Server, Client} {
			if b := encode(role, s.frames...); len(b) < 1000 {
				f.Add(b, s.limit > 0, role == Client)
			}
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, limited, client bool) {
		role := Server
		if client {
			role = Client
		}
		limit := int64(0)
		if limited {
			limit = 400 // it holds for control frames, too, there
		}
		got := play(t, role, limit, stream)
		want, wantErr := readForeign(role, limit, stream)
		same := len(got.events) <= len(want) && slices.Equal(got.events, want[:len(got.events)])
		switch {
		case got.err == nil:
			same = same && len(got.events) == len(want) && wantErr == nil
		case wantErr == nil:
			// It looks at these at the end of a frame or of a message, or not at all; at
			// others when the header is whole.
			lax := []*Error{ErrNotUTF8, ErrLengthNotMinimal, ErrControlTooLong, ErrTooBig}
			_, later := readForeign(role, limit, append(stream[:len(stream):len(stream)], make([]byte, 16)...))
			same = same && (later != nil || slices.Contains(lax, got.err))
		}
		if !same {
			t.Fatalf("% x\n\t%v\nforeign reader:\n\t%q, %v", stream, got, want, wantErr)
		}
	})
}

// FuzzCloseFrame: what is accepted can be said again, and is what a foreign library
// accepts.
func FuzzCloseFrame(f *testing.F) {
	for _, s := range []string{"", "\x03", "\x03\xe8", "\x03\xe8bye", "\x03\xed", "\x03\xf7", "\x0f\xa0\xff", "\x13\x87\xe2\x82\xac"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) > 125 {
			return // no control frame
		}
		code, reason, err := ParseClose(payload)
		if err != nil {
			if code != 0 || reason != nil {
				t.Fatalf("% x: %v with code %d and reason %q", payload, err, code, reason)
			}
			return
		}
		if len(payload) == 0 {
			if code != CloseNoStatus {
				t.Fatalf("no payload is code %d", code)
			}
			return
		}
		theirs, why := ws.ParseCloseFrameData(payload)
		if uint16(theirs) != code || why != string(reason) {
			t.Fatalf("% x: %d %q, foreign: %d %q", payload, code, reason, theirs, why)
		}
		// 1012 to 1014 were registered after RFC 6455.
		if err := ws.CheckCloseFrameData(theirs, why); err != nil && (code < CloseServiceRestart || code > CloseBadGateway) {
			t.Fatalf("% x: a foreign library says: %v", payload, err)
		}
	})
}
