// SPDX-License-Identifier: Apache-2.0

package core

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"libws/core/border"
	"libws/core/config"
)

// mailbox hands values from loops to the test, without a bound.
type mailbox[T any] struct {
	mu    sync.Mutex
	items []T
	ready chan struct{}
}

func newMailbox[T any]() *mailbox[T] { return &mailbox[T]{ready: make(chan struct{}, 1)} }

func (m *mailbox[T]) put(v T) {
	m.mu.Lock()
	m.items = append(m.items, v)
	m.mu.Unlock()
	select {
	case m.ready <- struct{}{}:
	default:
	}
}

// take waits for the next value. One goroutine takes.
func (m *mailbox[T]) take(t testing.TB, what string) T {
	t.Helper()
	late := time.After(deadline)
	for {
		m.mu.Lock()
		if len(m.items) > 0 {
			v := m.items[0]
			m.items = m.items[1:]
			m.mu.Unlock()
			return v
		}
		m.mu.Unlock()
		select {
		case <-m.ready:
		case <-late:
			t.Fatalf("no %s after %v", what, deadline)
		}
	}
}

// received is an event with the handle it belongs to.
type received struct {
	x *handle
	event
}

// recorder is a callback that keeps the events for the test.
type recorder struct{ *mailbox[received] }

func newRecorder() recorder { return recorder{newMailbox[received]()} }

func (r recorder) listen(_ *dispatcher, x *handle, e event) { r.put(received{x, e}) }

// next waits for the next event, which must be of this kind.
func (r recorder) next(t testing.TB, kind border.Event) received {
	t.Helper()
	e := r.take(t, fmt.Sprintf("event of kind %d", kind))
	if e.kind != kind {
		t.Fatalf("event of kind %d (%d, %q, code %d %q), want %d", e.kind, e.id, e.message, e.code, e.reason, kind)
	}
	return e
}

// listening starts a server on an ephemeral port of the loopback.
func (h *testHost) listening(o config.ConnOptions, on callback) (server *handle, port int) {
	h.t.Helper()
	server = h.newServer(o, on)
	return server, server.listen(h.t)
}

// listen starts a server and waits until it accepts.
func (x *handle) listen(t testing.TB) (port int) {
	t.Helper()
	done := newMailbox[event]()
	if err := x.startServer(config.ListenOptions{IP: "127.0.0.1"}, done.put); err != nil {
		t.Fatal(err)
	}
	if e := done.take(t, "completion of the start"); e.id != 0 || e.operation != border.OpServerStart {
		t.Fatalf("starting: %+v", e)
	}
	port, err := x.server.Port()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// connected makes a client that is connected to url; its events come to r.
func (h *testHost) connected(o config.ConnOptions, url string) (x *handle, r recorder) {
	h.t.Helper()
	r = newRecorder()
	x = h.client(o, r.listen)
	if err := x.connect(url, nil); err != nil {
		h.t.Fatal(err)
	}
	r.next(h.t, border.EventOpen)
	return x, r
}

// peer is a foreign end of a connection, client or server.
type peer struct {
	net.Conn
	r     io.Reader // what came behind the upgrade, then Conn
	state ws.State
}

// Read begins with what came behind the upgrade.
func (p *peer) Read(b []byte) (int, error) { return p.r.Read(b) }

// join upgrades a foreign client.
func join(t testing.TB, port int) *peer {
	t.Helper()
	p, err := tryJoin(port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func tryJoin(port int) (*peer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	conn, buffered, _, err := ws.Dial(ctx, fmt.Sprintf("ws://127.0.0.1:%d/", port))
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(deadline))
	p := &peer{conn, conn, ws.StateClientSide}
	if buffered != nil {
		early := make([]byte, buffered.Buffered())
		io.ReadFull(buffered, early)
		p.r = io.MultiReader(&once{early}, conn)
	}
	return p, nil
}

// once reads as its bytes, then ends.
type once struct{ left []byte }

func (o *once) Read(b []byte) (int, error) {
	if len(o.left) == 0 {
		return 0, io.EOF
	}
	n := copy(b, o.left)
	o.left = o.left[n:]
	return n, nil
}

// foreign is a server that is not ours; serve runs for each connection in a
// goroutine of its own.
func foreign(t testing.TB, serve func(p *peer) error) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		running.Wait()
	})
	running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(deadline))
				if _, err := ws.Upgrade(conn); err != nil {
					return
				}
				if err := serve(&peer{conn, conn, ws.StateServerSide}); err != nil {
					t.Errorf("the foreign server: %v", err)
				}
			})
		}
	})
	return "ws://" + l.Addr().String() + "/"
}

// frame makes a frame as this end must send it.
func (p *peer) frame(f ws.Frame) []byte {
	if p.state.ClientSide() {
		f = ws.MaskFrame(f)
	}
	return ws.MustCompileFrame(f)
}

func (p *peer) send(op ws.OpCode, data []byte) error {
	_, err := p.Write(p.frame(ws.NewFrame(op, true, data)))
	return err
}

// read gives the next frame as it comes, unmasked.
func (p *peer) read() (ws.Frame, error) {
	f, err := ws.ReadFrame(p)
	if err == nil && f.Header.Masked != p.state.ServerSide() {
		err = fmt.Errorf("a frame with masked %v", f.Header.Masked)
	}
	if f.Header.Masked {
		f = ws.UnmaskFrameInPlace(f)
	}
	return f, err
}

// message gives the next message and answers control frames. At a Close frame
// it gives wsutil.ClosedError.
func (p *peer) message() ([]byte, ws.OpCode, error) {
	return wsutil.ReadData(p, p.state)
}

// closing reads until the Close frame, which it does not answer, and gives its
// code and reason.
func (p *peer) closing() (ws.StatusCode, string, error) {
	for {
		f, err := p.read()
		if err != nil {
			return 0, "", err
		}
		if f.Header.OpCode == ws.OpClose {
			code, reason := ws.ParseCloseFrameData(f.Payload)
			return code, reason, nil
		}
	}
}

// end reads until the stream ends, however it does.
func (p *peer) end() error {
	_, err := io.Copy(io.Discard, p)
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fmt.Errorf("the stream did not end: %w", err)
	}
	return nil
}

// reset ends the connection with an RST.
func (p *peer) reset() {
	p.Conn.(*net.TCPConn).SetLinger(0)
	p.Close()
}

// must ends the test on an error; for the test's own goroutine.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
