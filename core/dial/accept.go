// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Pair is a certificate chain with its private key, PEM, each from a file or from
// memory. KeyPassword is for an encrypted key.
type Pair struct {
	CertFile, KeyFile string
	Cert, Key         []byte
	KeyPassword       []byte
	AskSign           bool // the host signs, who alone has the key
}

// ServerOptions is what a server says about TLS. Its Pairs are at least one; all
// else may be the zero value. Nothing of it is kept.
type ServerOptions struct {
	// Pairs are the certificates. A client gets one that is for the name it asks for,
	// else the first.
	Pairs []Pair
	// ClientCAFile and ClientCA are PEM; when there is one, a client has to show a
	// certificate of these authorities, or may if ClientOptional.
	ClientCAFile   string
	ClientCA       []byte
	ClientOptional bool
	// AskVerify lets the host decide about the certificates of clients, which are asked for
	// also without ClientCA.
	AskVerify bool
	// MinVersion, MaxVersion and CipherSuites are as in TLSOptions.
	MinVersion, MaxVersion uint16
	CipherSuites           []string
}

// TLSServer does the server's side of TLS. All handshakes share it, and so the keys
// of session tickets, which crypto/tls makes and changes every day: a ticket is good
// for as long as the acceptor.
type TLSServer struct {
	config *tls.Config    // says that it speaks http/1.1
	silent *tls.Config    // says nothing about protocols
	brief  [2]*tls.Config // silent, and config, for a handshake in which nothing may take long
	shown  atomic.Pointer[certificates]
	own    *x509.VerifyOptions // how the library checks clients that the host decides about; nil: not at all
	asks   bool                // the host is asked about them
}

// NewTLSServer reads the files that o names. The error is an *InputError.
func NewTLSServer(o ServerOptions) (*TLSServer, error) {
	a := &TLSServer{}
	if err := a.Show(o.Pairs); err != nil {
		return nil, err
	}
	c := &tls.Config{GetCertificate: a.choose, WrapSession: a.wrapSession, UnwrapSession: a.unwrapSession}
	if failed := setVersions(c, o.MinVersion, o.MaxVersion); failed != nil {
		return nil, failed
	}
	if failed := setCiphers(c, o.CipherSuites); failed != nil {
		return nil, failed
	}
	authorities, failed := readAuthorities(o.ClientCAFile, o.ClientCA)
	if failed != nil {
		return nil, failed
	}
	if authorities != nil {
		c.ClientCAs = sharedPool(authorities)
		c.ClientAuth = tls.RequireAndVerifyClientCert
		if o.ClientOptional {
			c.ClientAuth = tls.VerifyClientCertIfGiven
		}
	}
	if o.AskVerify {
		a.letHostVerify(c, o.ClientOptional)
	}
	a.silent = c
	a.config = c.Clone()
	a.config.NextProtos = []string{"http/1.1"}
	a.config.GetConfigForClient = a.agree
	for i, of := range []*tls.Config{a.silent, a.config} {
		a.brief[i] = of.Clone()
		a.brief[i].CurvePreferences = briefGroups
	}
	return a, nil
}

// Hasty is the stream of a server's handshake that may run where nothing may take long.
type Hasty interface {
	// Hasty tells whether it does.
	Hasty() bool
	// Apart says that it would take long, before anything was written; it ends with an error.
	Apart()
}

// briefGroups are those with which both ends agree on a key in about 100 us; the large ones of
// P-384 and P-521 take milliseconds.
var briefGroups = []tls.CurveID{tls.X25519MLKEM768, tls.SecP256r1MLKEM768, tls.X25519, tls.CurveP256}

// Brief tells whether a handshake takes no long time by what the server shows and wants now. The
// client may want a large group: then the handshake of a Hasty stream is to be done apart.
func (a *TLSServer) Brief() bool {
	return a.config.ClientAuth == tls.NoClientCert && a.shown.Load().brief
}

// signsBriefly tells whether a signature by the key takes less than 100 us.
func signsBriefly(key crypto.PrivateKey) bool {
	switch k := key.(type) {
	case *ecdsa.PrivateKey:
		return k.Curve == elliptic.P256()
	case ed25519.PrivateKey:
		return true
	}
	return false
}

// Server is the server's end of TLS over s.
func (a *TLSServer) Server(s net.Conn) *tls.Conn { return tls.Server(s, a.config) }

// letHostVerify leaves the check of clients to the host.
func (a *TLSServer) letHostVerify(c *tls.Config, optional bool) {
	a.asks = true
	if c.ClientCAs != nil {
		a.own = &x509.VerifyOptions{Roots: c.ClientCAs, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	}
	c.ClientAuth = tls.RequireAnyClientCert
	if optional {
		c.ClientAuth = tls.RequestClientCert
	}
}

// agree leaves ALPN (RFC 7301) to those who know http/1.1: crypto/tls refuses who
// offers other protocols only, although the upgrade may well come. When the host is asked about
// clients each handshake has a configuration of its own.
func (a *TLSServer) agree(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	c, knows := a.silent, slices.Contains(hello.SupportedProtos, "http/1.1")
	if hasty, is := hello.Conn.(Hasty); is && hasty.Hasty() {
		if !slices.ContainsFunc(hello.SupportedCurves, func(g tls.CurveID) bool { return slices.Contains(briefGroups, g) }) {
			hasty.Apart()
			return nil, errTakesLong
		}
		if knows {
			return a.brief[1], nil
		}
		return a.brief[0], nil
	}
	switch {
	case knows && !a.asks:
		return nil, nil
	case knows:
		c = a.config
	}
	if !a.asks {
		return c, nil
	}
	asker, is := hello.Conn.(Asker)
	if !is {
		return nil, errNobodyAsks
	}
	c = c.Clone()
	c.VerifyConnection = (&verifier{asker: asker, own: a.own}).verify
	return c, nil
}

var errTakesLong = errors.New("the client wants a group that takes long")

var errNobodyAsks = errors.New("there is nobody who asks the host program")

// certificates are those that handshakes show. They never change.
type certificates struct {
	all    []*tls.Certificate
	byName map[string][]*tls.Certificate // lower case; "*.example.org" as in the certificate
	brief  bool                          // all keys sign briefly
}

// Show replaces the certificates; handshakes that begin now show one of pairs. When
// one cannot be used all stays as it was, and the error is an *InputError.
func (a *TLSServer) Show(pairs []Pair) error {
	if len(pairs) == 0 {
		return &InputError{Input: InputCert, Err: errors.New("there is no certificate")}
	}
	shown := &certificates{byName: map[string][]*tls.Certificate{}, brief: true}
	for i, p := range pairs {
		c, failed := loadAnyPair(&source{InputCert, p.CertFile, p.Cert}, &source{InputKey, p.KeyFile, p.Key}, p.KeyPassword, p.AskSign)
		if failed != nil {
			failed.Pair = i
			return failed
		}
		shown.all = append(shown.all, c)
		shown.brief = shown.brief && signsBriefly(c.PrivateKey)
		for _, name := range c.Leaf.DNSNames {
			name = strings.ToLower(name)
			shown.byName[name] = append(shown.byName[name], c)
		}
	}
	a.shown.Store(shown)
	return nil
}

// Doubts says of each certificate that handshakes show why clients that check will not take it now.
func (a *TLSServer) Doubts(now time.Time) (all []string) {
	shown := a.shown.Load()
	for i, c := range shown.all {
		leaf, of := c.Leaf, fmt.Sprintf("certificate %d of %d, %q: ", i+1, len(shown.all), c.Leaf.Subject.String())
		switch {
		case now.After(leaf.NotAfter):
			all = append(all, of+"has expired, at "+leaf.NotAfter.UTC().Format(time.RFC3339))
		case now.Before(leaf.NotBefore):
			all = append(all, of+"is not valid before "+leaf.NotBefore.UTC().Format(time.RFC3339)+"; the clock of this host says "+now.UTC().Format(time.RFC3339))
		}
		if len(leaf.DNSNames)+len(leaf.IPAddresses) == 0 { // RFC 6125 6.4.4: the common name does not count
			all = append(all, of+"has no names of hosts and no addresses (subjectAltName)")
		}
	}
	return all
}

// choose finds the certificate for the name that a client asks for (RFC 6066 3); of
// several the first whose algorithms the client knows.
func (a *TLSServer) choose(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	shown := a.shown.Load()
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	found := shown.byName[name]
	if found == nil {
		if _, parent, ok := strings.Cut(name, "."); ok { // RFC 6125 6.4.3: for one label
			found = shown.byName["*."+parent]
		}
	}
	if found == nil {
		found = shown.all
	}
	nameless := *hello
	nameless.ServerName = "" // only the algorithms matter
	for _, c := range found {
		if nameless.SupportsCertificate(c) == nil {
			return bound(c, hello), nil
		}
	}
	return bound(found[0], hello), nil
}

// bound is a certificate for this handshake: whose key the host has asks for it.
func bound(c *tls.Certificate, hello *tls.ClientHelloInfo) *tls.Certificate {
	asker, _ := hello.Conn.(Asker)
	return asking(c, asker)
}

// nameOf marks the server name in a session ticket.
const nameOf = "libws server name:"

// wrapSession seals a session with the name that the client has asked for.
func (a *TLSServer) wrapSession(state tls.ConnectionState, session *tls.SessionState) ([]byte, error) {
	session.Extra = append(session.Extra, []byte(nameOf+state.ServerName))
	return a.config.EncryptTicket(state, session)
}

// unwrapSession opens a ticket, unless the client asks for another name now: RFC 6066
// 3 forbids to resume then. Without the session the handshake is a full one.
func (a *TLSServer) unwrapSession(ticket []byte, state tls.ConnectionState) (*tls.SessionState, error) {
	session, err := a.config.DecryptTicket(ticket, state)
	if err != nil || session == nil {
		return nil, err
	}
	for _, extra := range session.Extra {
		if string(extra) == nameOf+state.ServerName {
			return session, nil
		}
	}
	return nil, nil
}
