// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/internal/patience"
)

// deadline bounds every wait of the tests: reaching it is a failure.
var deadline = patience.Scaled(60 * time.Second)

// loopback gives both ends of a TCP connection, with a deadline for everything.
func loopback(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if client, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	end := time.Now().Add(deadline)
	client.SetDeadline(end)
	server.SetDeadline(end)
	return client, server
}

// serve answers one upgrade on conn as a server does: it collects the head,
// answers, and returns what came behind the head.
func serve(conn io.ReadWriter, o *ServerOptions) (req Request, rest []byte, err error) {
	var buf []byte
	chunk := make([]byte, 64) // small, so that heads come in parts
	for {
		n, err := conn.Read(chunk)
		if err != nil {
			return Request{}, nil, err
		}
		seen := len(buf)
		buf = append(buf, chunk[:n]...)
		end, rej := FindHead(buf, seen, 0)
		if rej != nil {
			conn.Write(rej.AppendReply(nil))
			return Request{}, nil, rej
		}
		if end == 0 {
			continue
		}
		req, reply, rej := Accept(nil, buf[:end], o)
		if _, err := conn.Write(reply); err != nil {
			return req, nil, err
		}
		if rej != nil {
			return req, nil, rej
		}
		return req, buf[end:], nil
	}
}

func TestForeignClientIsAccepted(t *testing.T) {
	t.Parallel()
	client, server := loopback(t)
	type result struct {
		hs  ws.Handshake
		err error
	}
	done := make(chan result, 1)
	go func() {
		dialer := ws.Dialer{
			Protocols: []string{"one", "two"},
			Header:    ws.HandshakeHeaderString("X-Test: yes\r\nOrigin: http://o\r\n"),
		}
		_, hs, err := dialer.Upgrade(client, target(t, "ws://example.com:81/p?q"))
		done <- result{hs, err}
	}()
	req, rest, err := serve(server, &ServerOptions{Protocols: []string{"two"}, Keep: true, Origins: patterns(t, "*")})
	if err != nil || len(rest) != 0 {
		t.Fatalf("server: %v, rest %q", err, rest)
	}
	r := <-done
	if r.err != nil || r.hs.Protocol != "two" {
		t.Errorf("client: %v, subprotocol %q", r.err, r.hs.Protocol)
	}
	if req.URI != "/p?q" || req.Host != "example.com:81" || req.Origin != "http://o" || req.Protocol != "two" || !slices.Contains(req.Fields, Field{"X-Test", "yes"}) {
		t.Errorf("request %+v", req)
	}
}

func TestForeignClientSeesTheStatusOfARefusal(t *testing.T) {
	t.Parallel()
	client, server := loopback(t)
	done := make(chan error, 1)
	go func() {
		dialer := ws.Dialer{Header: ws.HandshakeHeaderString("Content-Length: 5\r\n")}
		_, _, err := dialer.Upgrade(client, target(t, "ws://h/"))
		done <- err
	}()
	var rej *Rejection
	if _, _, err := serve(server, nil); !errors.As(err, &rej) || rej.Status != 400 {
		t.Errorf("server: %v", err)
	}
	if err := <-done; !errors.Is(err, ws.StatusError(400)) {
		t.Errorf("client: %v", err)
	}
}

func TestForeignServerUpgradesUs(t *testing.T) {
	t.Parallel()
	client, server := loopback(t)
	done := make(chan error, 1)
	go func() {
		upgrader := ws.Upgrader{Protocol: func(p []byte) bool { return string(p) == "two" }}
		_, err := upgrader.Upgrade(server)
		if err == nil {
			err = ws.WriteFrame(server, ws.NewTextFrame([]byte("hello")))
		}
		done <- err
	}()
	resp, rest, err := Connect(client, target(t, "ws://h/"), &ClientOptions{Protocols: []string{"one", "two"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if resp.Protocol != "two" {
		t.Errorf("subprotocol %q", resp.Protocol)
	}
	frame, err := ws.ReadFrame(io.MultiReader(bytes.NewReader(rest), client))
	if err != nil || string(frame.Payload) != "hello" {
		t.Errorf("frame %q, %v", frame.Payload, err)
	}
}

func TestNetHTTPServerUpgradesUs(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan http.Header, 1)
	handler := http.NewServeMux()
	handler.HandleFunc("/chat", func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header
		upgrader := ws.HTTPUpgrader{Header: http.Header{"X-Server": {"yes"}}}
		conn, _, _, err := upgrader.Upgrade(r, w)
		if err == nil {
			ws.WriteFrame(conn, ws.NewTextFrame([]byte("hello")))
			conn.Close()
		}
	})
	server := &http.Server{Handler: handler}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Shutdown(context.Background())
		<-served
	})

	base := "ws://" + l.Addr().String()
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		conn.SetDeadline(time.Now().Add(deadline))
		return conn
	}
	conn := dial()
	resp, rest, err := Connect(conn, target(t, base+"/chat"), &ClientOptions{Fields: []Field{{"X-Client", "yes"}}, Authorization: "Basic bWU6c2VjcmV0"})
	if err != nil {
		t.Fatal(err)
	}
	if h := <-seen; h.Get("X-Client") != "yes" || h.Get("Authorization") != "Basic bWU6c2VjcmV0" {
		t.Errorf("the server saw %v", h)
	}
	if !slices.Contains(resp.Fields, Field{"X-Server", "yes"}) {
		t.Errorf("fields %q", resp.Fields)
	}
	frame, err := ws.ReadFrame(io.MultiReader(bytes.NewReader(rest), conn))
	if err != nil || string(frame.Payload) != "hello" {
		t.Errorf("frame %q, %v", frame.Payload, err)
	}

	var se *StatusError
	if _, _, err := Connect(dial(), target(t, base+"/nowhere"), nil); !errors.As(err, &se) || se.Status != 404 || se.Reason != "Not Found" {
		t.Errorf("a path the server does not have: %v", err)
	}
}

func TestNetHTTPClientGets426FromOurServer(t *testing.T) {
	t.Parallel()
	client, server := loopback(t)
	done := make(chan error, 1)
	go func() {
		_, _, err := serve(server, nil)
		server.Close()
		done <- err
	}()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return client, nil }}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get("http://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 426 || resp.Header.Get("Upgrade") != "websocket" {
		t.Errorf("answer %v", resp)
	}
	var rej *Rejection
	if err := <-done; !errors.As(err, &rej) || rej.Status != 426 {
		t.Errorf("server: %v", err)
	}
}

func TestFramesBehindTheRequestHeadAreKept(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	const frames = "\x81\x85\x00\x00\x00\x00hello"
	go client.Write([]byte(chat() + frames))
	go io.Copy(io.Discard, client)
	_, rest, err := serve(server, nil)
	if err != nil {
		t.Fatal(err)
	}
	more := make([]byte, len(frames)-len(rest))
	if _, err := io.ReadFull(server, more); err != nil {
		t.Fatal(err)
	}
	if got := string(rest) + string(more); got != frames {
		t.Errorf("frames %q, want %q", got, frames)
	}
}

func TestBothOurRolesAgree(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	defer client.Close()
	defer server.Close()
	type result struct {
		req Request
		err error
	}
	done := make(chan result, 1)
	go func() {
		req, _, err := serve(server, &ServerOptions{Protocols: []string{"b", "a"}, Keep: true})
		done <- result{req, err}
	}()
	resp, rest, err := Connect(client, target(t, "ws://[::1]:80/p?q"), &ClientOptions{Protocols: []string{"a", "b"}})
	if err != nil || len(rest) != 0 {
		t.Fatalf("client: %v, rest %q", err, rest)
	}
	r := <-done
	if r.err != nil || r.req.URI != "/p?q" || r.req.Host != "[::1]" || r.req.Protocol != "b" || resp.Protocol != "b" {
		t.Errorf("server %+v, client %+v", r, resp)
	}
}
