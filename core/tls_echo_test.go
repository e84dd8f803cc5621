// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"libws/core/border"
	"libws/core/config"
)

// secureSizes are around the borders of frame headers, of records and of direct reads.
var secureSizes = []int{0, 1, 125, 126, 4095, 16383, 16384, 16385, 32767, 65535, 65536, 200_000, 1 << 20}

// echoes is a foreign server's work: it sends each message back.
func echoes(p *peer, _ *tls.Conn) error {
	for {
		data, op, err := p.message()
		if closed := new(wsutil.ClosedError); errors.As(err, closed) {
			return nil
		} else if err != nil {
			return err
		}
		if err := p.send(op, data); err != nil {
			return err
		}
	}
}

func TestSecureServerEchoesToAForeignClient(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{})
		_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
		p, conn := joinSecure(t, port, foreignConfig(version), nil)
		if got := conn.ConnectionState().Version; got != version {
			t.Fatalf("spoke %s", tls.VersionName(got))
		}
		for _, size := range secureSizes {
			for _, op := range []ws.OpCode{ws.OpText, ws.OpBinary} {
				want := []byte(strings.Repeat("x", size))
				must(t, p.send(op, want))
				got, gotOp, err := p.message()
				must(t, err)
				if gotOp != op || !bytes.Equal(got, want) {
					t.Fatalf("%d bytes of opcode %d came back as %d bytes of opcode %d", size, op, len(got), gotOp)
				}
			}
		}
	})
}

func TestSecureClientTalksToAForeignServer(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		url := foreignSecure(t, foreignConfig(version), nil, echoes)
		h := start(t, config.Library{})
		x, r := h.secured(config.ConnOptions{}, url)
		for _, size := range secureSizes {
			for _, op := range []ws.OpCode{ws.OpText, ws.OpBinary} {
				want := []byte(strings.Repeat("y", size))
				if err := x.send(op, want, nil); err != nil {
					t.Fatal(err)
				}
				if e := r.next(t, border.EventMessage); e.text != (op == ws.OpText) || !bytes.Equal(e.data, want) {
					t.Fatalf("%d bytes of opcode %d came back as %d bytes", size, op, len(e.data))
				}
			}
		}
		if err := x.close(1000, "done", nil); err != nil {
			t.Fatal(err)
		}
		if e := r.next(t, border.EventClose); e.code != 1000 || !e.clean {
			t.Errorf("close: %d, clean %v", e.code, e.clean)
		}
	})
}

func TestLargestMessagePassesOverTLSBothWays(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
	x, r := h.secured(config.ConnOptions{}, wss(port))
	want := bytes.Repeat([]byte("0123456789abcde\n"), config.DefaultMaxMessage/16)
	if err := x.send(ws.OpBinary, want, nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventDrain) // it was more than the high-water mark
	if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, want) {
		t.Fatalf("%d bytes came back as %d", len(want), len(e.data))
	}
	x.empty(t)
}

func TestSecureEndsOfOneEngineTalkOverSeveralLoops(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Loops: loops})
			_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
			for range 4 {
				x, r := h.secured(config.ConnOptions{}, fmt.Sprintf("wss://localhost:%d/path?q", port))
				for i := range 20 {
					want := bytes.Repeat([]byte{byte('a' + i)}, i*300)
					if err := x.send(ws.OpText, want, nil); err != nil {
						t.Fatal(err)
					}
					if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, want) {
						t.Fatalf("message %d came back as %d bytes", i, len(e.data))
					}
				}
			}
		})
	}
}

func TestStreamOfSingleBytesIsUnderstoodFromTheFirstToTheLast(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
	address := proxy(t, port, bytewise)
	x, r := h.secured(config.ConnOptions{}, "wss://"+address+"/")
	for _, size := range []int{0, 1, 126, 3000, 20_000} {
		want := bytes.Repeat([]byte("z"), size)
		if err := x.send(ws.OpBinary, want, nil); err != nil {
			t.Fatal(err)
		}
		if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, want) {
			t.Fatalf("%d bytes came back as %d", size, len(e.data))
		}
	}
	if err := x.close(1000, "bye", nil); err != nil {
		t.Fatal(err)
	}
	if e := r.next(t, border.EventClose); e.code != 1000 || !e.clean {
		t.Errorf("close: %d, clean %v", e.code, e.clean)
	}
}

func TestRecordsMayBeCutAnywhere(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{})
		_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
		var s *sliced
		p, _ := joinSecure(t, port, foreignConfig(version), func(c net.Conn) net.Conn {
			s = &sliced{Conn: c, between: h.round}
			return s
		})
		// Two records of one message each in one stream, cut in two at each place.
		size := 2
		for at := 1; at < size; at++ {
			s.hold()
			must(t, p.send(ws.OpText, []byte("first")))
			must(t, p.send(ws.OpText, fmt.Appendf(nil, "second, cut at %d", at)))
			size = len(s.gathered)
			must(t, s.release(func(all []byte) [][]byte { return [][]byte{all[:at], all[at:]} }))
			for _, want := range []string{"first", fmt.Sprintf("second, cut at %d", at)} {
				if got, _, err := p.message(); err != nil || string(got) != want {
					t.Fatalf("%q, %v, want %q", got, err, want)
				}
			}
		}
		if size < 60 {
			t.Errorf("only %d places to cut", size)
		}
	})
}

func TestManyRecordsInOneReadAllArrive(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{})
		_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
		var s *sliced
		p, _ := joinSecure(t, port, foreignConfig(version), func(c net.Conn) net.Conn {
			s = &sliced{Conn: c}
			return s
		})
		const count = 1500 // more than one turn of a connection takes
		s.hold()
		for i := range count {
			must(t, p.send(ws.OpText, fmt.Appendf(nil, "message %d", i)))
		}
		must(t, s.release(whole))
		// Nothing more is sent: what lies inside crypto/tls must come without another
		// wake-up by the socket.
		for i := range count {
			if got, _, err := p.message(); err != nil || string(got) != fmt.Sprintf("message %d", i) {
				t.Fatalf("%q, %v, want message %d", got, err, i)
			}
		}
	})
}

func TestFramesInTheRecordOfTheUpgradeAreNotLost(t *testing.T) {
	t.Parallel()
	t.Run("server", func(t *testing.T) {
		t.Parallel()
		h := start(t, config.Library{})
		_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
		raw, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), foreignConfig(tls.VersionTLS13))
		must(t, err)
		defer raw.Close()
		p := &peer{raw, raw, ws.StateClientSide}
		request := "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
			"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
		all := append([]byte(request), p.frame(ws.NewTextFrame([]byte("early")))...)
		_, err = raw.Write(all)
		must(t, err)
		if head := readHTTP(t, raw); !strings.HasPrefix(head, "HTTP/1.1 101 ") {
			t.Fatal(head)
		}
		if got, _, err := p.message(); err != nil || string(got) != "early" {
			t.Fatalf("%q, %v", got, err)
		}
	})
	t.Run("client", func(t *testing.T) {
		t.Parallel()
		var s *sliced
		url := foreignSecure(t, foreignConfig(tls.VersionTLS13), func(c net.Conn) net.Conn {
			s = &sliced{Conn: c}
			return s
		}, func(p *peer, conn *tls.Conn) error {
			for i := range 100 { // many records right behind the answer
				if err := p.send(ws.OpText, fmt.Appendf(nil, "early %d", i)); err != nil {
					return err
				}
			}
			return echoes(p, conn)
		})
		h := start(t, config.Library{})
		x, r := h.secured(config.ConnOptions{}, url)
		for i := range 100 {
			if e := r.next(t, border.EventMessage); string(e.data) != fmt.Sprintf("early %d", i) {
				t.Fatalf("%q, want early %d", e.data, i)
			}
		}
		if err := x.close(1000, "", nil); err != nil {
			t.Fatal(err)
		}
		r.next(t, border.EventClose)
	})
}

// readHTTP reads a head byte by byte.
func readHTTP(t testing.TB, c net.Conn) string {
	t.Helper()
	var head []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
		if _, err := c.Read(one); err != nil {
			t.Fatalf("after %q: %v", head, err)
		}
		head = append(head, one...)
	}
	return string(head)
}

// empty waits until nothing waits to be sent, and checks that the count says so.
func (x *handle) empty(t testing.TB) {
	t.Helper()
	done := newMailbox[event]()
	if err := x.send(ws.OpBinary, nil, done.put); err != nil {
		t.Fatal(err)
	}
	if e := done.take(t, "completion of the last send"); e.id != 0 {
		t.Fatalf("the last send: %+v", e)
	}
	if n := x.block.Buffered(); n != 0 {
		t.Errorf("%d bytes are said to be buffered", n)
	}
}
