// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// A violation is told after the messages before it were delivered and answered:
// an error, the right code on the wire, then close with 1006.
func TestViolationEndsTheConnectionWithTheRightCode(t *testing.T) {
	frame := func(op ws.OpCode, fin bool, data string) ws.Frame { return ws.NewFrame(op, fin, []byte(data)) }
	reserved := frame(ws.OpText, true, "compressed")
	reserved.Header.Rsv = ws.Rsv(true, false, false)
	for name, c := range map[string]struct {
		frames []ws.Frame
		code   uint16
		id     int32
		stage  dial.Stage
	}{
		"a reserved bit":             {[]ws.Frame{reserved}, 1002, fault.IDProtocol, dial.StageProtocol},
		"a reserved opcode":          {[]ws.Frame{frame(3, true, "")}, 1002, fault.IDProtocol, dial.StageProtocol},
		"a fragmented ping":          {[]ws.Frame{frame(ws.OpPing, false, "")}, 1002, fault.IDProtocol, dial.StageProtocol},
		"a continuation of nothing":  {[]ws.Frame{frame(ws.OpContinuation, true, "")}, 1002, fault.IDProtocol, dial.StageProtocol},
		"two messages at once":       {[]ws.Frame{frame(ws.OpText, false, "a"), frame(ws.OpText, true, "b")}, 1002, fault.IDProtocol, dial.StageProtocol},
		"text that is not UTF-8":     {[]ws.Frame{frame(ws.OpText, true, "\xc0\xaf")}, 1007, fault.IDProtocol, dial.StageProtocol},
		"fragments of broken text":   {[]ws.Frame{frame(ws.OpText, false, "\xe2\x82"), frame(ws.OpContinuation, true, "a")}, 1007, fault.IDProtocol, dial.StageProtocol},
		"a message over the limit":   {[]ws.Frame{frame(ws.OpBinary, true, string(make([]byte, 1001)))}, 1009, fault.IDTooLarge, dial.StageLimit},
		"fragments over the limit":   {[]ws.Frame{frame(ws.OpBinary, false, string(make([]byte, 700))), frame(ws.OpContinuation, true, string(make([]byte, 301)))}, 1009, fault.IDTooLarge, dial.StageLimit},
		"a close code out of range":  {[]ws.Frame{frame(ws.OpClose, true, "\x03\xed")}, 1002, fault.IDProtocol, dial.StageProtocol},
		"a Close frame of one byte":  {[]ws.Frame{frame(ws.OpClose, true, "\x03")}, 1002, fault.IDProtocol, dial.StageProtocol},
		"a reason that is not UTF-8": {[]ws.Frame{frame(ws.OpClose, true, "\x03\xe8\xff")}, 1007, fault.IDProtocol, dial.StageProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			bothRoles(t, config.ConnOptions{MaxMessage: 1000}, func(t *testing.T, s slow) {
				bytes := s.peer.frame(frame(ws.OpText, true, "before"))
				for _, f := range c.frames {
					bytes = append(bytes, s.peer.frame(f)...)
				}
				bytes = append(bytes, s.peer.frame(frame(ws.OpText, true, "behind"))...)
				_, err := s.peer.Write(bytes)
				must(t, err)
				if e := s.r.next(t, border.EventMessage); string(e.data) != "before" {
					t.Errorf("%q", e.data)
				}
				if e := s.r.next(t, border.EventError); e.id != c.id || e.stage != c.stage || e.code != c.code || e.message == "" {
					t.Errorf("error: %+v", e)
				}
				if code, _, err := s.peer.closing(); err != nil || uint16(code) != c.code {
					t.Errorf("the peer got %d, %v", code, err)
				}
				must(t, s.peer.end()) // who fails a connection ends the stream
				s.peer.Close()
				if e := s.r.next(t, border.EventClose); e.code != 1006 || e.clean {
					t.Errorf("close: %+v", e)
				}
			})
		})
	}
}

// A ping that came before a violation, also in the same segment, is answered before
// the Close frame (RFC 6455 5.5.2).
func TestPingBeforeAViolationIsAnswered(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		bad := ws.NewFrame(3, true, nil)
		_, err := s.peer.Write(append(s.peer.frame(ws.NewPingFrame([]byte("before"))), s.peer.frame(bad)...))
		must(t, err)
		f, err := s.peer.read()
		must(t, err)
		if f.Header.OpCode != ws.OpPong || string(f.Payload) != "before" {
			t.Errorf("opcode %d with %q instead of the pong", f.Header.OpCode, f.Payload)
		}
		if code, _, err := s.peer.closing(); err != nil || code != 1002 {
			t.Errorf("the peer got %d, %v", code, err)
		}
	})
}

// No second Close frame follows the first (RFC 6455 5.5.1).
func TestViolationAfterOurCloseFrameSendsNoSecondOne(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		closed := newMailbox[event]()
		if err := s.x.close(1000, "", closed.put); err != nil {
			t.Fatal(err)
		}
		if code, _, err := s.peer.closing(); err != nil || code != 1000 {
			t.Errorf("the peer got %d, %v", code, err)
		}
		_, err := s.peer.Write([]byte{0xff, 0xff})
		must(t, err)
		if e := s.r.next(t, border.EventError); e.id != fault.IDProtocol || e.code != 0 {
			t.Errorf("error: %+v", e)
		}
		if n, err := s.peer.Read(make([]byte, 1)); n != 0 || err == nil {
			t.Errorf("%d bytes behind the Close frame, %v", n, err)
		}
		s.peer.Close()
		if e := closed.take(t, "completion"); e.id == 0 {
			t.Error("a close that was not answered completed")
		}
		if e := s.r.next(t, border.EventClose); e.code != 1006 || e.clean {
			t.Errorf("close: %+v", e)
		}
	})
}

func TestFrameWithTheWrongMaskIsAViolation(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		f := ws.NewTextFrame([]byte("hello"))
		if s.peer.state.ServerSide() {
			f = ws.MaskFrame(f)
		}
		must(t, ws.WriteFrame(s.peer, f))
		if e := s.r.next(t, border.EventError); e.id != fault.IDProtocol || e.code != 1002 {
			t.Errorf("error: %+v", e)
		}
		if code, _, err := s.peer.closing(); err != nil || code != 1002 {
			t.Errorf("the peer got %d, %v", code, err)
		}
	})
}

func TestEachPingIsAnswered(t *testing.T) {
	bothRoles(t, config.ConnOptions{}, func(t *testing.T, s slow) {
		payloads := [][]byte{nil, []byte("a"), bytes.Repeat([]byte("b"), 125), []byte("in the middle"), []byte("in pieces")}
		must(t, s.peer.raw(ws.NewPingFrame(payloads[0]), ws.NewPingFrame(payloads[1]), ws.NewPongFrame([]byte("unasked")), ws.NewPingFrame(payloads[2])))
		must(t, s.peer.raw(ws.NewFrame(ws.OpText, false, []byte("first ")), ws.NewPingFrame(payloads[3]), ws.NewFrame(ws.OpContinuation, true, []byte("second"))))
		if e := s.r.next(t, border.EventMessage); string(e.data) != "first second" {
			t.Errorf("%q", e.data)
		}
		for _, b := range s.peer.frame(ws.NewPingFrame(payloads[4])) {
			_, err := s.peer.Write([]byte{b})
			must(t, err)
		}
		for _, want := range payloads {
			f, err := s.peer.read()
			if err != nil || f.Header.OpCode != ws.OpPong || !bytes.Equal(f.Payload, want) {
				t.Errorf("opcode %d with %q instead of a pong with %q, %v", f.Header.OpCode, f.Payload, want, err)
			}
		}
	})
}

// Of more pings than are answered at once the latest is (RFC 6455 5.5.3).
func TestLastOfManyPingsIsAnswered(t *testing.T) {
	bothRoles(t, config.ConnOptions{Floods: config.Floods{Controls: -1}}, func(t *testing.T, s slow) {
		payload := func(n int) []byte { return fmt.Appendf(nil, "%0125d", n) }
		const pings = 3 * maxPongs / 125
		var flood []byte
		for n := range pings {
			flood = append(flood, s.peer.frame(ws.NewPingFrame(payload(n)))...)
		}
		_, err := s.peer.Write(flood)
		must(t, err)
		for last := -1; last < pings-1; {
			f, err := s.peer.read()
			must(t, err)
			n, err := strconv.Atoi(string(f.Payload))
			if must(t, err); f.Header.OpCode != ws.OpPong || n <= last {
				t.Fatalf("opcode %d with %q behind pong %d", f.Header.OpCode, f.Payload, last)
			}
			last = n
		}
	})
}

// A ping that comes while much waits for the peer is answered when there is room, or a
// later one is (RFC 6455 5.5.3).
func TestPingIsAnsweredThoughMuchWaits(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxBuffered: 1 << 20}, func(t *testing.T, s slow) {
		n := s.fill(t, nil)
		for _, payload := range []string{"one", "two"} {
			must(t, s.peer.raw(ws.NewPingFrame([]byte(payload)), ws.NewTextFrame([]byte("heard"))))
			s.r.next(t, border.EventMessage)
		}
		s.drained(t, n)
		for answered := ""; answered != "two"; { // the first one may be left out
			f, err := s.peer.read()
			if err != nil || f.Header.OpCode != ws.OpPong {
				t.Fatalf("opcode %d with %q, %v", f.Header.OpCode, f.Payload, err)
			}
			answered = string(f.Payload)
		}
		s.x.onLoop(func() {
			if s.x.conn.rx != nil {
				t.Error("what is incoming was not forgotten")
			}
		})
	})
}

// A peer that pings and does not read costs a bounded number of pongs, also without a
// limit on pings.
func TestFloodOfPingsIsBounded(t *testing.T) {
	bothRoles(t, config.ConnOptions{Floods: config.Floods{Controls: -1}}, func(t *testing.T, s slow) {
		var flood []byte
		for range 400 {
			flood = append(flood, s.peer.frame(ws.NewPingFrame(make([]byte, 125)))...)
		}
		most := uint64(0)
		for range 400 { // 20 MB, more than the kernel keeps
			_, err := s.peer.Write(flood)
			must(t, err)
			most = max(most, s.x.block.Buffered())
		}
		if most > 3*maxPongs {
			t.Errorf("%d bytes of pongs waited", most)
		}
		must(t, s.peer.send(ws.OpText, []byte("still here")))
		if e := s.r.next(t, border.EventMessage); string(e.data) != "still here" {
			t.Errorf("%q", e.data)
		}
		done := newMailbox[event]()
		if err := s.x.send(ws.OpText, []byte("me too"), done.put); err != nil {
			t.Fatal(err)
		}
		for {
			f, err := s.peer.read()
			must(t, err)
			if f.Header.OpCode == ws.OpText {
				break
			}
		}
		done.take(t, "completion")
		if n := s.x.block.Buffered(); n != 0 {
			t.Errorf("%d bytes are buffered", n)
		}
	})
}
