// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"errors"
	"strings"
	"testing"
)

func TestSessionsAreResumedOnlyByTheSameOptions(t *testing.T) {
	t.Parallel()
	w := makeWorld(t)
	second := issue(t, "second.test", w.ca, nil)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config := &tls.Config{
			Certificates: []tls.Certificate{w.server.Certificate}, MaxVersion: version,
			ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: w.roots(),
		}
		host, port, all := secureServer(t, config)
		_, another, _ := secureServer(t, config)
		base := TLSOptions{CA: w.ca.cert}
		both := append(append([]byte(nil), w.ca.cert...), w.other.cert...)
		for i, c := range []struct {
			what    string
			url     string
			o       TLSOptions
			resumed bool
		}{
			{"the first", wss(host, port), base, false},
			{"the same again", wss(host, port), base, true},
			{"other authorities", wss(host, port), TLSOptions{CA: both}, false},
			{"no verification", wss(host, port), TLSOptions{CA: w.ca.cert, SkipVerify: true}, false},
			{"a client certificate", wss(host, port), TLSOptions{CA: w.ca.cert, Cert: w.client.cert, Key: w.client.key}, false},
			{"another client certificate", wss(host, port), TLSOptions{CA: w.ca.cert, Cert: second.cert, Key: second.key}, false},
			{"the first client certificate", wss(host, port), TLSOptions{CA: w.ca.cert, Cert: w.client.cert, Key: w.client.key}, true},
			{"pins", wss(host, port), TLSOptions{CA: w.ca.cert, Pins: []string{pin64(w.ca.Leaf)}}, false},
			{"pins again", wss(host, port), TLSOptions{CA: w.ca.cert, Pins: []string{pin64(w.ca.Leaf)}}, true},
			{"other versions", wss(host, port), TLSOptions{CA: w.ca.cert, MinVersion: tls.VersionTLS11}, false},
			{"no resumption", wss(host, port), TLSOptions{CA: w.ca.cert, NoResumption: true}, false},
			{"another port", wss(host, another), base, false},
			{"the first of all", wss(host, port), base, true},
		} {
			state, err := shake(t, c.url, c.o)
			if err != nil || state.DidResume != c.resumed {
				t.Errorf("%s with %s: resumed %v, %v", c.what, tls.VersionName(version), state.DidResume, err)
			}
			if i < 11 {
				<-all
			}
		}
		// What was trusted once is not trusted by others.
		_, err := shake(t, wss(host, port), TLSOptions{CA: w.other.cert})
		var unknown *tls.CertificateVerificationError
		if !errors.As(err, &unknown) {
			t.Errorf("%v", err)
		}
	}
}

func TestSessionsOfOthersAreNotSeen(t *testing.T) {
	t.Parallel()
	var a, b identity
	a.add("x", "y")
	b.add("xy")
	one, two := a.sessions(), b.sessions()
	one.Put("key", &tls.ClientSessionState{})
	if _, ok := two.Get("key"); ok {
		t.Error("a session of another identity")
	}
	if _, ok := one.Get("key"); !ok {
		t.Error("the own session is gone")
	}
	one.Put("key", nil)
	if _, ok := one.Get("key"); ok {
		t.Error("a session that was dropped")
	}
	if strings.Contains(string(one.(sessions)), "x") && len(one.(sessions)) != 32 {
		t.Error("the key is no hash")
	}
}
