// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"bytes"
	"compress/flate"
	"crypto/sha512"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
	"libws/core/fault"
)

// compressing starts a server that speaks permessage-deflate.
func (h *testHost) compressing(o config.ConnOptions, z *config.Compression, on callback) (port int) {
	h.t.Helper()
	server := h.newServer(o, on)
	done := newMailbox[event]()
	if err := server.startServer(config.ListenOptions{IP: "127.0.0.1", Compression: z}, done.put); err != nil {
		h.t.Fatal(err)
	}
	done.take(h.t, "completion of the start")
	port, err := server.server.Port()
	if err != nil {
		h.t.Fatal(err)
	}
	return port
}

// dialing is connected with compression.
func (h *testHost) dialing(o config.ConnOptions, z *config.Compression, port int) (x *handle, r recorder) {
	h.t.Helper()
	r = newRecorder()
	x = h.client(o, r.listen)
	if err := x.conn.Connect(fmt.Sprintf("ws://127.0.0.1:%d/", port), config.ConnectOptions{Compression: z}, border.Completion{}); err != nil {
		h.t.Fatal(err)
	}
	r.next(h.t, border.EventOpen)
	return x, r
}

// packing upgrades a raw client that offers the extension, and returns the answer.
func packing(t testing.TB, port int, offer string) (p *peer, answer string) {
	t.Helper()
	return packingOver(t, rawTo(t, port), offer)
}

func packingOver(t testing.TB, raw net.Conn, offer string) (p *peer, answer string) {
	t.Helper()
	_, err := raw.Write([]byte(strings.Replace(request, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: "+offer+"\r\n\r\n", 1)))
	must(t, err)
	b := bufio.NewReader(raw)
	response, err := http.ReadResponse(b, nil)
	must(t, err)
	if response.StatusCode != 101 {
		return nil, response.Status
	}
	return &peer{raw, b, ws.StateClientSide}, response.Header.Get("Sec-WebSocket-Extensions")
}

// packed is a message as RFC 7692 7.2.1 wants it.
func packed(message []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 6)
	w.Write(message)
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte{0, 0, 0xff, 0xff})
}

func unpacked(t testing.TB, payload []byte) []byte {
	t.Helper()
	message, err := io.ReadAll(flate.NewReader(io.MultiReader(bytes.NewReader(payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))))
	must(t, err)
	return message
}

// packedFrame is a frame with RSV1.
func packedFrame(op ws.OpCode, fin bool, payload []byte) ws.Frame {
	f := ws.NewFrame(op, fin, payload)
	f.Header.Rsv = ws.Rsv(true, false, false)
	return f
}

func TestCompressedConnectionsEchoEverySize(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	for _, z := range []config.Compression{
		{}, {MinSize: 1}, {Options: deflate.Options{OutTakeover: true, InTakeover: true}, MinSize: 1},
		{Options: deflate.Options{OutTakeover: true, InTakeover: true, OutBits: 9, InBits: 10}, MinSize: 1, Level: 6},
	} {
		port := h.compressing(config.ConnOptions{}, &z, echo)
		x, r := h.dialing(config.ConnOptions{}, &z, port)
		if answer, err := x.conn.Text(TextExtensions); err != nil || !strings.HasPrefix(answer, "permessage-deflate") {
			t.Fatalf("%q, %v", answer, err)
		}
		sent := 0
		for _, size := range []int{0, 1, 125, 126, 255, 256, 2048, 65535, 65537, 300_000} {
			for _, op := range []ws.OpCode{ws.OpText, ws.OpBinary} {
				want := prose(size)
				sent += size
				if err := x.send(op, want, nil); err != nil {
					t.Fatal(err)
				}
				if e := r.next(t, border.EventMessage); e.text != (op == ws.OpText) || !bytes.Equal(e.data, want) {
					t.Fatalf("%+v: %d bytes of opcode %d came back as %d bytes", z, size, op, len(e.data))
				}
			}
		}
		if s := x.conn.Stats(); s.BytesOut > uint64(sent)/2 || s.BytesIn > uint64(sent)/2 {
			t.Errorf("%+v: %d bytes took %d out and %d in", z, sent, s.BytesOut, s.BytesIn)
		}
		noise := make([]byte, 5000)
		for i := range noise {
			noise[i] = byte(i * i * 7919 >> 5)
		}
		for range 3 {
			if err := x.send(ws.OpBinary, noise, nil); err != nil {
				t.Fatal(err)
			}
			if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, noise) {
				t.Fatalf("%d bytes of noise", len(e.data))
			}
		}
		x.close(1000, "", nil)
		if e := r.next(t, border.EventClose); e.code != 1000 {
			t.Errorf("close: %+v", e)
		}
	}
}

func TestTakeoverMakesWhatWasSentBeforeCheap(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	sizes := map[bool]uint64{}
	once, twice := sha512.Sum512([]byte("once")), sha512.Sum512([]byte("twice"))
	message := fmt.Appendf(nil, "%x %x %x", once, twice, once) // what has no reference at all goes as it is
	for _, takeover := range []bool{false, true} {
		z := &config.Compression{Options: deflate.Options{OutTakeover: takeover, InTakeover: takeover}}
		x, r := h.dialing(config.ConnOptions{}, z, h.compressing(config.ConnOptions{}, z, echo))
		for range 2 {
			if err := x.send(ws.OpText, message, nil); err != nil {
				t.Fatal(err)
			}
			r.next(t, border.EventMessage)
		}
		s := x.conn.Stats()
		sizes[takeover] = s.BytesOut
		if s.BytesIn != s.BytesOut {
			t.Errorf("%d bytes out and %d in", s.BytesOut, s.BytesIn)
		}
	}
	if sizes[true] > sizes[false]*2/3 {
		t.Errorf("%d bytes with takeover, %d without", sizes[true], sizes[false])
	}
}

func TestOnlyWhoOffersCompressionGetsIt(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	with := h.compressing(config.ConnOptions{}, &config.Compression{}, echo)
	_, without := h.listening(config.ConnOptions{}, echo)
	const granted = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
	for _, c := range []struct {
		port          int
		offer, answer string
	}{
		{with, "permessage-deflate; client_max_window_bits", granted},
		{with, "foo\r\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9", granted + "; server_max_window_bits=9"},
		{with, "permessage-deflate; unknown", ""},
		{with, "foo", ""},
		{without, "permessage-deflate", ""},
		{without, "permessage-deflate;", "400 Bad Request"}, // RFC 6455 9.1
		{with, "permessage-deflate;", "400 Bad Request"},
	} {
		p, answer := packing(t, c.port, c.offer)
		if answer != c.answer {
			t.Errorf("%q is answered by %q", c.offer, answer)
		}
		if p == nil {
			continue
		}
		long := prose(2000)
		must(t, p.send(ws.OpText, long))
		f, err := p.read()
		must(t, err)
		got := f.Payload
		if is, want := f.Header.Rsv1(), answer != ""; is != want {
			t.Errorf("%q: a frame with RSV1 %t", answer, is)
		} else if is {
			got = unpacked(t, got)
		}
		if !bytes.Equal(got, long) {
			t.Errorf("%q: %d bytes came back", answer, len(got))
		}
		must(t, p.send(ws.OpText, []byte("short")))
		if f, err := p.read(); err != nil || f.Header.Rsv1() || string(f.Payload) != "short" {
			t.Errorf("%q: %+v, %v", answer, f.Header, err)
		}
	}
}

func TestCompressedMessagesMayComeInFramesOfAnySize(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	port := h.compressing(config.ConnOptions{}, &config.Compression{}, echo)
	for _, message := range [][]byte{nil, []byte("Hello"), prose(300_000)} {
		for _, size := range []int{1, 100, 1 << 20} {
			p, _ := packing(t, port, "permessage-deflate")
			payload := packed(message)
			var all []byte
			op := ws.OpText
			for first := true; len(payload) > 0; first = false {
				n := min(size, len(payload))
				f := ws.NewFrame(op, n == len(payload), payload[:n])
				f.Header.Rsv = ws.Rsv(first, false, false)
				all = append(append(all, p.frame(f)...), p.frame(ws.NewPingFrame(nil))...)
				payload, op = payload[n:], ws.OpContinuation
			}
			// An empty last fragment ends it as well.
			all = append(all, p.frame(ws.NewTextFrame([]byte("plain")))...)
			go p.Write(all)
			for _, want := range [][]byte{message, []byte("plain")} {
				f, err := p.read()
				for err == nil && f.Header.OpCode == ws.OpPong {
					f, err = p.read()
				}
				must(t, err)
				got := f.Payload
				if f.Header.Rsv1() {
					got = unpacked(t, got)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%d bytes in frames of %d came back as %d", len(want), size, len(got))
				}
			}
		}
	}
}

func TestViolationsOfCompressionEndTheConnection(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	z := &config.Compression{Ratio: 100}
	port := h.compressing(config.ConnOptions{MaxMessage: 1 << 20}, z, echo)
	plain := func(op ws.OpCode, fin bool, data []byte) ws.Frame { return ws.NewFrame(op, fin, data) }
	reserved := func(rsv2, rsv3 bool) ws.Frame {
		f := packedFrame(ws.OpText, true, packed([]byte("x")))
		f.Header.Rsv = ws.Rsv(true, rsv2, rsv3)
		return f
	}
	broken := packed([]byte("fine \xc0\xaf not"))
	for name, c := range map[string]struct {
		frames []ws.Frame
		code   uint16
	}{
		"RSV1 on a continuation":            {[]ws.Frame{packedFrame(ws.OpText, false, packed([]byte("a"))), packedFrame(ws.OpContinuation, true, nil)}, 1002},
		"RSV1 on a ping":                    {[]ws.Frame{packedFrame(ws.OpPing, true, nil)}, 1002},
		"RSV1 on a Close frame":             {[]ws.Frame{packedFrame(ws.OpClose, true, nil)}, 1002},
		"RSV2":                              {[]ws.Frame{reserved(true, false)}, 1002},
		"RSV3":                              {[]ws.Frame{reserved(false, true)}, 1002},
		"RSV1 behind a plain begin":         {[]ws.Frame{plain(ws.OpText, false, nil), packedFrame(ws.OpContinuation, true, nil)}, 1002},
		"what does not inflate":             {[]ws.Frame{packedFrame(ws.OpText, true, []byte{7, 7})}, 1007},
		"what ends inside a block":          {[]ws.Frame{packedFrame(ws.OpText, true, packed(prose(1000))[:20])}, 1007},
		"a reference to an earlier message": {[]ws.Frame{packedFrame(ws.OpText, true, packed([]byte("Hello"))), packedFrame(ws.OpText, true, []byte{0xf2, 0, 0x11, 0, 0})}, 1007},
		"text that is not UTF-8":            {[]ws.Frame{packedFrame(ws.OpText, true, broken)}, 1007},
		"text known to be wrong early":      {[]ws.Frame{packedFrame(ws.OpText, false, broken)}, 1007},
		"text that ends in a code point":    {[]ws.Frame{packedFrame(ws.OpText, true, packed([]byte("a\xe2\x82")))}, 1007},
		"more than the limit":               {[]ws.Frame{packedFrame(ws.OpBinary, true, packed(append(prose(1<<20), 'x')))}, 1009},
		"a bomb":                            {[]ws.Frame{packedFrame(ws.OpBinary, true, packed(make([]byte, 1<<19)))}, 1009},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := packing(t, port, "permessage-deflate; client_no_context_takeover")
			var all []byte
			for _, f := range append([]ws.Frame{plain(ws.OpText, true, []byte("before"))}, c.frames...) {
				all = append(all, p.frame(f)...)
			}
			go p.Write(all)
			if f, err := p.read(); err != nil || string(f.Payload) != "before" {
				t.Errorf("%q, %v", f.Payload, err)
			}
			if code, reason, err := p.closing(); err != nil || uint16(code) != c.code {
				t.Errorf("code %d %q, %v", code, reason, err)
			}
			p.Close()
		})
	}
	// The limit itself passes, also when it does not shrink.
	p, _ := packing(t, h.compressing(config.ConnOptions{MaxMessage: 1 << 20}, &config.Compression{}, echo), "permessage-deflate")
	go p.Write(p.frame(packedFrame(ws.OpBinary, true, packed(prose(1<<20)))))
	if f, err := p.read(); err != nil || len(unpacked(t, f.Payload)) != 1<<20 {
		t.Errorf("%d bytes, %v", len(f.Payload), err)
	}
}

func TestCompressedMessagesOfManyThreadsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	z := &config.Compression{Options: deflate.Options{OutTakeover: true, InTakeover: true}, MinSize: 1}
	port := h.compressing(config.ConnOptions{}, z, echo)
	x, r := h.dialing(config.ConnOptions{}, z, port)
	const threads, each = 4, 100
	var wg sync.WaitGroup
	for i := range threads {
		wg.Go(func() {
			for j := range each {
				message := fmt.Appendf(nil, "%d %d %s", i, j, prose(j*13))
				if err := x.send(ws.OpText, message, nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	next := make([]int, threads)
	for range threads * each {
		var i, j int
		e := r.next(t, border.EventMessage)
		if _, err := fmt.Sscanf(string(e.data[:min(len(e.data), 10)]), "%d %d", &i, &j); err != nil || j != next[i] {
			t.Fatalf("%.20q, %v, want %d", e.data, err, next[i])
		}
		next[i]++
	}
}

func TestAClientRefusesAnAnswerItDidNotAskFor(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	for _, answer := range []string{
		"permessage-deflate; server_max_window_bits=20", "permessage-deflate; foo", "foo", "permessage-deflate, permessage-deflate", "permessage-deflate;",
		"permessage-deflate", // it wants no takeover
	} {
		url := "ws://" + accepting(t, func(c net.Conn) error {
			upgrader := ws.Upgrader{Header: ws.HandshakeHeaderString("Sec-WebSocket-Extensions: " + answer + "\r\n")}
			_, err := upgrader.Upgrade(c)
			return err
		}) + "/"
		r := newRecorder()
		x := h.client(config.ConnOptions{}, r.listen)
		if err := x.conn.Connect(url, config.ConnectOptions{Compression: &config.Compression{}}, border.Completion{}); err != nil {
			t.Fatal(err)
		}
		if e := r.next(t, border.EventError); e.id != fault.IDConnectFailed || !strings.Contains(e.message, "bad upgrade response") || strings.Contains(e.message, "Accept") {
			t.Errorf("%q: %+v", answer, e.event)
		}
	}
}
