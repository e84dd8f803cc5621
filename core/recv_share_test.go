// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"compress/flate"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
)

// shrunk is packed at the best level: a thousandth of what has no information.
func shrunk(message []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, 9)
	w.Write(message)
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte{0, 0, 0xff, 0xff})
}

// hold keeps all loops from reading until the result is called.
func (h *testHost) hold(t *testing.T) (release func()) {
	t.Helper()
	open := make(chan struct{})
	for _, w := range h.engine.workers {
		held := make(chan struct{})
		w.loop.Post(func() { close(held); <-open })
		select {
		case <-held:
		case <-time.After(deadline):
			t.Fatal("the loop does not run")
		}
	}
	return func() { close(open) }
}

// Messages that inflate to much hold up nobody: others on the loop are heard meanwhile.
func TestWhatInflatesToMuchHoldsUpNobody(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	const bombs, size = 4, 8 << 20
	r := newRecorder()
	port := h.compressing(config.ConnOptions{}, &config.Compression{Ratio: -1}, r.listen)
	bomb := shrunk(make([]byte, size))
	var peers []*peer
	for range bombs {
		p, _ := packing(t, port, "permessage-deflate; client_no_context_takeover")
		peers = append(peers, p)
		r.next(t, border.EventOpen)
	}
	other := join(t, port)
	quick := r.next(t, border.EventOpen).x
	release := h.hold(t)
	for _, p := range peers {
		must(t, p.raw(packedFrame(ws.OpBinary, true, bomb)))
	}
	must(t, other.send(ws.OpText, []byte("quick")))
	release()
	if e := r.next(t, border.EventMessage); e.x != quick || string(e.data) != "quick" {
		t.Errorf("the first that is heard has %d bytes", len(e.data))
	}
	for range bombs {
		if e := r.next(t, border.EventMessage); len(e.data) != size {
			t.Errorf("a message has %d bytes", len(e.data))
		}
	}
}

// What follows a message that takes many turns has its place behind it, whatever it is; what
// is not read meanwhile, too, and a pause between keeps it all.
func TestOrderHoldsOverTurns(t *testing.T) {
	t.Parallel()
	for _, pieces := range []bool{false, true} {
		for _, secure := range []bool{false, true} {
			for _, pauses := range []bool{false, true} {
				t.Run(fmt.Sprintf("pieces %v, tls %v, pauses %v", pieces, secure, pauses), func(t *testing.T) {
					t.Parallel()
					orderOverTurns(t, pieces, secure, pauses)
				})
			}
		}
	}
}

func orderOverTurns(t *testing.T, pieces, secure, pauses bool) {
	h := start(t, config.Library{})
	var got []byte
	closed := newMailbox[event]()
	on := func(d *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventMessage:
			got = append(got, e.data...)
			if pauses {
				x.conn.Pause()
				time.AfterFunc(time.Millisecond, func() { x.conn.Resume() })
			}
		case border.EventClose:
			closed.put(e)
		}
	}
	o := config.ConnOptions{Pieces: pieces}
	z := &config.Compression{Options: deflate.Options{InTakeover: true}, Ratio: -1}
	var p *peer
	if secure {
		_, port := h.secureServerWith(o, config.ListenOptions{Compression: z}, certs().good, on)
		raw, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		must(t, err)
		raw.SetDeadline(time.Now().Add(deadline))
		p, _ = packingOver(t, tls.Client(raw, foreignConfig(tls.VersionTLS13)), "permessage-deflate; client_no_context_takeover")
	} else {
		p, _ = packing(t, h.compressing(o, z, on), "permessage-deflate; client_no_context_takeover")
	}
	var want, all []byte
	send := func(message []byte, compressed bool) {
		want = append(want, message...)
		f := ws.NewFrame(ws.OpText, true, message)
		if compressed {
			f = packedFrame(ws.OpText, true, shrunk(message))
		}
		all = append(all, p.frame(f)...)
	}
	for i, size := range []int{0, 1, inflateShare - 1, inflateShare, inflateShare + 1, 3*inflateShare + 5, 2 << 20, inflateTurn} {
		send(bytes.Repeat([]byte{byte('a' + i)}, size), true)
		send([]byte(fmt.Sprint("plain ", i)), false)
		all = append(all, p.frame(ws.NewPingFrame([]byte{byte(i)}))...)
		send(prose(1000*i), true)
	}
	all = append(all, p.frame(ws.NewCloseFrame(ws.NewCloseFrameBody(1000, "end")))...)
	go p.Write(all)
	pings := 0
	for {
		f, err := p.read()
		must(t, err)
		if f.Header.OpCode == ws.OpClose {
			break
		}
		if f.Header.OpCode != ws.OpPong {
			t.Fatalf("opcode %d", f.Header.OpCode)
		}
		pings++
	}
	if pings == 0 {
		t.Error("no pong came")
	}
	p.Close()
	if e := closed.take(t, "the close event"); e.code != 1000 || !e.clean {
		t.Errorf("code %d, clean %v", e.code, e.clean)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes came, others than the %d", len(got), len(want))
	}
}

// A connection that ends between its turns gives everything back (host_test.go checks that
// nothing is left), whoever ends it.
func TestAnEndBetweenTurnsGivesEverythingBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(x *handle, p *peer){
		"destroyed": func(x *handle, _ *peer) { x.conn.Destroy() },
		"aborted":   func(x *handle, _ *peer) { x.conn.Abort() },
		"closed":    func(_ *handle, p *peer) { p.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			r := newRecorder()
			port := h.compressing(config.ConnOptions{}, &config.Compression{Ratio: -1}, r.listen)
			p, _ := packing(t, port, "permessage-deflate; client_no_context_takeover")
			x := r.next(t, border.EventOpen).x
			f := packedFrame(ws.OpBinary, true, shrunk(make([]byte, 4<<20)))
			must(t, p.raw(f, f, f))
			end(x, p)
			r.nextOfAny(t, border.EventDestroyed)
		})
	}
}

// Real text passes whatever its size, also when it repeats itself; what is nothing but a bomb
// does not.
func TestTheDefaultRatioLetsRealTextPass(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	port := h.compressing(config.ConnOptions{}, &config.Compression{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage {
			d.send(x, ws.OpText, []byte(fmt.Sprint(len(e.data))))
		}
	})
	lines := func(line func(i int) string) []byte {
		var b strings.Builder
		for i := 0; b.Len() < 5<<20; i++ {
			b.WriteString(line(i))
		}
		return []byte(b.String())
	}
	for name, text := range map[string][]byte{
		"records": lines(func(i int) string {
			return fmt.Sprintf("    {\n        \"id\": %d,\n        \"ok\": true\n    },\n", i)
		}),
		"the same record":    lines(func(int) string { return `{"x":0,"y":0,"z":0},` }),
		"the same log line":  lines(func(int) string { return "INFO server: GET /health 200 0ms\n" }),
		"the same HTML":      lines(func(int) string { return "      <tr>\n        <td class=\"cell\">&nbsp;</td>\n      </tr>\n" }),
		"tables with blanks": lines(func(i int) string { return fmt.Sprintf("%06d%s\n", i*7919%1000000, strings.Repeat(" ", 250)) }),
		"blanks alone":       bytes.Repeat([]byte{' '}, 2<<20),
	} {
		p, _ := packing(t, port, "permessage-deflate; client_no_context_takeover; server_no_context_takeover")
		payload := shrunk(text)
		t.Logf("%s: %d times", name, len(text)/len(payload))
		go p.Write(p.frame(packedFrame(ws.OpText, true, payload)))
		f, err := p.read()
		for err == nil && f.Header.OpCode == ws.OpPing { // a slow machine takes longer than the heartbeat's interval
			f, err = p.read()
		}
		if err != nil || string(f.Payload) != fmt.Sprint(len(text)) {
			t.Errorf("%s: %q, %v", name, f.Payload, err)
		}
		p.Close()
	}
	p, _ := packing(t, port, "permessage-deflate; client_no_context_takeover")
	go p.Write(p.frame(packedFrame(ws.OpBinary, true, shrunk(make([]byte, 16<<20)))))
	if code, _, err := p.closing(); err != nil || code != 1009 {
		t.Errorf("a bomb: code %d, %v", code, err)
	}
	p.Close()
}
