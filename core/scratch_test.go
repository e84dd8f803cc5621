package core

import (
	"testing"
	"sync"
	"sync/atomic"
	"fmt"
	"time"
	"github.com/gobwas/ws"
)

func TestScratchD1(t *testing.T) {
	h := start(t, Config{})
	r := newRecorder()
	s, _ := h.listening(ConnOptions{}, r.listen)
	done := newMailbox[event]()
	if err := s.stopServer(done.put); err != nil { t.Fatal(err) }
	done.take(t, "stop")
	s.destroy()
	select {
	case <-time.After(3*time.Second):
		t.Error("no destroyed event after stop + destroy")
		s.server.mu.Lock(); s.server.settled=false; s.server.mu.Unlock(); s.server.settle()
	case <-r.ready:
	}
}

func TestScratchD2(t *testing.T) {
	h := start(t, Config{})
	var a, b *handle
	opens := newMailbox[*handle]()
	_, port := h.listening(ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		switch e.kind {
		case EventOpen: opens.put(x)
		case EventClose:
			if x == a { b.destroy() } else { a.destroy() }
		}
	})
	p, q := join(t, port), join(t, port)
	a, b = opens.take(t, ""), opens.take(t, "")
	hold, held := make(chan int), make(chan int)
	h.engine.workers[0].loop.Post(func() { close(held); <-hold })
	<-held
	p.reset(); q.reset()
	time.Sleep(20*time.Millisecond)
	close(hold)
}

func TestScratchD4(t *testing.T) {
	h := start(t, Config{})
	var missing atomic.Int32
	for i := range 200 {
		_ = i
		opens := newMailbox[*handle]()
		closes := newMailbox[int]()
		s, port := h.listening(ConnOptions{}, func(d *dispatcher, x *handle, e event) {
			switch e.kind {
			case EventOpen: opens.put(x)
			case EventClose: closes.put(1)
			}
		})
		p := join(t, port)
		x := opens.take(t, "")
		var wg sync.WaitGroup
		wg.Go(func() {
			missing.Add(1)
			if x.close(1000, "", func(event){ missing.Add(-1) }) != nil { missing.Add(-1) }
		})
		if i%2==0 { p.reset() } else { p.send(ws.OpClose, nil) ; p.Close()}
		wg.Wait()
		closes.take(t, "close")
		s.destroy()
	}
	fmt.Println("missing", missing.Load())
}

func TestScratchD3(t *testing.T) {
	h := start(t, Config{})
	_, port := h.listening(ConnOptions{}, nil)
	for i := range 300 {
		x := h.client(ConnOptions{}, nil)
		if err := x.connect(fmt.Sprintf("ws://127.0.0.1:%d/", port), func(event){}); err != nil { t.Fatal(err) }
		var wg sync.WaitGroup
		wg.Go(func() { 
			for x.block.State() == Connecting && !x.conn.sock.Open()  { }
			x.close(1000, "", func(event){})
		})
		wg.Wait()
		x.destroy()
		_ = i
	}
}
