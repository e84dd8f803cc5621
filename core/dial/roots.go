// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"libws/core/lock"
	"os"
	"path/filepath"
	"runtime"
	"weak"
)

// Where OpenHarmony keeps its authorities: one file, or a directory of files.
// crypto/x509 looks at neither.
var (
	harmonyFile      = "/etc/ssl/certs/cacert.pem"
	harmonyDirectory = "/etc/security/certificates"
)

// loadRoots gives the authorities to trust: those of the options, else those of
// OpenHarmony, else nil, which stands for those of the system.
func loadRoots(o *TLSOptions, id *identity) (*x509.CertPool, *InputError) {
	all, failed := readAuthorities(o.CAFile, o.CA)
	if failed != nil {
		return nil, failed
	}
	if all == nil {
		return harmonyRoots(harmonyFile, harmonyDirectory), nil
	}
	id.add(string(all))
	return sharedPool(all), nil
}

// readAuthorities gives the PEM of a file and of memory, nil when neither is given.
func readAuthorities(file string, memory []byte) (all []byte, failed *InputError) {
	for _, s := range []source{{InputCA, file, nil}, {InputCA, "", memory}} {
		if !s.given() {
			continue
		}
		pem, failed := s.read()
		if failed != nil {
			return nil, failed
		}
		if !x509.NewCertPool().AppendCertsFromPEM(pem) {
			return nil, s.fail("%w", errNoCertificate)
		}
		all = append(append(all, pem...), '\n')
	}
	return all, nil
}

// harmonyRoots is nil when there are none, as on all other systems.
func harmonyRoots(file, directory string) *x509.CertPool {
	if pem, err := os.ReadFile(file); err == nil {
		if roots := sharedPool(pem); roots != nil {
			return roots
		}
	}
	entries, err := os.ReadDir(directory)
	if err != nil {
		return nil
	}
	var all []byte
	for _, entry := range entries {
		if pem, err := os.ReadFile(filepath.Join(directory, entry.Name())); err == nil {
			all = append(append(all, pem...), '\n')
		}
	}
	return sharedPool(all)
}

// pools are the authorities that some connection uses, by the hash of their PEM: a
// *tls.Conn keeps them as long as it lives, and they take some hundred KB.
var pools struct {
	mu    lock.Mutex[lock.Roots] // guards known
	known map[[sha256.Size]byte]weak.Pointer[x509.CertPool]
}

// sharedPool parses PEM, or finds that it has been parsed. nil when it holds no
// certificate. Nobody changes the result.
func sharedPool(pem []byte) *x509.CertPool {
	sum := sha256.Sum256(pem)
	pools.mu.Lock()
	defer pools.mu.Unlock()
	if pool := pools.known[sum].Value(); pool != nil {
		return pool
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil
	}
	if pools.known == nil {
		pools.known = map[[sha256.Size]byte]weak.Pointer[x509.CertPool]{}
	}
	pools.known[sum] = weak.Make(pool)
	runtime.AddCleanup(pool, forgetPool, sum)
	return pool
}

// forgetPool runs when nobody uses the pool any more; another may have come since.
func forgetPool(sum [sha256.Size]byte) {
	pools.mu.Lock()
	defer pools.mu.Unlock()
	if pools.known[sum].Value() == nil {
		delete(pools.known, sum)
	}
}

var errNoCertificate = errors.New("it holds no PEM certificate")
