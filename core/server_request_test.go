// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/handshake"
)

// asking starts a server whose host answers upgrades and other requests.
func (h *testHost) asking(o config.ListenOptions, on callback) (server *handle, port int) {
	h.t.Helper()
	server = h.newServer(config.ConnOptions{}, on)
	server.block.WantRequests(true, true)
	o.IP = "127.0.0.1"
	started := newMailbox[event]()
	if err := server.startServer(o, started.put); err != nil {
		h.t.Fatal(err)
	}
	started.take(h.t, "completion of the start")
	port, err := server.server.Port()
	if err != nil {
		h.t.Fatal(err)
	}
	return server, port
}

// A client may end its half of the stream behind its request (RFC 9112 9.6); its answer is
// sent to the end all the same.
func TestAnswerIsWholeForAClientThatHasHalfClosed(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	body := bytes.Repeat([]byte("0123456789abcdef"), 12<<20/16)
	_, port := h.asking(config.ListenOptions{}, func(_ *dispatcher, x *handle, e event) {
		if e.kind != border.EventRequest {
			return
		}
		if err := x.conn.Respond(handshake.Reply{Status: 200, Body: body}); err != nil {
			t.Errorf("respond: %v", err)
		}
	})
	for _, version := range []string{"1.0", "1.1"} {
		raw := rawTo(t, port)
		_, err := raw.Write([]byte("GET / HTTP/" + version + "\r\nHost: localhost\r\n\r\n"))
		must(t, err)
		must(t, raw.Conn.(*net.TCPConn).CloseWrite())
		response, err := http.ReadResponse(bufio.NewReader(raw), nil)
		must(t, err)
		got, err := io.ReadAll(response.Body)
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("HTTP/%s: %d bytes of the body came, %v", version, len(got), err)
		}
		must(t, raw.end())
	}
}

// An answer that was given in time counts, also when the time is over before the loop has
// heard of it; and one that was not is refused with the connection's end.
func TestDecisionCountsWhenItIsMade(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	asked := newMailbox[*handle]()
	_, port := h.asking(config.ListenOptions{}, func(_ *dispatcher, x *handle, e event) {
		if e.kind == border.EventRequest {
			asked.put(x)
		}
	})
	status := func(raw rawEnd) int {
		response, err := http.ReadResponse(bufio.NewReader(raw), nil)
		must(t, err)
		return response.StatusCode
	}
	get := "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	raw := rawTo(t, port)
	_, err := raw.Write([]byte(get))
	must(t, err)
	x := asked.take(t, "request")
	over := make(chan struct{})
	x.conn.w.loop.Post(func() {
		defer close(over)
		if err := x.conn.Respond(handshake.Reply{Status: 204}); err != nil {
			t.Errorf("respond: %v", err)
		}
		x.conn.Expired(nil) // the time is over right now
	})
	<-over
	if got := status(raw); got != 204 {
		t.Errorf("an answer in time became %d", got)
	}

	raw = rawTo(t, port)
	_, err = raw.Write([]byte(get))
	must(t, err)
	x = asked.take(t, "request")
	x.conn.w.loop.Post(func() { x.conn.Expired(nil) })
	if got := status(raw); got != 503 {
		t.Errorf("without an answer the client got %d", got)
	}
	if err := x.conn.Respond(handshake.Reply{Status: 204}); err == nil || err.ID != fault.IDNoConnection {
		t.Errorf("an answer that came too late: %v", err)
	}
}
