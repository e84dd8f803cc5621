// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"libws/core/internal/patience"
)

// deadline bounds every wait of the tests: reaching it is a failure.
var deadline = patience.Scaled(60 * time.Second)

// issued is a certificate with its key.
type issued struct {
	tls.Certificate
	cert, key []byte // PEM; cert is the whole chain
}

// issue signs a certificate by parent, or by itself. change may be nil.
func issue(t testing.TB, name string, parent *issued, change func(*x509.Certificate)) *issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<60))
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if parent == nil {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	} else {
		c.DNSNames = []string{name}
	}
	if change != nil {
		change(c)
	}
	signer, above := crypto.Signer(key), c
	var chain [][]byte
	if parent != nil {
		signer, above = parent.PrivateKey.(crypto.Signer), parent.Leaf
		if len(parent.Leaf.DNSNames) > 0 { // between a root and a leaf
			chain = parent.Certificate.Certificate
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, above, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	r := &issued{}
	if r.Leaf, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	r.Certificate.Certificate = append([][]byte{der}, chain...)
	r.PrivateKey = key
	for _, der := range r.Certificate.Certificate {
		r.cert = append(r.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	der, err = x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	r.key = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return r
}

// world has what most tests need.
type world struct{ ca, other, server, client *issued }

func makeWorld(t testing.TB) *world {
	t.Helper()
	w := &world{ca: issue(t, "our authority", nil, nil), other: issue(t, "another authority", nil, nil)}
	w.server = issue(t, "server.test", w.ca, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} })
	w.client = issue(t, "client.test", w.ca, nil)
	return w
}

func (w *world) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(w.ca.Leaf)
	return pool
}

// seen is what a server knows of a connection.
type seen struct {
	state tls.ConnectionState
	err   error
}

// secureServer answers "hello" over TLS and tells what it has seen.
func secureServer(t testing.TB, config *tls.Config) (host string, port int, all <-chan seen) {
	t.Helper()
	results := make(chan seen, 16)
	host, port = serve(t, func(raw net.Conn) {
		conn := tls.Server(raw, config)
		err := conn.Handshake()
		if err == nil {
			_, err = io.WriteString(conn, "hello")
		}
		results <- seen{conn.ConnectionState(), err}
		io.Copy(io.Discard, conn)
	})
	return host, port, results
}

// shake does what core does: it connects, shakes hands, and reads the greeting,
// with which the session comes.
func shake(t testing.TB, raw string, o TLSOptions) (tls.ConnectionState, error) {
	t.Helper()
	target, err := ParseURL(raw)
	if err != nil {
		t.Fatal(err)
	}
	config, err := ClientTLS(target, o)
	if err != nil {
		t.Fatal(err)
	}
	return shakeWith(t, target, config)
}

func shakeWith(t testing.TB, target *Target, config *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	socket, err := Connect(ctx, target, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	socket.SetDeadline(time.Now().Add(deadline))
	conn := tls.Client(socket, ForHandshake(config))
	if err := conn.HandshakeContext(ctx); err != nil {
		return tls.ConnectionState{}, err
	}
	if _, err := io.ReadFull(conn, make([]byte, len("hello"))); err != nil {
		return tls.ConnectionState{}, err
	}
	return conn.ConnectionState(), nil
}

func wss(host string, port int) string {
	return "wss://" + net.JoinHostPort(host, strconv.Itoa(port)) + "/"
}

// written puts a file into the test's directory.
func written(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
