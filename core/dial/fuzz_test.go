// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bytes"
	"path/filepath"
	"testing"
)

// FuzzPrivateKey: no bytes of a key file, and no password, do more than be refused.
func FuzzPrivateKey(f *testing.F) {
	names, err := filepath.Glob("testdata/*.pem")
	if err != nil || len(names) == 0 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		f.Add(stored(f, filepath.Base(name)), []byte("secret"))
	}
	f.Fuzz(func(t *testing.T, data, password []byte) {
		before := bytes.Clone(data)
		key, failed := loadKey(&source{InputKey, "", data}, password)
		if (key == nil) == (failed == nil) {
			t.Fatalf("a key %v and an error %v", key, failed)
		}
		if failed != nil && (failed.Error() == "" || failed.Input != InputKey && failed.Input != InputPassword) {
			t.Fatalf("imprecise error %#v", failed)
		}
		if !bytes.Equal(before, data) {
			t.Fatal("the bytes of the host were changed")
		}
	})
}

// FuzzCertificates: the same for chains.
func FuzzCertificates(f *testing.F) {
	chain := stored(f, "certificate.pem")
	f.Add(chain)
	f.Add(append(bytes.Clone(chain), chain...))
	f.Fuzz(func(t *testing.T, data []byte) {
		certs, failed := loadChain(&source{InputCert, "", data})
		if (len(certs) == 0) == (failed == nil) {
			t.Fatalf("%d certificates and an error %v", len(certs), failed)
		}
	})
}
