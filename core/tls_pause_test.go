// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// flood makes a foreign server that sends one large message, so that crypto/tls
// of the client has room, and then count small ones in a single write: they lie
// inside crypto/tls as soon as the first is read. Then it goes on with after.
func flood(t *testing.T, count int, after func(p *peer, conn *tls.Conn) error) (url string, start chan struct{}) {
	start = make(chan struct{})
	var s *sliced
	url = foreignSecure(t, foreignConfig(tls.VersionTLS13), func(c net.Conn) net.Conn {
		s = &sliced{Conn: c}
		return s
	}, func(p *peer, conn *tls.Conn) error {
		if err := p.send(ws.OpBinary, make([]byte, 16<<10)); err != nil {
			return err
		}
		<-start
		s.hold()
		for i := range count {
			if err := p.send(ws.OpText, fmt.Appendf(nil, "%d", i)); err != nil {
				return err
			}
		}
		if err := s.release(whole); err != nil {
			return err
		}
		return after(p, conn)
	})
	return url, start
}

func TestResumeDeliversWhatLiesInsideTLS(t *testing.T) {
	t.Parallel()
	const count = 300
	url, start1 := flood(t, count, echoes)
	h := start(t, config.Library{})
	r, paused := newRecorder(), make(chan struct{})
	x := h.client(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage && string(e.data) == "0" {
			if err := x.conn.Pause(); err != nil {
				t.Error(err)
			}
			close(paused)
		}
		r.listen(d, x, e)
	})
	if err := x.connectWith(url, trusting(t), nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
	r.next(t, border.EventMessage)
	close(start1)
	<-paused
	h.round() // it has been looked at while paused
	if e := r.next(t, border.EventMessage); string(e.data) != "0" {
		t.Fatalf("%q is first", e.data)
	}
	r.mu.Lock()
	early := len(r.items)
	r.mu.Unlock()
	if early != 0 {
		t.Errorf("%d events came while it was paused", early)
	}
	if err := x.conn.Resume(); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < count; i++ {
		if e := r.next(t, border.EventMessage); string(e.data) != fmt.Sprint(i) {
			t.Fatalf("%q, want %d", e.data, i)
		}
	}
	if err := x.close(1000, "", nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventClose)
}

func TestPausedConnectionStillSendsWhatWaits(t *testing.T) {
	t.Parallel()
	const waiting = 12 << 20 // more than the kernel takes
	read := make(chan struct{})
	got := make(chan int, 1)
	url, start1 := flood(t, 300, func(p *peer, conn *tls.Conn) error {
		<-read
		data, _, err := p.message()
		got <- len(data)
		if err != nil {
			return err
		}
		return p.end()
	})
	h := start(t, config.Library{})
	r, paused := newRecorder(), make(chan struct{})
	x := h.client(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage && string(e.data) == "0" {
			if err := x.conn.Pause(); err != nil {
				t.Error(err)
			}
			close(paused)
		}
		r.listen(d, x, e)
	})
	if err := x.connectWith(url, trusting(t), nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
	r.next(t, border.EventMessage)
	done := newMailbox[event]()
	if err := x.send(ws.OpBinary, bytes.Repeat([]byte("w"), waiting), done.put); err != nil {
		t.Fatal(err)
	}
	if x.block.Buffered() == 0 {
		t.Fatal("the kernel took everything; the test shows nothing")
	}
	close(start1)
	<-paused
	h.round()
	close(read)
	if e := done.take(t, "completion of a send while paused"); e.id != 0 {
		t.Fatalf("%+v", e)
	}
	if n := <-got; n != waiting {
		t.Errorf("%d bytes arrived", n)
	}
	x.destroy()
}

func TestPausedSecureConnectionIsNotReadAndLosesNothing(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, r.listen)
	p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
	x := r.next(t, border.EventOpen).x
	const count = 200
	sent := make(chan error, 1)
	go func() {
		message := make([]byte, 100<<10) // 20 MB together: the peer must feel the pause
		for i := range count {
			message[0] = byte(i)
			if err := p.send(ws.OpBinary, message); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	for i := range count {
		e := r.next(t, border.EventMessage)
		if e.data[0] != byte(i) || len(e.data) != 100<<10 {
			t.Fatalf("message %d has number %d and %d bytes", i, e.data[0], len(e.data))
		}
		if i%20 == 0 {
			if err := x.conn.Pause(); err != nil {
				t.Fatal(err)
			}
			h.round()
			if err := x.conn.Resume(); err != nil {
				t.Fatal(err)
			}
		}
	}
	must(t, <-sent)
}
