// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// numbered is message i of a thread; the size goes from a few bytes to several records.
func numbered(thread, i int) []byte {
	m := bytes.Repeat([]byte{byte(i)}, 8+i*i*131%40_000)
	binary.BigEndian.PutUint32(m, uint32(thread))
	binary.BigEndian.PutUint32(m[4:], uint32(i))
	return m
}

// inOrder checks numbered messages of several threads.
type inOrder struct {
	next  map[uint32]uint32
	total int
}

func (o *inOrder) check(m []byte) error {
	if len(m) < 8 {
		return fmt.Errorf("%d bytes", len(m))
	}
	thread, i := binary.BigEndian.Uint32(m), binary.BigEndian.Uint32(m[4:])
	if want := o.next[thread]; i != want {
		return fmt.Errorf("thread %d: message %d, want %d", thread, i, want)
	}
	if !bytes.Equal(m, numbered(int(thread), int(i))) {
		return fmt.Errorf("message %d of thread %d is torn", i, thread)
	}
	o.next[thread]++
	o.total++
	return nil
}

func TestManyThreadsSendOverTLSInOrderWhileTheOtherSideSendsAndPauses(t *testing.T) {
	t.Parallel()
	const threads, each = 8, 120
	h := start(t, config.Library{Loops: 2})
	arrived := newMailbox[*handle]()
	counts := map[*handle]*inOrder{}
	var mu sync.Mutex
	all := newMailbox[*handle]()
	on := func(_ *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventOpen:
			arrived.put(x)
		case border.EventMessage:
			mu.Lock()
			o := counts[x]
			if o == nil {
				o = &inOrder{next: map[uint32]uint32{}}
				counts[x] = o
			}
			mu.Unlock()
			if err := o.check(e.data); err != nil {
				t.Errorf("%v: %v", x, err)
			}
			if o.total >= threads*each {
				all.put(x)
			}
		case border.EventError:
			t.Errorf("%v: %+v", x, e)
		}
	}
	_, port := h.secureServer(config.ConnOptions{MaxBuffered: 1 << 30}, certs().good, on)
	x := h.client(config.ConnOptions{MaxBuffered: 1 << 30}, on)
	if err := x.connectWith(wss(port), trusting(t), nil); err != nil {
		t.Fatal(err)
	}
	ends := [2]*handle{arrived.take(t, "open"), arrived.take(t, "open")}
	var sending sync.WaitGroup
	for _, end := range ends {
		for thread := range threads {
			sending.Go(func() {
				for i := range each {
					if err := end.send(ws.OpBinary, numbered(thread, i), nil); err != nil {
						t.Errorf("%v: %v", end, err)
						return
					}
				}
			})
		}
	}
	stop, pausing := make(chan struct{}), sync.WaitGroup{}
	for _, end := range ends {
		pausing.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := errors.Join(asError(end.conn.Pause()), asError(end.conn.Resume())); err != nil {
					t.Error(err)
					return
				}
				h.round()
			}
		})
	}
	sending.Wait()
	all.take(t, "last message")
	all.take(t, "last message")
	close(stop)
	pausing.Wait()
	for _, end := range ends {
		end.emptyBehind(t, threads)
	}
	all.take(t, "message behind the last")
	all.take(t, "message behind the last")
	closed := newMailbox[event]()
	if err := x.close(1000, "", closed.put); err != nil {
		t.Fatal(err)
	}
	if e := closed.take(t, "completion of the close"); e.id != 0 {
		t.Errorf("%+v", e)
	}
}

func asError(e *fault.Error) error {
	if e == nil {
		return nil
	}
	return e
}

// emptyBehind is empty for a peer that takes numbered messages only.
func (x *handle) emptyBehind(t testing.TB, thread int) {
	t.Helper()
	done := newMailbox[event]()
	if err := x.send(ws.OpBinary, numbered(thread, 0), done.put); err != nil {
		t.Fatal(err)
	}
	if e := done.take(t, "completion of the last send"); e.id != 0 {
		t.Fatalf("the last send: %+v", e)
	}
	if n := x.block.Buffered(); n != 0 {
		t.Errorf("%v: %d bytes are said to be buffered", x, n)
	}
}

func TestCompletionsOfSendsOverTLSComeInOrderAndTellTheTruth(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
	x, _ := h.secured(config.ConnOptions{}, wss(port))
	done := newMailbox[int]()
	const count = 300
	for i := range count {
		if err := x.send(ws.OpBinary, numbered(1, i%20), func(e event) {
			if e.id != 0 || e.operation != border.OpSend {
				t.Errorf("send %d: %+v", i, e)
			}
			done.put(i)
		}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range count {
		if got := done.take(t, "completion"); got != i {
			t.Fatalf("completion %d, want %d", got, i)
		}
	}
	x.empty(t)
}

// slowReader connects to a server of h and reads nothing yet.
func slowReader(t testing.TB, h *testHost, o config.ConnOptions, on callback) (x *handle, p *peer) {
	t.Helper()
	opened := newMailbox[*handle]()
	_, port := h.secureServer(o, certs().good, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventOpen {
			opened.put(x)
		} else {
			on(d, x, e)
		}
	})
	conn := tls.Client(narrow(t, port), foreignConfig(tls.VersionTLS13))
	p, err := upgradeOver(conn)
	must(t, err)
	return opened.take(t, "open"), p
}

func TestSlowReaderOverTLSFillsTheQueueToItsLimitAndLosesNothing(t *testing.T) {
	t.Parallel()
	const limit, size = 1 << 20, 10_000
	h := start(t, config.Library{})
	drained := newMailbox[event]()
	x, p := slowReader(t, h, config.ConnOptions{MaxBuffered: limit}, func(_ *dispatcher, _ *handle, e event) {
		if e.kind == border.EventDrain {
			drained.put(e)
		}
	})
	accepted, completed := 0, newMailbox[event]()
	for {
		err := x.send(ws.OpBinary, numberedOf(accepted, size), completed.put)
		if err != nil {
			if err.ID != fault.IDFull {
				t.Fatal(err)
			}
			break
		}
		accepted++
	}
	buffered := x.block.Buffered()
	if buffered > limit+limit/20 || buffered < limit-2*size {
		t.Errorf("%d bytes are buffered with a limit of %d", buffered, limit)
	}
	// What is queued is not there twice.
	if used := h.engine.pool.Used(); used > limit+limit/4 {
		t.Errorf("%d bytes of buffers for %d that wait", used, buffered)
	}
	for i := range accepted {
		m, _, err := p.message()
		if err != nil || !bytes.Equal(m, numberedOf(i, size)) {
			t.Fatalf("message %d of %d: %d bytes, %v", i, accepted, len(m), err)
		}
	}
	for range accepted {
		if e := completed.take(t, "completion"); e.id != 0 {
			t.Fatalf("%+v", e)
		}
	}
	drained.take(t, "drain event")
	x.empty(t)
}

func numberedOf(i, size int) []byte {
	m := bytes.Repeat([]byte{byte(i)}, size)
	binary.BigEndian.PutUint32(m, uint32(i))
	return m
}

func TestLargeMessageOverTLSIsInMemoryOnce(t *testing.T) {
	t.Parallel()
	const size = 24 << 20
	for _, role := range []string{"server", "client"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			var x *handle
			if role == "server" {
				x, _ = slowReader(t, h, config.ConnOptions{}, func(*dispatcher, *handle, event) {})
			} else {
				held := make(chan struct{})
				defer close(held)
				url := foreignSecure(t, foreignConfig(tls.VersionTLS13), nil, func(*peer, *tls.Conn) error {
					<-held
					return nil
				})
				x, _ = h.secured(config.ConnOptions{}, url)
			}
			if err := x.send(ws.OpBinary, make([]byte, size), nil); err != nil {
				t.Fatal(err)
			}
			if x.block.Buffered() < size/2 {
				t.Fatal("the kernel took it; the test shows nothing")
			}
			if used := h.engine.pool.Used(); used > size+size/8 {
				t.Errorf("%d bytes of buffers for a message of %d", used, size)
			}
			x.destroy()
		})
	}
}

func TestSendsOverTLSRespectTheMemoryBudget(t *testing.T) {
	t.Parallel()
	const budget = 4 << 20
	h := start(t, config.Library{Budget: budget})
	x, p := slowReader(t, h, config.ConnOptions{MaxBuffered: 1 << 30}, func(*dispatcher, *handle, event) {})
	accepted := 0
	for {
		err := x.send(ws.OpBinary, numberedOf(accepted, 100_000), nil)
		if err != nil {
			if err.ID != fault.IDMemory {
				t.Fatal(err)
			}
			break
		}
		accepted++
		if used := h.engine.pool.Used(); used > budget+200_000 {
			t.Fatalf("%d bytes of buffers with a budget of %d", used, budget)
		}
	}
	if err := x.send(ws.OpBinary, make([]byte, 2*budget), nil); err == nil || err.ID != fault.IDMemory {
		t.Errorf("a message larger than the budget: %v", err)
	}
	for i := range accepted {
		m, _, err := p.message()
		if err != nil || !bytes.Equal(m, numberedOf(i, 100_000)) {
			t.Fatalf("message %d of %d: %d bytes, %v", i, accepted, len(m), err)
		}
	}
	x.empty(t)
}

func TestSendsThatFailOverTLSAreNeverReportedAsSent(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	for range 8 {
		got := make(chan int64, 1)
		url := foreignSecure(t, foreignConfig(tls.VersionTLS13), nil, func(p *peer, conn *tls.Conn) error {
			n, err := io.CopyN(io.Discard, p, 1<<20)
			if err != nil {
				return err
			}
			got <- n
			conn.NetConn().(*net.TCPConn).SetLinger(0)
			return conn.NetConn().Close()
		})
		x, r := h.secured(config.ConnOptions{MaxBuffered: 1 << 30}, url)
		// No message ever leaves: the kernels hold less.
		var sending sync.WaitGroup
		outcomes := newMailbox[event]()
		var accepted [4]int
		for thread := range accepted {
			sending.Go(func() {
				for {
					if err := x.send(ws.OpBinary, make([]byte, 24<<20), outcomes.put); err == nil {
						accepted[thread]++
					} else if err.ID != fault.IDFull && err.ID != fault.IDMemory {
						return
					}
				}
			})
		}
		<-got
		sending.Wait()
		r.nextOfAny(t, border.EventClose)
		total := 0
		for _, n := range accepted {
			total += n
		}
		for range total {
			if e := outcomes.take(t, "completion"); e.id == 0 {
				t.Errorf("a send that cannot have left is said to: %+v", e)
			}
		}
	}
}

// nextOfAny waits for the next event of a kind and drops all others.
func (r recorder) nextOfAny(t testing.TB, kind border.Event) received {
	t.Helper()
	for {
		if e := r.take(t, fmt.Sprintf("event of kind %d", kind)); e.kind == kind {
			return e
		}
	}
}

// Some of a large message may have left while the rest of it is encrypted. When its connection
// is ended then, it was accepted all the same and is lost, as one that waits in a queue.
func TestARefusedSendOverTLSHasNotLeft(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	for i := range 12 {
		came := make(chan int64, 1)
		url := foreignSecure(t, foreignConfig(tls.VersionTLS13), nil, func(p *peer, conn *tls.Conn) error {
			n, _ := io.Copy(io.Discard, p)
			came <- n
			return nil
		})
		x, r := h.secured(config.ConnOptions{MaxBuffered: 1 << 30, MaxMessage: 1 << 30}, url)
		returned, outcomes := make(chan *fault.Error, 1), newMailbox[event]()
		go func() { returned <- x.send(ws.OpBinary, make([]byte, 32<<20), outcomes.put) }()
		eventually(t, func() error {
			if x.block.Buffered() == 0 {
				return errors.New("nothing is encrypted yet")
			}
			return nil
		})
		x.onLoop(func() {
			x.conn.mu.Lock()
			defer x.conn.mu.Unlock()
			x.conn.flushNow()
		})
		if i%2 == 0 {
			x.conn.Abort()
		} else {
			x.destroy()
		}
		err, n := <-returned, <-came
		switch {
		case err != nil && n > 0:
			t.Errorf("refused (%v), and %d bytes of it have left", err, n)
		case err == nil:
			if e := outcomes.take(t, "completion"); e.id == 0 {
				t.Errorf("said to be sent, and %d bytes of it have left", n)
			}
		}
		r.nextOfAny(t, border.EventClose)
	}
}
