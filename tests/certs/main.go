// SPDX-License-Identifier: Apache-2.0

// Command certs makes the certificates of the C and interop tests:
//
//	go run ./tests/certs DIRECTORY
//
// It writes ca.pem, the authority that the tests trust, and other-ca.pem, which
// they do not; and certificates for localhost, 127.0.0.1 and ::1, NAME-cert.pem
// with NAME-key.pem: good, wrong-name (of another host), expired, and unknown (of
// the other authority). client and unknown-client (of the other authority) are for
// clients that have to show one. They are valid for a day.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const day = 24 * time.Hour

type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: certs DIRECTORY")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "certs:", err)
		os.Exit(1)
	}
}

func write(directory string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	ours, err := newAuthority(directory, "ca", "libws test authority")
	if err != nil {
		return err
	}
	other, err := newAuthority(directory, "other-ca", "another authority")
	if err != nil {
		return err
	}
	names := []string{"localhost"}
	const server, client = x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth
	ips := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	for _, c := range []struct {
		name     string
		by       *authority
		names    []string
		ips      []net.IP
		from, to time.Duration
		use      x509.ExtKeyUsage
	}{
		{"good", ours, names, ips, -day, day, server},
		{"wrong-name", ours, []string{"elsewhere.example"}, nil, -day, day, server},
		{"early", ours, names, ips, day, 2 * day, server},
		{"nameless", ours, nil, nil, -day, day, server},
		{"expired", ours, names, ips, -2 * day, -day, server},
		{"unknown", other, names, ips, -day, day, server},
		{"client", ours, nil, nil, -day, day, client},
		{"unknown-client", other, nil, nil, -day, day, client},
	} {
		template := &x509.Certificate{
			Subject: pkix.Name{CommonName: "libws test " + c.name}, DNSNames: c.names, IPAddresses: c.ips,
			NotBefore: time.Now().Add(c.from), NotAfter: time.Now().Add(c.to),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{c.use},
		}
		key, _, err := sign(directory, c.name+"-cert", template, c.by)
		if err != nil {
			return err
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return err
		}
		if err := writePEM(directory, c.name+"-key", "PRIVATE KEY", der); err != nil {
			return err
		}
	}
	return nil
}

func newAuthority(directory, file, name string) (*authority, error) {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-3 * day), NotAfter: time.Now().Add(day),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	key, cert, err := sign(directory, file, template, nil)
	return &authority{cert, key}, err
}

// sign makes a key and the certificate for it; by is nil for one that signs itself.
func sign(directory, file string, template *x509.Certificate, by *authority) (*ecdsa.PrivateKey, *x509.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if by == nil {
		by = &authority{template, key}
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, big.NewInt(1<<62)); err != nil {
		return nil, nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.cert, &key.PublicKey, by.key)
	if err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, err
	}
	return key, cert, writePEM(directory, file, "CERTIFICATE", der)
}

// writePEM replaces a file at once: a test may be reading the old one.
func writePEM(directory, name, kind string, der []byte) error {
	path := filepath.Join(directory, name+".pem")
	content := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
