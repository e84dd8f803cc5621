// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/turns"
)

// answering is a TCP server that writes one answer to whatever comes first; ""
// is none at all.
func answering(t testing.TB, answer string) (url string) {
	t.Helper()
	return "ws://" + accepting(t, func(c net.Conn) error {
		c.Read(make([]byte, 4096))
		io.WriteString(c, answer)
		if answer == "" {
			io.Copy(io.Discard, c) // until the client gives up
		}
		return nil
	}) + "/"
}

func TestClientReconnectsFromItsCloseEvent(t *testing.T) {
	t.Parallel()
	url := foreign(t, func(p *peer) error {
		if err := p.send(ws.OpText, []byte("hello")); err != nil {
			return err
		}
		return p.send(ws.OpClose, ws.NewCloseFrameBody(1001, ""))
	})
	h := start(t, config.Library{})
	r := newRecorder()
	const times = 10
	left := times
	x := h.client(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if left--; e.kind == border.EventClose && left > 0 {
			if err := x.connect(url, func(event) {}); err != nil {
				t.Error(err)
			}
		} else if e.kind != border.EventClose {
			left++
		}
		r.listen(d, x, e)
	})
	if err := x.connect(url, nil); err != nil {
		t.Fatal(err)
	}
	for i := range times {
		if e := r.next(t, border.EventOpen); e.status != 101 {
			t.Errorf("open %d: %+v", i, e)
		}
		if e := r.next(t, border.EventMessage); string(e.data) != "hello" {
			t.Errorf("message %d: %q", i, e.data)
		}
		if e := r.next(t, border.EventClose); e.code != 1001 {
			t.Errorf("close %d: %+v", i, e)
		}
	}
}

func TestClientSaysWhyItCannotConnect(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	closed := "ws://" + l.Addr().String()
	l.Close()
	h := start(t, config.Library{})
	for name, c := range map[string]struct {
		url     string
		timeout time.Duration
		id      int32
		stage   dial.Stage
		status  int32
		errno   syscall.Errno
	}{
		"a port that nobody listens on": {closed, 0, fault.IDConnectFailed, dial.StageConnect, 0, syscall.ECONNREFUSED},
		"a server that refuses":         {answering(t, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), 0, fault.IDConnectFailed, dial.StageUpgrade, 403, 0},
		"a server that hangs up":        {answering(t, "HTTP/1.1 101 "), 0, fault.IDConnectFailed, dial.StageUpgrade, 0, 0},
		"a server that says nothing":    {answering(t, ""), 50 * time.Millisecond, fault.IDTimeout, dial.StageTimeout, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r, done := newRecorder(), newMailbox[event]()
			x := h.client(config.ConnOptions{}, r.listen)
			if err := x.conn.Connect(c.url, config.ConnectOptions{Timeout: c.timeout}, h.completion(done.put)); err != nil {
				t.Fatal(err)
			}
			for _, e := range []event{done.take(t, "completion"), r.next(t, border.EventError).event} {
				if e.id != c.id || e.stage != c.stage || e.status != c.status || e.errno != int32(c.errno) || e.message == "" {
					t.Errorf("%+v", e)
				}
			}
			if s := x.block.State(); s != border.StateClosed {
				t.Errorf("the state is %d", s)
			}
		})
	}
}

func TestConnectIsRefused(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, nil)
	url := fmt.Sprintf("ws://127.0.0.1:%d", port)
	x, _ := h.connected(config.ConnOptions{}, url)
	for url, id := range map[string]int32{
		url: fault.IDConnectionExists, "http://127.0.0.1": fault.IDURL, "ws://": fault.IDURL, "": fault.IDURL,
	} {
		if err := x.connect(url, func(event) {}); err == nil || err.ID != id {
			t.Errorf("%q: %v", url, err)
		}
	}
	other := h.client(config.ConnOptions{}, nil)
	if err := other.conn.Connect(url, config.ConnectOptions{Timeout: 2 * time.Hour}, border.Completion{}); err == nil || err.ID != fault.IDParameter {
		t.Errorf("a timeout of two hours: %v", err)
	}
	for what, err := range map[string]*fault.Error{"send": other.send(ws.OpText, nil, nil), "close": other.close(1000, "", nil)} {
		if err == nil || err.ID != fault.IDState {
			t.Errorf("%s before the first connect: %v", what, err)
		}
	}
	if p, err := other.conn.Peer(); p.IsValid() || err != errNeverConnected {
		t.Errorf("the peer of a client that never connected is %v", p)
	}
	other.destroy()
	if err := other.conn.Connect(url, config.ConnectOptions{}, border.Completion{}); err == nil || err.ID != fault.IDHandle {
		t.Errorf("connecting a destroyed client: %v", err)
	}
	if p, want := peerOf(t, x), netip.MustParseAddrPort(strings.TrimPrefix(url, "ws://")); p != want {
		t.Errorf("the peer is %v, want %v", p, want)
	}
}

func TestFramesRightBehindTheResponseAreDelivered(t *testing.T) {
	t.Parallel()
	accept := make(chan string, 1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	var serving sync.WaitGroup
	defer serving.Wait()
	serving.Go(func() {
		c, err := l.Accept()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		// The upgrader writes to a pipe, so that frames leave in the same segment.
		in := &peer{c, c, ws.StateServerSide}
		var out strings.Builder
		if _, err := ws.Upgrade(struct {
			io.Reader
			io.Writer
		}{in, &out}); err != nil {
			t.Error(err)
		}
		out.Write(in.frame(ws.NewTextFrame([]byte("first"))))
		large := in.frame(ws.NewBinaryFrame(make([]byte, 3000)))
		out.Write(large[:1000])
		io.WriteString(c, out.String())
		<-accept // the message before the cut has arrived
		c.Write(large[1000:])
		c.Read(make([]byte, 1))
	})
	h := start(t, config.Library{})
	x, r := h.connected(config.ConnOptions{}, "ws://"+l.Addr().String())
	if e := r.next(t, border.EventMessage); string(e.data) != "first" {
		t.Errorf("message: %q", e.data)
	}
	accept <- ""
	if e := r.next(t, border.EventMessage); len(e.data) != 3000 {
		t.Errorf("message: %d bytes", len(e.data))
	}
	x.destroy()
}

func TestCloseWhileConnectingCancels(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	x := h.client(config.ConnOptions{}, r.listen)
	connected, closed := newMailbox[event](), newMailbox[event]()
	if err := x.connect(answering(t, ""), connected.put); err != nil {
		t.Fatal(err)
	}
	if err := x.close(1000, "", closed.put); err != nil {
		t.Fatal(err)
	}
	if e := connected.take(t, "completion of the connect"); e.id != fault.IDCancelled || e.operation != border.OpConnect {
		t.Errorf("connect: %+v", e)
	}
	if e := r.next(t, border.EventError); e.id != fault.IDCancelled {
		t.Errorf("error: %+v", e)
	}
	if e := closed.take(t, "completion of the close"); e.id != 0 || e.operation != border.OpClose {
		t.Errorf("close: %+v", e)
	}
	_, port := h.listening(config.ConnOptions{}, nil)
	if err := x.connect(fmt.Sprintf("ws://127.0.0.1:%d", port), nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
}

// Whatever ws_close meets, connecting, connected or failed, each call that was
// accepted completes once, and a close that was accepted leaves no connection.
func TestCloseAtAnyMomentOfConnecting(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	_, port := h.listening(config.ConnOptions{}, nil)
	urls := []string{fmt.Sprintf("ws://127.0.0.1:%d", port), answering(t, "HTTP/1.1 404 Not Found\r\n\r\n")}
	for i := range 200 {
		connected, closed := newMailbox[event](), newMailbox[event]()
		x := h.client(config.ConnOptions{}, nil)
		if err := x.connect(urls[i%2], connected.put); err != nil {
			t.Fatal(err)
		}
		var err *fault.Error
		for range 500 * (i % 50) { // another moment each time
			if x.block.State() != border.StateConnecting {
				break
			}
		}
		if i%3 == 0 {
			x.destroy()
		} else {
			err = x.close(1000, "", closed.put)
		}
		e := connected.take(t, "completion of the connect")
		switch {
		case i%3 == 0:
			if e.id != 0 && e.id != fault.IDCancelled && i%2 == 0 {
				t.Fatalf("connect: %+v", e)
			}
		case err == nil:
			closed.take(t, "completion of the close")
			if e.id != 0 && e.id != fault.IDCancelled {
				t.Fatalf("closing was accepted, and connecting ended with %+v", e)
			}
			if s := x.block.State(); s != border.StateClosed {
				t.Fatalf("closed, but the state is %d", s)
			}
		case e.id == 0:
			t.Fatalf("connected, but closing was refused: %v", err)
		}
	}
}

func TestOneOfManyConnectsIsAccepted(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, nil)
	x, done := h.client(config.ConnOptions{}, nil), newMailbox[event]()
	var accepted atomic.Int32
	var calling sync.WaitGroup
	for range 8 {
		calling.Go(func() {
			err := x.connect(fmt.Sprintf("ws://127.0.0.1:%d", port), done.put)
			if err == nil {
				accepted.Add(1)
			} else if err.ID != fault.IDConnectionExists {
				t.Error(err)
			}
		})
	}
	calling.Wait()
	if e := done.take(t, "completion"); e.id != 0 || accepted.Load() != 1 {
		t.Errorf("%d were accepted; completion %+v", accepted.Load(), e)
	}
}

func TestMoreClientsThanHandshakesAtOnceAllConnect(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	_, port := h.listening(config.ConnOptions{}, echo)
	done := newMailbox[event]()
	const clients = 3 * turns.Most
	for range clients {
		x := h.client(config.ConnOptions{}, nil)
		if err := x.connect(fmt.Sprintf("ws://127.0.0.1:%d", port), done.put); err != nil {
			t.Fatal(err)
		}
	}
	for range clients {
		if e := done.take(t, "completion"); e.id != 0 {
			t.Fatalf("connect: %+v", e)
		}
	}
}
