// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/url"
	"strconv"
	"time"

	"libws/core/fd"
)

// A proxy that is reached over TLS (ProxyHTTPS) leaves no bare socket to hand on: what goes
// to the target is inside TLS with the proxy, and may be TLS again. So the socket that
// Connect gives is one end of a pair, and two goroutines carry bytes between its other end and
// the proxy. They end with the connection, see carry.

// tlsWith makes the configuration of TLS with a proxy, whose name is checked; o has the
// authorities.
func tlsWith(p *Proxy, o *ProxyOptions) (*tls.Config, *InputError) {
	at := &Target{URL: &url.URL{Scheme: "wss", Host: net.JoinHostPort(p.Host, strconv.Itoa(int(p.port())))}}
	return clientTLS(at, &TLSOptions{CAFile: o.CAFile, CA: o.CA})
}

// encrypt does the client's side of TLS with the proxy; the end of ctx ends it.
func (r *route) encrypt(socket Socket, o *ProxyOptions) (*tls.Conn, error) {
	config := o.tls
	if config == nil { // of the environment
		var failed *InputError
		if config, failed = tlsWith(r.proxy, o); failed != nil {
			return nil, failed
		}
	}
	stop := context.AfterFunc(r.ctx, func() { socket.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	conn := tls.Client(socket, ForHandshake(config))
	if err := conn.Handshake(); err != nil {
		return nil, &proxyTLSError{err}
	}
	return conn, nil
}

// proxyTLSError is a failed handshake with a proxy.
type proxyTLSError struct{ err error }

func (e *proxyTLSError) Error() string { return "TLS handshake with the proxy: " + TLSFailure(e.err) }
func (e *proxyTLSError) Unwrap() error { return e.err }

// bridged is the socket of a tunnel inside conn, which it takes over.
func bridged(conn *tls.Conn) (Socket, error) {
	near, far, err := fd.Pair()
	if err != nil {
		conn.Close()
		return nil, err
	}
	go carry(conn, far)
	return near, nil
}

// lingers is how long the other direction may go on when one has ended.
const lingers = 5 * time.Second

// carry brings what comes at either end to the other. It is the first of two goroutines, and
// ends behind the second: when both directions have ended, or lingers after the first one.
func carry(conn *tls.Conn, pair Socket) {
	defer guard(func(error) {})
	defer conn.Close()
	defer pair.Close()
	ended := make(chan struct{})
	go func() {
		defer guard(func(error) { pair.SetDeadline(time.Unix(1, 0)) })
		defer close(ended)
		io.Copy(pair, conn)
		pair.CloseWrite()
		pair.SetReadDeadline(time.Now().Add(lingers))
	}()
	io.Copy(conn, pair)
	conn.CloseWrite()
	conn.SetReadDeadline(time.Now().Add(lingers))
	<-ended
}
