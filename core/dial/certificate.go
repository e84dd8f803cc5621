// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Certificate is what is known of a peer's certificate. It holds no part of
// the certificate itself.
type Certificate struct {
	Subject, Issuer     string // distinguished names as RFC 2253 writes them
	Serial              string // hexadecimal
	Fingerprint         string // SHA-256 of the certificate, hexadecimal
	Pin                 string // SHA-256 of its public key, base64, as TLSOptions.Pins takes it
	NotBefore, NotAfter time.Time
	DNSNames            []string
	Addresses           []string // IP addresses
}

// oneLine replaces what would begin another line, or do worse to a terminal: the
// peer chooses the names in its certificate, and lines have a meaning to a host.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// PeerCertificate describes the certificate that the peer has shown, or is nil if
// it has shown none.
func PeerCertificate(state tls.ConnectionState) *Certificate {
	if len(state.PeerCertificates) == 0 {
		return nil
	}
	return describe(state.PeerCertificates[0])
}

func describe(c *x509.Certificate) *Certificate {
	sum, pin := sha256.Sum256(c.Raw), pinOf(c)
	d := &Certificate{
		Subject: oneLine(c.Subject.String()), Issuer: oneLine(c.Issuer.String()), Serial: c.SerialNumber.Text(16),
		Fingerprint: hex.EncodeToString(sum[:]), Pin: base64.StdEncoding.EncodeToString(pin[:]),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter,
	}
	for _, name := range c.DNSNames {
		d.DNSNames = append(d.DNSNames, oneLine(name))
	}
	for _, ip := range c.IPAddresses {
		d.Addresses = append(d.Addresses, ip.String())
	}
	return d
}
