// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gobwas/ws"
)

// packedStream is what a parser that allows compression makes of a stream whose second
// piece begins at cut: messages with "packed" when all of their chunks have the flag.
func packedStream(t *testing.T, role Role, limit int64, stream []byte, cut int) (events []string, bad *Error) {
	t.Helper()
	var p Parser
	p.Init(role, limit)
	p.AllowPacked()
	var message []byte
	packed := false
	for _, piece := range [][]byte{slices.Clone(stream[:cut]), slices.Clone(stream[cut:])} {
		for len(piece) > 0 {
			c, n, err := p.Next(piece)
			if err != nil {
				return events, err
			}
			piece = piece[n:]
			if !c.Ok {
				break
			}
			if c.Op.IsControl() {
				if c.Flags&Packed != 0 {
					t.Fatalf("a chunk of a control frame has the flag")
				}
				continue
			}
			if c.Flags&MessageStart != 0 {
				message, packed = nil, c.Flags&Packed != 0
			}
			if packed != (c.Flags&Packed != 0) {
				t.Fatalf("the flag changes within a message")
			}
			message = append(message, c.Payload...)
			if c.Flags&MessageEnd != 0 {
				kind := map[bool]string{true: "packed ", false: ""}[packed] + map[bool]string{true: "text", false: "binary"}[c.Op == ws.OpText]
				events = append(events, fmt.Sprintf("%s:%s", kind, message))
			}
		}
	}
	return events, nil
}

func TestCompressedMessagesAreMarkedOnEveryChunk(t *testing.T) {
	t.Parallel()
	const rsv1 = 0x40
	for _, c := range []struct {
		name   string
		frames []frame
		limit  int64
		want   []string
		err    *Error
	}{
		{name: "7692 6 text, which is not checked here", frames: []frame{{first: text | rsv1, payload: "\xf2\x00\xff"}}, want: []string{"packed text:\xf2\x00\xff"}},
		{name: "7692 6 compressed and plain in turn", frames: []frame{{first: binaryData | rsv1, payload: "a"}, {first: text, payload: "b"}, {first: text | rsv1, payload: "c"}},
			want: []string{"packed binary:a", "text:b", "packed text:c"}},
		{name: "7692 6.1 fragments and a ping", frames: []frame{{first: openText | rsv1, payload: "\xff"}, {first: ping, payload: "?"}, {first: openMore, payload: "\xfe"}, {first: more, payload: "x"}, {first: openText, payload: "p"}, {first: more, payload: "q"}},
			want: []string{"packed text:\xff\xfex", "text:pq"}},
		{name: "plain text is still checked", frames: []frame{{first: text | rsv1, payload: "\xff"}, {first: text, payload: "\xff"}}, want: []string{"packed text:\xff"}, err: ErrNotUTF8},
		{name: "7692 6.1 RSV1 on a continuation", frames: []frame{{first: openText | rsv1, payload: "a"}, {first: more | rsv1}}, err: ErrReservedBits},
		{name: "7692 6 RSV1 on a ping", frames: []frame{{first: ping | rsv1}}, err: ErrReservedBits},
		{name: "7692 6 RSV1 on a Close frame", frames: []frame{{first: closing | rsv1}}, err: ErrReservedBits},
		{name: "RSV1 and RSV2", frames: []frame{{first: text | rsv1 | 0x20}}, err: ErrReservedBits},
		{name: "RSV3 alone", frames: []frame{{first: text | 0x10}}, err: ErrReservedBits},
		{name: "the limit of what does not shrink", limit: 640, frames: []frame{{first: binaryData | rsv1, length: 640 + 10 + 1024 + 1}}, err: ErrTooBig},
		{name: "the limit of plain ones", limit: 640, frames: []frame{{first: binaryData, length: 641}}, err: ErrTooBig},
		{name: "a little more than the limit passes", limit: 2, frames: []frame{{first: binaryData | rsv1, payload: "abc"}, {first: openBinary | rsv1, payload: "ab"}, {first: more, payload: "c"}},
			want: []string{"packed binary:abc", "packed binary:abc"}},
		{name: "fragments beyond the limit", limit: 640, frames: []frame{{first: openBinary | rsv1, payload: "a"}, {first: more, length: 640 + 10 + 1024}}, err: ErrTooBig},
	} {
		for _, role := range []Role{Server, Client} {
			stream := encode(role, c.frames...)
			for cut := range stream {
				if got, err := packedStream(t, role, c.limit, stream, cut); !slices.Equal(got, c.want) || err != c.err {
					t.Errorf("%s, role %d, cut at %d: %q, %v", c.name, role, cut, got, err)
				}
			}
		}
	}
}
