// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/loop"
)

// byRSA is a good certificate for a key of RSA.
func (a *authority) byRSA() dial.Pair {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(err)
	template := certs().good.tls.Leaf
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	check(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	return dial.Pair{
		Cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		Key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	}
}

// onEpoll is a library whose loops can let go of a socket.
func onEpoll(t *testing.T) *testHost {
	t.Helper()
	if loop.Epoll.Check() != nil {
		t.Skip("this system has no epoll")
	}
	return start(t, config.Library{Engine: loop.Epoll})
}

// runs waits until the handshakes of a server that has one loop have begun, so many, and gives how
// many of them run on that loop.
func (h *testHost) runs(t *testing.T, server *handle, count int) (here int) {
	t.Helper()
	for end := time.Now().Add(deadline); ; h.round() {
		begun := make(chan [2]int, 1)
		h.engine.workers[0].loop.Post(func() {
			var here, apart int
			for _, c := range server.server.list() {
				if c.phase == phaseSecuring && c.ends.begin.shaker != nil {
					here++
				} else if c.phase == phaseSecuring && c.ends.begin.cancel != nil {
					apart++
				}
			}
			begun <- [2]int{here, apart}
		})
		if n := <-begun; n[0]+n[1] == count {
			return n[0]
		}
		if time.Now().After(end) {
			t.Fatalf("waited in vain for the begin of %d handshakes", count)
		}
	}
}

// stuck are clients that have said so much and nothing more.
func stuck(t *testing.T, port, count int, said []byte) {
	t.Helper()
	for range count {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		must(t, err)
		t.Cleanup(func() { conn.Close() })
		_, err = conn.Write(said)
		must(t, err)
	}
}

func TestOnlyHandshakesThatAreBriefRunOnTheLoop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		tls  config.ServerTLS
		here int
	}{
		{"P-256", config.ServerTLS{Own: certs().good.inMemory()}, 1},
		{"a key of RSA", config.ServerTLS{Own: certs().ours.byRSA()}, 0},
		{"a key of RSA for another name", config.ServerTLS{Own: certs().good.inMemory(), More: []dial.Pair{certs().ours.byRSA()}}, 0},
		{"certificates of clients", config.ServerTLS{Own: certs().good.inMemory(), ClientCA: certs().ours.pem}, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			h := onEpoll(t)
			server, port := h.serverWith(c.tls, echo)
			stuck(t, port, 1, clientHello(t))
			if here := h.runs(t, server, 1); here != c.here {
				t.Errorf("%d of the handshakes run on the loop, want %d", here, c.here)
			}
			p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
			echoed(t, p, "behind it")
		})
	}
}

func TestAClientThatWantsALargeGroupIsServedApart(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := onEpoll(t)
		_, port := h.serverWith(config.ServerTLS{Own: certs().good.inMemory()}, echo)
		config := foreignConfig(version)
		config.CurvePreferences = []tls.CurveID{tls.CurveP384}
		p, conn := joinSecure(t, port, config, nil)
		echoed(t, p, "a large group")
		if group := conn.ConnectionState().CurveID; group != tls.CurveP384 {
			t.Errorf("the group is %v", group)
		}
	})
}

// late reads nothing until it may.
type late struct {
	net.Conn
	may <-chan struct{}
}

func (l late) Read(p []byte) (int, error) {
	<-l.may
	return l.Conn.Read(p)
}

// Over a Unix socket, whose send buffer does not grow as that of TCP on the loopback.
func TestAChainThatIsLongerThanTheSendBufferArrives(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := onEpoll(t)
		own, path := certs().good.inMemory(), filepath.Join(t.TempDir(), "s")
		more := 250_000 / (len(certs().ours.cert.Raw) + 5) // crypto/tls takes no more than 256 KiB
		own.Cert = append(bytes.Clone(own.Cert), bytes.Repeat(certs().ours.pem, more)...)
		server := h.newServer(config.ConnOptions{}, echo)
		done := newMailbox[event]()
		if err := server.startServer(config.ListenOptions{ListenersOnly: true, Listeners: []config.ListenerOptions{{Path: path}}, TLS: config.ServerTLS{Own: own}}, done.put); err != nil {
			t.Fatal(err)
		}
		done.take(t, "completion of the start")
		raw, err := net.Dial("unix", path)
		must(t, err)
		t.Cleanup(func() { raw.Close() })
		raw.SetDeadline(time.Now().Add(deadline))
		may := make(chan struct{})
		joined := make(chan error, 1)
		var p *peer
		go func() {
			var err error
			p, err = upgradeOver(tls.Client(late{raw, may}, foreignConfig(version)))
			joined <- err
		}()
		for end := time.Now().Add(deadline); !h.waitsForRoom(server); h.round() {
			if time.Now().After(end) {
				t.Fatal("the chain is not longer than the send buffer")
			}
		}
		close(may)
		must(t, <-joined)
		echoed(t, p, "behind the chain")
	})
}

// waitsForRoom tells whether a handshake of a server that has one loop waits for room to send.
func (h *testHost) waitsForRoom(server *handle) bool {
	waits := make(chan bool, 1)
	h.engine.workers[0].loop.Post(func() {
		any := false
		for _, c := range server.server.list() {
			any = any || c.phase == phaseSecuring && c.sock.WatchesOut()
		}
		waits <- any
	})
	return <-waits
}

func TestHandshakesThatAreGivenUpLeaveNothing(t *testing.T) {
	h := onEpoll(t)
	const count = 3 * shakersKept
	server, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: -time.Millisecond}, certs().good, echo)
	p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
	echoed(t, p, "one coroutine rests")
	before := resources(t)
	hello := clientHello(t)
	for range count {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		must(t, err)
		_, err = conn.Write(hello[:len(hello)-1])
		must(t, err)
		defer conn.Close()
	}
	if here := h.runs(t, server, count); here == 0 {
		t.Error("all of them run apart")
	}
	stopped := newMailbox[event]()
	if err := server.stopServer(stopped.put); err != nil {
		t.Fatal(err)
	}
	stopped.take(t, "completion of the stop")
	before.settle(t, h, count) // the clients' ends
}
