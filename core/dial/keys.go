// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
)

// What can be wrong with a private key, beside its form.
var (
	// ErrNoPassword: the key is encrypted and no password was given.
	ErrNoPassword = errors.New("the key is encrypted, and there is no password")
	// ErrPassword: the password does not decrypt the key.
	ErrPassword = errors.New("the password does not decrypt the key")
	// ErrKeyMismatch: the key is that of another certificate.
	ErrKeyMismatch = errors.New("the key does not belong to the certificate")
)

// loadPair reads a chain and its key, which must belong together. Copies of the
// key that it makes are wiped; those of the host are the host's.
func loadPair(cert, key *source, password []byte) (*tls.Certificate, *InputError) {
	switch {
	case !cert.given():
		return nil, &InputError{Input: InputCert, Err: errors.New("a private key was given without its certificate")}
	case !key.given():
		return nil, &InputError{Input: InputKey, Err: errors.New("a certificate was given without its private key")}
	}
	chain, failed := loadChain(cert)
	if failed != nil {
		return nil, failed
	}
	private, failed := loadKey(key, password)
	if failed != nil {
		return nil, failed
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return nil, cert.fail("%w", err)
	}
	if !belongs(leaf, private) {
		failed := cert.fail("with %s: %w", key.where(), ErrKeyMismatch)
		failed.Input, failed.Path = InputPair, ""
		return nil, failed
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: private, Leaf: leaf}, nil
}

// loadChain reads certificates, the own one first.
func loadChain(s *source) ([][]byte, *InputError) {
	data, failed := s.read()
	if failed != nil {
		return nil, failed
	}
	if s.path != "" {
		defer clear(data) // the key may be in the same file
	}
	var chain [][]byte
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			chain = append(chain, block.Bytes)
		} else {
			clear(block.Bytes)
		}
	}
	if len(chain) == 0 {
		return nil, s.fail("%w", errNoCertificate)
	}
	return chain, nil
}

// loadKey reads the first private key.
func loadKey(s *source, password []byte) (crypto.Signer, *InputError) {
	data, failed := s.read()
	if failed != nil {
		return nil, failed
	}
	if s.path != "" {
		defer clear(data)
	}
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, s.fail("it holds no PEM private key")
		}
		defer clear(block.Bytes)
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		key, err := parseKey(block, password)
		switch {
		case errors.Is(err, ErrPassword), errors.Is(err, ErrNoPassword):
			failed := s.fail("%w", err)
			failed.Input = InputPassword
			return nil, failed
		case err != nil:
			return nil, s.fail("%w", err)
		}
		signer, ok := key.(crypto.Signer)
		if !ok {
			return nil, s.fail("a key of this kind cannot sign")
		}
		return signer, nil
	}
}

// parseKey reads a key of PKCS #8, PKCS #1 or SEC 1, encrypted or not.
func parseKey(block *pem.Block, password []byte) (any, error) {
	//lint:ignore SA1019 old keys are encrypted so, and nothing else reads them
	legacy := x509.IsEncryptedPEMBlock(block)
	if (legacy || block.Type == "ENCRYPTED PRIVATE KEY") && len(password) == 0 {
		return nil, ErrNoPassword
	}
	if block.Type == "ENCRYPTED PRIVATE KEY" {
		return parseEncrypted(block.Bytes, password)
	}
	if !legacy {
		return parsePlain(block.Bytes)
	}
	//lint:ignore SA1019 see above
	der, err := x509.DecryptPEMBlock(block, password)
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, ErrPassword
	} else if err != nil {
		return nil, err
	}
	defer clear(der)
	key, err := parsePlain(der)
	if err != nil {
		return nil, ErrPassword // one wrong password in 256 seems to fit
	}
	return key, nil
}

var errMalformedKey = errors.New("the private key is malformed")

func parsePlain(der []byte) (any, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	return nil, errMalformedKey
}

// belongs tells whether a key is that of a certificate.
func belongs(leaf *x509.Certificate, key crypto.Signer) bool {
	public, ok := leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(key.Public())
}
