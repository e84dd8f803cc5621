// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

func sumOf(data []byte) [sha256.Size]byte { return sha256.Sum256(data) }

func pin64(c *x509.Certificate) string {
	sum := pinOf(c)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestPinsAreReadInAllTheirForms(t *testing.T) {
	t.Parallel()
	sum := sumOf([]byte("key"))
	plain := hex.EncodeToString(sum[:])
	var colons []string
	for i := 0; i < len(plain); i += 2 {
		colons = append(colons, strings.ToUpper(plain[i:i+2]))
	}
	text := base64.StdEncoding.EncodeToString(sum[:])
	for _, form := range []string{
		text, strings.TrimRight(text, "="), "sha256/" + text, "sha256//" + text, " " + text + "\n",
		plain, strings.ToUpper(plain), strings.Join(colons, ":"), "sha256/" + plain,
	} {
		list, failed := parsePins([]string{form})
		if failed != nil {
			t.Errorf("%q: %v", form, failed)
		} else if _, ok := list[sum]; !ok || len(list) != 1 {
			t.Errorf("%q: %v", form, list)
		}
	}
	for _, form := range []string{"", "sha256/", text[1:], text + text, plain[2:], "sha1/" + text, strings.Repeat("g", 64), strings.Repeat("=", 44)} {
		if _, failed := parsePins([]string{text, form}); failed == nil {
			t.Errorf("%q was taken", form)
		}
	}
}

// Slashes that belong to the hash must not be taken for a part of the prefix.
func TestPinsThatBeginWithASlashAreKept(t *testing.T) {
	t.Parallel()
	var sum [sha256.Size]byte
	for i := range sum {
		sum[i] = 0xff
	}
	text := base64.StdEncoding.EncodeToString(sum[:])
	if text[0] != '/' {
		t.Fatal(text)
	}
	short := strings.TrimRight(text, "=")
	for _, form := range []string{text, "sha256/" + text, "sha256//" + text, short, "sha256/" + short, "sha256//" + short} {
		list, failed := parsePins([]string{form})
		if failed != nil {
			t.Errorf("%q: %v", form, failed)
		} else if _, ok := list[sum]; !ok {
			t.Errorf("%q: %v", form, list)
		}
	}
}

func TestPinsAreChecked(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	host, port, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{w.server.Certificate}})
	// A server that proves nothing, and shows the pinned authority all the same.
	forged := issue(t, "127.0.0.1", nil, nil)
	forged.Certificate.Certificate = append(forged.Certificate.Certificate, w.ca.Leaf.Raw)
	forgedHost, forgedPort, _ := secureServer(t, &tls.Config{Certificates: []tls.Certificate{forged.Certificate}})
	ca, server, other := pin64(w.ca.Leaf), pin64(w.server.Leaf), pin64(w.other.Leaf)
	for _, c := range []struct {
		what string
		url  string
		pins []string
		skip bool
		good bool
	}{
		{"the server's key", wss(host, port), []string{server}, false, true},
		{"the authority's key", wss(host, port), []string{ca}, false, true},
		{"one of two", wss(host, port), []string{other, server}, false, true},
		{"another key", wss(host, port), []string{other}, false, false},
		{"the server's key alone", wss(host, port), []string{server}, true, true},
		{"another key alone", wss(host, port), []string{other}, true, false},
		{"the authority's key without a chain to it", wss(forgedHost, forgedPort), []string{ca}, true, false},
		{"the key of a server that proves nothing else", wss(forgedHost, forgedPort), []string{pin64(forged.Leaf)}, true, true},
	} {
		o := TLSOptions{Pins: c.pins, SkipVerify: c.skip, CA: w.ca.cert}
		for range 2 { // the second one resumes, if it may
			_, err := shake(t, c.url, o)
			if (err == nil) != c.good {
				t.Errorf("%s: %v", c.what, err)
			}
			var e *PinError
			if err != nil && (!errors.As(err, &e) || e.Got == "" || !strings.Contains(TLSFailure(err), e.Got)) {
				t.Errorf("%s: %v", c.what, err)
			}
		}
	}
}
