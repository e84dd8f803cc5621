// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/turns"
)

// refusesTo connects and gives the error event; its completion must say the same.
func (h *testHost) refusesTo(url string, o config.ConnectOptions) event {
	h.t.Helper()
	r, done := newRecorder(), newMailbox[event]()
	x := h.client(config.ConnOptions{}, r.listen)
	if err := x.connectWith(url, o, done.put); err != nil {
		h.t.Fatal(err)
	}
	c := done.take(h.t, "completion of the connect")
	e := r.next(h.t, border.EventError).event
	if c.id != e.id || c.stage != e.stage || c.message != e.message {
		h.t.Errorf("the completion says %d %v %q, the event %d %v %q", c.id, c.stage, c.message, e.id, e.stage, e.message)
	}
	if s := x.block.State(); s != border.StateClosed {
		h.t.Errorf("state %d after a failed connect", s)
	}
	return e
}

// secureEnd is a foreign server that does the handshake and then nothing: the
// client refuses it, so how it ends there is not looked at.
func secureEnd(t *testing.T, settings *tls.Config) (url string) {
	return "wss://" + accepting(t, func(raw net.Conn) error {
		conn := tls.Server(raw, settings)
		conn.Handshake()
		io.Copy(io.Discard, conn)
		return nil
	}) + "/"
}

func TestClientRefusesCertificatesThatProveNothing(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	system := config.ConnectOptions{}
	for _, c := range []struct {
		what    string
		pair    pair
		options config.ConnectOptions
		says    string
	}{
		{"for another name", certs().wrongName, trusting(t), "the certificate is for another name"},
		{"expired", certs().expired, trusting(t), "has expired"},
		{"not valid yet", certs().early, trusting(t), "is not yet valid"},
		{"of an unknown authority", certs().foreign, trusting(t), "the certificate is signed by an unknown authority"},
		{"not of the system's authorities", certs().good, system, "the certificate is signed by an unknown authority"},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			settings := foreignConfig(version)
			settings.Certificates = []tls.Certificate{c.pair.tls}
			url := secureEnd(t, settings)
			e := h.refusesTo(url, c.options)
			if e.id != fault.IDConnectFailed || e.stage != dial.StageTLS || !strings.Contains(e.message, c.says) || !strings.Contains(e.message, "127.0.0.1") {
				t.Errorf("%s: %d, stage %v: %s", c.what, e.id, e.stage, e.message)
			}
		}
	}
}

func TestSkippingVerificationTakesAnyCertificate(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	for _, p := range []pair{certs().wrongName, certs().expired, certs().foreign} {
		settings := foreignConfig(tls.VersionTLS13)
		settings.Certificates = []tls.Certificate{p.tls}
		url := foreignSecure(t, settings, nil, echoes)
		r := newRecorder()
		x := h.client(config.ConnOptions{}, r.listen)
		if err := x.connectWith(url, config.ConnectOptions{TLS: dial.TLSOptions{SkipVerify: true}}, nil); err != nil {
			t.Fatal(err)
		}
		r.next(t, border.EventOpen)
		if err := x.close(1000, "", nil); err != nil {
			t.Fatal(err)
		}
		r.next(t, border.EventClose)
	}
}

func TestHostNameIsCheckedAndSent(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	settings := foreignConfig(tls.VersionTLS13)
	settings.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if len(hello.SupportedProtos) != 1 || hello.SupportedProtos[0] != "http/1.1" {
			t.Errorf("ALPN %q", hello.SupportedProtos)
		}
		asked <- hello.ServerName
		return nil, nil
	}
	url := foreignSecure(t, settings, nil, echoes)
	h := start(t, config.Library{})
	_, port, _ := net.SplitHostPort(strings.TrimSuffix(strings.TrimPrefix(url, "wss://"), "/"))
	for host, name := range map[string]string{"localhost": "localhost", "127.0.0.1": ""} {
		x, r := h.secured(config.ConnOptions{}, fmt.Sprintf("wss://%s:%s/", host, port))
		if got := <-asked; got != name {
			t.Errorf("%s: server name %q", host, got)
		}
		if err := x.close(1000, "", nil); err != nil {
			t.Fatal(err)
		}
		r.next(t, border.EventClose)
	}
}

func TestPeersThatDoNotSpeakTLSAreToldApart(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	says := func(text string) string {
		return "wss://" + accepting(t, func(conn net.Conn) error {
			io.WriteString(conn, text)
			io.Copy(io.Discard, conn)
			return nil
		}) + "/"
	}
	ends := "wss://" + accepting(t, func(conn net.Conn) error {
		conn.Read(make([]byte, 16<<10)) // a close with unread bytes would be a reset
		return nil
	}) + "/"
	old := foreignConfig(tls.VersionTLS11)
	other := foreignConfig(tls.VersionTLS13)
	other.NextProtos = []string{"something else"}
	demanding := foreignConfig(tls.VersionTLS13) // says so after the client's handshake
	demanding.ClientAuth = tls.RequireAnyClientCert
	for _, c := range []struct{ what, url, part string }{
		{"plain HTTP", says("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), "the peer does not speak TLS"},
		{"SSH", says("SSH-2.0-OpenSSH_9.2p1\r\n"), "the peer does not speak TLS"},
		{"nothing, and ends", ends, "ended the connection"},
		{"only TLS 1.1", secureEnd(t, old), "version"},
		{"only another protocol", secureEnd(t, other), "the peer refused the handshake: no application protocol"},
		{"asks for a certificate of the client", secureEnd(t, demanding), "the peer refused the handshake: certificate required"},
	} {
		e := h.refusesTo(c.url, trusting(t))
		if e.id != fault.IDConnectFailed || e.stage != dial.StageTLS || !strings.Contains(strings.ReplaceAll(e.message, "tls: ", ""), c.part) {
			t.Errorf("%s: %d, stage %v: %s", c.what, e.id, e.stage, e.message)
		}
	}
}

func TestCertificateFilesThatCannotBeUsedAreRefusedByName(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	garbage := file(t, "garbage.pem", []byte("this is no PEM\n"))
	missing := t.TempDir() + "/missing.pem"
	cert, key := file(t, "cert.pem", certs().good.cert), file(t, "key.pem", certs().good.key)
	x := h.client(config.ConnOptions{}, nil)
	for _, c := range []struct {
		path string
		id   int32
	}{{missing, fault.IDCertFile}, {garbage, fault.IDParameter}, {key, fault.IDParameter}, {t.TempDir(), fault.IDParameter}} {
		err := x.connectWith("wss://127.0.0.1:1/", config.ConnectOptions{TLS: dial.TLSOptions{CAFile: c.path}}, func(event) { t.Error("a call that failed has completed") })
		if err == nil || err.ID != c.id || !strings.Contains(err.Text, "options.ca_path: ") || !strings.Contains(err.Text, c.path) {
			t.Errorf("authorities in %s: %v", c.path, err)
		}
	}
	if s := x.block.State(); s != border.StateClosed {
		t.Errorf("state %d after a refused connect", s)
	}
	s := h.newServer(config.ConnOptions{}, nil)
	for _, c := range []struct {
		cert, key, path string
		id              int32
		names           string
	}{
		{missing, key, missing, fault.IDCertFile, "config.cert_path: "},
		{cert, missing, missing, fault.IDCertFile, "config.key_path: "},
		{garbage, key, garbage, fault.IDParameter, "config.cert_path"},
		{cert, garbage, garbage, fault.IDParameter, "config.key_path"},
		{cert, file(t, "other.pem", certs().foreign.key), cert, fault.IDParameter, "config.key_path"},
		{key, cert, key, fault.IDParameter, "config.cert_path"},
	} {
		err := s.startServer(config.ListenOptions{IP: "127.0.0.1", TLS: config.ServerTLS{Own: dial.Pair{CertFile: c.cert, KeyFile: c.key}}}, func(event) { t.Error("a call that failed has completed") })
		if err == nil || err.ID != c.id || !strings.Contains(err.Text, c.path) || !strings.Contains(err.Text, c.names) {
			t.Errorf("certificate %s, key %s: %v", c.cert, c.key, err)
		}
	}
	if _, err := s.server.Port(); err == nil {
		t.Error("it listens")
	}
}

// dropped waits until the server has written a line with these parts.
func (h *testHost) dropped(t testing.TB, parts ...string) {
	t.Helper()
	late := time.After(deadline)
	for {
		for _, line := range h.logged() {
			found := true
			for _, p := range parts {
				found = found && strings.Contains(line, p)
			}
			if found {
				return
			}
		}
		select {
		case <-late:
			t.Fatalf("no line with %q in\n%s", parts, strings.Join(h.logged(), "\n"))
		default:
			h.round()
		}
	}
}

func TestServerDropsPeersThatDoNotFinishTheHandshake(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
	address := fmt.Sprintf("127.0.0.1:%d", port)

	plain, err := net.Dial("tcp", address)
	must(t, err)
	defer plain.Close()
	io.WriteString(plain, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	must(t, (&peer{Conn: plain, r: plain}).end())
	h.dropped(t, "TLS handshake", "the peer does not speak TLS", plain.LocalAddr().String())

	settings := foreignConfig(tls.VersionTLS13)
	settings.RootCAs = certs().other.pool()
	if _, err := tls.Dial("tcp", address, settings); err == nil {
		t.Fatal("the foreign client took a certificate of an authority it does not know")
	}
	h.dropped(t, "TLS handshake", "the peer refused the handshake", "certificate")

	gone, err := net.Dial("tcp", address)
	must(t, err)
	gone.Close()
	h.dropped(t, "TLS handshake", "ended the connection", gone.LocalAddr().String())
}

func TestServerDropsPeersThatStopInTheHandshake(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: 300 * time.Millisecond}, certs().good, nil)
	hello := clientHello(t)
	for _, said := range [][]byte{nil, hello[:1], hello[:5], hello[:len(hello)-1], hello} {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		must(t, err)
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(deadline))
		_, err = conn.Write(said)
		must(t, err)
		must(t, (&peer{Conn: conn, r: conn}).end())
		h.dropped(t, "the TLS handshake was not complete in time", conn.LocalAddr().String())
	}
	// One that is silent after the handshake, which takes its time on a loaded machine, gets
	// the answer of a plain server.
	_, port = h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: 4 * time.Second}, certs().good, nil)
	conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), foreignConfig(tls.VersionTLS13))
	must(t, err)
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(deadline))
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
		t.Errorf("%q, %v", answer, err)
	}
}

// clientHello is what a client says first.
func clientHello(t *testing.T) []byte {
	t.Helper()
	ours, theirs := net.Pipe()
	defer theirs.Close()
	go func() {
		defer ours.Close()
		tls.Client(ours, foreignConfig(tls.VersionTLS13)).Handshake()
	}()
	p := make([]byte, 16<<10)
	n, err := theirs.Read(p)
	must(t, err)
	return p[:n]
}

func TestServerThatStopsInTheHandshakeIsATimeout(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	o := trusting(t)
	o.Timeout = 300 * time.Millisecond
	silent := func(conn net.Conn) error {
		io.Copy(io.Discard, conn)
		return nil
	}
	half := func(conn net.Conn) error { // the answer without the end of its records
		s := &sliced{Conn: conn, cut: func(p []byte) [][]byte { return [][]byte{p[:len(p)-1]} }}
		settings := foreignConfig(tls.VersionTLS13)
		settings.SessionTicketsDisabled = true // else they are the end of it
		tls.Server(s, settings).Handshake()
		io.Copy(io.Discard, conn)
		return nil
	}
	mute := func(conn net.Conn) error { // TLS, but no answer to the upgrade
		s := tls.Server(conn, foreignConfig(tls.VersionTLS13))
		io.Copy(io.Discard, s)
		return nil
	}
	for _, c := range []struct {
		serve func(net.Conn) error
		where string
	}{{silent, "TLS handshake"}, {half, "TLS handshake"}, {mute, "the upgrade"}} {
		e := h.refusesTo("wss://"+accepting(t, c.serve)+"/", o)
		if e.id != fault.IDTimeout || e.stage != dial.StageTimeout || !strings.Contains(e.message, c.where) || !strings.Contains(e.message, "300 ms") {
			t.Errorf("%d, stage %v: %s", e.id, e.stage, e.message)
		}
	}
}

func TestCloseAndDestroyEndATLSHandshake(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	arrived := make(chan struct{})
	ended := make(chan struct{})
	url := "wss://" + accepting(t, func(conn net.Conn) error {
		conn.Read(make([]byte, 1))
		arrived <- struct{}{}
		io.Copy(io.Discard, conn)
		ended <- struct{}{}
		return nil
	}) + "/"
	for _, destroy := range []bool{false, true} {
		connected, closed := newMailbox[event](), newMailbox[event]()
		x := h.client(config.ConnOptions{}, nil)
		if err := x.connectWith(url, trusting(t), connected.put); err != nil {
			t.Fatal(err)
		}
		<-arrived
		if destroy {
			x.destroy()
		} else if err := x.close(1000, "", closed.put); err != nil {
			t.Fatal(err)
		}
		if e := connected.take(t, "completion of the connect"); e.id != fault.IDCancelled {
			t.Errorf("destroy %v: %d: %s", destroy, e.id, e.message)
		}
		if !destroy {
			closed.take(t, "completion of the close")
		}
		<-ended
	}
}

func TestRefusedUpgradeIsAnsweredOverTLS(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{})
		_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
		conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port), foreignConfig(version))
		must(t, err)
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(deadline))
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		answer, err := io.ReadAll(conn) // an end without close_notify is an error here
		if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 4") {
			t.Errorf("%q, %v", answer, err)
		}
	})
}

func TestRefusalOfTheUpgradeIsReadOverTLS(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	url := "wss://" + accepting(t, func(raw net.Conn) error {
		conn := tls.Server(raw, foreignConfig(tls.VersionTLS13))
		readHTTP(t, conn)
		io.WriteString(conn, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
		return conn.Close()
	}) + "/"
	if e := h.refusesTo(url, trusting(t)); e.id != fault.IDConnectFailed || e.stage != dial.StageUpgrade || e.status != 403 {
		t.Errorf("%d, stage %v, status %d: %s", e.id, e.stage, e.status, e.message)
	}
}

func TestSilentPeersDoNotHoldUpTheHandshakesOfOthers(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: -time.Millisecond}, certs().good, echo)
	hello := clientHello(t)
	for i := range 3 * turns.Most {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		must(t, err)
		defer conn.Close()
		_, err = conn.Write(hello[:[]int{0, 100, len(hello)}[i%3]])
		must(t, err)
	}
	p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
	must(t, p.send(ws.OpText, []byte("I am not one of them")))
	if got, _, err := p.message(); err != nil || string(got) != "I am not one of them" {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestAThousandHandshakesAtOnceAllFinish(t *testing.T) {
	h := start(t, config.Library{Loops: 2})
	_, port := h.secureServerWith(config.ConnOptions{}, config.ListenOptions{Timeout: -time.Millisecond}, certs().good, echo)
	o := trusting(t)
	o.Timeout = -time.Millisecond
	const count = 1000
	r := newRecorder()
	before := resources(t)
	var all []*handle
	for range count {
		x := h.client(config.ConnOptions{}, r.listen)
		if err := x.connectWith(wss(port), o, nil); err != nil {
			t.Fatal(err)
		}
		all = append(all, x)
	}
	for range count {
		r.nextOf(t, 4*deadline, border.EventOpen)
	}
	// No goroutine stays with an open connection.
	before.settle(t, h, 2*count)
	for _, x := range all {
		if err := x.send(ws.OpText, []byte("still there"), nil); err != nil {
			t.Fatal(err)
		}
	}
	for range count {
		r.nextOf(t, 4*deadline, border.EventMessage)
	}
	for _, x := range all {
		x.destroy()
	}
	for range count {
		r.nextOf(t, 4*deadline, border.EventClose)
		r.nextOf(t, 4*deadline, border.EventDestroyed)
	}
	before.settle(t, h, 0)
}
