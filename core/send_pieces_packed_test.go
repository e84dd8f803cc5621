// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
	"libws/core/fault"
)

// frames gives those of the next message.
func (p *inflating) frames() (all []ws.Frame, err error) {
	for {
		p.SetDeadline(time.Now().Add(deadline)) // there are many, and each has its time
		f, err := p.read()
		if err != nil {
			return nil, err
		}
		if !f.Header.OpCode.IsControl() {
			all = append(all, f)
		}
		if f.Header.Fin && !f.Header.OpCode.IsControl() {
			return all, nil
		}
	}
}

// pieces gives what the frames of a message carry, of each as much as is known without the
// next ones, and whether it came compressed: then the first alone has RSV1.
func (p *inflating) pieces(t *testing.T, frames []ws.Frame) (parts [][]byte, packed bool) {
	t.Helper()
	packed = frames[0].Header.Rsv1()
	var all, got []byte
	for i, f := range frames {
		if begins := i == 0; begins != (f.Header.OpCode != ws.OpContinuation) || !begins && f.Header.Rsv1() {
			t.Fatalf("frame %d of a message: %+v", i, f.Header)
		}
		if !packed {
			parts = append(parts, f.Payload)
			continue
		}
		all = append(all, f.Payload...)
		end := "\x01\x00\x00\xff\xff" // what there is begins and ends with a byte
		if f.Header.Fin {
			end = "\x00\x00\xff\xff" + end
		}
		message, err := io.ReadAll(flate.NewReaderDict(io.MultiReader(bytes.NewReader(all), strings.NewReader(end)), p.window))
		must(t, err)
		parts = append(parts, message[len(got):])
		got = message
	}
	if packed && p.keeps {
		p.window = append(p.window, got...)
		p.window = p.window[max(0, len(p.window)-1<<p.bits):]
	}
	return parts, packed
}

func (p *inflating) expectPieces(t *testing.T, wantPacked bool, want ...[]byte) {
	t.Helper()
	frames, err := p.frames()
	must(t, err)
	p.checkPieces(t, frames, wantPacked, want...)
}

func (p *inflating) checkPieces(t *testing.T, frames []ws.Frame, wantPacked bool, want ...[]byte) {
	t.Helper()
	got, packed := p.pieces(t, frames)
	if !slices.EqualFunc(got, want, bytes.Equal) || packed != wantPacked {
		t.Fatalf("%d pieces, compressed %t, want %d, compressed %t; or they have changed (window of %d bits, takeover %t)", len(got), packed, len(want), wantPacked, p.bits, p.keeps)
	}
}

// sendParts sends a message in pieces, with a ping behind the first.
func (x *handle) sendParts(t *testing.T, op ws.OpCode, parts ...[]byte) {
	t.Helper()
	for i, part := range parts {
		must2(t, x.conn.SendPart(op, part, i == len(parts)-1, border.Completion{}))
		if i == 0 && len(parts) > 1 {
			must2(t, x.conn.Ping(nil))
		}
	}
}

// cutAt are the pieces of a message that is cut at these offsets.
func cutAt(message []byte, at ...int) (parts [][]byte) {
	from := 0
	for _, to := range append(at, len(message)) {
		parts = append(parts, message[from:to])
		from = to
	}
	return parts
}

// Whoever inflates gets each piece when it was sent, wherever the message is cut, between
// messages that are sent as a whole.
func TestMessagesInPiecesAreCompressed(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		g, peers := packedAudience(t, config.Library{}, takingOver, o, secure, allOffers...)
		for i, x := range g.xs {
			p, packed := peers[i], i > 0
			check := func(parts ...[]byte) {
				t.Helper()
				x.sendParts(t, ws.OpText, parts...)
				p.expectPieces(t, packed, parts...)
			}
			text := []byte("Grüße, 世界, Grüße")
			for at := range len(text) + 1 {
				check(cutAt(text, at)...)
			}
			check(nil, nil)
			check(nil, text, nil, nil)
			must2(t, x.send(ws.OpText, prose(700), nil))
			p.expectPieces(t, packed, prose(700))
			check(prose(700), prose(700), prose(70_000), nil)
			x.sendParts(t, ws.OpBinary, prose(300), noise(70_000), prose(300)) // what does not shrink goes along
			p.expectPieces(t, packed, prose(300), noise(70_000), prose(300))
			must2(t, x.send(ws.OpText, prose(700), nil))
			p.expectPieces(t, packed, prose(700))
		}
	})
}

func TestTheFirstPieceDecidesAboutCompression(t *testing.T) {
	t.Parallel()
	g, peers := packedAudience(t, config.Library{}, takingOver, config.ConnOptions{}, false, "permessage-deflate")
	x, p := g.xs[0], peers[0]
	for _, c := range []struct {
		packed bool
		parts  [][]byte
	}{
		{false, [][]byte{prose(255)}},                  // alone it is as any message
		{true, [][]byte{prose(256)}},                   //
		{false, [][]byte{noise(256)}},                  //
		{true, [][]byte{noise(255), prose(5000)}},      // it is too small to tell
		{false, [][]byte{noise(256), prose(5000)}},     // it could shrink and does not
		{true, [][]byte{prose(256), noise(5000), nil}}, //
		{true, [][]byte{nil, prose(5000)}},             //
	} {
		x.sendParts(t, ws.OpBinary, c.parts...)
		p.expectPieces(t, c.packed, c.parts...)
	}
}

// A piece refers to those before it when the peer remembers anyway.
func TestPiecesReferToEarlierOnesWithTakeover(t *testing.T) {
	t.Parallel()
	for _, takeover := range []bool{false, true} {
		offer := "permessage-deflate"
		if !takeover {
			offer += "; server_no_context_takeover"
		}
		g, peers := packedAudience(t, config.Library{}, takingOver, config.ConnOptions{}, false, offer)
		part := noise(2000)
		g.xs[0].sendParts(t, ws.OpBinary, prose(300), part, part)
		before := g.xs[0].conn.Stats()
		g.xs[0].sendParts(t, ws.OpBinary, prose(300), part, part)
		peers[0].expectPieces(t, true, prose(300), part, part)
		peers[0].expectPieces(t, true, prose(300), part, part)
		n := g.xs[0].conn.Stats().BytesOut - before.BytesOut
		if takeover != (n < 1000) {
			t.Errorf("takeover %t: %d bytes for what was sent before", takeover, n)
		}
		if encoder := g.xs[0].conn.rare.compression().out; !takeover && encoder.Held() != 0 {
			t.Errorf("%d bytes are kept without takeover", encoder.Held())
		}
	}
}

// Both ends are ours, in both roles, and every limit counts the bytes of the message.
func TestMessagesInCompressedPiecesEcho(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	const most = 100_000
	for _, z := range []*config.Compression{{}, takingOver, {Options: deflate.Options{OutTakeover: true, InTakeover: true, OutBits: 9, InBits: 10}, Level: 6}} {
		inPieces := func(d *dispatcher, x *handle, e event) {
			if e.kind == border.EventMessage {
				op := ws.OpBinary
				if e.text {
					op = ws.OpText
				}
				n := len(e.data)
				for i, part := range cutAt(e.data, n/5, n/2, n/2) {
					if err := x.conn.SendPart(op, part, i == 3, border.Completion{}); err != nil {
						d.host.t.Errorf("piece %d of %d bytes: %v", i, n, err)
					}
				}
			}
		}
		port := h.compressing(config.ConnOptions{}, z, inPieces)
		x, r := h.dialing(config.ConnOptions{MaxMessage: most}, z, port)
		random := rand.New(rand.NewPCG(1, uint64(z.Level)))
		for n := range 20 {
			message := append(prose(random.IntN(most/2)), noise(random.IntN(1+n%2*most/2))...)
			at := []int{random.IntN(len(message) + 1), random.IntN(len(message) + 1), random.IntN(len(message) + 1)}
			slices.Sort(at)
			x.sendParts(t, ws.OpBinary, cutAt(message, at...)...)
			if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, message) {
				t.Fatalf("%d bytes cut at %v came back as %d", len(message), at, len(e.data))
			}
		}
		must2(t, x.conn.SendPart(ws.OpText, make([]byte, most), false, border.Completion{}))
		if err := x.conn.SendPart(ws.OpText, []byte("x"), true, border.Completion{}); err == nil || err.ID != fault.IDTooLarge {
			t.Errorf("one byte more than the limit: %v", err)
		}
		must2(t, x.conn.SendPart(ws.OpText, nil, true, border.Completion{}))
		if e := r.next(t, border.EventMessage); len(e.data) != most {
			t.Errorf("%d bytes", len(e.data))
		}
	}
}

// What is published between the pieces comes behind them, and nothing later refers to what
// was before it.
func TestPublishedMessagesBetweenCompressedPiecesChangeNothing(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		g, peers := packedAudience(t, config.Library{}, takingOver, o, secure, "permessage-deflate")
		x, p := g.xs[0], peers[0]
		publish := func(data []byte) {
			if n, err := g.server.server.Broadcast(data, ws.OpText, nil); n != 1 || err != nil {
				t.Fatalf("Broadcast: %d, %v", n, err)
			}
		}
		for round := range 3 {
			parts := [][]byte{prose(300), noise(800), []byte("end")} // a wrong distance shows in noise
			must2(t, x.conn.SendPart(ws.OpBinary, parts[0], false, border.Completion{}))
			publish(prose(1000))
			publish([]byte("short"))
			if round > 0 { // round 0: the last two pieces are behind all that is published
				must2(t, x.conn.SendPart(ws.OpBinary, parts[1], false, border.Completion{}))
			}
			publish(prose(1200))
			if round == 0 {
				must2(t, x.conn.SendPart(ws.OpBinary, parts[1], false, border.Completion{}))
			}
			must2(t, x.conn.SendPart(ws.OpBinary, parts[2], true, border.Completion{}))
			p.expectPieces(t, true, parts...)
			for _, want := range [][]byte{prose(1000), []byte("short"), prose(1200)} {
				p.expectPieces(t, len(want) > 5, want)
			}
			x.sendParts(t, ws.OpBinary, parts...)
			p.expectPieces(t, true, parts...)
			must2(t, x.send(ws.OpText, prose(600), nil))
			p.expectPieces(t, true, prose(600))
		}
	})
}

// A piece for which there is no room may be sent again, and is then as it would have been.
// What waits counts as it is on the wire.
func TestACompressedPieceThatWasRefusedCanBeSentAgain(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		o.MaxBuffered = 100_000
		g, peers := packedAudience(t, config.Library{}, takingOver, o, secure, "permessage-deflate")
		x, p := g.xs[0], peers[0]
		part := func(n int) []byte { return append(fmt.Appendf(nil, "piece %d", n), noise(9000+n)...) }
		parts := [][]byte{prose(300)}
		must2(t, x.conn.SendPart(ws.OpBinary, parts[0], false, border.Completion{}))
		refused := 0
		for n := 0; refused < 3; n++ {
			next := part(n)
			err := x.conn.SendPart(ws.OpBinary, next, false, border.Completion{})
			if err == nil {
				parts = append(parts, next)
				continue
			}
			if refused++; err.ID != fault.IDFull {
				t.Fatalf("piece %d: %v", n, err)
			}
			if n := x.block.Buffered(); n > 2*100_000 {
				t.Errorf("%d bytes wait", n)
			}
		}
		last := []byte("the end")
		type read struct {
			frames []ws.Frame
			err    error
		}
		reads := newMailbox[read]()
		go func() {
			frames, err := p.frames()
			reads.put(read{frames, err})
		}()
		for {
			err := x.conn.SendPart(ws.OpBinary, last, true, border.Completion{})
			if err == nil {
				break
			}
			if err.ID != fault.IDFull {
				t.Fatal(err)
			}
			g.r.next(t, border.EventDrain)
		}
		got := reads.take(t, "message")
		must(t, got.err)
		p.checkPieces(t, got.frames, true, append(parts, last)...)
		x.sendParts(t, ws.OpBinary, prose(500), prose(500))
		p.expectPieces(t, true, prose(500), prose(500))
	})
}

// A message that has begun compressed ends with its connection, in the queue as well, and
// the next one begins anew with the history of the next connection.
func TestCompressedPiecesOfAnEndedConnectionAreNotSentOnTheNext(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	port := h.compressing(config.ConnOptions{}, takingOver, r.listen)
	x, own := h.dialing(config.ConnOptions{}, takingOver, port)
	first := r.next(t, border.EventOpen).x
	x.sendParts(t, ws.OpText, prose(300), prose(400))
	if e := r.next(t, border.EventMessage); len(e.data) != 700 {
		t.Fatalf("%d bytes", len(e.data))
	}
	must2(t, x.conn.SendPart(ws.OpText, prose(300), false, border.Completion{}))
	first.conn.Abort()
	own.next(t, border.EventError)
	own.next(t, border.EventClose)
	if err := x.conn.SendPart(ws.OpText, prose(300), true, border.Completion{}); err == nil || err.ID != fault.IDState {
		t.Errorf("a piece behind the end: %v", err)
	}
	if err := x.conn.Connect(fmt.Sprintf("ws://127.0.0.1:%d/", port), config.ConnectOptions{Compression: takingOver}, border.Completion{}); err != nil {
		t.Fatal(err)
	}
	must2(t, x.conn.SendPart(ws.OpText, prose(200), false, border.Completion{})) // waits, as it is
	own.next(t, border.EventOpen)
	r.next(t, border.EventClose)
	r.next(t, border.EventDestroyed)
	r.next(t, border.EventOpen)
	must2(t, x.conn.SendPart(ws.OpText, prose(300), true, border.Completion{}))
	if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, append(prose(200), prose(300)...)) {
		t.Fatalf("%d bytes", len(e.data))
	}
	x.sendParts(t, ws.OpText, prose(300), prose(400))
	if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, append(prose(300), prose(400)...)) {
		t.Fatalf("%d bytes", len(e.data))
	}
}
