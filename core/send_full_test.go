// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/lock"
)

// torrent is what several threads send to a peer that reads, or does not. Each accepted
// message is told once.
type torrent struct {
	x            *handle
	accepted     atomic.Int64
	sent, failed atomic.Int64
	mu           sync.Mutex
	lost         map[uint64]bool // by sender and number
}

const (
	torrentSenders = 3
	torrentSize    = 20_000
)

func (f *torrent) run(t *testing.T, sender, count uint32, stop func(n uint32)) {
	size := torrentSize + int(sender)
	for n := range count {
		stop(n)
		key := uint64(sender)<<32 | uint64(n)
		data := make([]byte, size)
		binary.BigEndian.PutUint64(data, key)
		binary.BigEndian.PutUint64(data[size-8:], key)
		err := f.x.send(ws.OpBinary, data, func(e event) {
			if e.id == 0 {
				f.sent.Add(1)
				return
			}
			f.failed.Add(1)
			if e.id == fault.IDFull {
				f.mu.Lock()
				f.lost[key] = true
				f.mu.Unlock()
			}
		})
		switch {
		case err == nil:
			f.accepted.Add(1)
		case err.ID == fault.IDFull || err.ID == fault.IDState || err.ID == fault.IDHandle || err.ID == fault.IDNoConnection:
		default:
			t.Errorf("send: %v", err)
		}
	}
}

// fullEnds runs a test with both policies, of both roles, plain and over TLS.
func fullEnds(t *testing.T, policy config.FullPolicy, test func(t *testing.T, x *handle, r recorder, p *peer)) {
	t.Parallel()
	o := config.ConnOptions{MaxBuffered: 200_000, Full: policy}
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("server, tls %v", secure), func(t *testing.T) {
			t.Parallel()
			if !secure {
				s := asServer(t, o)
				test(t, s.x, s.r, s.peer)
				return
			}
			h, r := start(t, config.Library{}), newRecorder()
			_, port := h.secureServer(o, certs().good, r.listen)
			p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
			test(t, r.next(t, border.EventOpen).x, r, p)
		})
		t.Run(fmt.Sprintf("client, tls %v", secure), func(t *testing.T) {
			t.Parallel()
			if !secure {
				s := asClient(t, o)
				test(t, s.x, s.r, s.peer)
				return
			}
			peers, done := make(chan *peer, 1), make(chan struct{})
			url := foreignSecure(t, foreignConfig(tls.VersionTLS13), nil, func(p *peer, _ *tls.Conn) error {
				peers <- p
				<-done
				return nil
			})
			t.Cleanup(func() { close(done) })
			x, r := start(t, config.Library{}).secured(o, url)
			test(t, x, r, <-peers)
		})
	}
}

// Whatever several threads send, each accepted message either comes whole and in the order
// of its sender, or its completion says that it was dropped.
func TestDroppedMessagesAreToldAndTheOthersCome(t *testing.T) {
	fullEnds(t, config.FullDropOldest, func(t *testing.T, x *handle, r recorder, p *peer) {
		const count = 400
		f := &torrent{x: x, lost: map[uint64]bool{}}
		var senders sync.WaitGroup
		for sender := range uint32(torrentSenders) {
			senders.Go(func() { f.run(t, sender, count, func(uint32) {}) })
		}
		came := make(chan map[uint64]bool)
		go func() {
			all := map[uint64]bool{}
			defer func() { came <- all }()
			next := [torrentSenders]uint32{}
			for {
				frame, err := p.read()
				if err != nil {
					t.Errorf("reading: %v", err)
					return
				}
				if frame.Header.OpCode == ws.OpText {
					return
				}
				d := frame.Payload
				key := binary.BigEndian.Uint64(d)
				sender, n := uint32(key>>32), uint32(key)
				if sender >= torrentSenders || len(d) != torrentSize+int(sender) || binary.BigEndian.Uint64(d[len(d)-8:]) != key || n < next[sender] {
					t.Errorf("a message of %d bytes, sender %d, number %d, at least %d", len(d), sender, n, next[sender])
					return
				}
				next[sender] = n + 1
				all[key] = true
			}
		}()
		senders.Wait()
		last := newMailbox[event]()
		if err := x.send(ws.OpText, []byte("last"), last.put); err != nil {
			t.Fatal(err)
		}
		all := <-came
		if e := last.take(t, "completion of the last"); e.id != 0 {
			t.Errorf("completion of the last: %+v", e)
		}
		x.onLoop(func() {}) // what was dropped is told
		eventually(t, func() error {
			if told := f.sent.Load() + f.failed.Load(); told != f.accepted.Load() {
				return fmt.Errorf("%d of %d sends are told", told, f.accepted.Load())
			}
			return nil
		})
		if f.accepted.Load() != torrentSenders*count || int(f.sent.Load()) != len(all) || f.failed.Load() == 0 && !lock.Checks { // who checks locks is too slow for that
			t.Errorf("%d were accepted, %d sent, %d failed, and %d came", f.accepted.Load(), f.sent.Load(), f.failed.Load(), len(all))
		}
		for key := range f.lost {
			if all[key] {
				t.Errorf("message %d of %d was dropped, and came", uint32(key), key>>32)
			}
		}
		if n := x.block.Buffered(); n != 0 {
			t.Errorf("%d bytes are buffered", n)
		}
		x.destroy()
	})
}

// The end may come at any moment of a torrent, from any side; testHost checks that each
// send is told once and before the last event, and that nothing is left.
func TestFullConnectionsMayEndAtAnyMoment(t *testing.T) {
	for _, policy := range []config.FullPolicy{config.FullClose, config.FullDropOldest} {
		t.Run(fmt.Sprint(policy), func(t *testing.T) {
			fullEnds(t, policy, func(t *testing.T, x *handle, r recorder, p *peer) {
				f := &torrent{x: x, lost: map[uint64]bool{}}
				go io.Copy(io.Discard, &oneByOne{p: p})
				ends := []func(){
					func() { x.close(1000, "", func(event) {}) },
					func() { x.conn.Abort() },
					func() { x.destroy() },
					func() { p.Close() },
					func() {},
				}
				var senders sync.WaitGroup
				end, at := ends[rand.IntN(len(ends))], rand.Uint32N(100)
				for sender := range uint32(torrentSenders) {
					senders.Go(func() {
						f.run(t, sender, 100, func(n uint32) {
							if sender == 0 && n == at {
								end()
							}
						})
					})
				}
				senders.Wait()
				p.Close()
				x.destroy()
				for e := r.take(t, "the end"); e.kind != border.EventDestroyed; e = r.take(t, "the end") {
				}
				if told := f.sent.Load() + f.failed.Load(); told != f.accepted.Load() {
					t.Errorf("%d of %d sends are told before the last event", told, f.accepted.Load())
				}
			})
		})
	}
}

// oneByOne reads little at a time.
type oneByOne struct{ p *peer }

func (o *oneByOne) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, errors.New("no room")
	}
	return o.p.Read(b[:min(len(b), 1000)])
}
