// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"testing"
)

func TestCertificateIsCheckedForTheHostAlone(t *testing.T) {
	t.Parallel()
	for raw, name := range map[string]string{
		"wss://example.org:8443/path": "example.org",
		"wss://user:secret@a.b/":      "a.b",
		"wss://127.0.0.1/":            "127.0.0.1",
		"wss://[::1]:1/":              "::1",
		"wss://[fe80::1%25eth0]/":     "fe80::1",
	} {
		u, err := ParseURL(raw)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ClientTLS(u, TLSOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if c.ServerName != name || c.InsecureSkipVerify || c.MinVersion != tls.VersionTLS12 {
			t.Errorf("%s: name %q, skips verification %v, from version %#x", raw, c.ServerName, c.InsecureSkipVerify, c.MinVersion)
		}
	}
}
