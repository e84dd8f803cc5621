// SPDX-License-Identifier: Apache-2.0

package core

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// stamped makes message n of a sender; its size and its bytes follow from both.
func stamped(sender byte, n uint32, most int) []byte {
	size := 8 + rand.New(rand.NewPCG(uint64(sender), uint64(n))).IntN(most)
	b := make([]byte, size)
	b[0] = sender
	binary.BigEndian.PutUint32(b[1:], n)
	for i := 5; i < size; i++ {
		b[i] = byte(i) + sender + byte(n)
	}
	return b
}

// sequence checks that the messages of each sender come whole and in order.
type sequence struct{ next map[byte]uint32 }

func (s *sequence) check(b []byte) error {
	if len(b) < 8 {
		return fmt.Errorf("a message of %d bytes", len(b))
	}
	sender, n := b[0], binary.BigEndian.Uint32(b[1:])
	if s.next == nil {
		s.next = map[byte]uint32{}
	}
	if n != s.next[sender] {
		return fmt.Errorf("sender %d: message %d came instead of %d", sender, n, s.next[sender])
	}
	s.next[sender]++
	for i := 5; i < len(b); i++ {
		if b[i] != byte(i)+sender+byte(n) {
			return fmt.Errorf("sender %d, message %d: byte %d of %d is wrong", sender, n, i, len(b))
		}
	}
	return nil
}

// Messages of each thread arrive in the order of its calls, in both directions,
// whatever the others do and although callbacks cork.
func TestOrderOfEachSenderIsKept(t *testing.T) {
	t.Parallel()
	const (
		senders  = 4
		messages = 500
		callback = 200 // the sender number of the server's callbacks
	)
	for _, loops := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Loops: loops})
			accepted := newMailbox[*handle]()
			var there sequence
			answered := uint32(0)
			_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
				switch e.kind {
				case border.EventOpen:
					accepted.put(x)
				case border.EventMessage:
					if err := there.check(e.data); err != nil {
						t.Error(err)
					}
					answer := stamped(callback, answered, 2500)
					answered++
					var err *fault.Error
					if answered%16 == 0 { // a completion takes the long way
						err = x.send(ws.OpBinary, answer, func(event) {})
					} else {
						err = d.send(x, ws.OpBinary, answer)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
			var back sequence
			arrived := newMailbox[struct{}]()
			client := h.client(config.ConnOptions{}, func(_ *dispatcher, x *handle, e event) {
				if e.kind == border.EventMessage {
					if err := back.check(e.data); err != nil {
						t.Error(err)
					}
					arrived.put(struct{}{})
				}
			})
			open := newMailbox[event]()
			if err := client.connect(fmt.Sprintf("ws://127.0.0.1:%d", port), open.put); err != nil {
				t.Fatal(err)
			}
			open.take(t, "completion of the connect")
			server := accepted.take(t, "connection")
			var running sync.WaitGroup
			for i := range byte(2 * senders) {
				from := client
				if i >= senders {
					from = server
				}
				running.Go(func() {
					for n := range uint32(messages) {
						if err := from.send(ws.OpBinary, stamped(i, n, 3000), nil); err != nil {
							t.Errorf("sender %d, message %d: %v", i, n, err)
							return
						}
					}
				})
			}
			for range 2 * senders * messages { // of the server's threads, and an answer to each of the client's
				arrived.take(t, "message")
			}
			running.Wait()
		})
	}
}

// A callback may send more than the outbox holds, and more pieces than one
// system call takes.
func TestOutboxThatIsFullIsSentInOrder(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	const tiny, large = 5000, 300
	var opened []*handle
	ready := newMailbox[struct{}]()
	_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventOpen:
			opened = append(opened, x)
			ready.put(struct{}{})
		case border.EventMessage:
			for n := range uint32(tiny) { // every message is a segment of its own, since they take turns
				for i, to := range opened {
					if err := d.send(to, ws.OpBinary, stamped(byte(i), n, 1)); err != nil {
						t.Error(err)
						return
					}
				}
			}
			for n := range uint32(large) {
				for i, to := range opened {
					if err := d.send(to, ws.OpBinary, stamped(byte(i), tiny+n, 2000)); err != nil {
						t.Error(err)
						return
					}
				}
			}
		}
	})
	peers := []*peer{join(t, port), join(t, port)}
	for range peers {
		ready.take(t, "connection")
	}
	var reading sync.WaitGroup
	for _, p := range peers {
		reading.Go(func() {
			var s sequence
			for range tiny + large {
				data, _, err := p.message()
				if err == nil {
					err = s.check(data)
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	must(t, peers[0].send(ws.OpBinary, []byte("go")))
	reading.Wait()
	if n := h.corked.Load(); n < tiny {
		t.Errorf("only %d messages were corked", n)
	}
}

// What the kernel does not take of an outbox waits in front of what is sent
// after it, by other threads and by later callbacks.
func TestCorkedMessagesThatDoNotFitStayInFront(t *testing.T) {
	t.Parallel()
	for name, others := range map[string]bool{"callbacks only": false, "with another thread": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			corkMoreThanFits(t, others)
		})
	}
}

func corkMoreThanFits(t *testing.T, others bool) {
	h := start(t, config.Library{})
	accepted := newMailbox[*handle]()
	echoed := newMailbox[uint64]()
	behind := uint32(0)
	_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventOpen:
			accepted.put(x)
		case border.EventMessage:
			d.echo(x, e) // in place: header and payload are segments of their own
			if others {
				var thread sync.WaitGroup
				thread.Go(func() { // while the echo is corked
					if err := x.send(ws.OpBinary, stamped(9, behind, 100), nil); err != nil {
						t.Error(err)
					}
				})
				thread.Wait()
				behind++
			}
			echoed.put(x.block.Buffered())
		}
	})
	p := join(t, port)
	x := accepted.take(t, "connection")
	sent, most := uint32(0), uint64(0)
	for most < 1<<20 { // nobody reads: the kernel fills up, then the queue grows
		must(t, p.send(ws.OpBinary, stamped(1, sent, 60_000)))
		sent++
		most = max(most, echoed.take(t, "echo"))
	}
	var s sequence
	for range sent + behind {
		data, _, err := p.message()
		must(t, err)
		must(t, s.check(data))
	}
	done := newMailbox[event]()
	if err := x.send(ws.OpBinary, []byte("last"), done.put); err != nil {
		t.Fatal(err)
	}
	done.take(t, "completion")
	if n := x.block.Buffered(); n != 0 {
		t.Errorf("%d bytes are buffered after everything was sent", n)
	}
}
