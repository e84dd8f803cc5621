// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRefusedCertificatesAreExplained(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	day := func(n int) time.Time { return time.Now().AddDate(0, 0, n) }
	address := func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)} }
	expired := issue(t, "old.test", w.ca, func(c *x509.Certificate) { address(c); c.NotBefore, c.NotAfter = day(-9), day(-2) })
	early := issue(t, "young.test", w.ca, func(c *x509.Certificate) { address(c); c.NotBefore, c.NotAfter = day(2), day(9) })
	nameless := issue(t, "nobody", w.ca, func(c *x509.Certificate) { c.DNSNames = nil })
	many := issue(t, "a.test", w.ca, func(c *x509.Certificate) {
		for i := range 30 {
			c.DNSNames = append(c.DNSNames, fmt.Sprintf("n%d.test", i))
		}
	})
	date := func(c *issued) string { return c.Leaf.NotAfter.Format("2006-01-02 15:04:05Z") }
	for _, c := range []struct {
		what string
		cert *issued
		says []string
	}{
		{"expired", expired, []string{"CN=old.test has expired", "valid from " + expired.Leaf.NotBefore.Format("2006-01-02"), "to " + date(expired), "the clock says " + time.Now().UTC().Format("2006-01-02")}},
		{"early", early, []string{"CN=young.test is not yet valid", "to " + date(early)}},
		{"of an unknown authority", issue(t, "x.test", w.other, address), []string{"unknown authority", "CN=x.test, signed by CN=another authority"}},
		{"signed by itself", issue(t, "self.test", nil, address), []string{"unknown authority", "CN=self.test, signed by itself"}},
		{"for other names", issue(t, "x.test", w.ca, func(c *x509.Certificate) {
			c.DNSNames = []string{"x.test", "*.y.test"}
			c.IPAddresses = []net.IP{net.IPv4(192, 0, 2, 7)}
		}), []string{"for another name", `not for "127.0.0.1" but for x.test, *.y.test, 192.0.2.7`}},
		{"for many names", many, []string{"a.test, n0.test", "and 23 more"}},
		{"without a name", nameless, []string{"no name at all but CN=nobody"}},
		{"not for a server", issue(t, "c.test", w.ca, func(c *x509.Certificate) {
			address(c)
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}), []string{"the certificate is not valid", "key usage"}},
	} {
		host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{c.cert.Certificate}})
		_, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert})
		if err == nil {
			t.Errorf("%s: taken", c.what)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(TLSFailure(err), part) {
				t.Errorf("%s: %q does not say %q", c.what, TLSFailure(err), part)
			}
		}
		if d := FailedCertificate(err); d == nil || d.Fingerprint != describe(c.cert.Leaf).Fingerprint {
			t.Errorf("%s: %+v", c.what, d)
		}
		if len(TLSFailure(err)) > 400 {
			t.Errorf("%s: a long text: %s", c.what, TLSFailure(err))
		}
	}
}

func TestEndsOfAHandshakeAreExplained(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	alert := func(code byte) func(net.Conn) {
		return func(conn net.Conn) {
			conn.Read(make([]byte, 4096))
			conn.Write([]byte{21, 3, 3, 0, 2, 2, code})
			io.Copy(io.Discard, conn)
		}
	}
	for what, c := range map[string]struct {
		server func(net.Conn)
		says   string
	}{
		"handshake_failure":       {alert(40), "handshake failure (both sides share no cipher suite"},
		"bad_certificate":         {alert(42), "bad certificate (it does not take our certificate"},
		"unknown_ca":              {alert(48), "(it does not know the issuer of our certificate)"},
		"certificate_expired":     {alert(45), "the peer refused the handshake: tls: expired certificate"},
		"protocol_version":        {alert(70), "protocol version not supported (both sides share no version"},
		"unrecognized_name":       {alert(112), "unrecognized name (it has no certificate for this name)"},
		"certificate_required":    {alert(116), "certificate required (it wants a certificate of the client)"},
		"no_application_protocol": {alert(120), "no application protocol (it does not speak http/1.1)"},
		"HTTP": {func(conn net.Conn) {
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		}, "does not speak TLS"},
		"the end": {func(conn net.Conn) { conn.Read(make([]byte, 4096)) }, "the peer ended the connection"},
	} {
		host, port := serve(t, c.server)
		_, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert})
		if err == nil || !strings.Contains(TLSFailure(err), c.says) {
			t.Errorf("%s: %q does not say %q", what, TLSFailure(err), c.says)
		}
		if FailedCertificate(err) != nil {
			t.Errorf("%s: a certificate", what)
		}
	}
}

func TestCertificateOfThePeerIsDescribed(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}})
	state, err := shake(t, wss(host, port), TLSOptions{CA: w.ca.cert})
	if err != nil {
		t.Fatal(err)
	}
	d := PeerCertificate(state)
	sum := sha256.Sum256(w.server.Leaf.Raw)
	if d == nil || d.Subject != "CN=server.test" || d.Issuer != "CN=our authority" || d.Fingerprint != hex.EncodeToString(sum[:]) ||
		d.Pin != pin64(w.server.Leaf) || !d.NotAfter.Equal(w.server.Leaf.NotAfter) || !d.NotBefore.Equal(w.server.Leaf.NotBefore) ||
		len(d.DNSNames) != 1 || d.DNSNames[0] != "server.test" || len(d.Addresses) != 1 || d.Addresses[0] != "127.0.0.1" || d.Serial != w.server.Leaf.SerialNumber.Text(16) {
		t.Errorf("%+v", d)
	}
	if PeerCertificate(tls.ConnectionState{}) != nil {
		t.Error("a certificate of nobody")
	}
}

func TestNamesOfACertificateHaveNoControlCharacters(t *testing.T) {
	t.Parallel()
	evil := issue(t, "a\npin: forged", nil, func(c *x509.Certificate) {
		c.DNSNames = []string{"b.test\npin: forged", "good.test"}
	})
	d := describe(evil.Leaf)
	for _, s := range append([]string{d.Subject, d.Issuer}, d.DNSNames...) {
		if strings.ContainsAny(s, "\r\n\x00") {
			t.Errorf("%q", s)
		}
	}
	if d.DNSNames[1] != "good.test" {
		t.Errorf("%q", d.DNSNames)
	}
	for _, err := range []error{
		x509.HostnameError{Certificate: evil.Leaf, Host: "c.test"},
		x509.UnknownAuthorityError{Cert: evil.Leaf},
		x509.CertificateInvalidError{Cert: evil.Leaf, Reason: x509.Expired},
	} {
		if text := TLSFailure(err); strings.Contains(text, "\n") {
			t.Errorf("%q", text)
		}
	}
}

// A clock that is wrong when a device starts is set later on: nothing remembers what it said.
func TestCertificateIsGoodWhenTheClockIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ca := issue(t, "our authority", nil, func(c *x509.Certificate) {
			c.NotBefore = time.Now().Add(-time.Hour)
			c.NotAfter = time.Now().AddDate(9, 0, 0)
		})
		late := issue(t, "server.test", ca, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().AddDate(1, 0, 0), time.Now().AddDate(2, 0, 0)
		})
		config, err := ClientTLS(parse(t, "wss://server.test/"), TLSOptions{CA: ca.cert})
		if err != nil {
			t.Fatal(err)
		}
		attempt := func() error {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				if far, err := l.Accept(); err == nil {
					tls.Server(far, &tls.Config{Certificates: []tls.Certificate{late.Certificate}}).Handshake()
					far.Close()
				}
			}()
			near, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			err = tls.Client(near, ForHandshake(config)).Handshake()
			near.Close()
			<-ended
			l.Close()
			return err
		}
		if err := attempt(); err == nil || !strings.Contains(TLSFailure(err), "is not yet valid") || !WrongCertificate(err) {
			t.Errorf("%v", err)
		}
		time.Sleep(500 * 24 * time.Hour)
		if err := attempt(); err != nil {
			t.Error(err)
		}
	})
}
