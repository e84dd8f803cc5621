// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// pins are hashes of public keys (SubjectPublicKeyInfo), as RFC 7469 2.4 makes
// them. They are checked in addition to the certificate, and alone with
// SkipVerify; then only the server's own key counts, because nothing ties the
// rest of its chain to it.
type pins map[[sha256.Size]byte]struct{}

// parsePins reads hashes in base64 or in hexadecimal with or without colons, each
// with or without "sha256/" or "sha256//" before it.
func parsePins(list []string) (pins, *InputError) {
	result := pins{}
	const padded = 44 // bytes of base64, the last of which is the only padding
	for _, pin := range list {
		text := strings.TrimPrefix(strings.TrimSpace(pin), "sha256/")
		if !strings.HasSuffix(text, "=") && (len(text) == padded-1 || len(text) == padded && text[0] == '/') {
			text += "=" // the padding is often left out
		}
		if len(text) == padded+1 { // the second slash, not one of the hash
			text = strings.TrimPrefix(text, "/")
		}
		sum, err := base64.StdEncoding.DecodeString(text)
		if plain := strings.ReplaceAll(text, ":", ""); len(plain) == hex.EncodedLen(sha256.Size) {
			sum, err = hex.DecodeString(plain)
		}
		if err != nil || len(sum) != sha256.Size {
			return nil, &InputError{Input: InputPins, Err: fmt.Errorf("%.80q is no SHA-256 hash in base64 or hexadecimal", pin)}
		}
		result[[sha256.Size]byte(sum)] = struct{}{}
	}
	return result, nil
}

// pinOf is the hash of a certificate's public key.
func pinOf(c *x509.Certificate) [sha256.Size]byte {
	return sha256.Sum256(c.RawSubjectPublicKeyInfo)
}

// verify is a tls.Config.VerifyConnection, which resumed sessions pass, too.
func (p pins) verify(state tls.ConnectionState) error {
	for _, chain := range verified(&state) {
		for _, c := range chain {
			if _, ok := p[pinOf(c)]; ok {
				return nil
			}
		}
	}
	e := &PinError{}
	if len(state.PeerCertificates) > 0 {
		sum := pinOf(state.PeerCertificates[0])
		e.Got = base64.StdEncoding.EncodeToString(sum[:])
	}
	return e
}

// verified gives the chains that lead to an authority; without verification the
// leaf, whose key alone the server has proven to have.
func verified(state *tls.ConnectionState) [][]*x509.Certificate {
	if len(state.VerifiedChains) > 0 {
		return state.VerifiedChains
	}
	return [][]*x509.Certificate{state.PeerCertificates[:min(1, len(state.PeerCertificates))]}
}

// PinError is a server whose keys are none of the pinned ones.
type PinError struct {
	Got string // the pin of the server's own key, base64
}

// Error repeats the pin that the server has.
func (e *PinError) Error() string {
	return "no key in the server's chain is pinned; its own is sha256/" + e.Got
}
