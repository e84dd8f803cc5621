// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"compress/flate"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
	"libws/core/fault"
)

// inflating is a foreign client that remembers no more than was agreed on.
type inflating struct {
	*peer
	bits   int    // of the server's window
	keeps  bool   // with context takeover
	window []byte // what the server may refer to
}

// next gives the next message, and whether it came compressed.
func (p *inflating) next() (message []byte, packed bool, err error) {
	p.SetDeadline(time.Now().Add(deadline)) // there are many, and each has its time
	f, err := p.read()
	for err == nil && f.Header.OpCode == ws.OpPing { // it took long
		f, err = p.read()
	}
	if err != nil || !f.Header.Rsv1() {
		return f.Payload, false, err
	}
	message, err = p.inflate(f)
	return message, true, err
}

// inflate gives what a frame of a compressed message carries, which is all of it.
func (p *inflating) inflate(f ws.Frame) (message []byte, err error) {
	r := flate.NewReaderDict(io.MultiReader(bytes.NewReader(f.Payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff")), p.window)
	if message, err = io.ReadAll(r); err == nil && p.keeps {
		p.window = append(p.window, message...)
		p.window = p.window[max(0, len(p.window)-1<<p.bits):]
	}
	return message, err
}

func (p *inflating) expect(t *testing.T, want []byte, wantPacked bool) {
	t.Helper()
	got, packed, err := p.next()
	must(t, err)
	if !bytes.Equal(got, want) || packed != wantPacked {
		t.Fatalf("%d bytes came for %d, packed %v, want %v (window of %d bits, takeover %v)", len(got), len(want), packed, wantPacked, p.bits, p.keeps)
	}
}

// packedAudience has one foreign client for each offer, "" for none.
func packedAudience(t *testing.T, c config.Library, z *config.Compression, o config.ConnOptions, secure bool, offers ...string) (g *audience, peers []*inflating) {
	t.Helper()
	g = &audience{h: start(t, c), r: newRecorder()}
	hear := func(d *dispatcher, x *handle, e event) { g.r.put(received{x, e}) }
	var port int
	if secure {
		g.server, port = g.h.secureServerWith(o, config.ListenOptions{Compression: z}, certs().good, hear)
	} else {
		g.server, port = g.h.listeningWith(o, config.ListenOptions{Compression: z}, hear)
	}
	for _, offer := range offers {
		var raw net.Conn = rawTo(t, port)
		if secure {
			raw = tls.Client(raw, foreignConfig(tls.VersionTLS13))
		}
		p, answer := packingOver(t, raw, offer)
		agreed := deflate.Agreed(answer)
		peers = append(peers, &inflating{peer: p, bits: agreed.ServerBits, keeps: !agreed.ServerNoTakeover})
		g.xs = append(g.xs, g.r.next(t, border.EventOpen).x)
	}
	return g, peers
}

func noise(size int) []byte {
	r := rand.New(rand.NewPCG(uint64(size), 1))
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

var (
	takingOver = &config.Compression{Options: deflate.Options{OutTakeover: true, InTakeover: true}}
	allOffers  = []string{
		"foo", "permessage-deflate", "permessage-deflate; server_no_context_takeover", "permessage-deflate; server_max_window_bits=8",
		"permessage-deflate; server_max_window_bits=9; server_no_context_takeover", "permessage-deflate; server_max_window_bits=12", "permessage-deflate",
	}
)

// Each gets it as it can read it, also between what was sent to it alone.
func TestPublishedMessagesAreCompressedForWhoAgreed(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		g, peers := packedAudience(t, config.Library{Loops: 2}, takingOver, o, secure, allOffers...)
		s := g.server.server
		far := noise(2000)
		far = append(far, far...) // shrinks only where it can be seen whole
		for _, c := range []struct {
			data []byte
			bits int // least that help
		}{{prose(1000), 8}, {[]byte("short"), 16}, {nil, 16}, {prose(255), 16}, {prose(256), 8}, {noise(3000), 16}, {far, 12}, {prose(200_000), 8}} {
			for range 2 {
				for i, x := range g.xs { // to each alone
					alone := fmt.Appendf(nil, "%d %s", i, prose(600))
					must2(t, x.send(ws.OpText, alone, nil))
				}
				if n, err := s.Broadcast(c.data, ws.OpBinary, nil); n != len(peers) || err != nil {
					t.Fatalf("Broadcast: %d, %v", n, err)
				}
				for i, p := range peers {
					got, _, err := p.next()
					if want := fmt.Appendf(nil, "%d %s", i, prose(600)); err != nil || !bytes.Equal(got, want) {
						t.Fatalf("client %d (%d bits) got %d bytes of its own, %v", i, p.bits, len(got), err)
					}
					remembered := p.window
					p.window = nil // it refers to nothing before it
					p.expect(t, c.data, i > 0 && p.bits >= c.bits)
					if p.keeps {
						p.window = append(bytes.Clone(remembered), p.window...)
						p.window = p.window[max(0, len(p.window)-1<<p.bits):]
					}
				}
			}
		}
	})
}

// must2 is must for an *fault.Error.
func must2(t testing.TB, err *fault.Error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A message behind a published one refers to nothing before that, and the ones behind it
// to it: what the peer remembers has the published one in it.
func TestTakeoverGoesOnBehindWhatIsPublished(t *testing.T) {
	t.Parallel()
	g, peers := packedAudience(t, config.Library{}, takingOver, config.ConnOptions{}, false, "permessage-deflate")
	p, alone := peers[0], noise(1500)
	alone = append(alone, prose(300)...)
	size := func(send func()) int {
		t.Helper()
		send()
		f, err := p.read()
		must(t, err)
		r := flate.NewReaderDict(io.MultiReader(bytes.NewReader(f.Payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff")), p.window)
		if got, err := io.ReadAll(r); err != nil || !f.Header.Rsv1() {
			t.Fatalf("packed %v, %v", f.Header.Rsv1(), err)
		} else {
			p.window = append(p.window, got...)
		}
		return len(f.Payload)
	}
	mine := func() { must2(t, g.xs[0].send(ws.OpBinary, alone, nil)) }
	all := func() {
		if n, err := g.server.server.Broadcast(prose(700), ws.OpBinary, nil); n != 1 || err != nil {
			t.Fatalf("Broadcast: %d, %v", n, err)
		}
	}
	for range 3 {
		first, again := size(mine), size(mine)
		size(all)
		behind, later := size(mine), size(mine)
		size(all)
		if first < 1500 || behind < 1500 || again > 100 || later > 100 {
			t.Errorf("%d bytes, then %d, behind a published one %d, then %d", first, again, behind, later)
		}
	}
}

// Threads send and publish at the same time: what comes can be inflated
// and is in order.
func TestCompressedMessagesOfPublishersAndSendersKeepTheirOrder(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		const senders, publishers, messages = 3, 2, 40
		z := *takingOver
		z.MinSize = 100
		g, peers := packedAudience(t, config.Library{Loops: 2}, &z, o, secure, allOffers...)
		var all sync.WaitGroup
		for sender := range byte(senders) {
			all.Go(func() {
				for n := range uint32(messages) {
					for _, x := range g.xs {
						if err := x.send(ws.OpBinary, stamped(sender, n, 3000), nil); err != nil {
							t.Errorf("send: %v", err)
						}
					}
				}
			})
		}
		for publisher := range byte(publishers) {
			all.Go(func() {
				for n := range uint32(messages) {
					if took, err := g.server.server.Broadcast(stamped(senders+publisher, n, 3000), ws.OpBinary, nil); took != len(peers) || err != nil {
						t.Errorf("Broadcast: %d, %v", took, err)
					}
				}
			})
		}
		for _, p := range peers {
			all.Go(func() {
				var order sequence
				for range (senders + publishers) * messages {
					got, _, err := p.next()
					if err == nil {
						err = order.check(got)
					}
					if err != nil {
						t.Errorf("window of %d bits, takeover %v: %v", p.bits, p.keeps, err)
						p.Close()
						return
					}
				}
			})
		}
		all.Wait()
	})
}

// What waits for the last piece of a message is compressed as well, and what follows it
// does not refer to what was before.
func TestCompressedMessagesWaitForTheLastPiece(t *testing.T) {
	everyWay(t, func(t *testing.T, o config.ConnOptions, secure bool) {
		g, peers := packedAudience(t, config.Library{}, takingOver, o, secure, "permessage-deflate")
		x, p := g.xs[0], peers[0]
		for range 3 {
			must2(t, x.send(ws.OpText, prose(500), nil))
			p.expect(t, prose(500), true)
			must2(t, x.conn.SendPart(ws.OpText, []byte("begin"), false, border.Completion{}))
			g.server.server.Broadcast(prose(1000), ws.OpText, nil)
			must2(t, x.conn.SendPart(ws.OpText, []byte("end"), true, border.Completion{}))
			p.expectPieces(t, true, []byte("begin"), []byte("end"))
			p.expect(t, prose(1000), true)
			must2(t, x.send(ws.OpText, prose(500), nil))
			p.expect(t, prose(500), true)
		}
	})
}

// What many wait for is in memory once, and no larger than it is on the wire.
func TestCompressedPublishedMessagesAreInMemoryOnce(t *testing.T) {
	t.Parallel()
	const clients, size = 8, 400_000
	g, peers := packedAudience(t, config.Library{}, &config.Compression{}, config.ConnOptions{MaxBuffered: 1 << 30}, false, strings.Split(strings.Repeat("permessage-deflate,", clients-1)+"permessage-deflate", ",")...)
	for _, p := range peers {
		must(t, p.Conn.(rawEnd).Conn.(*net.TCPConn).SetReadBuffer(4096))
	}
	data := append(noise(size/8), make([]byte, size*7/8)...)
	waits := func() (n int64) {
		for _, x := range g.xs {
			n += int64(x.block.Buffered())
		}
		return n
	}
	sent := 0
	for ; waits() < 64<<20 && sent < 1000; sent++ {
		if n, err := g.server.server.Broadcast(data, ws.OpBinary, nil); n != clients || err != nil {
			t.Fatalf("Broadcast: %d, %v", n, err)
		}
	}
	each := waits()/clients + 1<<20 // they may have got differently much
	if used := g.h.engine.pool.Used(); used > 2*each+4<<20 {
		t.Errorf("%d bytes are used for %d messages, of which %d bytes wait", used, sent, waits())
	}
	if wire := int64(sent) * size * clients; waits() > wire/4 {
		t.Errorf("%d bytes wait of %d that were published", waits(), wire)
	}
	for _, p := range peers {
		p.Close()
	}
}
