// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// offered has a message sent, behind which threads write themselves, or gather.
func (s slow) offered(t *testing.T) {
	t.Helper()
	if s.x.conn.tls.Load() == nil {
		must2(t, s.x.send(ws.OpBinary, []byte("offer"), nil))
	} else { // what a queue sends and lets go of
		_, err := s.x.conn.SendByQueue(ws.OpBinary, []byte("offer"), border.Completion{})
		must2(t, err)
		s.x.conn.LetGo(nil)
	}
	if got, _, err := s.peer.message(); err != nil || string(got) != "offer" {
		t.Fatalf("%q, %v", got, err)
	}
	if s.x.block.Load()&border.OutDirect == 0 {
		t.Fatal("threads may not write themselves")
	}
}

// whileWriting calls f while a thread writes message itself, and lets f's changes have
// their effect when that is done. It returns when both are over.
func (s slow) whileWriting(t *testing.T, message []byte, f func()) {
	t.Helper()
	begun, goOn := make(chan struct{}), make(chan struct{})
	hook := func() {
		s.x.writing.Store(nil) // the next ones are not held up
		close(begun)
		<-goOn
	}
	s.x.writing.Store(&hook)
	var sending sync.WaitGroup
	sending.Go(func() {
		if err := s.x.send(ws.OpBinary, message, nil); err != nil {
			t.Errorf("the thread that writes: %v", err)
		}
	})
	<-begun
	f()
	close(goOn)
	sending.Wait()
}

func (s slow) expect(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		if got, _, err := s.peer.message(); err != nil || string(got) != w {
			t.Fatalf("%.40q came, %v, want %.40q", got, err, w)
		}
	}
}

func TestThreadsWriteShortMessagesThemselves(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		bytes := 5
		for i := range 100 {
			message := fmt.Sprintf("message %d", i)
			bytes += len(message)
			must2(t, s.x.send(ws.OpBinary, []byte(message), nil))
			s.expect(t, message)
		}
		if n := s.x.host.direct.Load(); n != 100 {
			t.Errorf("threads have written %d messages themselves", n)
		}
		if s.x.parent != nil {
			if got := s.x.parent.server.Stats(); got.MessagesOut != 101 || got.BytesOut != uint64(bytes) {
				t.Errorf("the server counts %d messages, %d bytes instead of %d", got.MessagesOut, got.BytesOut, bytes)
			}
		} else if got := s.x.conn.Stats(); got.MessagesOut != 101 || got.FramesOut != 101 || got.BytesOut != uint64(bytes) {
			t.Errorf("the client counts %d messages, %d frames, %d bytes instead of %d", got.MessagesOut, got.FramesOut, got.BytesOut, bytes)
		}
		s.peer.reset()
		for s.r.take(t, "close").kind != border.EventClose {
		}
		if s.x.parent != nil {
			if got := s.x.parent.server.Stats(); got.MessagesOut != 101 || got.BytesOut != uint64(bytes) {
				t.Errorf("when the connection has ended the server counts %d messages, %d bytes instead of %d", got.MessagesOut, got.BytesOut, bytes)
			}
		} else if got := s.x.conn.Stats(); got.MessagesOut != 101 || got.BytesOut != uint64(bytes) {
			t.Errorf("when the connection has ended the client counts %d messages, %d bytes instead of %d", got.MessagesOut, got.BytesOut, bytes)
		}
	})
}

// What a thread of the host asks the figures of one connection for is counted from then on.
func TestFiguresOfAConnectionKnowWhatThreadsWrite(t *testing.T) {
	t.Parallel()
	s := asServer(t, config.ConnOptions{})
	s.offered(t)
	must2(t, s.x.send(ws.OpBinary, []byte("before"), nil))
	s.x.conn.Stats()
	must2(t, s.x.send(ws.OpBinary, []byte("after"), nil))
	if got := s.x.conn.Stats(); got.MessagesOut != 1 || got.BytesOut != 5 {
		t.Errorf("%d messages, %d bytes since the first question", got.MessagesOut, got.BytesOut)
	}
	if got := s.x.parent.server.Stats(); got.MessagesOut != 3 || got.BytesOut != 16 {
		t.Errorf("%d messages, %d bytes of the server", got.MessagesOut, got.BytesOut)
	}
	s.expect(t, "before", "after")
}

func TestWhatComesWhileAThreadWritesGoesBehindIt(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		large := string(bytes.Repeat([]byte("x"), 100_000))
		done := newMailbox[event]()
		s.whileWriting(t, []byte("first"), func() {
			must2(t, s.x.send(ws.OpBinary, []byte("second"), nil))
			must2(t, s.x.conn.Ping([]byte("a ping")))
			must2(t, s.x.send(ws.OpText, []byte(large), done.put))
			// The loop looks at the queue as well.
			s.x.conn.w.loop.Post(s.x.conn.writable)
			s.x.host.settled(s.x.conn)
		})
		s.expect(t, "first", "second", large)
		if e := done.take(t, "completion"); e.id != 0 {
			t.Errorf("the completion of what came behind says %d", e.id)
		}
		must2(t, s.x.send(ws.OpBinary, []byte("anew"), nil))
		s.expect(t, "anew")
	})
}

// settled waits until the loop of c has done what it was asked for.
func (h *testHost) settled(c *Conn) {
	done := make(chan struct{})
	c.w.loop.Post(func() { close(done) })
	<-done
}

func TestDescriptorStaysWhileAThreadWrites(t *testing.T) {
	for name, end := range map[string]func(x *handle){
		"destroy": func(x *handle) { x.destroy() },
		"abort":   func(x *handle) { x.conn.Abort() },
	} {
		t.Run(name, func(t *testing.T) {
			bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
				s.offered(t)
				descriptor := int(s.x.lane.Descriptor)
				var before, now unix.Stat_t
				must(t, unix.Fstat(descriptor, &before))
				s.whileWriting(t, []byte("message"), func() {
					end(s.x)
					eventually(t, func() error {
						if s.x.block.Load()&border.OutDirect != 0 {
							return fmt.Errorf("nobody has begun to close")
						}
						return nil
					})
					if err := unix.Fstat(descriptor, &now); err != nil || now.Ino != before.Ino {
						t.Errorf("the descriptor is closed or is another one, %v", err)
					}
				})
				must(t, s.peer.end())
				for s.r.take(t, "end").kind != border.EventClose {
				}
			})
		})
	}
}

// The loop looks at an empty queue and a thread begins to write meanwhile: what others send has
// its place behind that all the same.
func TestALookAtAnEmptyQueueLeavesTheClaimOfAThreadAlone(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		s.whileWriting(t, []byte("first"), func() {
			s.x.conn.mu.Lock()
			s.x.conn.block.Unqueued() // settleQueue, which nobody had told of the thread
			s.x.conn.mu.Unlock()
			must2(t, s.x.send(ws.OpBinary, []byte("second"), nil))
		})
		s.expect(t, "first", "second")
	})
}

// The kernel is full: the rest of the message that a thread writes comes before all that
// others send meanwhile.
func TestWhatTheKernelDoesNotTakeOfAThreadsMessageComesFirst(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		const senders = 3
		var running sync.WaitGroup
		var sent [senders]uint32
		for i := range senders {
			running.Go(func() {
				for s.x.block.Buffered() < 100_000 { // nothing is read, so the kernel has no room
					if err := s.x.send(ws.OpBinary, stamped(byte(i), sent[i], 800), nil); err != nil {
						t.Error(err)
						return
					}
					sent[i]++
				}
			})
		}
		running.Wait()
		if n := s.x.host.direct.Load(); n < 100 {
			t.Errorf("threads have written %d messages themselves", n)
		}
		var order sequence
		for range sent[0] + sent[1] + sent[2] {
			got, _, err := s.peer.message()
			must(t, err)
			must(t, order.check(got))
		}
		eventually(t, func() error {
			if n := s.x.block.Buffered(); n != 0 {
				return fmt.Errorf("%d bytes are buffered", n)
			}
			return nil
		})
	})
}

// Who is refused while a thread writes is told when there is room.
func TestDrainFollowsARefusalWhileAThreadWrites(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxBuffered: 1000}, func(t *testing.T, s slow) {
		s.offered(t)
		message := bytes.Repeat([]byte("m"), 900)
		s.whileWriting(t, message, func() {
			if err := s.x.send(ws.OpBinary, message, nil); err == nil || err.ID != fault.IDFull {
				t.Errorf("a message that does not fit: %v", err)
			}
		})
		s.r.next(t, border.EventDrain)
		s.expect(t, string(message))
	})
}

// handing lets a thread write message and leave the descriptor. It calls core when goOn is
// called, which waits until that is over.
func (s slow) handing(t *testing.T, message string) (goOn func()) {
	t.Helper()
	reached, released := make(chan struct{}), make(chan struct{})
	hook := func() {
		s.x.handing.Store(nil)
		close(reached)
		<-released
	}
	s.x.handing.Store(&hook)
	leave := func() { s.x.block.Set(border.OutDeferred) } // as if somebody had left work
	s.x.writing.Store(&leave)
	var sending sync.WaitGroup
	sending.Go(func() {
		if err := s.x.send(ws.OpBinary, []byte(message), nil); err != nil {
			t.Errorf("the message that was written: %v", err)
		}
	})
	<-reached
	s.x.writing.Store(nil)
	return func() {
		close(released)
		sending.Wait()
	}
}

// The connection ends when the thread has left the descriptor, but not told core yet.
func TestThreadThatComesLateChangesNothing(t *testing.T) {
	t.Parallel()
	urls := make(chan *peer, 2)
	done := make(chan struct{})
	url := foreign(t, func(p *peer) error {
		urls <- p
		<-done
		return nil
	})
	t.Cleanup(func() { close(done) })
	h := start(t, config.Library{})
	x, r := h.connected(config.ConnOptions{}, url)
	s := slow{x, r, <-urls}
	s.offered(t)
	late := s.handing(t, "late")
	must2(t, x.conn.Abort())
	for r.take(t, "close").kind != border.EventClose {
	}
	must2(t, x.connect(url, nil))
	r.next(t, border.EventOpen)
	next := slow{x, r, <-urls}
	next.offered(t)
	before := x.block.Load()
	late()
	if now := x.block.Load(); now != before {
		t.Errorf("the next connection is %#x, was %#x", now, before)
	}
	must2(t, x.send(ws.OpBinary, []byte("goes on"), nil))
	next.expect(t, "goes on")
	x.destroy()
}

// Between the pieces of a message nobody puts another one.
func TestThreadsDoNotWriteBetweenPieces(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		must2(t, s.x.conn.SendPart(ws.OpBinary, []byte("a pi"), false, border.Completion{}))
		if err := s.x.send(ws.OpBinary, []byte("between"), nil); err != errPieces {
			t.Errorf("a message between two pieces: %v", err)
		}
		must2(t, s.x.conn.SendPart(ws.OpBinary, []byte("ece"), true, border.Completion{}))
		s.expect(t, "a piece")
		s.offered(t)
	})
}

// A message in pieces may begin when a thread has left the descriptor, but not told core yet.
func TestPiecesFollowAThreadThatIsNotDone(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		s.offered(t)
		goOn := s.handing(t, "first")
		must2(t, s.x.conn.SendPart(ws.OpBinary, []byte("a pi"), false, border.Completion{}))
		must2(t, s.x.conn.SendPart(ws.OpBinary, []byte("ece"), true, border.Completion{}))
		goOn()
		s.expect(t, "first", "a piece")
		s.offered(t)
	})
}

// Who ends what a thread began writes beside the loop, which writes for others meanwhile.
func TestThreadsAndTheLoopWriteSideBySide(t *testing.T) {
	t.Parallel()
	s := asServer(t, config.ConnOptions{})
	s.offered(t)
	port, failed := s.x.parent.server.Port()
	must2(t, failed)
	other := join(t, port)
	s.r.next(t, border.EventOpen)
	const messages = 100
	var reading sync.WaitGroup
	for _, p := range []*peer{s.peer, other} {
		reading.Go(func() {
			for range messages {
				for { // to the next one that is for all
					got, _, err := p.message()
					if err != nil {
						t.Error(err)
						return
					}
					if string(got) == "to all" {
						break
					}
				}
			}
		})
	}
	for range messages {
		s.whileWriting(t, []byte("first"), func() {
			must2(t, s.x.send(ws.OpBinary, []byte("second"), nil))
			if _, err := s.x.parent.server.Broadcast([]byte("to all"), ws.OpText, nil); err != nil {
				t.Error(err)
			}
		})
	}
	reading.Wait()
}
