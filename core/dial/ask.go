// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
)

// What a TLS handshake asks a host while it runs: whether a certificate is good, and signatures
// by a key that only the host can use.

// Asker asks the host for one handshake, on the goroutine of that, and waits for its answer; the
// end of the handshake's time ends it with an error.
type Asker interface {
	Verify(*Verification) (accepts bool, err error)
	Sign(*Signing) (signature []byte, err error) // nil: the host does not sign
}

// Verification is a certificate that the host decides about.
type Verification struct {
	Chain   []byte // PEM, the peer's own first
	Staple  []byte // the OCSP response that a server has stapled (RFC 6066 8), DER; nil: none
	Name    string // that a server's certificate has to be for; "" for a client's
	Refusal string // why the library would not take it; "": it would, or is to check nothing
}

// Signing is what the host signs.
type Signing struct {
	Scheme  tls.SignatureScheme // RFC 8446 4.2.3; 0: PKCS #1 without a name of the hash, of TLS 1.1 and older
	Digest  []byte              // the hash, or all that is to be signed for a scheme without one (Ed25519)
	Subject string              // of the certificate
}

// RefusedError is a certificate that the host did not take.
type RefusedError struct{ own string }

func (e *RefusedError) Error() string {
	if e.own == "" {
		return "the host program does not take the certificate"
	}
	return "the host program does not take the certificate: " + e.own
}

// verifier asks about the peers of a configuration.
type verifier struct {
	asker Asker
	own   *x509.VerifyOptions                   // how the library checks; nil: not at all
	then  func(state tls.ConnectionState) error // what has to hold as well; nil: nothing
}

// verify is a tls.Config.VerifyConnection, which resumed sessions pass, too.
func (v *verifier) verify(state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 {
		return nil // a client that may come without
	}
	ask := &Verification{Staple: state.OCSPResponse}
	if v.own != nil {
		ask.Name = v.own.DNSName
		if err := v.check(&state); err != nil {
			ask.Refusal = TLSFailure(err)
		}
	}
	for _, c := range state.PeerCertificates {
		ask.Chain = append(ask.Chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	accepts, err := v.asker.Verify(ask)
	switch {
	case err != nil:
		return err
	case !accepts:
		return &RefusedError{ask.Refusal}
	case v.then != nil:
		return v.then(state)
	}
	return nil
}

// check does what crypto/tls does when nobody is asked.
func (v *verifier) check(state *tls.ConnectionState) (err error) {
	o := *v.own
	o.Intermediates = x509.NewCertPool()
	for _, c := range state.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	state.VerifiedChains, err = state.PeerCertificates[0].Verify(o)
	return err
}

// Ask makes the configuration of one handshake, one of ForHandshake, ask a what o wants the host
// to be asked.
func Ask(c *tls.Config, o *TLSOptions, a Asker) {
	if o.AskVerify {
		v := &verifier{asker: a, then: c.VerifyConnection}
		if !o.SkipVerify {
			v.own = &x509.VerifyOptions{Roots: c.RootCAs, DNSName: c.ServerName}
		}
		c.InsecureSkipVerify, c.VerifyConnection = true, v.verify
	}
	if get := c.GetClientCertificate; o.AskSign && get != nil {
		c.GetClientCertificate = func(r *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := get(r)
			return asking(pair, a), err
		}
	}
}

// hostKey is a private key that only the host can use.
type hostKey struct {
	public  crypto.PublicKey
	subject string
	asker   Asker // nil: it cannot sign yet
}

// asking is the pair for a handshake that asks a; one with a key of its own stays as it is.
func asking(pair *tls.Certificate, a Asker) *tls.Certificate {
	key, is := pair.PrivateKey.(*hostKey)
	if !is {
		return pair
	}
	mine := *pair
	mine.PrivateKey = &hostKey{key.public, key.subject, a}
	return &mine
}

func (k *hostKey) Public() crypto.PublicKey { return k.public }

var (
	errNobodySigns = errors.New("the host program did not sign (WS_EVENT_SIGN)")
	errBadSign     = errors.New("what the host program gave is no signature by the key of the certificate (WS_EVENT_SIGN)")
)

// Sign asks the host; what it gives is checked, because the peer's alert would tell nobody why.
func (k *hostKey) Sign(_ io.Reader, digest []byte, o crypto.SignerOpts) ([]byte, error) {
	if k.asker == nil {
		return nil, errNobodySigns
	}
	signature, err := k.asker.Sign(&Signing{schemeOf(k.public, o), digest, k.subject})
	switch {
	case err != nil:
		return nil, err
	case signature == nil:
		return nil, errNobodySigns
	case !k.signed(digest, signature, o):
		return nil, errBadSign
	}
	return signature, nil
}

// schemeOf names what crypto/tls wants to be signed.
func schemeOf(public crypto.PublicKey, o crypto.SignerOpts) tls.SignatureScheme {
	hash := o.HashFunc()
	schemes := map[crypto.Hash]tls.SignatureScheme{crypto.SHA1: tls.PKCS1WithSHA1, crypto.SHA256: tls.PKCS1WithSHA256, crypto.SHA384: tls.PKCS1WithSHA384, crypto.SHA512: tls.PKCS1WithSHA512}
	switch public.(type) {
	case ed25519.PublicKey:
		return tls.Ed25519
	case *ecdsa.PublicKey:
		schemes = map[crypto.Hash]tls.SignatureScheme{crypto.SHA1: tls.ECDSAWithSHA1, crypto.SHA256: tls.ECDSAWithP256AndSHA256, crypto.SHA384: tls.ECDSAWithP384AndSHA384, crypto.SHA512: tls.ECDSAWithP521AndSHA512}
	default:
		if _, pss := o.(*rsa.PSSOptions); pss {
			schemes = map[crypto.Hash]tls.SignatureScheme{crypto.SHA256: tls.PSSWithSHA256, crypto.SHA384: tls.PSSWithSHA384, crypto.SHA512: tls.PSSWithSHA512}
		}
	}
	return schemes[hash]
}

func (k *hostKey) signed(digest, signature []byte, o crypto.SignerOpts) bool {
	switch public := k.public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(public, digest, signature)
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(public, digest, signature)
	case *rsa.PublicKey:
		if pss, is := o.(*rsa.PSSOptions); is {
			return rsa.VerifyPSS(public, pss.Hash, digest, signature, pss) == nil
		}
		return rsa.VerifyPKCS1v15(public, o.HashFunc(), digest, signature) == nil
	}
	return false
}

// loadAnyPair is loadPair, or loadHostPair when the host signs.
func loadAnyPair(cert, key *source, password []byte, signs bool) (*tls.Certificate, *InputError) {
	if signs {
		return loadHostPair(cert, key)
	}
	return loadPair(cert, key, password)
}

// loadHostPair reads a chain whose key the host has; key must not be given.
func loadHostPair(cert, key *source) (*tls.Certificate, *InputError) {
	switch {
	case key.given():
		return nil, key.fail("is given, and WS_SIGN_EVENTS says that the host program signs; one of both")
	case !cert.given():
		return nil, &InputError{Input: InputCert, Err: errors.New("WS_SIGN_EVENTS needs the certificate whose key the host program has")}
	}
	chain, failed := loadChain(cert)
	if failed != nil {
		return nil, failed
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return nil, cert.fail("%w", err)
	}
	switch leaf.PublicKey.(type) {
	case ed25519.PublicKey, *ecdsa.PublicKey, *rsa.PublicKey:
	default:
		return nil, cert.fail("%w", fmt.Errorf("its key, %v, is of a kind that TLS has no signatures for", leaf.PublicKeyAlgorithm))
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: &hostKey{public: leaf.PublicKey, subject: oneLine(leaf.Subject.String())}, Leaf: leaf}, nil
}
