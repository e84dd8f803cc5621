// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"net/url"
	"strings"
	"testing"
)

func TestTextsRepeatOfURLsNoSecrets(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"":                                 "",
		"/new?token=SECRET":                `"/new?..."`,
		"wss://u:SECRET@h.test:1/p#SECRET": `"wss://h.test:1/p"`,
		"http://%zz":                       "an address that cannot be read",
		"mailto:SECRET":                    "an address that cannot be read",
	} {
		e := &StatusError{Status: 302, Fields: []Field{{"X", "y"}, {"LOCATION", to}}}
		if got := e.Location(); got != want {
			t.Errorf("%s: %s instead of %s", to, got, want)
		}
	}
	u, _ := url.Parse("ws://h/" + strings.Repeat("a", 1000))
	if got := ShownURL(u); len(got) > 210 {
		t.Errorf("a long text: %s", got)
	}
}

func TestChallengesAreNamedByTheirScheme(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"": "", "Basic realm=\"x\"": "Basic", "Negotiate": "Negotiate", "Bearer, Basic": "Bearer", "\"odd\" x": "", strings.Repeat("a", 40): "",
	} {
		e := &StatusError{Status: 401, Fields: []Field{{"WWW-Authenticate", value}}}
		if got := e.Scheme(); got != want {
			t.Errorf("%q: %q instead of %q", value, got, want)
		}
	}
}

func TestAnAnswerIsKnownByItsFirstLine(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[string]string{
		"": "", "\x81\x02HI": "", "HTT": "", "HTTP/1.1 400 Bad\r\nX: y\r\n": `"HTTP/1.1 400 Bad"`, "HTTP/1.1": `"HTTP/1.1"`,
	} {
		if got := Answer([]byte(bytes)); got != want {
			t.Errorf("%q: %s instead of %s", bytes, got, want)
		}
	}
}
