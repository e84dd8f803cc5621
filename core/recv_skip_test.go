// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"compress/flate"
	"fmt"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
	"libws/core/fault"
)

// What is over the limit is told by its size, and all around it has its way: messages before and
// behind, pings between its frames, and at the limit itself nothing is skipped.
func TestMessagesOverTheLimitAreSkipped(t *testing.T) {
	t.Parallel()
	const limit = 1000
	for _, secure := range []bool{false, true} {
		g := gather(t, 1, config.Library{}, config.ConnOptions{MaxMessage: limit, Skip: true}, secure, nil)
		p, r := g.peers[0], g.r
		big := func(n int) []byte { return prose(n) }
		must(t, p.raw(
			ws.NewFrame(ws.OpText, true, []byte("before")),
			ws.NewFrame(ws.OpText, true, big(limit)),
			ws.NewFrame(ws.OpText, true, big(limit+1)),
			ws.NewFrame(ws.OpBinary, false, big(limit)),
			ws.NewFrame(ws.OpPing, true, []byte("one")),
			ws.NewFrame(ws.OpContinuation, false, big(1)),
			ws.NewFrame(ws.OpPing, true, []byte("two")),
			ws.NewFrame(ws.OpContinuation, false, big(5*limit)),
			ws.NewFrame(ws.OpContinuation, true, nil),
			ws.NewFrame(ws.OpText, false, big(limit)),
			ws.NewFrame(ws.OpContinuation, true, nil),
			ws.NewFrame(ws.OpBinary, true, big(3<<20)),
			ws.NewFrame(ws.OpText, true, []byte("behind")),
		))
		for _, want := range []struct {
			size int
			text bool
		}{{6, true}, {limit, true}, {-limit - 1, true}, {-6*limit - 1, false}, {limit, true}, {-3 << 20, false}, {6, true}} {
			if want.size >= 0 {
				if e := r.next(t, border.EventMessage); len(e.data) != want.size || e.text != want.text {
					t.Errorf("a message of %d bytes instead of %+v", len(e.data), want)
				}
			} else if e := r.next(t, border.EventSkipped); e.skipped != uint64(-want.size) || e.text != want.text {
				t.Errorf("skipped: %d bytes, text %v, instead of %+v", e.skipped, e.text, want)
			}
		}
		for _, want := range []string{"one", "two"} {
			if f, err := p.read(); err != nil || f.Header.OpCode != ws.OpPong || string(f.Payload) != want {
				t.Errorf("%v %q, %v", f.Header, f.Payload, err)
			}
		}
		if n := g.server.server.Stats().Skipped; n != 3 {
			t.Errorf("%d messages were skipped", n)
		}
		// It is a text still, and has rules.
		must(t, p.raw(ws.NewFrame(ws.OpText, true, append(big(2*limit), 0xff))))
		if code, _, err := p.closing(); err != nil || code != 1007 {
			t.Errorf("text that is none: %d, %v", code, err)
		}
	}
}

// Nothing of a message that is being skipped is kept, whatever it declares.
func TestSkippedMessagesTakeNoMemory(t *testing.T) {
	t.Parallel()
	g := gather(t, 1, config.Library{}, config.ConnOptions{MaxMessage: 100_000, Skip: true}, false, nil)
	pool, before := &g.h.engine.pool, g.h.engine.pool.Used()
	p := g.peers[0]
	must(t, p.raw(ws.NewFrame(ws.OpBinary, false, prose(100_000))))
	eventually(t, func() error {
		if n := pool.Used(); n < before+100_000 {
			return fmt.Errorf("%d bytes are used", n)
		}
		return nil
	})
	// A frame of 2^50 bytes, which never comes whole.
	must(t, p.raw(ws.NewFrame(ws.OpContinuation, false, []byte{1})))
	header := ws.NewFrame(ws.OpContinuation, true, nil).Header
	header.Length, header.Masked = 1<<50, true
	must(t, ws.WriteHeader(p, header))
	for range 20 {
		_, err := p.Write(make([]byte, 1<<20))
		must(t, err)
	}
	eventually(t, func() error {
		if n := pool.Used(); n > before {
			return fmt.Errorf("%d bytes are used, before it %d", n, before)
		}
		return nil
	})
	p.Close()
	g.r.next(t, border.EventError)
	g.r.next(t, border.EventClose)
}

// takeover is a peer's compressor that refers to what it has sent before.
type takeover struct {
	b bytes.Buffer
	w *flate.Writer
}

func (c *takeover) packed(message []byte) []byte {
	if c.w == nil {
		c.w, _ = flate.NewWriter(&c.b, 6)
	}
	c.b.Reset()
	c.w.Write(message)
	c.w.Flush()
	return bytes.Clone(bytes.TrimSuffix(c.b.Bytes(), []byte{0, 0, 0xff, 0xff}))
}

// Compressed messages are inflated all the same, so that the next one may refer to them. Their
// size is what they inflate to; a message that is too large on the wire only is skipped as well.
func TestSkippedMessagesAreInflatedForTheNext(t *testing.T) {
	t.Parallel()
	const limit = 2000
	for _, keeps := range []bool{true, false} {
		t.Run(fmt.Sprintf("takeover %v", keeps), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			r := newRecorder()
			o := config.ConnOptions{MaxMessage: limit, Skip: true}
			port := h.compressing(o, &config.Compression{Options: deflate.Options{InTakeover: keeps}}, r.listen)
			p, answer := packing(t, port, "permessage-deflate; client_max_window_bits")
			if p == nil {
				t.Fatal(answer)
			}
			r.next(t, border.EventOpen)
			c := &takeover{}
			pack := func(message []byte) []byte {
				if !keeps {
					c.w = nil
				}
				return c.packed(message)
			}
			pattern := prose(1500)
			var want []int
			var frames []ws.Frame
			add := func(size int, f ...ws.Frame) {
				want = append(want, size)
				frames = append(frames, f...)
			}
			whole := func(n int) {
				size := n
				if n > limit {
					size = -n
				}
				add(size, packedFrame(ws.OpText, true, pack(prose(n))))
			}
			for _, n := range []int{10, limit, limit + 1, 1500, 40_000, 1500, 300_000, 100, limit - 1} {
				whole(n)
			}
			cut := pack(prose(90_000))
			add(-90_000, packedFrame(ws.OpText, false, cut[:10]), ws.NewFrame(ws.OpPing, true, nil),
				ws.NewFrame(ws.OpContinuation, false, cut[10:len(cut)-1]), ws.NewFrame(ws.OpContinuation, true, cut[len(cut)-1:]))
			add(1500, packedFrame(ws.OpText, true, pack(pattern)))
			// Empty stored blocks: more than the limit on the wire, and nothing inflated.
			empty := bytes.Repeat([]byte{0, 0, 0, 0xff, 0xff}, 1000)
			add(-3, packedFrame(ws.OpText, false, append(empty, pack([]byte("abc"))...)), ws.NewFrame(ws.OpContinuation, true, nil))
			whole(1500)
			add(4, ws.NewFrame(ws.OpText, true, []byte("last")))
			go p.raw(frames...)
			for i, n := range want {
				if n < 0 {
					if e := r.next(t, border.EventSkipped); e.skipped != uint64(-n) || !e.text {
						t.Fatalf("%s, message %d: %d bytes were skipped instead of %d", answer, i, e.skipped, -n)
					}
				} else if e := r.next(t, border.EventMessage); len(e.data) != n || n > 4 && !bytes.Equal(e.data, prose(n)) {
					t.Fatalf("%s, message %d has %d bytes instead of %d", answer, i, len(e.data), n)
				}
			}
			if f, err := p.read(); err != nil || f.Header.OpCode != ws.OpPong {
				t.Errorf("%v, %v", f.Header, err)
			}
			// A bomb is one still.
			must(t, p.raw(packedFrame(ws.OpBinary, true, pack(make([]byte, 16<<20)))))
			if code, _, err := p.closing(); err != nil || code != 1009 {
				t.Errorf("a bomb: %d, %v", code, err)
			}
		})
	}
}

func TestSkippingAndPiecesDoNotGoTogether(t *testing.T) {
	t.Parallel()
	o := config.ConnOptions{Skip: true, Pieces: true}
	if err := o.Fill(); err == nil || err.ID != fault.IDParameter {
		t.Errorf("%v", err)
	}
}

// A client that skips, connected again in the middle of a message, begins anew.
func TestSkippingEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	s := newRecorder()
	_, port := h.listening(config.ConnOptions{}, s.listen)
	r := newRecorder()
	x := h.client(config.ConnOptions{MaxMessage: 100, Skip: true}, r.listen)
	for range 2 {
		if err := x.connect(fmt.Sprintf("ws://127.0.0.1:%d/", port), nil); err != nil {
			t.Fatal(err)
		}
		r.next(t, border.EventOpen)
		other := s.next(t, border.EventOpen).x
		must2(t, other.send(ws.OpText, []byte("small"), nil))
		if e := r.next(t, border.EventMessage); string(e.data) != "small" {
			t.Errorf("%q", e.data)
		}
		must2(t, other.conn.SendPart(ws.OpBinary, prose(500), false, border.Completion{}))
		eventually(t, func() error {
			var on bool
			x.onLoop(func() { on = x.conn.rare.skips() })
			if !on {
				return fmt.Errorf("nothing is skipped")
			}
			return nil
		})
		other.destroy()
		r.next(t, border.EventError)
		r.next(t, border.EventClose)
		s.next(t, border.EventClose)
		s.next(t, border.EventDestroyed)
	}
}
