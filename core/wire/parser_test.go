// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/gobwas/ws"
)

// First bytes of frames; the open ones are not the last of their message.
const (
	text       = finBit | 1
	binaryData = finBit | 2
	more       = finBit
	closing    = finBit | 8
	ping       = finBit | 9
	pong       = finBit | 10
	openText   = 1
	openBinary = 2
	openMore   = 0
)

// streams are sequences of frames and what a parser must make of them, in
// either role. want are the events before err.
var streams = []struct {
	name   string
	frames []frame
	limit  int64
	want   []string
	err    *Error
}{
	// RFC 6455 5.2 and 5.6: data frames and their lengths.
	{name: "5.7 a text message", frames: []frame{{first: text, payload: "Hello"}}, want: []string{"text:Hello"}},
	{name: "5.6 a binary message need not be UTF-8", frames: []frame{{first: binaryData, payload: "\xff\x00\xc0"}}, want: []string{"binary:\xff\x00\xc0"}},
	{name: "5.6 empty messages", frames: []frame{{first: text}, {first: binaryData}, {first: text}}, want: []string{"text:", "binary:", "text:"}},
	{name: "5.2 125 bytes", frames: []frame{{first: text, payload: longText(125)}}, want: []string{"text:" + longText(125)}},
	{name: "5.2 126 bytes", frames: []frame{{first: text, payload: longText(126)}}, want: []string{"text:" + longText(126)}},
	{name: "5.2 65535 bytes", frames: []frame{{first: binaryData, payload: longText(65535)}}, want: []string{"binary:" + longText(65535)}},
	{name: "5.2 65536 bytes", frames: []frame{{first: binaryData, payload: longText(65536)}}, want: []string{"binary:" + longText(65536)}},
	{name: "5.2 length 0 in 16 bits", frames: []frame{{first: text, form: 16}}, err: ErrLengthNotMinimal},
	{name: "5.2 length 125 in 16 bits", frames: []frame{{first: text, form: 16, payload: longText(125)}}, err: ErrLengthNotMinimal},
	{name: "5.2 length 5 in 64 bits", frames: []frame{{first: text, payload: "first"}, {first: text, form: 64, payload: "Hello"}}, want: []string{"text:first"}, err: ErrLengthNotMinimal},
	{name: "5.2 length 65535 in 64 bits", frames: []frame{{first: text, form: 64, length: 65535}}, err: ErrLengthNotMinimal},
	{name: "5.2 top bit of a 64-bit length", frames: []frame{{first: binaryData, length: 1 << 63}}, err: ErrLengthTopBit},
	{name: "5.2 all bits of a 64-bit length", frames: []frame{{first: binaryData, length: math.MaxUint64}}, err: ErrLengthTopBit},
	{name: "5.2 the largest length without a limit", frames: []frame{{first: binaryData, length: math.MaxInt64, payload: "begin"}}},

	// RFC 6455 5.2: reserved bits and opcodes.
	{name: "5.2 RSV1", frames: []frame{{first: text | 0x40, payload: "x"}}, err: ErrReservedBits},
	{name: "5.2 RSV2 behind a good frame", frames: []frame{{first: text, payload: "x"}, {first: text | 0x20, payload: "x"}}, want: []string{"text:x"}, err: ErrReservedBits},
	{name: "5.2 RSV3 on a ping", frames: []frame{{first: ping | 0x10}}, err: ErrReservedBits},
	{name: "5.2 opcode 3", frames: []frame{{first: finBit | 3}}, err: ErrReservedOpcode},
	{name: "5.2 opcode 7 inside a message", frames: []frame{{first: openText, payload: "x"}, {first: finBit | 7, payload: "x"}}, err: ErrReservedOpcode},
	{name: "5.2 opcode 11", frames: []frame{{first: finBit | 11, payload: "x"}}, err: ErrReservedOpcode},
	{name: "5.2 opcode 15 behind a ping", frames: []frame{{first: ping}, {first: finBit | 15}}, want: []string{"ping:"}, err: ErrReservedOpcode},

	// RFC 6455 5.4: fragments.
	{name: "5.4 two fragments", frames: []frame{{first: openText, payload: "Hel"}, {first: more, payload: "lo"}}, want: []string{"text:Hello"}},
	{name: "5.4 empty fragments", frames: []frame{{first: openBinary}, {first: openMore}, {first: openMore, payload: "x"}, {first: more}}, want: []string{"binary:x"}},
	{name: "5.4 a ping between fragments", frames: []frame{{first: openText, payload: "Hel"}, {first: ping, payload: "?"}, {first: more, payload: "lo"}}, want: []string{"ping:?", "text:Hello"}},
	{name: "5.4 messages one after another", frames: []frame{{first: openText, payload: "a"}, {first: more, payload: "b"}, {first: openBinary, payload: "c"}, {first: more, payload: "d"}, {first: text, payload: "e"}},
		want: []string{"text:ab", "binary:cd", "text:e"}},
	{name: "5.4 continuation at the begin", frames: []frame{{first: more, payload: "x"}}, err: ErrContinuation},
	{name: "5.4 continuation without fin at the begin", frames: []frame{{first: openMore}}, err: ErrContinuation},
	{name: "5.4 continuation behind a whole message", frames: []frame{{first: text, payload: "x"}, {first: more, payload: "x"}}, want: []string{"text:x"}, err: ErrContinuation},
	{name: "5.4 continuation behind a finished fragmented message", frames: []frame{{first: openText}, {first: more}, {first: more}}, want: []string{"text:"}, err: ErrContinuation},
	{name: "5.4 text inside a fragmented message", frames: []frame{{first: openText, payload: "x"}, {first: text, payload: "x"}}, err: ErrInterleaved},
	{name: "5.4 fragmented binary inside a fragmented text", frames: []frame{{first: openText}, {first: pong}, {first: openBinary}}, want: []string{"pong:"}, err: ErrInterleaved},

	// RFC 6455 5.5: control frames.
	{name: "5.5 control frames", frames: []frame{{first: ping, payload: "a"}, {first: pong}, {first: ping}, {first: closing, payload: "\x03\xe8bye"}}, want: []string{"ping:a", "pong:", "ping:", "close:\x03\xe8bye"}},
	{name: "5.5 a ping of 125 bytes", frames: []frame{{first: ping, payload: longText(125)}}, want: []string{"ping:" + longText(125)}},
	{name: "5.5 a ping of 126 bytes", frames: []frame{{first: ping, payload: longText(126)}}, err: ErrControlTooLong},
	{name: "5.5 a pong of 65536 bytes", frames: []frame{{first: pong, length: 65536}}, err: ErrControlTooLong},
	{name: "5.5 a Close frame with its length in 16 bits", frames: []frame{{first: closing, form: 16, payload: "\x03\xe8"}}, err: ErrControlTooLong},
	{name: "5.5 a ping without fin", frames: []frame{{first: 9, payload: "x"}}, err: ErrControlFragmented},
	{name: "5.5 a Close frame without fin", frames: []frame{{first: 8}}, err: ErrControlFragmented},

	// RFC 6455 5.1: masks.
	{name: "5.1 wrong mask bit", frames: []frame{{first: text, payload: "Hello", badMask: true}}, err: errWrongMask},
	{name: "5.1 wrong mask bit on an empty frame", frames: []frame{{first: text, payload: "a"}, {first: ping, badMask: true}}, want: []string{"text:a"}, err: errWrongMask},

	// The limit of a message: RFC 6455 7.4.1, code 1009.
	{name: "7.4.1 as large as the limit", limit: 10, frames: []frame{{first: text, payload: longText(10)}, {first: openText, payload: longText(4)}, {first: more, payload: longText(6)}, {first: binaryData, payload: longText(10)}},
		want: []string{"text:" + longText(10), "text:" + longText(4) + longText(6), "binary:" + longText(10)}},
	{name: "7.4.1 larger than the limit, nothing of it sent", limit: 10, frames: []frame{{first: text, length: 11}}, err: ErrTooBig},
	{name: "7.4.1 fragments larger than the limit", limit: 10, frames: []frame{{first: openText, payload: longText(4)}, {first: openMore, payload: longText(6)}, {first: more, length: 1}}, err: ErrTooBig},
	{name: "7.4.1 empty fragments at the limit", limit: 4, frames: []frame{{first: openText, payload: longText(4)}, {first: openMore}, {first: more}}, want: []string{"text:" + longText(4)}},
	{name: "7.4.1 fragments whose sum overflows", limit: math.MaxInt64, frames: []frame{{first: openBinary, payload: "x"}, {first: more, length: math.MaxInt64}}, err: ErrTooBig},
	{name: "7.4.1 control frames do not count", limit: 3, frames: []frame{{first: openText, payload: "ab"}, {first: ping, payload: "0123456789"}, {first: more, payload: "c"}}, want: []string{"ping:0123456789", "text:abc"}},
	{name: "7.4.1 a limit of more than 2^32", limit: 1 << 40, frames: []frame{{first: binaryData, length: 1<<40 + 1}}, err: ErrTooBig},

	// RFC 6455 8.1: text is UTF-8.
	{name: "8.1 code points of every size", frames: []frame{{first: text, payload: "aé€😀"}}, want: []string{"text:aé€😀"}},
	{name: "8.1 a code point over two frames", frames: []frame{{first: openText, payload: "\xf0\x9f"}, {first: more, payload: "\x98\x80"}}, want: []string{"text:😀"}},
	{name: "8.1 a code point over four frames and a ping", frames: []frame{{first: openText, payload: "x\xf0"}, {first: openMore, payload: "\x9f"}, {first: ping, payload: "\xff"}, {first: openMore, payload: "\x98"}, {first: openMore}, {first: more, payload: "\x80y"}},
		want: []string{"ping:\xff", "text:x😀y"}},
	{name: "8.1 invalid text", frames: []frame{{first: text, payload: "a\xff"}}, err: ErrNotUTF8},
	{name: "8.1 text that ends inside a code point", frames: []frame{{first: text, payload: "a\xe2\x82"}}, err: ErrNotUTF8},
	{name: "8.1 fragmented text that ends inside a code point", frames: []frame{{first: openText, payload: "a\xe2"}, {first: openMore, payload: "\x82"}, {first: more}}, err: ErrNotUTF8},
	{name: "8.1 a surrogate over two frames", frames: []frame{{first: openText, payload: "\xed"}, {first: more, payload: "\xa0\x80"}}, err: ErrNotUTF8},
	{name: "8.1 a cut code point does not leak into the next message", frames: []frame{{first: openBinary, payload: "\xf0\x9f"}, {first: more}, {first: openText}, {first: more, payload: "ok"}}, want: []string{"binary:\xf0\x9f", "text:ok"}},
	{name: "8.1 invalid text in the second message", frames: []frame{{first: openText, payload: "a"}, {first: more, payload: "b"}, {first: openText, payload: "c"}, {first: more, payload: "\xc0\xaf"}}, want: []string{"text:ab"}, err: ErrNotUTF8},
}

// errWrongMask stands for ErrUnmasked or ErrMasked, by role.
var errWrongMask = &Error{}

func TestStreamsGiveTheSameMessagesHoweverTheyAreCut(t *testing.T) {
	t.Parallel()
	for _, s := range streams {
		for _, role := range []Role{Server, Client} {
			t.Run(s.name+map[Role]string{Server: " to a server", Client: " to a client"}[role], func(t *testing.T) {
				t.Parallel()
				want := s.err
				if want == errWrongMask {
					want = map[Role]*Error{Server: ErrUnmasked, Client: ErrMasked}[role]
				}
				got := everySplit(t, role, s.limit, encode(role, s.frames...))
				if got.err != want || !slices.Equal(got.events, s.want) {
					t.Fatalf("got %v\nwant %.400q, %v", got, s.want, want)
				}
			})
		}
	}
}

func TestExamplesOfRFC6455Section5Dot7(t *testing.T) {
	t.Parallel()
	kilobyte := longText(256)
	for _, x := range []struct {
		role   Role
		stream string
		want   string
	}{
		{Client, "\x81\x05Hello", "text:Hello"},
		{Server, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "text:Hello"},
		{Client, "\x01\x03Hel\x80\x02lo", "text:Hello"},
		{Client, "\x89\x05Hello", "ping:Hello"},
		{Server, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", "pong:Hello"},
		{Client, "\x82\x7e\x01\x00" + kilobyte, "binary:" + kilobyte},
	} {
		got := everySplit(t, x.role, 0, []byte(x.stream))
		if got.err != nil || !slices.Equal(got.events, []string{x.want}) {
			t.Errorf("%q gave %v", x.stream, got)
		}
	}
}

func TestEveryFirstByteIsJudgedByTheRFC(t *testing.T) {
	t.Parallel()
	for first := range 256 {
		good := slices.Contains([]int{0x01, 0x02, 0x81, 0x82, 0x88, 0x89, 0x8a}, first)
		if got := play(t, Client, 0, []byte{byte(first), 0}); (got.err == nil) != good {
			t.Errorf("first byte %#x: %v", first, got)
		}
		good = slices.Contains([]int{0x00, 0x80, 0x88, 0x89, 0x8a}, first)
		if got := play(t, Client, 0, []byte{0x01, 0, byte(first), 0}); (got.err == nil) != good {
			t.Errorf("first byte %#x inside a message: %v", first, got)
		}
	}
}

// A violation must not wait for bytes that a bad peer may never send.
func TestViolationsAreFoundWithTheByteThatShowsThem(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name   string
		role   Role
		limit  int64
		stream string
		want   *Error
	}{
		{"reserved opcode", Server, 0, "\x83\x85", ErrReservedOpcode},
		{"mask bit of a server", Server, 0, "\x81\x05", ErrUnmasked},
		{"mask bit of a client", Client, 0, "\x81\x85", ErrMasked},
		{"length of a control frame", Server, 0, "\x89\xfe", ErrControlTooLong},
		{"length form, before the mask", Server, 0, "\x81\xfe\x00\x7d", ErrLengthNotMinimal},
		{"top bit", Server, 0, "\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00", ErrLengthTopBit},
		{"limit in 7 bits, before the mask", Server, 5, "\x81\x86", ErrTooBig},
		{"limit in 16 bits", Client, 500, "\x82\x7e\x01\xf5", ErrTooBig},
		{"limit in 64 bits, before the mask", Server, 1 << 20, "\x82\xff\x00\x00\x00\x00\x00\x10\x00\x01", ErrTooBig},
		{"limit over fragments", Client, 5, "\x01\x03abc\x00\x03", ErrTooBig},
		// The Autobahn test suite, cases 6.4: the frame and the message are far from complete.
		{"code point above U+10FFFF", Client, 0, "\x01\x15\xce\xba\xe1\xbd\xb9\xf4\x90", ErrNotUTF8},
		{"surrogate", Client, 0, "\x81\x7dabc\xed\xa0", ErrNotUTF8},
		{"overlong form of two bytes", Client, 0, "\x01\x05\xc0", ErrNotUTF8},
		{"overlong form of three bytes", Client, 0, "\x01\x05\xe0\x9f", ErrNotUTF8},
		{"byte that never occurs", Client, 0, "\x01\x01a\x00\x05\xf5", ErrNotUTF8},
		{"continuation byte at the begin", Client, 0, "\x01\x05\x80", ErrNotUTF8},
		{"last code point incomplete", Client, 0, "\x01\x02\xe2\x82\x80\x00", ErrNotUTF8},
	} {
		got := everySplit(t, x.role, x.limit, []byte(x.stream))
		if got.err != x.want {
			t.Errorf("%s: %v", x.name, got)
		}
		if before := play(t, x.role, x.limit, []byte(x.stream[:len(x.stream)-1])); before.err != nil {
			t.Errorf("%s: the error came a byte too early: %v", x.name, before)
		}
	}
}

func TestPayloadIsUnmaskedAtAnyOffsetAndAlignment(t *testing.T) {
	t.Parallel()
	want := longText(301)
	stream := encode(Server, frame{first: text, payload: want})
	for piece := 1; piece <= 67; piece++ {
		for align := range 16 {
			var p Parser
			p.Init(Server, 0)
			memory := make([]byte, align+piece, align+piece+16)
			var got []byte
			for rest := stream; len(rest) > 0; {
				b := memory[align : align+copy(memory[align:], rest)]
				rest = rest[len(b):]
				for len(b) > 0 {
					c, n, err := p.Next(b)
					if err != nil {
						t.Fatal(err.Text)
					}
					got = append(got, c.Payload...)
					b = b[n:]
				}
			}
			if string(got) != want {
				t.Fatalf("pieces of %d bytes at alignment %d gave %q", piece, align, got)
			}
		}
	}
}

func TestAnEmptyBufferChangesNothing(t *testing.T) {
	t.Parallel()
	stream := encode(Server, frame{first: openText, payload: "Hé"}, frame{first: ping, payload: "x"}, frame{first: more, payload: "llo"})
	var p Parser
	p.Init(Server, 0)
	var got []byte
	for i := range stream {
		before := p
		if c, n, err := p.Next(nil); c.Ok || n != 0 || err != nil || p != before {
			t.Fatalf("after %d bytes an empty buffer gave %v, %d, %v", i, c, n, err)
		}
		c, _, err := p.Next(stream[i : i+1])
		if err != nil {
			t.Fatal(err.Text)
		}
		got = append(got, c.Payload...)
	}
	if string(got) != "Héxllo" {
		t.Fatalf("got %q", got)
	}
}

func TestAHeaderAtTheEndOfTheBufferAnnouncesItsPayload(t *testing.T) {
	t.Parallel()
	var p Parser
	p.Init(Client, 0)
	c, n, err := p.Next([]byte("\x82\x7f\x00\x00\x00\x00\x00\x10\x00\x00"))
	if err != nil || !c.Ok || n != 10 || len(c.Payload) != 0 || c.Left != 1<<20 || c.Flags != MessageStart|FrameStart || c.Op != ws.OpBinary {
		t.Fatalf("got %+v, %d, %v", c, n, err)
	}
	if p.Remaining() != 1<<20 || !p.MidFrame() || !p.MidMessage() {
		t.Fatalf("Remaining %d, MidFrame %v, MidMessage %v", p.Remaining(), p.MidFrame(), p.MidMessage())
	}
}

func TestInitForgetsTheOldConnection(t *testing.T) {
	t.Parallel()
	for _, old := range []string{"\x01\x05a\xe2", "\x81", "\x89\x05x", "\x83\x00"} {
		var fresh, used Parser
		used.Init(Client, 7)
		for b := []byte(old); len(b) > 0; {
			_, n, _ := used.Next(b)
			b = b[n:]
		}
		fresh.Init(Server, 100)
		used.Init(Server, 100)
		if used != fresh {
			t.Errorf("after %q: %+v", old, used)
		}
	}
}

func TestBytesBehindTheChunkAreUntouched(t *testing.T) {
	t.Parallel()
	stream := encode(Server, frame{first: text, payload: longText(40)}, frame{first: text, payload: longText(40)})
	buf := bytes.Clone(stream)
	var p Parser
	p.Init(Server, 0)
	_, n, err := p.Next(buf)
	if err != nil || n != len(stream)/2 || !bytes.Equal(buf[n:], stream[n:]) {
		t.Fatalf("used %d of %d bytes, %v; behind them %q", n, len(stream), err, buf[n:])
	}
}

func TestErrorsCarryTheirCloseCodeAndRule(t *testing.T) {
	t.Parallel()
	codes := map[*Error]uint16{ErrTooBig: 1009, ErrNotUTF8: 1007, ErrCloseReason: 1007}
	seen := map[string]bool{}
	for _, e := range append(parserErrors[:], ErrCloseLength, ErrCloseCode, ErrCloseReason) {
		want := codes[e]
		if want == 0 {
			want = 1002
		}
		if e.Code != want || e.Error() != e.Text || !strings.Contains(e.Text, "RFC 6455 ") || seen[e.Text] {
			t.Errorf("%d %q", e.Code, e.Text)
		}
		seen[e.Text] = true
	}
}

// A parser lives in every idle connection.
func TestParserIsSmall(t *testing.T) {
	t.Parallel()
	if size := unsafe.Sizeof(Parser{}); size > 48 {
		t.Fatalf("%d bytes", size)
	}
}
