// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// TLSOptions is what a client says about TLS. The zero value checks the server
// against the authorities of the system. Whether a certificate was revoked is not
// looked up.
type TLSOptions struct {
	// CAFile and CA are PEM; when there is one, only these authorities are trusted,
	// else those of the system (roots.go).
	CAFile string
	CA     []byte
	// SkipVerify takes any certificate: no protection against an active attacker,
	// unless there are Pins.
	SkipVerify bool
	// Client certificate and its key, PEM, from a file or from memory. KeyPassword is
	// for an encrypted key.
	CertFile, KeyFile string
	Cert, Key         []byte
	KeyPassword       []byte
	// MinVersion and MaxVersion are tls.VersionTLS10 to tls.VersionTLS13; 0: from TLS
	// 1.2, up to the newest.
	MinVersion, MaxVersion uint16
	// ServerName is checked and sent as SNI instead of the URL's host.
	ServerName string
	// Pins are SHA-256 hashes of public keys, one of which must be in the server's
	// chain (pins.go).
	Pins []string
	// CipherSuites are names of IANA, for TLS 1.2 and older; nil: those that
	// crypto/tls thinks well of.
	CipherSuites []string
	// Groups are names of groups for the key exchange; nil: those that crypto/tls thinks
	// well of, with a hybrid one first.
	Groups []string
	// ALPN are the protocols offered (RFC 7301); nil: http/1.1; empty: none.
	ALPN []string
	// NoResumption does a full handshake each time, and keeps no session.
	NoResumption bool
	// AskVerify lets the host decide about the server's certificate, after the library has
	// checked it; AskSign lets the host sign, who alone has the key of Cert (ask.go).
	AskVerify, AskSign bool
	// Renegotiate lets the server do so once (RFC 5246 7.4.1.1), until the upgrade is over: some
	// ask for a certificate only when they know what is requested.
	Renegotiate bool
	// KeyLogFile gets the secrets of the connection, for Wireshark and the like: all
	// who can read it can read the connection.
	KeyLogFile string
}

// ClientTLS makes the configuration for t: the host's name is checked and sent as
// SNI (RFC 6066 3), ALPN says HTTP/1.1. It keeps nothing of o that is not needed
// for a handshake; the caller forgets o, and the configuration, when no further
// attempt comes. Give a handshake what ForHandshake makes of it. The error is
// an *InputError.
func ClientTLS(t *Target, o TLSOptions) (*tls.Config, error) {
	c, failed := clientTLS(t, &o)
	if failed != nil {
		return nil, failed
	}
	return c, nil
}

func clientTLS(t *Target, o *TLSOptions) (*tls.Config, *InputError) {
	c := &tls.Config{
		InsecureSkipVerify: o.SkipVerify,
	}
	if failed := setName(c, t, o.ServerName); failed != nil {
		return nil, failed
	}
	var id identity
	id.add(t.Address(), c.ServerName, fmt.Sprint(o.SkipVerify, o.MinVersion, o.MaxVersion))
	id.add(o.CipherSuites...)
	id.add(o.Pins...)
	id.add(fmt.Sprintf("%q %q %v", o.Groups, o.ALPN, o.AskVerify))
	if failed := setVersions(c, o.MinVersion, o.MaxVersion); failed != nil {
		return nil, failed
	}
	if failed := setCiphers(c, o.CipherSuites); failed != nil {
		return nil, failed
	}
	if failed := setGroups(c, o.Groups); failed != nil {
		return nil, failed
	}
	if failed := setProtocols(c, o.ALPN); failed != nil {
		return nil, failed
	}
	if failed := setRoots(c, o, &id); failed != nil {
		return nil, failed
	}
	if failed := setClientCert(c, o, &id); failed != nil {
		return nil, failed
	}
	if len(o.Pins) > 0 {
		pins, failed := parsePins(o.Pins)
		if failed != nil {
			return nil, failed
		}
		c.VerifyConnection = pins.verify
	}
	if o.KeyLogFile != "" {
		log := keyLog(o.KeyLogFile)
		if _, err := log.Write(nil); err != nil {
			return nil, &InputError{Input: InputKeyLog, Path: o.KeyLogFile, Err: err}
		}
		c.KeyLogWriter = log
	}
	if o.Renegotiate {
		c.Renegotiation = tls.RenegotiateOnceAsClient
	}
	if !o.NoResumption {
		c.ClientSessionCache = id.sessions()
	}
	return c, nil
}

// setName takes the URL's host, unless the options name another.
func setName(c *tls.Config, t *Target, name string) *InputError {
	if name == "" {
		c.ServerName = t.host()
		return nil
	}
	address, err := netip.ParseAddr(name)
	ascii, text := asciiHost(name, err == nil && address.Is6())
	if text != "" {
		return &InputError{Input: InputName, Err: fmt.Errorf("%.80q: %s", name, text)}
	}
	c.ServerName, _, _ = strings.Cut(ascii, "%") // a certificate has no zone
	return nil
}

// setVersions checks what tls.Config would take silently.
func setVersions(c *tls.Config, least, most uint16) *InputError {
	known := func(v uint16) bool { return v == 0 || v >= tls.VersionTLS10 && v <= tls.VersionTLS13 }
	if !known(least) || !known(most) {
		return &InputError{Input: InputVersions, Err: errors.New("the version must be one of TLS 1.0 to TLS 1.3")}
	}
	if least == 0 {
		least = tls.VersionTLS12
		if most != 0 {
			least = min(least, most)
		}
	}
	if most != 0 && most < least {
		none := fmt.Errorf("at least %s and at most %s leaves none", tls.VersionName(least), tls.VersionName(most))
		return &InputError{Input: InputVersions, Err: none}
	}
	c.MinVersion, c.MaxVersion = least, most
	return nil
}

// setCiphers finds suites by their names.
func setCiphers(c *tls.Config, names []string) *InputError {
	known := slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites())
	for _, name := range names {
		i := slices.IndexFunc(known, func(s *tls.CipherSuite) bool { return strings.EqualFold(s.Name, name) })
		if i < 0 {
			return &InputError{Input: InputCiphers, Err: fmt.Errorf("there is no cipher suite %.64q", name)}
		}
		if known[i].SupportedVersions[0] == tls.VersionTLS13 {
			return &InputError{Input: InputCiphers, Err: fmt.Errorf("%s: the suites of TLS 1.3 cannot be chosen", known[i].Name)}
		}
		c.CipherSuites = append(c.CipherSuites, known[i].ID)
	}
	return nil
}

// setRoots is in the zero value of o a matter of the system.
func setRoots(c *tls.Config, o *TLSOptions, id *identity) *InputError {
	roots, failed := loadRoots(o, id)
	if failed == nil {
		c.RootCAs = roots
	}
	return failed
}

// setClientCert loads the pair, if there is one.
func setClientCert(c *tls.Config, o *TLSOptions, id *identity) *InputError {
	cert, key := &source{InputCert, o.CertFile, o.Cert}, &source{InputKey, o.KeyFile, o.Key}
	if !cert.given() && !key.given() && !o.AskSign {
		return nil
	}
	pair, failed := loadAnyPair(cert, key, o.KeyPassword, o.AskSign)
	if failed != nil {
		return failed
	}
	c.Certificates = []tls.Certificate{*pair}
	for _, der := range pair.Certificate {
		id.add(string(der))
	}
	return nil
}

// ForHandshake makes the configuration of one handshake out of one of ClientTLS. A
// *tls.Conn keeps its configuration as long as it lives; this one has no key any
// more when the handshake is over. The certificate is sent whenever the server
// asks for one, so that it can say what is wrong with it.
func ForHandshake(c *tls.Config) *tls.Config {
	c = c.Clone()
	if len(c.Certificates) == 0 {
		return c
	}
	pair := &c.Certificates[0]
	c.Certificates = nil
	again := c.Renegotiation != tls.RenegotiateNever
	c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		once := pair
		if !again {
			pair = &tls.Certificate{} // asked once per handshake
		}
		return once, nil
	}
	return c
}

// Settle ends what the server may still want of a configuration of ForHandshake behind the first
// handshake: a loop cannot wait for another one. Nobody may use the connection meanwhile.
func Settle(c *tls.Config) {
	if c.Renegotiation != tls.RenegotiateNever {
		c.Renegotiation, c.GetClientCertificate = tls.RenegotiateNever, nil
	}
}
