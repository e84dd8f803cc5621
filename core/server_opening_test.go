// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// request is an upgrade request that is accepted.
const request = "GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// accepts is the answer to that key, RFC 6455 1.3.
const accepts = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

// notHeard fails at any event of a server's connections.
func notHeard(t *testing.T) callback {
	return func(_ *dispatcher, x *handle, e event) {
		if x.parent != nil {
			t.Errorf("%v: event %+v", x, e)
		}
	}
}

func TestUpgradeRequestMayComeInPieces(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, echo)
	hello := (&peer{state: ws.StateClientSide}).frame(ws.NewTextFrame([]byte("hello")))
	for _, size := range []int{1, 7, 100, len(request) - 1, len(request) + 3, 10_000} {
		raw := rawTo(t, port)
		// The first frame comes with the last piece, as far as it fits.
		for all := request + string(hello); all != ""; {
			n := min(size, len(all))
			_, err := raw.Write([]byte(all[:n]))
			must(t, err)
			all = all[n:]
		}
		r := bufio.NewReader(raw)
		response, err := http.ReadResponse(r, nil)
		must(t, err)
		if response.StatusCode != 101 || response.Header.Get("Sec-WebSocket-Accept") != accepts {
			t.Fatalf("pieces of %d bytes: %v", size, response)
		}
		f, err := ws.ReadFrame(r)
		if err != nil || string(f.Payload) != "hello" {
			t.Errorf("pieces of %d bytes: %q came back, %v", size, f.Payload, err)
		}
	}
}

func TestRequestThatIsNoUpgradeIsAnsweredAndClosed(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, notHeard(t))
	h.adopting.Store(new(func() bool { return false })) // no handle is left
	for name, c := range map[string]struct {
		request string
		status  int
	}{
		"not HTTP":          {"\x16\x03\x01 nonsense\r\n\r\n", 400},
		"another method":    {strings.Replace(request, "GET", "POST", 1), 405},
		"another version":   {strings.Replace(request, "Version: 13", "Version: 8", 1), 426},
		"a head too large":  {strings.Replace(request, "\r\n\r\n", "\r\nX: "+strings.Repeat("x", 17<<10)+"\r\n\r\n", 1), 431},
		"no handle is left": {request, 503},
	} {
		t.Run(name, func(t *testing.T) {
			raw := rawTo(t, port)
			_, err := raw.Write([]byte(c.request))
			must(t, err)
			response, err := http.ReadResponse(bufio.NewReader(raw), nil)
			must(t, err)
			if response.StatusCode != c.status {
				t.Errorf("%v, want %d", response.Status, c.status)
			}
			must(t, raw.end())
		})
	}
}

func TestRequestThatDoesNotComeInTimeIsRefused(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server := h.newServer(config.ConnOptions{}, nil)
	started := newMailbox[event]()
	if err := server.startServer(config.ListenOptions{IP: "127.0.0.1", Timeout: 2 * time.Second}, started.put); err != nil {
		t.Fatal(err)
	}
	started.take(t, "completion of the start")
	port, err := server.server.Port()
	if err != nil {
		t.Fatal(err)
	}
	for _, begin := range []string{"", request[:20]} {
		raw := rawTo(t, port)
		_, err := raw.Write([]byte(begin))
		must(t, err)
		response, err := http.ReadResponse(bufio.NewReader(raw), nil)
		must(t, err)
		if response.StatusCode != http.StatusRequestTimeout {
			t.Errorf("after %q: %v", begin, response.Status)
		}
		must(t, raw.end())
	}
	// The deadline is over once the connection is open.
	p := join(t, port)
	raw := rawTo(t, port)
	must(t, raw.end())
	must(t, p.send(ws.OpPing, nil))
	if f, err := p.read(); err != nil || f.Header.OpCode != ws.OpPong {
		t.Errorf("opcode %d, %v", f.Header.OpCode, err)
	}
}

func TestClientThatLeavesBeforeItsRequestIsForgotten(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server, port := h.listening(config.ConnOptions{}, notHeard(t))
	for _, begin := range []string{"", request[:20]} {
		raw := rawTo(t, port)
		_, err := raw.Write([]byte(begin))
		must(t, err)
		raw.Close()
	}
	stopped := newMailbox[event]()
	if err := server.stopServer(stopped.put); err != nil {
		t.Fatal(err)
	}
	stopped.take(t, "completion of the stop")
}

// A thread that finds a connection in the server's list may send at once: the
// answer to the upgrade is always the first that the client gets.
func TestNothingIsSentBeforeTheAnswerToTheUpgrade(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	server, port := h.listening(config.ConnOptions{}, nil)
	done := make(chan struct{})
	var eager sync.WaitGroup
	eager.Go(func() {
		greeted := map[*handle]bool{}
		for {
			for _, x := range h.open(server) {
				if !greeted[x] && x.send(ws.OpText, []byte("hello"), nil) == nil {
					greeted[x] = true
				}
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for i := range 200 {
		p, err := tryJoin(port)
		if err != nil {
			t.Errorf("connection %d: %v", i, err)
			break
		}
		if f, err := p.read(); err != nil || string(f.Payload) != "hello" {
			t.Errorf("connection %d: %q, %v", i, f.Payload, err)
		}
		p.reset()
	}
	close(done)
	eager.Wait()
}

// The NUL behind the last message of a read that began with an upgrade request must not
// hit what is read next, be it of another connection.
func TestFrameBehindTheRequestLeavesTheNextReadAlone(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	blocked, release := make(chan struct{}), make(chan struct{})
	pieces := newMailbox[[]byte]()
	_, port := h.listening(config.ConnOptions{Pieces: true}, func(_ *dispatcher, _ *handle, e event) {
		switch {
		case e.kind != border.EventMessage:
		case string(e.data) == "block":
			close(blocked)
			<-release
		default:
			pieces.put(e.data)
		}
	})
	blocker, long := join(t, port), join(t, port)
	frame := long.frame(ws.NewBinaryFrame(bytes.Repeat([]byte("x"), 500)))
	_, err := long.Write(frame[:100])
	must(t, err)
	left := 500 - len(pieces.take(t, "first part of a message"))
	raw := rawTo(t, port)
	must(t, blocker.send(ws.OpText, []byte("block")))
	<-blocked // raw is accepted: it came before
	_, err = raw.Write(append([]byte(request), long.frame(ws.NewTextFrame([]byte("hello")))...))
	must(t, err)
	_, err = long.Write(frame[100:])
	must(t, err)
	close(release)
	for rest := 1; rest > 0 || left > 0; {
		piece := pieces.take(t, "what came behind")
		if string(piece) == "hello" {
			rest--
			continue
		}
		left -= len(piece)
		if len(bytes.Trim(piece, "x")) > 0 {
			t.Errorf("a part came with a foreign byte: %q", piece[:1])
		}
	}
}
