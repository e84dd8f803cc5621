// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"encoding/asn1"
	"errors"
	"strings"

	"github.com/youmark/pkcs8"
)

// parseEncrypted reads a key of RFC 5208 6. The library does not tell a wrong
// password from other errors by type, and panics when lengths are wrong.
func parseEncrypted(der, password []byte) (key any, err error) {
	if costly(der) {
		return nil, errCostlyKey
	}
	defer guard(func(error) { key, err = nil, errMalformedKey })
	key, err = pkcs8.ParsePKCS8PrivateKey(der, password)
	if err != nil && strings.HasSuffix(err.Error(), "incorrect password") {
		err = ErrPassword
	}
	return key, err
}

var errCostlyKey = errors.New("the private key takes too much time or memory to decrypt")

// Bounds of what a key may cost; openssl's defaults are 2048 rounds and 16 MiB.
const (
	maxRounds = 10_000_000
	maxScrypt = 256 << 20
)

// costly looks at what PBES2 (RFC 8018 6.2) wants to be done, which the library
// does without a bound: a broken file must not hold up the host. What cannot be
// read is left to the library.
func costly(der []byte) bool {
	var key struct {
		Scheme struct {
			ID     asn1.ObjectIdentifier
			Params struct {
				Derivation struct {
					ID     asn1.ObjectIdentifier
					Params asn1.RawValue
				}
				Encryption asn1.RawValue
			}
		}
		Data []byte
	}
	if _, err := asn1.Unmarshal(der, &key); err != nil {
		return false
	}
	params := key.Scheme.Params.Derivation.Params.FullBytes
	var pbkdf2 struct { // RFC 8018 A.2
		Salt   []byte
		Rounds int
		Length int           `asn1:"optional"`
		Hash   asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(params, &pbkdf2); err == nil && pbkdf2.Rounds > maxRounds {
		return true
	}
	var scrypt struct { // RFC 7914 7.1
		Salt             []byte
		Cost, Size, Many int
	}
	if _, err := asn1.Unmarshal(params, &scrypt); err != nil || scrypt.Cost <= 0 || scrypt.Size <= 0 {
		return false
	}
	const block = 128
	return scrypt.Cost > maxScrypt/block || scrypt.Size > maxScrypt/block/scrypt.Cost || scrypt.Many > 16
}
