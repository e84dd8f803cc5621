// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// keepsNoBuffer waits until the connection is idle and no buffer of crypto/tls is left.
func (x *handle) keepsNoBuffer(t *testing.T) {
	t.Helper()
	eventually(t, func() (err error) {
		x.host.round()
		x.onLoop(func() {
			raw, input, hand, own := x.conn.tls.Load().conn.Sizes()
			if raw+input+hand+own > 0 {
				err = fmt.Errorf("%d bytes as they came, %d decrypted, %d of handshakes, %d of its own", raw, input, hand, own)
			}
		})
		return err
	})
	eventually(t, func() error {
		if used := x.host.engine.pool.Used(); used != 0 {
			return fmt.Errorf("%d bytes are in use", used)
		}
		return nil
	})
}

func TestAnIdleTLSConnectionHoldsNoBuffer(t *testing.T) {
	t.Parallel()
	sizes := []int{64, 64 << 10, 1 << 20}
	versions(t, func(t *testing.T, version uint16) {
		t.Run("server", func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			opened := newMailbox[*handle]()
			_, port := h.secureServer(config.ConnOptions{}, certs().good, func(d *dispatcher, x *handle, e event) {
				if e.kind == border.EventOpen {
					opened.put(x)
				}
				echo(d, x, e)
			})
			p, _ := joinSecure(t, port, foreignConfig(version), nil)
			x := opened.take(t, "open connection")
			x.keepsNoBuffer(t)
			for _, size := range sizes {
				must(t, p.send(ws.OpBinary, make([]byte, size)))
				if got, _, err := p.message(); err != nil || len(got) != size {
					t.Fatalf("%d bytes came back, %v", len(got), err)
				}
				x.keepsNoBuffer(t)
			}
		})
		t.Run("client", func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			x, r := h.secured(config.ConnOptions{}, foreignSecure(t, foreignConfig(version), nil, echoes))
			x.keepsNoBuffer(t)
			for _, size := range sizes {
				if err := x.send(ws.OpBinary, make([]byte, size), nil); err != nil {
					t.Fatal(err)
				}
				r.next(t, border.EventMessage)
				x.keepsNoBuffer(t)
			}
			if err := x.close(1000, "", nil); err != nil {
				t.Fatal(err)
			}
			r.next(t, border.EventClose)
		})
	})
}

// parted is a foreign client whose messages wait until the test sends them piece by piece.
type parted struct {
	*peer
	wire *sliced
	left []byte
}

func joinParted(t *testing.T, port int, version uint16) *parted {
	var wire *sliced
	p, _ := joinSecure(t, port, foreignConfig(version), func(raw net.Conn) net.Conn {
		wire = &sliced{Conn: raw}
		return wire
	})
	return &parted{peer: p, wire: wire}
}

// encrypt makes the records of what write sends.
func (p *parted) encrypt(t *testing.T, write func()) {
	t.Helper()
	p.wire.hold()
	write()
	p.left = p.wire.gathered
	p.wire.gathered, p.wire.gather = nil, false
}

// push sends the next n bytes, if there are so many. False: nothing is left.
func (p *parted) push(t *testing.T, n int) bool {
	t.Helper()
	n = min(n, len(p.left))
	_, err := p.wire.Conn.Write(p.left[:n])
	must(t, err)
	p.left = p.left[n:]
	return n > 0
}

func TestRecordsOfManyConnectionsDoNotMix(t *testing.T) {
	t.Parallel()
	const connections = 8
	for _, way := range []struct {
		name               string
		size, count, piece int
	}{
		{"pieces of long records", 40_000, 3, 1500},
		{"whole records and parts", 300, 100, 5000},
		{"whole long records and parts", 20_000, 6, 35_000},
		{"single bytes", 20, 3, 1},
		{"more records than a turn reads", 30, 600, 50_000},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			versions(t, func(t *testing.T, version uint16) {
				h := start(t, config.Library{Loops: 1})
				r := newRecorder()
				_, port := h.secureServer(config.ConnOptions{}, certs().good, r.listen)
				text := func(peer, number int) string {
					said := fmt.Sprintf("%d:%d ", peer, number)
					return strings.Repeat(said, way.size/len(said)+1)[:way.size]
				}
				peers, number, came := make([]*parted, connections), map[*handle]int{}, map[*handle]int{}
				for i := range peers {
					p := joinParted(t, port, version)
					peers[i] = p
					number[r.next(t, border.EventOpen).x] = i
					p.encrypt(t, func() {
						for m := range way.count {
							must(t, p.send(ws.OpText, []byte(text(i, m))))
						}
					})
				}
				for sent := true; sent; h.round() { // all of them in one round, each with a part
					sent = false
					for _, p := range peers {
						sent = p.push(t, way.piece) || sent
					}
				}
				for range connections * way.count {
					e := r.next(t, border.EventMessage)
					if want := text(number[e.x], came[e.x]); string(e.data) != want {
						t.Fatalf("message %d of connection %d is %.60q and so on, %d bytes", came[e.x], number[e.x], e.data, len(e.data))
					}
					came[e.x]++
				}
				for x := range came {
					x.keepsNoBuffer(t)
				}
			})
		})
	}
}

func TestWhatIsDecryptedStaysWithItsConnection(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{Loops: 1})
		r := newRecorder()
		_, port := h.secureServer(config.ConnOptions{}, certs().good, r.listen)
		var read [2]*handle // paused, so that only the test reads them
		var sent, came [2][]byte
		for i := range read {
			p := joinParted(t, port, version)
			read[i] = r.next(t, border.EventOpen).x
			if err := read[i].conn.Pause(); err != nil {
				t.Fatal(err)
			}
			h.round()
			for m := range 3 {
				sent[i] = append(sent[i], p.frame(ws.NewFrame(ws.OpText, true, bytes.Repeat([]byte{byte(i), byte(m)}, 150)))...)
			}
			_, err := p.Write(sent[i])
			must(t, err)
		}
		eventually(t, func() error {
			read[0].onLoop(func() {
				for more := true; more; {
					more = false
					for i, x := range read {
						p := make([]byte, 7)
						n, _ := x.conn.recv(p)
						came[i] = append(came[i], p[:max(n, 0)]...)
						more = more || n > 0
					}
				}
			})
			if len(came[0]) < len(sent[0]) || len(came[1]) < len(sent[1]) {
				return fmt.Errorf("%d and %d bytes came", len(came[0]), len(came[1]))
			}
			return nil
		})
		for i := range read {
			if !bytes.Equal(came[i], sent[i]) {
				t.Errorf("connection %d got other bytes than were sent to it", i)
			}
		}
	})
}

// Who asks the socket again after each record pays a system call for nothing.
func TestReadingGoesOnOnlyForWhatLiesInsideTLS(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{Loops: 1})
		r := newRecorder()
		_, port := h.secureServer(config.ConnOptions{}, certs().good, r.listen)
		p := joinParted(t, port, version)
		x := r.next(t, border.EventOpen).x
		if err := x.conn.Pause(); err != nil { // only the test reads
			t.Fatal(err)
		}
		h.round()
		frame := p.frame(ws.NewFrame(ws.OpText, true, make([]byte, 100)))
		p.encrypt(t, func() {
			for range 3 {
				_, err := p.Write(frame)
				must(t, err)
			}
		})
		for _, step := range []struct {
			pushed int // of the records of a frame
			room   int
			more   bool
		}{
			{pushed: len(p.left) / 3, room: 1000, more: false},
			{pushed: len(p.left)/3 + 20, room: 50, more: true}, // the rest of the frame
			{room: 1000, more: true},                           // 20 bytes of a record
		} {
			p.push(t, step.pushed)
			n := 0
			eventually(t, func() error {
				if x.onLoop(func() { n, _ = x.conn.recv(make([]byte, step.room)) }); n <= 0 {
					return fmt.Errorf("nothing came")
				}
				return nil
			})
			x.onLoop(func() {
				if s := x.conn.tls.Load(); s.more != step.more {
					t.Errorf("after %d of %d bytes more is %v", n, len(frame), s.more)
				}
			})
		}
	})
}

func TestAPartOfARecordIsKeptInABufferOfItsSizeWithinTheBudget(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{})
		r := newRecorder()
		_, port := h.secureServer(config.ConnOptions{}, certs().good, r.listen)
		for _, size := range []int{200, 1000, 10_000} {
			p := joinParted(t, port, version)
			x := r.next(t, border.EventOpen).x
			x.keepsNoBuffer(t)
			p.encrypt(t, func() { must(t, p.send(ws.OpBinary, make([]byte, size))) })
			p.push(t, len(p.left)-1)
			eventually(t, func() error {
				if used := h.engine.pool.Used(); used < int64(size) || used > 4*int64(size)+2048 {
					return fmt.Errorf("%d bytes are in use for a record of %d", used, size)
				}
				return nil
			})
			p.push(t, 1)
			r.next(t, border.EventMessage)
			x.keepsNoBuffer(t)
		}
	})
}

func TestAPartOfARecordIsGivenBackWhenItsConnectionEnds(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, r.listen)
	p := joinParted(t, port, tls.VersionTLS13)
	r.next(t, border.EventOpen)
	p.encrypt(t, func() { must(t, p.send(ws.OpBinary, make([]byte, 10_000))) })
	p.push(t, 5000)
	eventually(t, func() error {
		if h.engine.pool.Used() == 0 {
			return fmt.Errorf("nothing is in use")
		}
		return nil
	})
	p.Close()
	r.next(t, border.EventError)
	r.next(t, border.EventClose)
	eventually(t, func() error {
		if used := h.engine.pool.Used(); used != 0 {
			return fmt.Errorf("%d bytes are in use when it has ended", used)
		}
		return nil
	})
}

// A key update stands between the parts of two records, in two records itself, while
// another connection is read.
func TestAHandshakeMessageInPartsIsUnderstood(t *testing.T) {
	t.Parallel()
	const updates = 3
	h := start(t, config.Library{Loops: 1})
	r := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, r.listen)
	var peers [2]*peer
	var ends [2]*records
	said := map[*handle]string{}
	for i := range peers {
		peers[i], ends[i] = joinRecords(t, port)
		said[r.next(t, border.EventOpen).x] = string(rune('a' + i))
	}
	update := []byte{keyUpdate, 0, 0, 1, 1}
	var streams [2][]byte
	for i, end := range ends {
		frame := func(size int) {
			text := bytes.Repeat([]byte{byte('a' + i)}, size)
			streams[i] = append(streams[i], end.seal(recordApplication, peers[i].frame(ws.NewFrame(ws.OpText, true, text)))...)
		}
		for range updates {
			frame(3000)
			streams[i] = append(streams[i], end.seal(recordHandshake, update[:3])...)
			streams[i] = append(streams[i], end.seal(recordHandshake, update[3:])...)
			end.out.update()
			frame(100)
		}
	}
	for len(streams[0]) > 0 {
		n := min(13, len(streams[0]))
		for i, end := range ends {
			_, err := end.Conn.Write(streams[i][:n])
			must(t, err)
			streams[i] = streams[i][n:]
		}
		h.round()
	}
	for range 2 * 2 * updates {
		e := r.next(t, border.EventMessage)
		if text := string(e.data); text == "" || text != strings.Repeat(said[e.x], len(text)) {
			t.Errorf("%.40q and so on came from %s", text, said[e.x])
		}
	}
	for _, end := range ends {
		for end.updates < updates {
			must(t, end.next())
		}
	}
}
