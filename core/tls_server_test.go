// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

func (p pair) inMemory() dial.Pair { return dial.Pair{Cert: p.cert, Key: p.key} }

// serverWith starts a server on the loopback.
func (h *testHost) serverWith(o config.ServerTLS, on callback) (server *handle, port int) {
	h.t.Helper()
	return h.listeningWith(config.ConnOptions{}, config.ListenOptions{TLS: o}, on)
}

// echoed sends a message and wants it back.
func echoed(t testing.TB, p *peer, text string) {
	t.Helper()
	must(t, p.send(ws.OpText, []byte(text)))
	if got, _, err := p.message(); err != nil || string(got) != text {
		t.Fatalf("%q came back as %q, %v", text, got, err)
	}
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("dial/testdata/" + name)
	must(t, err)
	return data
}

func TestServerTakesItsCertificateFromMemory(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	encrypted := dial.Pair{Cert: testdata(t, "certificate.pem"), Key: testdata(t, "pbes2-default.pem"), KeyPassword: []byte("secret")}
	for what, own := range map[string]dial.Pair{"plain": certs().good.inMemory(), "an encrypted key": encrypted} {
		_, port := h.serverWith(config.ServerTLS{Own: own}, echo)
		config := foreignConfig(tls.VersionTLS13)
		config.InsecureSkipVerify = true // the other is for no name
		p, _ := joinSecure(t, port, config, nil)
		echoed(t, p, what)
	}
}

// named is a certificate of this name.
func (a *authority) named(name string) pair {
	return a.sign([]string{name}, nil, -time.Hour, time.Hour)
}

func TestServerKnowsTheCertificateAndTheNameOfItsClient(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{})
		opened := newMailbox[*handle]()
		_, port := h.serverWith(config.ServerTLS{Own: certs().good.inMemory(), ClientCA: certs().ours.pem}, func(d *dispatcher, x *handle, e event) {
			if e.kind == border.EventOpen {
				opened.put(x)
			}
			echo(d, x, e)
		})
		config := foreignConfig(version)
		config.Certificates = []tls.Certificate{certs().ours.named("client.test").tls}
		config.ClientSessionCache = tls.NewLRUClientSessionCache(1)
		for i := range 2 { // the second one resumes, and shows no certificate
			p, conn := joinSecure(t, port, config, nil)
			echoed(t, p, "hello")
			if conn.ConnectionState().DidResume != (i == 1) {
				t.Errorf("connection %d: resumed %v", i, i == 0)
			}
			x := opened.take(t, "open")
			for kind, want := range map[TextKind]string{
				TextPeerCertificate: "names: client.test\n",
				TextServerName:      "localhost",
				TextTLSVersion:      tls.VersionName(version),
				TextTLSCipher:       "TLS_",
			} {
				if text, err := x.conn.Text(kind); err != nil || !strings.Contains(text, want) {
					t.Errorf("text %d of connection %d: %q, %v", kind, i, text, err)
				}
			}
		}
	})
}

func TestClientWithoutAGoodCertificateHearsTheAlert(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.serverWith(config.ServerTLS{Own: certs().good.inMemory(), ClientCA: certs().ours.pem}, echo)
	for _, c := range []struct {
		shown     []tls.Certificate
		alert, by string
	}{
		{nil, "certificate required", "didn't provide a certificate"},
		{[]tls.Certificate{certs().other.named("stranger.test").tls}, "unknown certificate authority", "signed by an unknown authority"},
	} {
		for range 20 {
			config := foreignConfig(tls.VersionTLS13)
			config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				if len(c.shown) == 0 {
					return &tls.Certificate{}, nil
				}
				return &c.shown[0], nil
			}
			raw := dialed(t, port)
			conn := tls.Client(raw, config)
			must(t, conn.Handshake())
			// Bytes that TLS never reads must not make it a reset, which may overtake the alert.
			conn.Write([]byte(strings.Repeat("GET / HTTP/1.1\r\n", 3000)))
			_, err := io.ReadAll(conn)
			if text, ok := dial.Alert(err); !ok || !strings.Contains(text, c.alert) {
				t.Fatalf("the client hears %v, not %q", err, c.alert)
			}
			if _, err := io.Copy(io.Discard, raw); err != nil {
				t.Fatalf("behind the alert: %v", err)
			}
			raw.Close()
		}
		h.dropped(t, "TLS handshake", c.by)
	}
	optional := config.ServerTLS{Own: certs().good.inMemory(), ClientCA: certs().ours.pem, ClientOptional: true}
	_, port = h.serverWith(optional, echo)
	config := foreignConfig(tls.VersionTLS13)
	config.Certificates = nil
	p, _ := joinSecure(t, port, config, nil)
	echoed(t, p, "nothing to show")
}

func TestFailedHandshakeDoesNotHoldUpTheStopOfTheServer(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server, port := h.serverWith(config.ServerTLS{Own: certs().good.inMemory()}, nil)
	raw := dialed(t, port) // stays open after its alert
	io.WriteString(raw, "this is no TLS at all, and has more bytes than a record header")
	must(t, (&peer{Conn: raw, r: raw}).end())
	stopped := newMailbox[event]()
	if err := server.stopServer(stopped.put); err != nil {
		t.Fatal(err)
	}
	stopped.take(t, "completion of the stop")
}

func TestCertificatesAreReplacedWhileTheServerRuns(t *testing.T) {
	t.Parallel()
	versions(t, func(t *testing.T, version uint16) {
		h := start(t, config.Library{})
		other := certs().ours.named("other.test")
		server, port := h.serverWith(config.ServerTLS{Own: certs().good.inMemory(), More: []dial.Pair{other.inMemory()}}, echo)
		joins := func(name string) (*peer, *x509.Certificate) {
			config := foreignConfig(version)
			config.ServerName = name
			p, conn := joinSecure(t, port, config, nil)
			echoed(t, p, "hello "+name)
			return p, conn.ConnectionState().PeerCertificates[0]
		}
		before, shown := joins("localhost")
		if !shown.Equal(certs().good.tls.Leaf) {
			t.Error("localhost: another certificate")
		}
		if _, shown := joins("other.test"); !shown.Equal(other.tls.Leaf) {
			t.Error("other.test: another certificate")
		}
		next := certs().ours.named("localhost")
		if err := server.server.SetCertificates([]dial.Pair{inFiles(t, next), {CertFile: "missing.pem", Key: next.key}}); err == nil ||
			err.ID != fault.IDCertFile || !strings.Contains(err.Text, "certificates[1].cert_path: ") {
			t.Errorf("a missing file: %v", err)
		}
		if _, shown := joins("localhost"); !shown.Equal(certs().good.tls.Leaf) {
			t.Error("a replacement that failed has changed the certificate")
		}
		if err := server.server.SetCertificates([]dial.Pair{inFiles(t, next)}); err != nil {
			t.Fatal(err)
		}
		if _, shown := joins("localhost"); !shown.Equal(next.tls.Leaf) {
			t.Error("localhost: the old certificate")
		}
		echoed(t, before, "still there")
	})
}

func TestCertificatesOfServersThatHaveNoneCannotBeReplaced(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	pairs := []dial.Pair{certs().good.inMemory()}
	server := h.newServer(config.ConnOptions{}, nil)
	if err := server.server.SetCertificates(pairs); err == nil || err.ID != fault.IDState {
		t.Errorf("not started: %v", err)
	}
	server.listen(t)
	if err := server.server.SetCertificates(pairs); err == nil || err.ID != fault.IDState || !strings.Contains(err.Text, "without a certificate") {
		t.Errorf("a plain one: %v", err)
	}
	server, _ = h.serverWith(config.ServerTLS{More: pairs}, nil)
	if err := server.server.SetCertificates(nil); err == nil || err.ID != fault.IDParameter || !strings.Contains(err.Text, "count: ") {
		t.Errorf("none: %v", err)
	}
	server.server.Destroy()
	if err := server.server.SetCertificates(pairs); err == nil || err.ID != fault.IDHandle {
		t.Errorf("a destroyed one: %v", err)
	}
}

func TestServerTLSThatCannotBeUsedIsRefusedByName(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	s := h.newServer(config.ConnOptions{}, nil)
	good, missing := certs().good.inMemory(), t.TempDir()+"/missing.pem"
	garbage := []byte("x")
	mixed := dial.Pair{Cert: certs().good.cert, Key: certs().foreign.key}
	encrypted := dial.Pair{Cert: testdata(t, "certificate.pem"), Key: testdata(t, "pbes2-default.pem")}
	for _, c := range []struct {
		o     config.ServerTLS
		id    int32
		names string
	}{
		{config.ServerTLS{Own: dial.Pair{Cert: garbage, Key: good.Key}}, fault.IDParameter, "config.cert: "},
		{config.ServerTLS{Own: dial.Pair{Cert: good.Cert, Key: garbage}}, fault.IDParameter, "config.key: "},
		{config.ServerTLS{Own: dial.Pair{Key: good.Key}}, fault.IDParameter, "config.cert: "},
		{config.ServerTLS{Own: dial.Pair{CertFile: missing, Key: good.Key}}, fault.IDCertFile, "config.cert_path: "},
		{config.ServerTLS{Own: mixed}, fault.IDParameter, "config.cert, config.key: "},
		{config.ServerTLS{Own: encrypted}, fault.IDParameter, "config.key_password: "},
		{config.ServerTLS{Own: good, More: []dial.Pair{good, mixed}}, fault.IDParameter, "config.certificates[1].cert, config.certificates[1].key: "},
		{config.ServerTLS{More: []dial.Pair{good, {Cert: good.Cert, KeyFile: missing}}}, fault.IDCertFile, "config.certificates[1].key_path: "},
		{config.ServerTLS{More: []dial.Pair{{}}}, fault.IDParameter, "config.certificates[0].cert: "},
		{config.ServerTLS{Own: good, ClientCA: garbage}, fault.IDParameter, "config.client_ca: "},
		{config.ServerTLS{Own: good, ClientCAFile: missing}, fault.IDCertFile, "config.client_ca_path: "},
		{config.ServerTLS{ClientCA: certs().ours.pem}, fault.IDParameter, "config.client_ca: "},
		{config.ServerTLS{Own: good, ClientOptional: true}, fault.IDParameter, "config.flags: "},
		{config.ServerTLS{Own: good, CipherSuites: []string{"AES"}}, fault.IDParameter, "config.cipher_suites: "},
		{config.ServerTLS{Own: good, MinVersion: tls.VersionTLS13, MaxVersion: tls.VersionTLS12}, fault.IDParameter, "config.min_support_tls_protocol"},
	} {
		err := s.startServer(config.ListenOptions{IP: "127.0.0.1", TLS: c.o}, func(event) { t.Error("a call that failed has completed") })
		if err == nil || err.ID != c.id || !strings.HasPrefix(err.Text, c.names) {
			t.Errorf("%v, want %s", err, c.names)
		}
	}
	if _, err := s.server.Port(); err == nil {
		t.Error("it listens")
	}
}

func TestOurClientShowsItsCertificateToOurServer(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	opened := newMailbox[string]()
	_, port := h.serverWith(config.ServerTLS{Own: certs().good.inMemory(), ClientCAFile: file(t, "ca.pem", certs().ours.pem)}, func(_ *dispatcher, x *handle, e event) {
		if e.kind == border.EventOpen {
			text, _ := x.conn.Text(TextPeerCertificate)
			opened.put(text)
		}
	})
	shown := certs().ours.named("our.client.test")
	o := trusting(t)
	o.TLS.Cert, o.TLS.Key = shown.cert, shown.key
	r := newRecorder()
	x := h.client(config.ConnOptions{}, r.listen)
	if err := x.connectWith(fmt.Sprintf("wss://localhost:%d/", port), o, nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
	if text := opened.take(t, "open"); !strings.Contains(text, "names: our.client.test") {
		t.Errorf("the server knows %q", text)
	}
	if name, _ := x.conn.Text(TextServerName); name != "localhost" {
		t.Errorf("the client has asked for %q", name)
	}
	e := h.refusesTo(fmt.Sprintf("wss://localhost:%d/", port), trusting(t))
	if e.stage != dial.StageTLS || !strings.Contains(e.message, "wants a certificate") {
		t.Errorf("without one: stage %v, %s", e.stage, e.message)
	}
}
