// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// borders are payload sizes around the borders of the three length forms.
var borders = []int{0, 1, 3, 4, 15, 16, 17, 124, 125, 126, 127, 1000, 65535, 65536, 70001}

func TestHeadersAreTheShortestForm(t *testing.T) {
	t.Parallel()
	mask := [4]byte{1, 2, 3, 4}
	for _, x := range []struct {
		op   ws.OpCode
		fin  bool
		size int
		want string
	}{
		{ws.OpText, true, 5, "\x81\x05"},
		{ws.OpText, false, 0, "\x01\x00"},
		{ws.OpContinuation, true, 125, "\x80\x7d"},
		{ws.OpContinuation, false, 126, "\x00\x7e\x00\x7e"},
		{ws.OpBinary, true, 256, "\x82\x7e\x01\x00"},
		{ws.OpBinary, true, 65535, "\x82\x7e\xff\xff"},
		{ws.OpBinary, true, 65536, "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"},
		{ws.OpBinary, false, 0x7fff0007, "\x02\x7f\x00\x00\x00\x00\x7f\xff\x00\x07"},
		{ws.OpClose, true, 0, "\x88\x00"},
		{ws.OpPong, true, 1, "\x8a\x01"},
	} {
		if got := AppendHeader([]byte("before"), x.op, x.fin, x.size); string(got) != "before"+x.want {
			t.Errorf("%v fin %v size %d: % x", x.op, x.fin, x.size, got)
		}
		masked := []byte(x.want + "\x01\x02\x03\x04")
		masked[1] |= 0x80
		if got := AppendMaskedHeader([]byte("before"), x.op, x.fin, x.size, mask); string(got) != "before"+string(masked) {
			t.Errorf("%v fin %v size %d, masked: % x", x.op, x.fin, x.size, got)
		}
		if n, m := HeaderSize(x.size, false), HeaderSize(x.size, true); n != len(x.want) || m != len(masked) {
			t.Errorf("HeaderSize of %d: %d and masked %d", x.size, n, m)
		}
	}
}

func TestFramesAreReadByAForeignReader(t *testing.T) {
	t.Parallel()
	for _, role := range []Role{Server, Client} {
		for _, size := range borders {
			payload := []byte(longText(size))
			b := AppendFrame([]byte("before"), role, ws.OpBinary, payload)
			if string(payload) != longText(size) {
				t.Fatalf("size %d: the caller's payload was changed", size)
			}
			if string(b[:6]) != "before" || len(b) != 6+HeaderSize(size, role == Client)+size {
				t.Fatalf("size %d: %d bytes, begin %q", size, len(b), b[:6])
			}
			f, err := ws.ReadFrame(bytes.NewReader(b[6:]))
			if err != nil || f.Header.Masked != (role == Client) || !f.Header.Fin || f.Header.OpCode != ws.OpBinary {
				t.Fatalf("size %d: %+v, %v", size, f.Header, err)
			}
			if got := ws.UnmaskFrame(f).Payload; !bytes.Equal(got, payload) {
				t.Fatalf("size %d: payload differs", size)
			}
		}
	}
}

func TestFragmentsOfBothRolesAreReadByAForeignReader(t *testing.T) {
	t.Parallel()
	const first, second = "one ", "message in two frames"
	mask := [4]byte{9, 8, 7, 6}
	server := AppendHeader(nil, ws.OpText, false, len(first))
	server = append(server, first...)
	server = AppendFrame(server, Server, ws.OpPing, []byte("between"))
	server = AppendHeader(server, ws.OpContinuation, true, len(second))
	server = append(server, second...)

	client := AppendMaskedHeader(nil, ws.OpText, false, len(first), mask)
	client = append(client, first...)
	ws.Cipher(client[len(client)-len(first):], mask, 0)
	client = AppendFrame(client, Client, ws.OpPing, []byte("between"))
	client = AppendMaskedHeader(client, ws.OpContinuation, true, len(second), mask)
	client = append(client, second...)
	ws.Cipher(client[len(client)-len(second):], mask, 0)

	for _, x := range []struct {
		reader Role
		b      []byte
	}{{Client, server}, {Server, client}} {
		want := []string{"ping:between", "text:" + first + second}
		if got, err := readForeign(x.reader, 0, x.b); err != nil || !slices.Equal(got, want) {
			t.Errorf("foreign reader: %q, %v", got, err)
		}
		if got := everySplit(t, x.reader, 0, x.b); got.err != nil || !slices.Equal(got.events, want) {
			t.Errorf("own parser: %v", got)
		}
	}
}

func TestEveryClientFrameHasAFreshMask(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 20 {
		seen[string(AppendFrame(nil, Client, ws.OpText, nil)[2:6])] = true
	}
	if len(seen) < 19 {
		t.Fatalf("%d masks in 20 frames", len(seen))
	}
}

func TestCloseFramesAreReadByAForeignReader(t *testing.T) {
	t.Parallel()
	for _, role := range []Role{Server, Client} {
		for _, x := range []struct {
			code   uint16
			reason string
			want   string
		}{
			{0, "", ""},
			{0, "a reason needs a code", ""},
			{CloseNormal, "", "\x03\xe8"},
			{CloseGoingAway, "à bientôt", "\x03\xe9à bientôt"},
			{4999, strings.Repeat("x", 123), "\x13\x87" + strings.Repeat("x", 123)},
			{CloseNormal, strings.Repeat("x", 124), "\x03\xe8" + strings.Repeat("x", 123)},
		} {
			b := AppendClose([]byte("before"), role, x.code, []byte(x.reason))
			f, err := ws.ReadFrame(bytes.NewReader(b[6:]))
			if err != nil || f.Header.OpCode != ws.OpClose || !f.Header.Fin || f.Header.Masked != (role == Client) {
				t.Fatalf("%d %q: %+v, %v", x.code, x.reason, f.Header, err)
			}
			if got := ws.UnmaskFrame(f).Payload; string(got) != x.want {
				t.Errorf("%d %q: payload %q", x.code, x.reason, got)
			}
		}
	}
}

// readForeign reads a stream with the reader of another library. It returns
// whole messages and control frames, and the error that is not an end of stream.
func readForeign(role Role, limit int64, stream []byte) (events []string, err error) {
	r := wsutil.Reader{Source: bytes.NewReader(stream), State: ws.StateServerSide, CheckUTF8: true, MaxMessageSize: limit}
	if role == Client {
		r.State = ws.StateClientSide
	}
	r.OnIntermediate = func(h ws.Header, body io.Reader) error {
		payload, err := io.ReadAll(body)
		if err == nil && int64(len(payload)) < h.Length {
			err = io.ErrUnexpectedEOF
		}
		if err == nil {
			events = append(events, describe(h.OpCode, payload))
		}
		return err
	}
	for {
		h, err := r.NextFrame()
		var payload []byte
		if err == nil {
			payload, err = io.ReadAll(&r)
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return events, nil
		}
		if err != nil {
			return events, err
		}
		events = append(events, describe(h.OpCode, payload))
	}
}
