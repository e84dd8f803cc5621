// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// authority signs certificates of tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

// pair is a certificate with its key, as PEM and as a foreign peer wants it.
type pair struct {
	cert, key []byte
	tls       tls.Certificate
}

// certificates are made once for all tests.
type certificates struct {
	ours, other *authority
	good        pair // localhost, 127.0.0.1, ::1, signed by ours
	wrongName   pair
	expired     pair
	early       pair // not valid yet
	foreign     pair // good, but signed by other
}

var certs = sync.OnceValue(func() *certificates {
	c := &certificates{ours: newAuthority("libws test authority"), other: newAuthority("some other authority")}
	hour := time.Hour
	names := []string{"localhost"}
	ips := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	c.good = c.ours.sign(names, ips, -hour, hour)
	c.wrongName = c.ours.sign([]string{"elsewhere.example"}, []net.IP{net.IPv4(192, 0, 2, 1)}, -hour, hour)
	c.expired = c.ours.sign(names, ips, -2*hour, -hour)
	c.early = c.ours.sign(names, ips, hour, 2*hour)
	c.foreign = c.other.sign(names, ips, -hour, hour)
	return c
})

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func newAuthority(name string) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	check(err)
	cert, err := x509.ParseCertificate(der)
	check(err)
	return &authority{cert, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

func (a *authority) sign(names []string, ips []net.IP, from, to time.Duration) pair {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	check(err)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "libws test"},
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(to),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		DNSNames: names, IPAddresses: ips,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	check(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	p := pair{
		cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	}
	p.tls, err = tls.X509KeyPair(p.cert, p.key)
	check(err)
	return p
}

// pool trusts this authority only.
func (a *authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// file writes content where only this test looks, and gives its path.
func file(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, content, 0o600))
	return path
}
