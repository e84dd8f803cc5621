// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"slices"
	"strings"
	"testing"
)

// Hosts with and without a port, as RFC 3986 3.2.2 has them and as it does not.
var (
	goodHosts = []string{
		"a", "example.com", "example.com.", "a_b", "1.2.3.4", "1.2.3.4.5", "999.1", "a:80", "a:", "a:0", "a:00080", "a:65535",
		"a%41", "a%c3%a4:1", "a!$&'()*+;=b", "-", "~", "xn--a", "[::1]", "[::1]:80", "[::1]:", "[::]", "[1::]", "[::ffff:1.2.3.4]",
		"[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]", "[FE80::A]", "[v1.a]", "[vF0.a:b]:1", "[V1.!]",
	}
	badHosts = []string{
		"", ":", ":80", "[", "]", "[]", "[]:80", "[::1", "::1", "::1]", "[zz]", "[::1]x", "[::1]80", "[::1]:x", "[::1]]", "[[::1]]", "x[::1]",
		"a[b]c", "a[b", "a]b", "a:b", "a:-1", "a:+1", "a:80:90", "a::", "a: 80", "a:80 ", "a:65536", "a:99999999999999999999", "a:8%30",
		"a%", "a%4", "a%4g", "a%g4", "%", "a%zz", "a b", "a/b", "a?b", "a#b", "a@b", "u:p@h:80", "a,b", "a\"b", "a<b>", "a\\b", "a^b", "a`b",
		"a{b}", "a|b", "\xc3\xa4", "a\x7f", "[1.2.3.4]", "[fe80::1%eth0]", "[fe80::1%25eth0]", "[1:2:3:4:5:6:7]", "[1::2::3]",
		"[12345::]", "[::1.2.3.256]", "[::01.2.3.4]", "[v.a]", "[v1.]", "[vg.a]", "[v1a]", "[v1.a,b]", "[" + strings.Repeat("0", 5000) + "::]",
	}
)

// They are judged in Host, also when it is not used, and in the target; of requests as of
// upgrades.
func TestHostsAreJudgedByTheirGrammar(t *testing.T) {
	t.Parallel()
	upgrade := []string{fUpgrade, fConnection, fKey, fVersion}
	verdict := func(what, host, head string, good bool) {
		_, _, accepted := Accept(nil, []byte(head), nil)
		_, _, parsed := Parse(nil, []byte(head), nil, true)
		upgrades := strings.Contains(head, fUpgrade)
		if good && (parsed != nil || accepted != nil && upgrades) {
			t.Errorf("%q in %s: %v, %v", host, what, accepted, parsed)
		}
		if !good && (parsed == nil || parsed.Status != 400 || accepted == nil || accepted.Status != 400) {
			t.Errorf("%q in %s: %v, %v", host, what, accepted, parsed)
		}
	}
	for _, hosts := range [][]string{goodHosts, badHosts} {
		good := &hosts[0] == &goodHosts[0]
		for _, host := range hosts {
			for _, more := range [][]string{nil, upgrade} {
				verdict("Host", host, request("GET / HTTP/1.1", append([]string{"Host: " + host}, more...)...), good || strings.TrimSpace(host) == "a:80")
				verdict("Host that is not used", host, request("GET http://h/ HTTP/1.1", append([]string{"Host: " + host}, more...)...), good || strings.TrimSpace(host) == "a:80")
				if strings.ContainsAny(host, " /?#\x7f\xc3") {
					continue // they end the authority, or are in no target
				}
				verdict("the target", host, request("GET http://"+host+"/ HTTP/1.1", append([]string{fHost}, more...)...), good && !strings.Contains(host, "%"))
			}
			connect := request("CONNECT "+host+" HTTP/1.1", fHost)
			_, _, rej := Parse(nil, []byte(connect), nil, true)
			want := 400
			if good && slices.Contains([]string{"a:80", "a:0", "a:00080", "a:65535", "a%c3%a4:1", "[::1]:80", "[vF0.a:b]:1"}, host) {
				want = 501
			}
			if rej == nil || rej.Status != want {
				t.Errorf("CONNECT %q: %v, want %d", host, rej, want)
			}
		}
	}
}
