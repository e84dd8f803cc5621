// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

func TestCloseCarriesCodeAndReason(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		done := newMailbox[event]()
		if err := s.x.close(4321, "enough", done.put); err != nil {
			t.Fatal(err)
		}
		if err := s.x.close(1000, "", func(event) {}); err == nil || err.ID != fault.IDState {
			t.Errorf("closing twice: %v", err)
		}
		if err := s.x.send(ws.OpText, nil, func(event) {}); err != errNotOpen {
			t.Errorf("sending after the close: %v", err)
		}
		code, reason, err := s.peer.closing()
		if err != nil || code != 4321 || reason != "enough" {
			t.Fatalf("the peer got %d %q, %v", code, reason, err)
		}
		must(t, s.peer.send(ws.OpClose, ws.NewCloseFrameBody(code, "answer")))
		s.peer.Close()
		if e := done.take(t, "completion of the close"); e.id != 0 || e.operation != border.OpClose {
			t.Errorf("completion: %+v", e)
		}
		if e := s.r.next(t, border.EventClose); e.code != 4321 || e.reason != "answer" || !e.clean {
			t.Errorf("close: %+v", e)
		}
	})
}

func TestCloseOfThePeerIsAnswered(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		must(t, s.peer.send(ws.OpClose, ws.NewCloseFrameBody(3999, "bye")))
		code, reason, err := s.peer.closing()
		if err != nil || code != 3999 || reason != "bye" {
			t.Fatalf("the answer is %d %q, %v", code, reason, err)
		}
		s.peer.Close()
		if e := s.r.next(t, border.EventClose); e.code != 3999 || e.reason != "bye" || !e.clean {
			t.Errorf("close: %+v", e)
		}
	})
}

func TestCloseFrameWithoutPayloadIsNoStatus(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		must(t, s.peer.send(ws.OpClose, nil))
		f, err := s.peer.read()
		if err != nil || f.Header.OpCode != ws.OpClose || len(f.Payload) != 0 {
			t.Fatalf("the answer is opcode %d with %q, %v", f.Header.OpCode, f.Payload, err)
		}
		s.peer.Close()
		if e := s.r.next(t, border.EventClose); e.code != 1005 || e.reason != "" || !e.clean {
			t.Errorf("close: %+v", e)
		}
	})
}

func TestCloseIsRefused(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		for _, c := range []struct {
			code   uint16
			reason string
		}{{0, ""}, {999, ""}, {1004, ""}, {1005, ""}, {1006, ""}, {1015, ""}, {2999, ""}, {5000, ""}, {1000, strings.Repeat("r", 124)}, {1000, "\xff"}} {
			if err := s.x.close(c.code, c.reason, func(event) {}); err == nil || err.ID != fault.IDParameter {
				t.Errorf("%d %q: %v", c.code, c.reason, err)
			}
		}
		if s.x.block.State() != border.StateOpen {
			t.Error("the connection is no longer open")
		}
	})
}

func TestConnectionThatBreaksGivesErrorThenClose1006(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		half := s.peer.frame(ws.NewTextFrame([]byte("hello")))
		_, err := s.peer.Write(half[:len(half)-1])
		must(t, err)
		s.peer.Close()
		if e := s.r.next(t, border.EventError); e.id != fault.IDConnectFailed || !strings.Contains(e.message, "inside a frame") {
			t.Errorf("error: %+v", e)
		}
		if e := s.r.next(t, border.EventClose); e.code != 1006 || e.clean || e.reason != "" {
			t.Errorf("close: %+v", e)
		}
		if s.x.block.State() != border.StateClosed {
			t.Errorf("the state is %d", s.x.block.State())
		}
	})
}

// Whatever was accepted arrives before the Close frame, and nothing behind it. The
// queue is small, so that it can be read before the deadline of the close.
func TestCloseWhileOthersSend(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxBuffered: 128 << 10}, func(t *testing.T, s slow) {
		const senders = 4
		var accepted [senders]uint32
		var running sync.WaitGroup
		for i := range senders {
			running.Go(func() {
				for n := uint32(0); ; n++ {
					if err := s.x.send(ws.OpBinary, stamped(byte(i), n, 500), nil); err == errNotOpen {
						accepted[i] = n
						return
					} else if err != nil && err != errFull {
						t.Errorf("sender %d: %v", i, err)
						return
					} else if err == errFull {
						n--
					}
				}
			})
		}
		var got sequence
		for range 500 {
			f, err := s.peer.read()
			must(t, err)
			must(t, got.check(f.Payload))
		}
		closed := newMailbox[event]()
		running.Go(func() {
			if err := s.x.close(1000, "", closed.put); err != nil {
				t.Error(err)
			}
		})
		for {
			f, err := s.peer.read()
			must(t, err)
			if f.Header.OpCode == ws.OpClose {
				break
			}
			must(t, got.check(f.Payload))
		}
		running.Wait()
		for i := range senders {
			if got.next[byte(i)] != accepted[i] {
				t.Errorf("sender %d: %d messages were accepted, %d arrived", i, accepted[i], got.next[byte(i)])
			}
		}
		must(t, s.peer.send(ws.OpClose, ws.NewCloseFrameBody(1000, "")))
		if s.peer.state.ClientSide() { // our server ends the TCP connection
			if n, err := s.peer.Read(make([]byte, 1)); n != 0 || err == nil {
				t.Errorf("%d bytes behind the Close frame, %v", n, err)
			}
		}
		s.peer.Close()
		if e := closed.take(t, "completion"); e.id != 0 {
			t.Errorf("completion of the close: %+v", e)
		}
		end := s.r.take(t, "close")
		for end.kind == border.EventDrain { // the queue was full now and then
			end = s.r.take(t, "close")
		}
		if end.kind != border.EventClose {
			t.Errorf("event of kind %d instead of close", end.kind)
		}
	})
}

// The host closes while the peer closes or leaves: a close that was accepted
// completes, in every order of things. The end of the test counts.
func TestCloseFromBothEndsAtOnce(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	for i := range 150 {
		p := join(t, port)
		x := r.next(t, border.EventOpen).x
		var both sync.WaitGroup
		both.Go(func() {
			if err := x.close(1000, "ours", func(event) {}); err != nil && err.ID != fault.IDState && err != errGone && err != errEnded {
				t.Error(err)
			}
		})
		switch i % 3 {
		case 0:
			p.reset()
		case 1:
			p.Close()
		case 2:
			if err := p.send(ws.OpClose, ws.NewCloseFrameBody(1000, "theirs")); err == nil {
				p.Close()
			}
		}
		both.Wait()
		for r.take(t, "destroyed event").kind != border.EventDestroyed {
		}
	}
}

// Of many threads that close, one is accepted; each completion that was
// promised comes.
func TestOneOfManyClosesIsAccepted(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	for range 400 {
		p := join(t, port)
		x := r.next(t, border.EventOpen).x
		var accepted atomic.Int32
		var closing sync.WaitGroup
		for range 6 {
			closing.Go(func() {
				if err := x.close(1000, "", func(event) {}); err == nil {
					accepted.Add(1)
				} else if err.ID != fault.IDState {
					t.Error(err)
				}
			})
		}
		closing.Wait()
		if n := accepted.Load(); n != 1 {
			t.Fatalf("%d closes were accepted", n)
		}
		p.reset()
		for r.take(t, "destroyed event").kind != border.EventDestroyed {
		}
	}
}

func TestAnswersToMessagesGoOutBeforeTheAnswerToTheClose(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, echo)
	p := join(t, port)
	var segment []byte
	for i := range 10 {
		segment = append(segment, p.frame(ws.NewTextFrame(fmt.Appendf(nil, "message %d", i)))...)
	}
	segment = append(segment, p.frame(ws.NewPingFrame([]byte("ping")))...)
	segment = append(segment, p.frame(ws.NewCloseFrame(ws.NewCloseFrameBody(1000, "")))...)
	segment = append(segment, p.frame(ws.NewTextFrame([]byte("too late")))...)
	_, err := p.Write(segment)
	must(t, err)
	var got []string
	for {
		f, err := p.read()
		must(t, err)
		if f.Header.OpCode == ws.OpClose {
			break
		}
		if f.Header.OpCode == ws.OpText {
			got = append(got, string(f.Payload))
		}
	}
	if len(got) != 10 || got[0] != "message 0" || got[9] != "message 9" {
		t.Errorf("before the Close frame came %q", got)
	}
	must(t, p.end())
}

func TestCloseInACallbackComesBehindWhatItSent(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind != border.EventMessage {
			return
		}
		d.echo(x, e)
		if err := x.send(ws.OpText, []byte("with a completion"), func(event) {}); err != nil {
			t.Error(err)
		}
		if err := x.close(1000, "that was all", func(event) {}); err != nil {
			t.Error(err)
		}
		if err := d.send(x, ws.OpText, []byte("too late")); err != errNotOpen {
			t.Errorf("sending after the close: %v", err)
		}
	})
	p := join(t, port)
	must(t, p.send(ws.OpText, []byte("hello")))
	for _, want := range []string{"hello", "with a completion", "\x03\xe8that was all"} {
		if f, err := p.read(); err != nil || string(f.Payload) != want {
			t.Errorf("%q instead of %q, %v", f.Payload, want, err)
		}
	}
}

func TestPeerThatDoesNotAnswerACloseIsCutOff(t *testing.T) {
	t.Parallel()
	both := []slow{asServer(t, config.ConnOptions{}), asClient(t, config.ConnOptions{})} // they take their time together
	done := newMailbox[event]()
	for _, s := range both {
		if err := s.x.close(1000, "", done.put); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range both {
		if e := done.take(t, "completion"); e.id != fault.IDTimeout {
			t.Errorf("completion: %+v", e)
		}
		if e := s.r.next(t, border.EventError); e.id != fault.IDTimeout || e.stage == 0 {
			t.Errorf("error: %+v", e)
		}
		if e := s.r.next(t, border.EventClose); e.code != 1006 || e.clean {
			t.Errorf("close: %+v", e)
		}
		must(t, s.peer.end())
	}
}

func TestPeerThatKeepsTheTCPConnectionIsCutOff(t *testing.T) {
	t.Parallel()
	both := []slow{asServer(t, config.ConnOptions{}), asClient(t, config.ConnOptions{})}
	for _, s := range both {
		must(t, s.peer.send(ws.OpClose, ws.NewCloseFrameBody(1000, "")))
	}
	for _, s := range both {
		if e := s.r.next(t, border.EventClose); e.code != 1000 || !e.clean {
			t.Errorf("close: %+v", e)
		}
		must(t, s.peer.end())
	}
}

// What a peer sends after a violation is dropped, but not without end.
func TestPeerThatKeepsSendingAfterTheEndIsCutOff(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		_, err := s.peer.Write([]byte{0xff, 0xff})
		must(t, err)
		if e := s.r.next(t, border.EventError); e.id != fault.IDProtocol {
			t.Errorf("error: %+v", e)
		}
		sent := 0
		for err == nil && sent < 1<<30 {
			var n int
			n, err = s.peer.Write(make([]byte, 64<<10))
			sent += n
		}
		if err == nil {
			t.Error("a gigabyte was read after the end")
		}
		if e := s.r.next(t, border.EventClose); e.code != 1006 {
			t.Errorf("close: %+v", e)
		}
	})
}

// A Close frame behind a message says that all before it has been sent. Who aborts while messages
// wait gets none of them sent, so the answer to the peer's Close frame does not go out either.
func TestAnAbortBeforeTheAnswerToACloseLeavesItOut(t *testing.T) {
	t.Parallel()
	frames := newMailbox[ws.OpCode]()
	url := foreign(t, func(p *peer) error {
		if err := p.raw(ws.NewTextFrame([]byte("last")), ws.NewCloseFrame(ws.NewCloseFrameBody(1000, ""))); err != nil {
			return err
		}
		for {
			f, err := p.read()
			if err != nil {
				frames.put(ws.OpContinuation) // the end
				return nil
			}
			frames.put(f.Header.OpCode)
		}
	})
	h := start(t, config.Library{})
	r := newRecorder()
	x := h.client(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage {
			must2(t, x.send(ws.OpText, []byte("waits"), func(event) {}))
			must2(t, x.conn.Abort())
		}
		r.listen(d, x, e)
	})
	must2(t, x.connectWith(url, config.ConnectOptions{Acknowledged: true}, nil))
	for last := ws.OpCode(0xf); ; {
		op := frames.take(t, "a frame")
		if op == ws.OpContinuation {
			break
		}
		if op == ws.OpClose && last != ws.OpText {
			t.Error("a Close frame came, and not the message that was accepted before it")
		}
		last = op
	}
	if e := r.nextOfAny(t, border.EventClose); e.clean {
		t.Errorf("close: %+v", e)
	}
}

// A connection whose request the host has answered may be aborted before its loop has opened it: it is
// opened and then ended. A close between the two comes too late, and says so: the completion of a
// second one would take the place of the first.
func TestCloseOfAConnectionThatWasAbortedBeforeItOpenedIsRefused(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	accepted, refused, r := newMailbox[*handle](), newMailbox[*fault.Error](), newRecorder()
	var aborted atomic.Pointer[handle]
	h.logging.Store(new(func(line string) {
		if x := aborted.Load(); x != nil && strings.Contains(line, "connected from") {
			refused.put(x.close(1000, "", func(event) {}))
			refused.put(x.close(1000, "", func(event) {}))
		}
	}))
	_, port := h.asking(config.ListenOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventUpgrade {
			must2(t, x.conn.Accept(AcceptOptions{}))
			must2(t, x.conn.Abort())
			aborted.Store(x)
			accepted.put(x)
		}
		r.listen(d, x, e)
	})
	raw := rawTo(t, port)
	_, err := raw.Write([]byte(upgradeRequest))
	must(t, err)
	accepted.take(t, "an upgrade")
	for range 2 {
		if e := refused.take(t, "the answer of a close"); e == nil || e.ID != fault.IDState {
			t.Errorf("close: %v", e)
		}
	}
	if e := r.nextOfAny(t, border.EventClose); e.clean || e.code != 1006 {
		t.Errorf("close: %+v", e)
	}
	must(t, raw.end())
}
