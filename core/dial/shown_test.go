// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"strings"
	"testing"
)

// secret stands where a password or token does.
const secret = "S3CRE7"

// secretURLs hold the secret where one may stand, and can hardly be used.
var secretURLs = []string{
	"http://me:S3CRE7@example.com/",
	"ws://me:S3CRE7",
	"ws://me:S3CRE7/",
	"ws://me:S3CRE7:80/",
	"ws://:S3CRE7",
	"ws:me:S3CRE7",
	"wss://me:S3CRE7?x=@y",
	"ws://me:S3CRE7@example.com:0/",
	"ws://me:S3CRE7@example.com/#f",
	"ws://me:S3CRE7@exa mple.com/",
	"ws://me:S3CRE7/slash@example.com/",
	"ws://me:sl/S3CRE7/ash",
	"ws://me:S3CRE7%zz@example.com/",
	"ws://me:S3CRE7@[::g]/",
	"ws://[me:S3CRE7]/",
	"ws://[::1]S3CRE7/",
	"ws://[::1%S3CRE7",
	"me:S3CRE7@example.com",
	"me:S3CRE7",
	"S3CRE7",
	"S3CRE7://example.com",
	"ws:me:S3CRE7@example.com",
	"ws:/me:S3CRE7@example.com",
	"ws//me:S3CRE7@example.com",
	"ws://example.com:0/?token=S3CRE7",
	"ws://example.com/?token=S3CRE7#",
	"ws://example.com/?token=S3CRE7 and more",
	"ws://example.com:x/S3CRE7/hook",
	"ws://example.com/#token=S3CRE7",
	"ws://example.com/?token=x@S3CRE7#",
	"ws+unix://host/run/x.sock:/?token=S3CRE7",
	"ws+unix:/run/x.sock:S3CRE7",
	"ws+unix:run:/?S3CRE7",
	"ws://m\xffe:S3CRE7\xff",
	"ws://me:S3CRE7\x00@example.com",
	" ws://me:S3CRE7@example.com",
	"ws://me:S3CRE7" + strings.Repeat("x", MaxURL),
}

func TestTextOfABadURLNeverShowsASecret(t *testing.T) {
	t.Parallel()
	for _, raw := range secretURLs {
		if _, err := ParseURL(raw); err == nil {
			t.Errorf("%.60q was accepted", raw)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%.60q: the secret is in %q", raw, err)
		}
		for _, value := range []string{raw, strings.TrimPrefix(strings.TrimPrefix(raw, "ws"), "://"), "http" + strings.TrimPrefix(raw, "ws")} {
			if _, text := parseProxyURL(value); strings.Contains(text, secret) {
				t.Errorf("%.60q as a proxy: %q", value, text)
			}
		}
	}
}

func TestTextOfABadURLShowsSchemeAndHost(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"ws://example.com:80/#":                   `"ws://example.com:80/..."`,
		"http://me:x@[fe80::1]:1/":                `"http://...@[fe80::1]:1"`,
		"wss://b\u00fccher.example:70000/":        `"wss://bücher.example:..."`,
		"ws://" + strings.Repeat("a", 300) + "/#": strings.Repeat("a", shownHost) + "...",
	} {
		if _, err := ParseURL(raw); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v", raw, err)
		}
	}
}

// FuzzSecretsOfURLs: what stands behind a colon or an equals sign is shown by no text.
func FuzzSecretsOfURLs(f *testing.F) {
	for _, raw := range secretURLs {
		before, after, _ := strings.Cut(raw, secret)
		f.Add(before, after)
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.Contains(before+after, secret) {
			return
		}
		for _, sign := range []string{":", "="} {
			raw := before + sign + secret + after
			if _, err := ParseURL(raw); err != nil && strings.Contains(err.Error(), secret) {
				t.Fatalf("%q: %v", raw, err)
			}
			if _, text := parseProxyURL(raw); strings.Contains(text, secret) {
				t.Fatalf("%q as a proxy: %s", raw, text)
			}
		}
	})
}
