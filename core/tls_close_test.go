// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// says reads until the Close frame and checks its code.
func says(p *peer, code ws.StatusCode) error {
	got, _, err := p.closing()
	if err == nil && got != code {
		err = fmt.Errorf("code %d, want %d", got, code)
	}
	return err
}

// endsWell reads on behind the Close frame: close_notify, then the end of TCP,
// in this order and nothing else (RFC 8446 6.1).
func (r *records) endsWell() error {
	for {
		err := r.next()
		switch {
		case err == io.EOF && bytes.Equal(r.alerts, []byte{closeNotify}):
			return nil
		case err != nil:
			return fmt.Errorf("alerts %v, then %w", r.alerts, err)
		case len(r.rest) > 0:
			return errors.New("data behind the Close frame")
		}
	}
}

func closeBody(code ws.StatusCode) []byte { return ws.NewCloseFrameBody(code, "bye") }

func TestClosingHandshakeEndsWithCloseNotify(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"we", "the peer"} {
		t.Run("server, "+first+" first", func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			seen := newRecorder()
			_, port := h.secureServer(config.ConnOptions{}, certs().good, seen.listen)
			p, r := joinRecords(t, port)
			x := seen.next(t, border.EventOpen).x
			if first == "we" {
				if err := x.close(3000, "bye", nil); err != nil {
					t.Fatal(err)
				}
				must(t, says(p, 3000))
				must(t, p.send(ws.OpClose, closeBody(3000)))
			} else {
				must(t, p.send(ws.OpClose, closeBody(3000)))
				must(t, says(p, 3000))
			}
			must(t, r.endsWell())
			must(t, r.send(recordAlert, []byte{1, closeNotify}))
			r.Close()
			if e := seen.next(t, border.EventClose); e.code != 3000 || !e.clean {
				t.Errorf("code %d, clean %v", e.code, e.clean)
			}
		})
		t.Run("client, "+first+" first", func(t *testing.T) {
			t.Parallel()
			done := make(chan error, 1)
			url := foreignRecords(t, func(p *peer, r *records) error {
				done <- func() error {
					if first != "we" {
						if err := p.send(ws.OpClose, closeBody(3000)); err != nil {
							return err
						}
					}
					if err := says(p, 3000); err != nil {
						return err
					}
					if first == "we" {
						if err := p.send(ws.OpClose, closeBody(3000)); err != nil {
							return err
						}
					}
					// A server ends first, RFC 6455 7.1.1; the client has said all it had to.
					if err := r.send(recordAlert, []byte{1, closeNotify}); err != nil {
						return err
					}
					r.Conn.(*net.TCPConn).CloseWrite()
					return r.endsWell()
				}()
				return nil
			})
			h := start(t, config.Library{})
			x, seen := h.secured(config.ConnOptions{}, url)
			if first == "we" {
				if err := x.close(3000, "bye", nil); err != nil {
					t.Fatal(err)
				}
			}
			if e := seen.next(t, border.EventClose); e.code != 3000 || !e.clean {
				t.Errorf("code %d, clean %v", e.code, e.clean)
			}
			must(t, <-done)
		})
	}
}

func TestCloseNotifyIsSentByTLS12Too(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
	var raw *exact
	p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS12), func(c net.Conn) net.Conn {
		raw = &exact{Conn: c}
		return raw
	})
	must(t, p.send(ws.OpClose, closeBody(1000)))
	must(t, says(p, 1000))
	if _, err := p.Read(make([]byte, 1)); err != io.EOF || raw.last != recordAlert {
		t.Errorf("%v after a record of type %d", err, raw.last)
	}
}

// breaks are ways to end a connection without a closing handshake.
var breaks = []struct {
	what  string
	does  func(r *records)
	stage dial.Stage
	says  string
}{
	{"the end of TCP between records", func(r *records) { r.Close() }, dial.StageIO, "without a Close frame"},
	{"the end of TCP inside a record", func(r *records) {
		r.Conn.Write(r.seal(recordApplication, []byte("never whole"))[:12])
		r.Close()
	}, dial.StageIO, "without a Close frame"},
	{"the end of TCP inside a record's header", func(r *records) {
		r.Conn.Write([]byte{recordApplication, 3})
		r.Close()
	}, dial.StageIO, "without a Close frame"},
	{"close_notify", func(r *records) {
		r.send(recordAlert, []byte{1, closeNotify})
		r.Close()
	}, dial.StageIO, "without a Close frame"},
	{"close_notify inside a frame", func(r *records) {
		r.send(recordApplication, []byte{0x82})
		r.send(recordAlert, []byte{1, closeNotify})
		r.Close()
	}, dial.StageIO, "inside a frame without a Close frame"},
	{"a reset", func(r *records) {
		r.Conn.(*net.TCPConn).SetLinger(0)
		r.Close()
	}, dial.StageIO, syscall.ECONNRESET.Error()},
	{"a fatal alert", func(r *records) { r.send(recordAlert, []byte{2, 80}) }, dial.StageTLS, "internal error"},
	{"a record that was changed", func(r *records) {
		record := r.seal(recordApplication, []byte("changed"))
		record[7] ^= 1
		r.Conn.Write(record)
	}, dial.StageTLS, "bad record MAC"},
	{"bytes that are no record", func(r *records) { io.WriteString(r.Conn, "GET / HTTP/1.1\r\n") }, dial.StageTLS, "received record with version"},
	{"a record that is too long", func(r *records) { r.Conn.Write([]byte{recordApplication, 3, 3, 0xff, 0xff}) }, dial.StageTLS, "oversized"},
}

func TestConnectionsThatBreakEndWithAnErrorAnd1006(t *testing.T) {
	t.Parallel()
	for _, b := range breaks {
		ended := func(t *testing.T, seen recorder) {
			e := seen.next(t, border.EventError)
			if e.id != fault.IDConnectFailed || e.stage != b.stage || !strings.Contains(e.message, b.says) || !strings.Contains(e.message, "127.0.0.1") {
				t.Errorf("%d, stage %v: %s", e.id, e.stage, e.message)
			}
			if e := seen.next(t, border.EventClose); e.code != 1006 || e.clean {
				t.Errorf("code %d, clean %v", e.code, e.clean)
			}
		}
		t.Run("client, "+b.what, func(t *testing.T) {
			t.Parallel()
			url := foreignRecords(t, func(p *peer, r *records) error {
				if _, _, err := p.message(); err != nil { // nothing may be unread: that would be a reset
					return err
				}
				b.does(r)
				io.Copy(io.Discard, r.Conn)
				return nil
			})
			h := start(t, config.Library{})
			x, seen := h.secured(config.ConnOptions{}, url)
			if err := x.send(ws.OpText, []byte("ready"), nil); err != nil {
				t.Fatal(err)
			}
			ended(t, seen)
		})
		t.Run("server, "+b.what, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			seen := newRecorder()
			_, port := h.secureServer(config.ConnOptions{}, certs().good, seen.listen)
			_, r := joinRecords(t, port)
			seen.next(t, border.EventOpen)
			b.does(r)
			ended(t, seen)
		})
	}
}

func TestPeerIsToldByAnAlertWhatWasWrongWithItsRecord(t *testing.T) {
	t.Parallel()
	const badRecordMAC = 20
	h := start(t, config.Library{})
	seen := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, seen.listen)
	_, r := joinRecords(t, port)
	seen.next(t, border.EventOpen)
	record := r.seal(recordApplication, []byte("changed"))
	record[7] ^= 1
	r.Conn.Write(record)
	for len(r.alerts) == 0 {
		must(t, r.next())
	}
	if r.alerts[0] != badRecordMAC {
		t.Errorf("alert %d", r.alerts[0])
	}
	seen.next(t, border.EventError)
	seen.next(t, border.EventClose)
}

func TestMessagesBeforeABreakAreDelivered(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	seen := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, seen.listen)
	var s *sliced
	p, conn := joinSecure(t, port, foreignConfig(tls.VersionTLS13), func(c net.Conn) net.Conn {
		s = &sliced{Conn: c}
		return s
	})
	seen.next(t, border.EventOpen)
	s.hold()
	for i := range 100 {
		must(t, p.send(ws.OpText, fmt.Append(nil, i)))
	}
	must(t, conn.CloseWrite())
	s.Conn.SetDeadline(time.Now().Add(deadline)) // crypto/tls has set one that is over
	must(t, s.release(whole))
	s.Conn.Close()
	for i := range 100 {
		if e := seen.next(t, border.EventMessage); string(e.data) != fmt.Sprint(i) {
			t.Fatalf("%q, want %d", e.data, i)
		}
	}
	seen.next(t, border.EventError)
	seen.next(t, border.EventClose)
}

func TestProtocolViolationOverTLSIsAnswered(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	seen := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, seen.listen)
	p, r := joinRecords(t, port)
	seen.next(t, border.EventOpen)
	_, err := p.Write([]byte{0x81, 0x00}) // not masked
	must(t, err)
	must(t, says(p, 1002))
	must(t, r.endsWell())
	r.Close()
	if e := seen.next(t, border.EventError); e.id != fault.IDProtocol || e.stage != dial.StageProtocol || e.code != 1002 {
		t.Errorf("%d, stage %v, code %d", e.id, e.stage, e.code)
	}
	seen.next(t, border.EventClose)
}

func TestPingsAreAnsweredOverTLS(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
	p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS12), nil)
	for i := range 50 {
		must(t, p.send(ws.OpPing, fmt.Append(nil, i)))
		f, err := p.read()
		if err != nil || f.Header.OpCode != ws.OpPong || string(f.Payload) != fmt.Sprint(i) {
			t.Fatalf("%v %q, %v", f.Header, f.Payload, err)
		}
	}
}

// Close may come while the connection opens: it cancels the attempt or closes the
// connection, and never anything between.
func TestCloseAtTheMomentOfOpening(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("TLS %v", secure), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Loops: 2})
			wrong := newMailbox[event]()
			on := func(_ *dispatcher, x *handle, e event) {
				if e.kind == border.EventError && e.stage != dial.StageIO {
					wrong.put(e)
				}
			}
			var url string
			if secure {
				_, port := h.secureServer(config.ConnOptions{}, certs().good, on)
				url = wss(port)
			} else {
				_, port := h.listening(config.ConnOptions{}, on)
				url = fmt.Sprintf("ws://127.0.0.1:%d/", port)
			}
			o := trusting(t)
			opened, cancelled := 0, 0
			for range 150 {
				connected, closed, seen := newMailbox[event](), newMailbox[event](), newRecorder()
				x := h.client(config.ConnOptions{}, seen.listen)
				if err := x.connectWith(url, o, connected.put); err != nil {
					t.Fatal(err)
				}
				var early sync.WaitGroup
				early.Go(func() {
					for x.block.State() == border.StateConnecting { // until it is nearly open
						x.conn.mu.Lock()
						nearly := x.conn.rare.client().attempt == nil || x.conn.sock.Open()
						x.conn.mu.Unlock()
						if nearly {
							break
						}
					}
					if err := x.close(1000, "", closed.put); err != nil {
						t.Errorf("close: %v", err)
						closed.put(event{})
					}
				})
				early.Wait()
				closed.take(t, "completion of the close")
				if e := connected.take(t, "completion of the connect"); e.id == fault.IDCancelled {
					cancelled++
					seen.next(t, border.EventError)
				} else {
					opened++
					seen.next(t, border.EventOpen)
					if e := seen.next(t, border.EventClose); e.code != 1000 || !e.clean {
						t.Fatalf("code %d, clean %v", e.code, e.clean)
					}
				}
				if s := x.block.State(); s != border.StateClosed {
					t.Fatalf("state %d", s)
				}
			}
			t.Logf("%d opened, %d were cancelled", opened, cancelled)
			if len(wrong.items) > 0 {
				t.Errorf("the server met %+v", wrong.items[0])
			}
		})
	}
}
