// SPDX-License-Identifier: Apache-2.0

//go:build unix

package core

import (
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

func TestClientSpeaksOverAUnixSocket(t *testing.T) {
	t.Parallel()
	directory, err := os.MkdirTemp("", "ws") // short, for the address of a socket
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(directory) })
	path := filepath.Join(directory, "s")
	l, err := net.Listen("unix", path)
	must(t, err)
	var running sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		running.Wait()
	})
	running.Go(func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(deadline))
		var asked, host string
		upgrader := ws.Upgrader{
			OnRequest: func(uri []byte) error { asked = string(uri); return nil },
			OnHost:    func(h []byte) error { host = string(h); return nil },
		}
		if _, err := upgrader.Upgrade(conn); err != nil || asked != "/chat?a=b" || host != "localhost" {
			t.Errorf("asked for %q at %q: %v", asked, host, err)
			return
		}
		p := &peer{conn, conn, ws.StateServerSide}
		if err := p.send(ws.OpText, []byte("hello")); err != nil {
			t.Error(err)
		}
		if err := p.send(ws.OpClose, ws.NewCloseFrameBody(1001, "")); err != nil {
			t.Error(err)
		}
	})
	h := start(t, config.Library{})
	r := newRecorder()
	x := h.client(config.ConnOptions{}, r.listen)
	if err := x.connect("ws+unix:"+path+":/chat?a=b", nil); err != nil {
		t.Fatal(err)
	}
	if e := r.next(t, border.EventOpen); e.status != 101 {
		t.Errorf("%+v", e)
	}
	if p, err := x.conn.Peer(); p.IsValid() || err != nil { // it has no address, but it is there
		t.Errorf("the peer is %v, %v", p, err)
	}
	if e := r.next(t, border.EventMessage); string(e.data) != "hello" {
		t.Errorf("%q", e.data)
	}
	if e := r.next(t, border.EventClose); e.code != 1001 {
		t.Errorf("%+v", e)
	}
}
