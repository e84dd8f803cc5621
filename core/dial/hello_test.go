// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
)

// hello is what a server reads first of a client with these options: its bytes, and what
// they say.
func hello(t *testing.T, o TLSOptions) (size int, said tls.ClientHelloInfo) {
	t.Helper()
	config, err := ClientTLS(parse(t, "wss://server.test/"), o)
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tls.Client(near, ForHandshake(config)).Handshake()
		near.Close()
	}()
	counted := &countingConn{Conn: far}
	tls.Server(counted, &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
		size, said = counted.read, *h
		return nil, io.EOF
	}}).Handshake()
	far.Close()
	<-ended
	return size, said
}

type countingConn struct {
	net.Conn
	read int
}

func (c *countingConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.read += n
	return n, err
}

func TestHelloHasTheGroupsAndProtocolsThatAreWanted(t *testing.T) {
	t.Parallel()
	const segment = 1200 // what a path surely carries
	size, said := hello(t, TLSOptions{})
	if size <= segment || said.SupportedCurves[0] != tls.X25519MLKEM768 || !slices.Equal(said.SupportedProtos, []string{"http/1.1"}) {
		t.Errorf("%d bytes, %v, %q", size, said.SupportedCurves, said.SupportedProtos)
	}
	size, said = hello(t, TLSOptions{Groups: []string{"X25519", "p-256"}, ALPN: []string{"x-own", "http/1.1"}})
	if size >= segment || !slices.Equal(said.SupportedCurves, []tls.CurveID{tls.X25519, tls.CurveP256}) ||
		!slices.Equal(said.SupportedProtos, []string{"x-own", "http/1.1"}) {
		t.Errorf("%d bytes, %v, %q", size, said.SupportedCurves, said.SupportedProtos)
	}
	if _, said = hello(t, TLSOptions{ALPN: []string{}}); len(said.SupportedProtos) != 0 {
		t.Errorf("%q", said.SupportedProtos)
	}
	for input, o := range map[Input]TLSOptions{
		InputGroups: {Groups: []string{"X25519", "X448"}}, InputALPN: {ALPN: []string{"a", ""}},
	} {
		_, err := ClientTLS(parse(t, "wss://server.test/"), o)
		var bad *InputError
		if !errors.As(err, &bad) || bad.Input != input {
			t.Errorf("%s: %v", input, err)
		}
	}
}
