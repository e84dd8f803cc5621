// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

// module signs as a security module does, which knows schemes and no Go.
type module struct {
	net.Conn
	key    crypto.Signer
	verify func(*Verification) bool
	wrong  bool
	asked  []Signing
}

func (m *module) Verify(v *Verification) (bool, error) { return m.verify(v), nil }

func (m *module) Sign(s *Signing) ([]byte, error) {
	m.asked = append(m.asked, *s)
	var o crypto.SignerOpts
	switch s.Scheme {
	case tls.PSSWithSHA256:
		o = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
	case tls.PSSWithSHA384:
		o = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA384}
	case tls.PSSWithSHA512:
		o = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA512}
	case tls.PKCS1WithSHA1, tls.ECDSAWithSHA1:
		o = crypto.SHA1
	case tls.PKCS1WithSHA256, tls.ECDSAWithP256AndSHA256:
		o = crypto.SHA256
	case tls.PKCS1WithSHA384, tls.ECDSAWithP384AndSHA384:
		o = crypto.SHA384
	case tls.PKCS1WithSHA512, tls.ECDSAWithP521AndSHA512:
		o = crypto.SHA512
	case tls.Ed25519:
		o = crypto.Hash(0)
	case 0:
		o = crypto.MD5SHA1
	default:
		return nil, errors.New("an unknown scheme")
	}
	signature, err := m.key.Sign(rand.Reader, s.Digest, o)
	if m.wrong {
		signature[len(signature)/2] ^= 1
	}
	return signature, err
}

// ends are those of a connection; what one end leaves unread holds the other up at a net.Pipe.
func ends(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if near, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if far, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	return near, far
}

// signedByItself is a certificate for server.test, PEM.
func signedByItself(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "module"}, DNSNames: []string{"server.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func keysOfAllKinds(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	ofRSA, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]crypto.Signer{"RSA": ofRSA, "Ed25519": ed}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys[curve.Params().Name] = key
	}
	return keys
}

// Both ends have certificates whose keys are in a module; the host decides about both.
func TestAHostSignsAndVerifiesForBothEnds(t *testing.T) {
	t.Parallel()
	for name, key := range keysOfAllKinds(t) {
		for version := uint16(tls.VersionTLS10); version <= tls.VersionTLS13; version++ {
			if name == "Ed25519" && version < tls.VersionTLS12 {
				continue // which do not know it
			}
			chain := signedByItself(t, key)
			near, far := ends(t)
			var seen [2]*Verification
			server, client := &module{Conn: far, key: key}, &module{Conn: near, key: key}
			server.verify = func(v *Verification) bool { seen[0] = v; return true }
			client.verify = func(v *Verification) bool { seen[1] = v; return true }
			acceptor, err := NewTLSServer(ServerOptions{Pairs: []Pair{{Cert: chain, AskSign: true}}, AskVerify: true, MinVersion: version, MaxVersion: version})
			if err != nil {
				t.Fatal(err)
			}
			o := TLSOptions{Cert: chain, AskSign: true, AskVerify: true, MinVersion: version, MaxVersion: version}
			config, err := ClientTLS(parse(t, "wss://server.test/"), o)
			if err != nil {
				t.Fatal(err)
			}
			once := ForHandshake(config)
			Ask(once, &o, client)
			done := make(chan error, 1)
			go func() {
				err := acceptor.Server(server).Handshake()
				done <- err
				if err != nil {
					far.Close()
				}
			}()
			c := tls.Client(client, once)
			failed := c.Handshake()
			if failed != nil {
				near.Close()
			}
			if err := errors.Join(failed, <-done); err != nil {
				t.Errorf("%s, %s: %v", name, tls.VersionName(version), err)
			} else if seen[0] == nil || seen[1] == nil || !bytes.Equal(seen[0].Chain, chain) || seen[1].Name != "server.test" ||
				!strings.Contains(seen[1].Refusal, "unknown authority") || seen[0].Refusal != "" {
				t.Errorf("%s, %s: %+v, %+v", name, tls.VersionName(version), seen[0], seen[1])
			} else if len(server.asked) != 1 || len(client.asked) != 1 || server.asked[0].Subject != "CN=module" {
				t.Errorf("%s, %s: %+v, %+v", name, tls.VersionName(version), server.asked, client.asked)
			}
			near.Close()
			far.Close()
		}
	}
}

func TestAWrongSignatureIsToldByItsReason(t *testing.T) {
	t.Parallel()
	for name, key := range keysOfAllKinds(t) {
		k := &hostKey{public: key.Public(), asker: &module{key: key, wrong: true}}
		for _, o := range []crypto.SignerOpts{crypto.SHA256, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}} {
			if name == "Ed25519" {
				o = crypto.Hash(0)
			}
			if _, err := k.Sign(rand.Reader, make([]byte, 32), o); !errors.Is(err, errBadSign) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// What a server has stapled (RFC 6066 8) is the host's to look at.
func TestTheStapledAnswerIsTold(t *testing.T) {
	t.Parallel()
	key := keysOfAllKinds(t)["P-256"]
	block, _ := pem.Decode(signedByItself(t, key))
	near, far := ends(t)
	defer near.Close()
	defer far.Close()
	server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{block.Bytes}, PrivateKey: key, OCSPStaple: []byte("stapled")}}})
	go server.Handshake()
	o := TLSOptions{AskVerify: true}
	config, err := ClientTLS(parse(t, "wss://server.test/"), o)
	if err != nil {
		t.Fatal(err)
	}
	var told *Verification
	once := ForHandshake(config)
	Ask(once, &o, &module{verify: func(v *Verification) bool { told = v; return false }})
	err = tls.Client(near, once).Handshake()
	var refused *RefusedError
	if told == nil || string(told.Staple) != "stapled" || !errors.As(err, &refused) || !WrongCertificate(err) {
		t.Errorf("%+v, %v", told, err)
	}
}
