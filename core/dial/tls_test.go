// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestCertificateIsCheckedForTheHostAlone(t *testing.T) {
	t.Parallel()
	for raw, name := range map[string]string{
		"wss://example.org:8443/path": "example.org",
		"wss://user:secret@a.b/":      "a.b",
		"wss://127.0.0.1/":            "127.0.0.1",
		"wss://[::1]:1/":              "::1",
		"wss://[fe80::1%25eth0]/":     "fe80::1",
		"wss://bücher.example/":       "xn--bcher-kva.example",
		"wss+unix:/run/x.sock":        "localhost",
	} {
		c, err := ClientTLS(parse(t, raw), TLSOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if c.ServerName != name || c.InsecureSkipVerify || c.MinVersion != tls.VersionTLS12 || c.MaxVersion != 0 {
			t.Errorf("%s: name %q, skips verification %v, from version %#x", raw, c.ServerName, c.InsecureSkipVerify, c.MinVersion)
		}
	}
}

func TestAuthoritiesComeFromAFileOrFromMemory(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}})
	both := append(append([]byte("a comment\n"), w.other.cert...), w.ca.cert...)
	for what, c := range map[string]struct {
		o    TLSOptions
		good bool
	}{
		"a file":                     {TLSOptions{CAFile: written(t, "ca.pem", w.ca.cert)}, true},
		"memory":                     {TLSOptions{CA: w.ca.cert}, true},
		"two in one":                 {TLSOptions{CA: both}, true},
		"a file and memory":          {TLSOptions{CAFile: written(t, "ca.pem", w.other.cert), CA: w.ca.cert}, true},
		"another authority":          {TLSOptions{CA: w.other.cert}, false},
		"the system's":               {TLSOptions{}, false},
		"none, and no verification":  {TLSOptions{SkipVerify: true}, true},
		"other, and no verification": {TLSOptions{CA: w.other.cert, SkipVerify: true}, true},
	} {
		state, err := shake(t, wss(host, port), c.o)
		if (err == nil) != c.good {
			t.Errorf("%s: %v", what, err)
		}
		if err == nil && state.NegotiatedProtocol != "" {
			t.Errorf("%s: %q was negotiated", what, state.NegotiatedProtocol)
		}
		if err != nil && !strings.Contains(TLSFailure(err), "unknown authority") {
			t.Errorf("%s: %s", what, TLSFailure(err))
		}
	}
}

func TestOptionsThatCannotBeUsedSayWhich(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing", "file")
	garbage := written(t, "garbage.pem", []byte("no PEM\n"))
	large := written(t, "large.pem", nil)
	if err := os.Truncate(large, 16<<20+1); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		o     TLSOptions
		input Input
		says  string
	}{
		"a missing authority":      {TLSOptions{CAFile: missing}, InputCA, missing},
		"garbage for an authority": {TLSOptions{CAFile: garbage}, InputCA, garbage},
		"an endless authority":     {TLSOptions{CAFile: large}, InputCA, "more than 16777216 bytes"},
		"an endless certificate":   {TLSOptions{CertFile: large, KeyFile: large}, InputCert, "more than 16777216 bytes"},
		"garbage in memory":        {TLSOptions{CA: []byte("x")}, InputCA, "authorities in memory"},
		"nothing in memory":        {TLSOptions{CA: []byte{}}, InputCA, "authorities in memory"},
		"SSL 3.0":                  {TLSOptions{MinVersion: 0x0300}, InputVersions, "TLS 1.0 to TLS 1.3"},
		"TLS 1.4":                  {TLSOptions{MaxVersion: tls.VersionTLS13 + 1}, InputVersions, "TLS 1.0 to TLS 1.3"},
		"an empty range":           {TLSOptions{MinVersion: tls.VersionTLS13, MaxVersion: tls.VersionTLS12}, InputVersions, "at least TLS 1.3 and at most TLS 1.2"},
		"a name":                   {TLSOptions{ServerName: "a b"}, InputName, "a b"},
		"a name with a port":       {TLSOptions{ServerName: "a.test:443"}, InputName, "a.test:443"},
		"a pin":                    {TLSOptions{Pins: []string{"sha256/AAAA"}}, InputPins, "sha256/AAAA"},
		"an empty pin":             {TLSOptions{Pins: []string{""}}, InputPins, "no SHA-256"},
		"a cipher suite":           {TLSOptions{CipherSuites: []string{"AES"}}, InputCiphers, "AES"},
		"one of TLS 1.3":           {TLSOptions{CipherSuites: []string{"TLS_AES_128_GCM_SHA256"}}, InputCiphers, "cannot be chosen"},
		"a key log":                {TLSOptions{KeyLogFile: missing}, InputKeyLog, missing},
	} {
		config, err := ClientTLS(parse(t, "wss://a.test/"), c.o)
		var e *InputError
		if config != nil || !errors.As(err, &e) || e.Input != c.input || !strings.Contains(e.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if missing := c.says == missing && c.input != InputKeyLog; e.Missing != missing || missing && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: missing %v: %v", what, e.Missing, err)
		}
	}
}

func TestClientCertificateIsShown(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		host, port, all := secureServer(t, &tls.Config{
			Certificates: []tls.Certificate{w.server.Certificate}, MaxVersion: version,
			ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: w.roots(),
		})
		for what, o := range map[string]TLSOptions{
			"from memory": {Cert: w.client.cert, Key: w.client.key},
			"from files":  {CertFile: written(t, "c", w.client.cert), KeyFile: written(t, "k", w.client.key)},
			"mixed":       {Cert: w.client.cert, KeyFile: written(t, "k", w.client.key)},
		} {
			o.CA = w.ca.cert
			o.NoResumption = true
			if _, err := shake(t, wss(host, port), o); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			s := <-all
			if s.err != nil || s.state.PeerCertificates[0].Subject.CommonName != "client.test" {
				t.Errorf("%s: %v", what, s.err)
			}
		}
		_, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert})
		if _, ok := Alert(err); !ok || !strings.Contains(TLSFailure(err), "certificate of") {
			t.Errorf("without one: %v", err)
		}
		<-all
		stranger := issue(t, "stranger.test", w.other, nil)
		_, err = shake(t, wss(host, port), TLSOptions{CA: w.ca.cert, Cert: stranger.cert, Key: stranger.key})
		if text, ok := Alert(err); !ok || !strings.Contains(text, "unknown certificate authority") {
			t.Errorf("with one of another authority: %v", err)
		}
		<-all
	}
}

func TestHandshakeLeavesNoKeyBehind(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	config, err := ClientTLS(parse(t, "wss://server.test/"), TLSOptions{Cert: w.client.cert, Key: w.client.key})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the configuration itself serves the next attempt, too
		one := ForHandshake(config)
		if len(one.Certificates) != 0 {
			t.Error("the key is in the configuration")
		}
		pair, err := one.GetClientCertificate(&tls.CertificateRequestInfo{})
		if err != nil || pair.PrivateKey == nil {
			t.Fatalf("%+v, %v", pair, err)
		}
		if pair, _ = one.GetClientCertificate(&tls.CertificateRequestInfo{}); pair.PrivateKey != nil || len(pair.Certificate) != 0 {
			t.Error("the key is still there")
		}
	}
}

func TestVersionsAndCipherSuitesAreBounded(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}, MinVersion: tls.VersionTLS10})
	old, oldPort, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	const suite = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
	for _, c := range []struct {
		host string
		port int
		o    TLSOptions
		want uint16 // 0: fails
	}{
		{host, port, TLSOptions{}, tls.VersionTLS13},
		{host, port, TLSOptions{MaxVersion: tls.VersionTLS12}, tls.VersionTLS12},
		{host, port, TLSOptions{MaxVersion: tls.VersionTLS11}, tls.VersionTLS11},
		{host, port, TLSOptions{MinVersion: tls.VersionTLS13}, tls.VersionTLS13},
		{host, port, TLSOptions{MinVersion: tls.VersionTLS10}, tls.VersionTLS13},
		{host, port, TLSOptions{MaxVersion: tls.VersionTLS12, CipherSuites: []string{strings.ToLower(suite)}}, tls.VersionTLS12},
		{old, oldPort, TLSOptions{}, 0},
		{old, oldPort, TLSOptions{MinVersion: tls.VersionTLS10}, tls.VersionTLS11},
		{old, oldPort, TLSOptions{MinVersion: tls.VersionTLS11}, tls.VersionTLS11},
	} {
		c.o.CA = w.ca.cert
		state, err := shake(t, wss(c.host, c.port), c.o)
		if (err == nil) != (c.want != 0) || state.Version != c.want {
			t.Errorf("%v to %v: version %#x, %v", c.o.MinVersion, c.o.MaxVersion, state.Version, err)
		}
		if len(c.o.CipherSuites) > 0 && tls.CipherSuiteName(state.CipherSuite) != suite {
			t.Errorf("cipher suite %s", tls.CipherSuiteName(state.CipherSuite))
		}
		if err != nil && !strings.Contains(TLSFailure(err), "version") {
			t.Error(TLSFailure(err))
		}
	}
}

func TestServerNameIsSentAndChecked(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	named := issue(t, "other.test", w.ca, nil)
	asked := make(chan string, 1)
	host, port, _ := secureServer(t, &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		asked <- hello.ServerName
		return &named.Certificate, nil
	}})
	if _, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert, ServerName: "other.test"}); err != nil {
		t.Error(err)
	}
	if got := <-asked; got != "other.test" {
		t.Errorf("SNI was %q", got)
	}
	_, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert, ServerName: "third.test"})
	if <-asked; !strings.Contains(TLSFailure(err), `it is not for "third.test" but for other.test`) {
		t.Error(TLSFailure(err))
	}
}

func TestServerNameMayBeAnAddressOrInAnotherScript(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"::1": "::1", "192.0.2.1": "192.0.2.1", "bücher.test": "xn--bcher-kva.test", "my_host": "my_host"} {
		c, err := ClientTLS(parse(t, "wss://a.test/"), TLSOptions{ServerName: name})
		if err != nil || c.ServerName != want {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func TestALPNIsHTTP(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, all := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}, NextProtos: []string{"h2", "http/1.1"}})
	if _, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert}); err != nil {
		t.Fatal(err)
	}
	if s := <-all; s.state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("%q", s.state.NegotiatedProtocol)
	}
}

func TestKeyLogIsAppendedTo(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}})
	path := filepath.Join(t.TempDir(), "keys.log")
	for range 2 {
		if _, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert, KeyLogFile: path, NoResumption: true}); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if n := bytes.Count(data, []byte("CLIENT_TRAFFIC_SECRET_0 ")); err != nil || n != 2 {
		t.Errorf("%d connections are in the log, error %v", n, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestSecureConnectionGoesThroughEachProxy(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}})
	proxies := map[ProxyKind]func(net.Conn){
		ProxyHTTP: func(conn net.Conn) {
			head(conn)
			conn.Write([]byte(good[0]))
			relay(conn, host, port)
		},
		ProxySOCKS5: func(conn net.Conn) {
			conn.Read(make([]byte, 3))
			conn.Write([]byte(chooseNone))
			conn.Read(make([]byte, 4+1+len("server.test")+2))
			conn.Write([]byte(boundName))
			relay(conn, host, port)
		},
	}
	for kind, proxy := range proxies {
		target := parse(t, "wss://server.test/")
		config, err := ClientTLS(target, TLSOptions{CA: w.ca.cert})
		if err != nil {
			t.Fatal(err)
		}
		socket, err := Connect(within(t), target, through(kind)(serve(t, proxy)))
		if err != nil {
			t.Fatal(err)
		}
		conn := tls.Client(socket, ForHandshake(config))
		wantRead(t, conn, "hello")
		socket.Close()
	}
}

func TestRootsOfOpenHarmonyComeFirst(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	file := written(t, "cacert.pem", w.ca.cert)
	directory := t.TempDir()
	for name, data := range map[string][]byte{"a.0": w.other.cert, "b.0": w.ca.cert, "readme": []byte("no PEM")} {
		if err := os.WriteFile(filepath.Join(directory, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	missing := filepath.Join(directory, "missing")
	one, two := x509.NewCertPool(), x509.NewCertPool()
	one.AddCert(w.ca.Leaf)
	two.AddCert(w.ca.Leaf)
	two.AddCert(w.other.Leaf)
	for what, c := range map[string]struct {
		file, directory string
		want            *x509.CertPool
	}{
		"the file":                 {file, directory, one},
		"only the directory":       {missing, directory, two},
		"a file without authority": {written(t, "x", []byte("no PEM")), directory, two},
		"neither":                  {missing, missing, nil},
		"an empty directory":       {missing, t.TempDir(), nil},
	} {
		got := harmonyRoots(c.file, c.directory)
		if (got == nil) != (c.want == nil) || got != nil && !got.Equal(c.want) {
			t.Errorf("%s: other authorities", what)
		}
	}
}

func TestAuthoritiesAreSharedWhileInUseAndForgottenThen(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	first, second := sharedPool(w.ca.cert), sharedPool(append([]byte(nil), w.ca.cert...))
	if first == nil || first != second {
		t.Fatal("the same authorities were parsed twice")
	}
	if sharedPool([]byte("no PEM")) != nil {
		t.Error("a pool without an authority")
	}
	runtime.KeepAlive(first)
	runtime.KeepAlive(second)
	first, second = nil, nil
	sum := sumOf(w.ca.cert)
	for end := time.Now().Add(deadline); time.Now().Before(end); {
		runtime.GC()
		pools.mu.Lock()
		_, known := pools.known[sum]
		pools.mu.Unlock()
		if !known {
			return
		}
	}
	t.Error("authorities that nobody uses are still there")
}
