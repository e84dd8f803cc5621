// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
	"time"
)

func (i *issued) pair() Pair { return Pair{Cert: i.cert, Key: i.key} }

func acceptor(t testing.TB, o ServerOptions) *TLSServer {
	t.Helper()
	a, err := NewTLSServer(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// accepts answers "hello" over TLS and tells what it has seen.
func accepts(t testing.TB, a *TLSServer) (address string, all <-chan seen) {
	t.Helper()
	results := make(chan seen, 64)
	host, port := serve(t, func(raw net.Conn) {
		conn := a.Server(raw)
		err := conn.Handshake()
		if err == nil {
			_, err = io.WriteString(conn, "hello")
		}
		results <- seen{conn.ConnectionState(), err}
		io.Copy(io.Discard, conn)
	})
	return strings.TrimSuffix(strings.TrimPrefix(wss(host, port), "wss://"), "/"), results
}

// greeted is a foreign client that has shaken hands and read the greeting, with which
// the session and the alerts of TLS 1.3 come.
func greeted(t testing.TB, address string, config *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	raw, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(deadline))
	conn := tls.Client(raw, config)
	if _, err := io.ReadFull(conn, make([]byte, len("hello"))); err != nil {
		return tls.ConnectionState{}, err
	}
	return conn.ConnectionState(), nil
}

// eachVersion runs a test for TLS 1.2 and 1.3.
func eachVersion(t *testing.T, f func(t *testing.T, version uint16)) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			t.Parallel()
			f(t, version)
		})
	}
}

func TestCertificateIsChosenByTheNameAskedFor(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	named := func(names ...string) *issued {
		return issue(t, names[0], w.ca, func(c *x509.Certificate) { c.DNSNames = names })
	}
	first, wild, one, other := named("first.test"), named("*.wild.test"), named("one.wild.test", "alias.test"), named("Other.Test")
	address, _ := accepts(t, acceptor(t, ServerOptions{Pairs: []Pair{first.pair(), wild.pair(), one.pair(), other.pair()}}))
	eachVersion(t, func(t *testing.T, version uint16) {
		for name, want := range map[string]*issued{
			"first.test": first, "a.wild.test": wild, "one.wild.test": one, "ONE.wild.test": one, "alias.test": one, "other.test": other,
			"wild.test": first, "a.b.wild.test": first, "unknown.test": first, "": first,
		} {
			state, err := greeted(t, address, &tls.Config{ServerName: name, InsecureSkipVerify: true, MaxVersion: version})
			if err != nil || !state.PeerCertificates[0].Equal(want.Leaf) {
				t.Errorf("%q: %v, %v", name, state.PeerCertificates[0].DNSNames, err)
			}
		}
	})
}

func TestCertificateIsOneTheClientCanCheck(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "RSA"}, DNSNames: []string{"server.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}, w.ca.Leaf, key.Public(), w.ca.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	old := Pair{
		Cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		Key:  pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
	}
	address, _ := accepts(t, acceptor(t, ServerOptions{Pairs: []Pair{w.server.pair(), old}}))
	for name, c := range map[uint16]x509.PublicKeyAlgorithm{
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:   x509.RSA,
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: x509.ECDSA,
	} {
		for _, server := range []string{"server.test", "unknown.test", ""} {
			state, err := greeted(t, address, &tls.Config{ServerName: server, InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{name}})
			if err != nil || state.PeerCertificates[0].PublicKeyAlgorithm != c {
				t.Errorf("%s for %q: %v", tls.CipherSuiteName(name), server, err)
			}
		}
	}
}

func TestNewHandshakesShowTheNewCertificates(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	a := acceptor(t, ServerOptions{Pairs: []Pair{w.server.pair()}})
	address, _ := accepts(t, a)
	shown := func() *x509.Certificate {
		state, err := greeted(t, address, &tls.Config{ServerName: "server.test", RootCAs: w.roots()})
		if err != nil {
			t.Fatal(err)
		}
		return state.PeerCertificates[0]
	}
	if !shown().Equal(w.server.Leaf) {
		t.Fatal("not the first one")
	}
	next := issue(t, "server.test", w.ca, nil)
	for what, bad := range map[string][]Pair{
		"none":                 nil,
		"a pair that is none":  {next.pair(), {Cert: next.cert, Key: w.client.key}},
		"a certificate alone":  {{Cert: next.cert}},
		"an encrypted key":     {{Cert: stored(t, "certificate.pem"), Key: stored(t, "pbes2-default.pem")}},
		"a file that is not":   {next.pair(), {CertFile: t.TempDir() + "/x", Key: next.key}},
		"garbage from a file":  {{CertFile: written(t, "x", []byte("x")), Key: next.key}},
		"garbage for password": {{Cert: stored(t, "certificate.pem"), Key: stored(t, "pbes2-default.pem"), KeyPassword: []byte("wrong")}},
	} {
		err := a.Show(bad)
		var input *InputError
		if !errors.As(err, &input) || input.Pair != max(len(bad)-1, 0) {
			t.Errorf("%s: %v", what, err)
		}
		if !shown().Equal(w.server.Leaf) {
			t.Errorf("%s: the old one is gone", what)
		}
	}
	if err := a.Show([]Pair{next.pair()}); err != nil {
		t.Fatal(err)
	}
	if !shown().Equal(next.Leaf) {
		t.Error("the old one is still shown")
	}
}

func TestSessionsAreResumedAlsoAfterTheCertificatesWereReplaced(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	eachVersion(t, func(t *testing.T, version uint16) {
		a := acceptor(t, ServerOptions{Pairs: []Pair{w.server.pair()}, ClientCA: w.ca.cert, MaxVersion: version})
		address, all := accepts(t, a)
		config := &tls.Config{ServerName: "server.test", RootCAs: w.roots(), Certificates: []tls.Certificate{w.client.Certificate},
			ClientSessionCache: tls.NewLRUClientSessionCache(4)}
		for i := range 4 {
			config.NextProtos = [][]string{nil, {"http/1.1"}}[i/2] // both configurations know the tickets
			state, err := greeted(t, address, config)
			if err != nil {
				t.Fatal(err)
			}
			s := <-all
			if state.DidResume != (i > 0) || s.state.DidResume != state.DidResume || state.Version != version {
				t.Errorf("connection %d: resumed %v, %s", i, state.DidResume, tls.VersionName(state.Version))
			}
			if s.state.ServerName != "server.test" || len(s.state.PeerCertificates) == 0 || !s.state.PeerCertificates[0].Equal(w.client.Leaf) {
				t.Errorf("connection %d: the server knows no client any more", i)
			}
			if err := a.Show([]Pair{issue(t, "server.test", w.ca, nil).pair()}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// oneSession gives every server the same session.
type oneSession struct{ tls.ClientSessionCache }

func (s oneSession) Get(string) (*tls.ClientSessionState, bool) { return s.ClientSessionCache.Get("") }
func (s oneSession) Put(_ string, state *tls.ClientSessionState) {
	s.ClientSessionCache.Put("", state)
}

func TestSessionIsNotResumedForAnotherName(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	both := issue(t, "a.test", w.ca, func(c *x509.Certificate) { c.DNSNames = []string{"a.test", "b.test"} })
	eachVersion(t, func(t *testing.T, version uint16) {
		address, _ := accepts(t, acceptor(t, ServerOptions{Pairs: []Pair{both.pair()}, MaxVersion: version}))
		sessions := oneSession{tls.NewLRUClientSessionCache(4)}
		for i, c := range []struct {
			name    string
			resumed bool
		}{{"a.test", false}, {"a.test", true}, {"b.test", false}, {"b.test", true}, {"a.test", false}} {
			state, err := greeted(t, address, &tls.Config{ServerName: c.name, RootCAs: w.roots(), ClientSessionCache: sessions})
			if err != nil || state.DidResume != c.resumed {
				t.Errorf("connection %d, for %s: resumed %v, %v", i, c.name, state.DidResume, err)
			}
		}
	})
}

func TestTicketsOfAnotherServerAreNotTaken(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	eachVersion(t, func(t *testing.T, version uint16) {
		sessions := oneSession{tls.NewLRUClientSessionCache(4)}
		config := &tls.Config{ServerName: "server.test", RootCAs: w.roots(), ClientSessionCache: sessions, MaxVersion: version}
		for range 2 {
			address, _ := accepts(t, acceptor(t, ServerOptions{Pairs: []Pair{w.server.pair()}}))
			if state, err := greeted(t, address, config); err != nil || state.DidResume {
				t.Errorf("resumed %v, %v", state.DidResume, err)
			}
		}
	})
}

func TestServerAgreesToHTTPAndRefusesNoOtherProtocol(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	address, all := accepts(t, acceptor(t, ServerOptions{Pairs: []Pair{w.server.pair()}}))
	for _, c := range []struct {
		offered []string
		agreed  string
	}{{nil, ""}, {[]string{"http/1.1"}, "http/1.1"}, {[]string{"h2", "http/1.1"}, "http/1.1"}, {[]string{"h2"}, ""}, {[]string{"something else", "h3"}, ""}} {
		state, err := greeted(t, address, &tls.Config{ServerName: "server.test", RootCAs: w.roots(), NextProtos: c.offered})
		if err != nil || state.NegotiatedProtocol != c.agreed {
			t.Errorf("%q: %q, %v", c.offered, state.NegotiatedProtocol, err)
		}
		if s := <-all; s.err != nil || s.state.NegotiatedProtocol != c.agreed {
			t.Errorf("%q: the server has %q, %v", c.offered, s.state.NegotiatedProtocol, s.err)
		}
	}
}

func TestServerSaysWhatIsWrongWithACertificateOfAClient(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	expired := issue(t, "expired.test", w.ca, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	stranger := issue(t, "stranger.test", w.other, nil)
	onlyServer := issue(t, "server only", w.ca, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
	eachVersion(t, func(t *testing.T, version uint16) {
		for _, optional := range []bool{false, true} {
			address, all := accepts(t, acceptor(t, ServerOptions{Pairs: []Pair{w.server.pair()}, ClientCAFile: written(t, "ca.pem", w.ca.cert), ClientOptional: optional, MaxVersion: version}))
			none := "certificate required"
			if version == tls.VersionTLS12 {
				none = "handshake failure"
			}
			for _, c := range []struct {
				what        string
				client      *issued
				alert, says string // "": goes
			}{
				{"a good one", w.client, "", ""},
				{"none", nil, none, "didn't provide a certificate"},
				{"one of another authority", stranger, "unknown certificate authority", "unknown authority"},
				{"an expired one", expired, "expired certificate", "has expired"},
				{"one for servers", onlyServer, "bad certificate", "key usage"},
			} {
				if optional && c.client == nil {
					c.alert, c.says = "", ""
				}
				config := &tls.Config{ServerName: "server.test", RootCAs: w.roots()}
				config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
					if c.client == nil {
						return &tls.Certificate{}, nil
					}
					return &c.client.Certificate, nil
				}
				_, err := greeted(t, address, config)
				s := <-all
				if c.alert == "" {
					if err != nil || s.err != nil || (len(s.state.PeerCertificates) > 0) != (c.client != nil) {
						t.Errorf("%s, optional %v: %v, %v", c.what, optional, err, s.err)
					}
					continue
				}
				if text, ok := Alert(err); !ok || !strings.Contains(text, c.alert) {
					t.Errorf("%s, optional %v: the client hears %v", c.what, optional, err)
				}
				if s.err == nil || !strings.Contains(TLSFailure(s.err), c.says) {
					t.Errorf("%s, optional %v: the server says %v", c.what, optional, s.err)
				}
			}
		}
	})
}

func TestServerBoundsVersionsAndCipherSuites(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	const suite = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
	for _, c := range []struct {
		server ServerOptions
		least  uint16 // of the client
		most   uint16
		want   uint16 // 0: fails
	}{
		{ServerOptions{}, 0, 0, tls.VersionTLS13},
		{ServerOptions{}, 0, tls.VersionTLS12, tls.VersionTLS12},
		{ServerOptions{}, tls.VersionTLS10, tls.VersionTLS11, 0},
		{ServerOptions{MinVersion: tls.VersionTLS10}, tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS11},
		{ServerOptions{MinVersion: tls.VersionTLS13}, 0, tls.VersionTLS12, 0},
		{ServerOptions{MaxVersion: tls.VersionTLS12, CipherSuites: []string{suite}}, 0, 0, tls.VersionTLS12},
	} {
		c.server.Pairs = []Pair{w.server.pair()}
		address, _ := accepts(t, acceptor(t, c.server))
		state, err := greeted(t, address, &tls.Config{ServerName: "server.test", RootCAs: w.roots(), MinVersion: c.least, MaxVersion: c.most})
		if (err == nil) != (c.want != 0) || state.Version != c.want {
			t.Errorf("%+v: version %#x, %v", c.server, state.Version, err)
		}
		if c.server.CipherSuites != nil && tls.CipherSuiteName(state.CipherSuite) != suite {
			t.Errorf("cipher suite %s", tls.CipherSuiteName(state.CipherSuite))
		}
		if err != nil && !strings.Contains(err.Error(), "protocol version") {
			t.Errorf("the client hears %v", err)
		}
	}
}

func TestServerOptionsThatCannotBeUsedSayWhich(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	missing := t.TempDir() + "/missing.pem"
	good := []Pair{w.server.pair()}
	for what, c := range map[string]struct {
		o     ServerOptions
		input Input
	}{
		"no certificate":     {ServerOptions{}, InputCert},
		"missing authority":  {ServerOptions{Pairs: good, ClientCAFile: missing}, InputCA},
		"garbage authority":  {ServerOptions{Pairs: good, ClientCA: []byte("x")}, InputCA},
		"an empty range":     {ServerOptions{Pairs: good, MinVersion: tls.VersionTLS13, MaxVersion: tls.VersionTLS12}, InputVersions},
		"no cipher suite":    {ServerOptions{Pairs: good, CipherSuites: []string{"AES"}}, InputCiphers},
		"the key of another": {ServerOptions{Pairs: slices.Concat(good, []Pair{{Cert: w.server.cert, Key: w.client.key}})}, InputPair},
	} {
		a, err := NewTLSServer(c.o)
		var input *InputError
		if a != nil || !errors.As(err, &input) || input.Input != c.input || input.Missing != (c.o.ClientCAFile != "") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
