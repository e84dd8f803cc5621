// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func stored(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pairOf loads a pair from memory.
func pairOf(cert, key []byte, password string) *InputError {
	_, failed := loadPair(&source{InputCert, "", cert}, &source{InputKey, "", key}, []byte(password))
	return failed
}

func TestKeysOfOpenSSLAreRead(t *testing.T) {
	t.Parallel()
	cert := stored(t, "certificate.pem")
	for _, name := range []string{"sec1", "pkcs8"} {
		if err := pairOf(cert, stored(t, name+".pem"), ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := pairOf(cert, stored(t, name+".pem"), "not needed"); err != nil {
			t.Errorf("%s with a password: %v", name, err)
		}
	}
	for _, name := range []string{"legacy-aes256", "legacy-des3", "pbes2-default", "pbes2-des3", "pbes2-scrypt", "pbes2-sha1"} {
		key := stored(t, name+".pem")
		if err := pairOf(cert, key, "secret"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := pairOf(cert, key, "wrong"); err == nil || err.Input != InputPassword || !errors.Is(err, ErrPassword) {
			t.Errorf("%s with a wrong password: %v", name, err)
		}
		if err := pairOf(cert, key, ""); err == nil || err.Input != InputPassword || !errors.Is(err, ErrNoPassword) {
			t.Errorf("%s without a password: %v", name, err)
		}
		file := written(t, name, key)
		pair, failed := loadPair(&source{InputCert, written(t, "c", cert), nil}, &source{InputKey, file, nil}, []byte("secret"))
		if failed != nil || len(pair.Certificate) != 1 || pair.Leaf.Subject.CommonName != "libws test key" {
			t.Errorf("%s from a file: %+v, %v", name, pair, failed)
		}
		if _, failed = loadPair(&source{InputCert, written(t, "c", cert), nil}, &source{InputKey, file, nil}, []byte("wrong")); failed == nil || failed.Path != file || !strings.Contains(failed.Error(), file) {
			t.Errorf("%s from a file with a wrong password: %v", name, failed)
		}
	}
}

// The wrong password must never look like a broken key, however the padding falls.
func TestEachWrongPasswordIsCalledWrong(t *testing.T) {
	t.Parallel()
	cert := stored(t, "certificate.pem")
	for name, tries := range map[string]int{"legacy-aes256.pem": 600, "pbes2-scrypt.pem": 20} {
		key := stored(t, name)
		for i := range tries {
			password := strings.Repeat("x", 1+i%30) + string(rune('a'+i/30))
			if err := pairOf(cert, key, password); err == nil || !errors.Is(err, ErrPassword) {
				t.Fatalf("%s with %q: %v", name, password, err)
			}
		}
	}
}

func TestKeysOfKindsThatAreNotSupportedSaySo(t *testing.T) {
	t.Parallel()
	cert := stored(t, "certificate.pem")
	for name, says := range map[string]string{"pbes1": "PBES2", "pbes2-sha512": "hash function"} {
		if err := pairOf(cert, stored(t, name+".pem"), "secret"); err == nil || !strings.Contains(err.Error(), says) || err.Input != InputKey {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOtherAlgorithmsOfKeysAreRead(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	key, failed := loadKey(&source{input: InputKey, data: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(small)})}, nil)
	if failed != nil || !small.Equal(key) {
		t.Errorf("PKCS #1: %v", failed)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(edwards)
	if err != nil {
		t.Fatal(err)
	}
	key, failed = loadKey(&source{input: InputKey, data: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}, nil)
	if failed != nil || !edwards.Equal(key) {
		t.Errorf("Ed25519: %v", failed)
	}
}

func TestPairsThatCannotBeUsedSayWhichAndWhy(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	garbage := []byte("no PEM\n")
	broken := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})
	brokenKey := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})
	for _, c := range []struct {
		what      string
		cert, key []byte
		input     Input
		says      string
	}{
		{"no certificate", nil, w.client.key, InputCert, "without its certificate"},
		{"no key", w.client.cert, nil, InputKey, "without its private key"},
		{"an empty certificate", []byte{}, w.client.key, InputCert, "certificate in memory"},
		{"garbage for a certificate", garbage, w.client.key, InputCert, "no PEM certificate"},
		{"garbage for a key", w.client.cert, garbage, InputKey, "no PEM private key"},
		{"a key for a certificate", w.client.key, w.client.key, InputCert, "no PEM certificate"},
		{"a certificate for a key", w.client.cert, w.client.cert, InputKey, "no PEM private key"},
		{"a broken certificate", broken, w.client.key, InputCert, "malformed"},
		{"a broken key", w.client.cert, brokenKey, InputKey, "malformed"},
		{"the key of another", w.client.cert, w.server.key, InputPair, "does not belong"},
	} {
		err := pairOf(c.cert, c.key, "")
		if err == nil || err.Input != c.input || !strings.Contains(err.Error(), c.says) || err.Missing {
			t.Errorf("%s: %v", c.what, err)
		}
		if (c.input == InputPair) != errors.Is(err, ErrKeyMismatch) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	missing := filepath.Join(t.TempDir(), "missing.pem")
	good := written(t, "good", w.client.cert)
	_, err := ClientTLS(parse(t, "wss://a.test/"), TLSOptions{CertFile: good, KeyFile: missing})
	var failed *InputError
	if !errors.As(err, &failed) || !failed.Missing || failed.Path != missing || failed.Input != InputKey || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing key: %v", err)
	}
	_, err = ClientTLS(parse(t, "wss://a.test/"), TLSOptions{CertFile: missing, KeyFile: good})
	if !errors.As(err, &failed) || !failed.Missing || failed.Path != missing || failed.Input != InputCert {
		t.Errorf("a missing certificate: %v", err)
	}
	_, err = ClientTLS(parse(t, "wss://a.test/"), TLSOptions{CertFile: good, KeyFile: t.TempDir()})
	if !errors.As(err, &failed) || failed.Missing || failed.Input != InputKey {
		t.Errorf("a directory for a key: %v", err)
	}
}

// A file may hold the key before the certificate, text between, and parameters.
func TestOneFileMayHoldBoth(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	between := issue(t, "between.test", w.ca, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })
	leaf := issue(t, "leaf.test", between, nil)
	all := []byte("a comment\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + string(leaf.key) + "between\n" + string(leaf.cert))
	path := written(t, "both.pem", all)
	pair, failed := loadPair(&source{InputCert, path, nil}, &source{InputKey, path, nil}, nil)
	if failed != nil || len(pair.Certificate) != 2 || pair.Leaf.Subject.CommonName != "leaf.test" {
		t.Errorf("%+v, %v", pair, failed)
	}
	before := string(all)
	if err := pairOf(all, all, ""); err != nil {
		t.Error(err)
	}
	if string(all) != before {
		t.Error("the host's memory was changed")
	}
}

// The library that decrypts panics when lengths do not fit.
func TestBrokenEncryptedKeysAreErrors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"legacy-aes256.pem", "pbes2-scrypt.pem"} {
		block, _ := pem.Decode(stored(t, name))
		for n := range len(block.Bytes) {
			cut := &pem.Block{Type: block.Type, Headers: block.Headers, Bytes: block.Bytes[:n]}
			if key, err := parseKey(cut, []byte("secret")); err == nil {
				t.Fatalf("%s cut to %d bytes gives %v", name, n, key)
			}
		}
	}
	block, _ := pem.Decode(stored(t, "pbes2-scrypt.pem"))
	var outer struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	if _, err := asn1.Unmarshal(block.Bytes, &outer); err != nil {
		t.Fatal(err)
	}
	outer.Data = outer.Data[1:] // no whole blocks of the cipher any more
	der, err := asn1.Marshal(outer)
	if err != nil {
		t.Fatal(err)
	}
	if key, err := parseKey(&pem.Block{Type: block.Type, Bytes: der}, []byte("secret")); key != nil || !errors.Is(err, errMalformedKey) {
		t.Errorf("%v, %v", key, err)
	}
}

func TestEncryptedKeysThatCostTooMuchAreRefused(t *testing.T) {
	t.Parallel()
	type derivation struct {
		ID     asn1.ObjectIdentifier
		Params any
	}
	type params struct {
		Derivation derivation
		Encryption pkix.AlgorithmIdentifier
	}
	type scheme struct {
		ID     asn1.ObjectIdentifier
		Params params
	}
	type pbkdf2 struct {
		Salt   []byte
		Rounds int
		Hash   pkix.AlgorithmIdentifier
	}
	type scrypt struct {
		Salt             []byte
		Cost, Size, Many int
	}
	iv, err := asn1.Marshal(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	aes := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}, Parameters: asn1.RawValue{FullBytes: iv}}
	sha := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}, Parameters: asn1.NullRawValue}
	rounds, scrypts := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
	salt := make([]byte, 8)
	for _, c := range []struct {
		d    derivation
		want error
	}{
		{derivation{rounds, pbkdf2{salt, 2048, sha}}, ErrPassword},
		{derivation{rounds, pbkdf2{salt, maxRounds + 1, sha}}, errCostlyKey},
		{derivation{rounds, pbkdf2{salt, math.MaxInt, sha}}, errCostlyKey},
		{derivation{scrypts, scrypt{salt, 1024, 8, 1}}, ErrPassword},
		{derivation{scrypts, scrypt{salt, 1 << 20, 8, 1}}, errCostlyKey},
		{derivation{scrypts, scrypt{salt, 2, 1 << 30, 1}}, errCostlyKey},
		{derivation{scrypts, scrypt{salt, math.MaxInt, math.MaxInt, 1}}, errCostlyKey},
		{derivation{scrypts, scrypt{salt, 1024, 8, 1 << 20}}, errCostlyKey},
	} {
		der, err := asn1.Marshal(struct {
			Scheme scheme
			Data   []byte
		}{scheme{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, params{c.d, aes}}, make([]byte, 64)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseEncrypted(der, []byte("secret")); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.d, err, c.want)
		}
	}
}
