// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"net/netip"
	"strings"
	"testing"
)

func trusting(t testing.TB, list string) *Trusted {
	t.Helper()
	trusted, err := ParseTrusted(list)
	if err != nil {
		t.Fatal(err)
	}
	return &trusted
}

func TestTrustedNetworksAreReadOrRefused(t *testing.T) {
	t.Parallel()
	trusted := trusting(t, "10.0.0.0/8, ::1,192.0.2.1 ,2001:db8::/32,::ffff:172.16.0.0/108")
	for address, want := range map[string]bool{
		"10.255.0.1": true, "11.0.0.1": false, "::1": true, "::2": false, "192.0.2.1": true, "192.0.2.2": false,
		"2001:db8:1::1": true, "2001:db9::1": false, "172.31.0.1": true, "172.32.0.1": false, "::ffff:10.0.0.1": true,
	} {
		if got := trusted.Has(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is trusted: %v", address, got)
		}
	}
	if trusted.Has(netip.Addr{}) || !trusting(t, "unix").Has(netip.Addr{}) {
		t.Error("peers of Unix sockets are trusted when the list has \"unix\", and only then")
	}
	for _, list := range []string{"", "10.0.0.0/8,", "10.0.0.0/33", "10.0.0.1/8", "localhost", "fe80::1%no interface", "::1%1", "fe80::%1/64", "10.0.0.0/-1", "Unix", "10.0.0.0/8;::1",
		strings.Repeat("10.0.0.1,", maxTrusted) + "10.0.0.1"} {
		if _, err := ParseTrusted(list); err == nil {
			t.Errorf("%.40q was taken", list)
		}
	}
}

// The numbers of zones are names where there is such an interface, which is rarely so of
// these.
func TestTrustedAddressWithAZoneIsOneBehindItsInterface(t *testing.T) {
	t.Parallel()
	trusted := trusting(t, "fe80::1%77777, fe80::2")
	for address, want := range map[string]bool{
		"fe80::1%77777": true, "fe80::1%77778": false, "fe80::1": false, "fe80::2": true, "fe80::2%77778": true, "fe80::3%77777": false,
	} {
		if got := trusted.Has(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is trusted: %v", address, got)
		}
	}
}

// The proxy at 10.0.0.1 is asked; 10.0.0.0/8 and fd00::/8 are trusted.
func TestTheClientIsTheFirstFromTheEndThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	const peer = "10.0.0.1:5"
	for _, c := range []struct {
		hops   Hops
		fields string // with | between lines
		want   string
	}{
		{XForwardedFor, "", peer},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1", "192.0.2.1:0"},
		{XForwardedFor, "x-FORWARDED-for: 192.0.2.1:80", "192.0.2.1:80"},
		{XForwardedFor, "X-Forwarded-For: 2001:db8::1", "[2001:db8::1]:0"},
		{XForwardedFor, "X-Forwarded-For: [2001:db8::1]", "[2001:db8::1]:0"},
		{XForwardedFor, "X-Forwarded-For: [2001:db8::1]:80", "[2001:db8::1]:80"},
		{XForwardedFor, "X-Forwarded-For: ::ffff:192.0.2.1", "192.0.2.1:0"},
		{XForwardedFor, "X-Forwarded-For: 198.51.100.7, 192.0.2.1", "192.0.2.1:0"}, // the first one is a lie
		{XForwardedFor, "X-Forwarded-For: 198.51.100.7,192.0.2.1 , 10.0.0.2,,10.3.0.0 ,", "192.0.2.1:0"},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1|X-Forwarded-For: 10.0.0.2", "192.0.2.1:0"},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1|X-Forwarded-For: 192.0.2.2", "192.0.2.2:0"},
		{XForwardedFor, "X-Forwarded-For: 10.0.0.3, 10.0.0.2", "10.0.0.3:0"}, // all of them are proxies
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1, unknown", peer},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1, rubbish, 10.0.0.2", "10.0.0.2:0"},
		{XForwardedFor, "X-Forwarded-For: rubbish, 192.0.2.1", "192.0.2.1:0"},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1:", peer},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1:65536", peer},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.01", peer},
		{XForwardedFor, "X-Forwarded-For: fe80::1%eth0", peer},
		{XForwardedFor, "X-Forwarded-For: 0.0.0.0", peer},
		{XForwardedFor, "X-Forwarded-For: [192.0.2.1]", peer},
		{XForwardedFor, "X-Forwarded-For: [2001:db8::1", peer},
		{XForwardedFor, "X-Forwarded-For: \"192.0.2.1\"", peer},
		{XForwardedFor, "Forwarded: for=192.0.2.1", peer},
		{XForwardedFor, "X-Forwarded-For: 192.0.2.1" + strings.Repeat(", 10.0.0.2", maxHops), "10.0.0.2:0"},

		{Forwarded, "X-Forwarded-For: 192.0.2.1", peer},
		{Forwarded, "Forwarded: for=192.0.2.1", "192.0.2.1:0"},
		{Forwarded, "forwarded: For=\"192.0.2.1\"", "192.0.2.1:0"},
		{Forwarded, "Forwarded: for=\"192.0.2.1:80\"", "192.0.2.1:80"},
		{Forwarded, "Forwarded: for=\"192.0.2.1:_port\"", "192.0.2.1:0"},
		{Forwarded, "Forwarded: for=\"[2001:db8::1]\"", "[2001:db8::1]:0"},
		{Forwarded, "Forwarded: for=\"[2001:db8::1]:80\"", "[2001:db8::1]:80"},
		{Forwarded, "Forwarded: proto=https;for=192.0.2.1;by=10.0.0.9;host=\"a,b;c\\\"d\"", "192.0.2.1:0"},
		{Forwarded, "Forwarded: for=198.51.100.7, for=192.0.2.1;proto=http, for=10.0.0.2", "192.0.2.1:0"},
		{Forwarded, "Forwarded: for=192.0.2.1|Forwarded: for=\"[fd00::2]\"", "192.0.2.1:0"},
		{Forwarded, "Forwarded: for=192.0.2.1, for=_hidden", peer},
		{Forwarded, "Forwarded: for=192.0.2.1, for=unknown, for=10.0.0.2", "10.0.0.2:0"},
		{Forwarded, "Forwarded: for=192.0.2.1, proto=http", peer}, // it names nobody
		{Forwarded, "Forwarded: for=192.0.2.1;for=192.0.2.2", peer},
		{Forwarded, "Forwarded: for=192.0.2.1 by=10.0.0.2", peer},
		{Forwarded, "Forwarded: for=\"192.0.2.1", peer},
		{Forwarded, "Forwarded: for=", peer},
		{Forwarded, "Forwarded: for", peer},
		{Forwarded, "Forwarded: 192.0.2.1", peer},
		{Forwarded, "Forwarded: for=192.0.2.1;;", "192.0.2.1:0"},
		// A client opens a string that is to swallow what the proxy adds.
		{Forwarded, "Forwarded: for=\"198.51.100.7, for=192.0.2.1", "192.0.2.1:0"},
		{Forwarded, "Forwarded: for=\"198.51.100.7, for=\"192.0.2.1:80\"", "192.0.2.1:80"},
		{Forwarded, "Forwarded: for=\"x\\, for=\"192.0.2.1:80\"", "192.0.2.1:80"},
		// A client hides the line of the proxy behind one that nobody can read.
		{XForwardedFor, "X-Forwarded-For: 198.51.100.7|no field|X-Forwarded-For: 192.0.2.1", peer},
		{Forwarded, "Forwarded: for=198.51.100.7| folded|Forwarded: for=192.0.2.1", peer},
	} {
		head := "GET / HTTP/1.1\r\nHost: a\r\n" + strings.ReplaceAll(c.fields, "|", "\r\n") + "\r\n"
		if c.fields != "" {
			head += "\r\n"
		}
		got := c.hops.Client([]byte(head), netip.MustParseAddrPort(peer), trusting(t, "10.0.0.0/8,fd00::/8"))
		if got.String() != c.want {
			t.Errorf("%s: %v, want %s", c.fields, got, c.want)
		}
	}
}

// FuzzForwarded looks for panics, and for clients that talk a proxy's own element out of
// its place at the end.
func FuzzForwarded(f *testing.F) {
	for _, s := range []string{"", "for=192.0.2.1", "for=\"x, for=1.2.3.4", "a\\\"", "for=\"[::1]:80\";by=_a, for=unknown", "10.0.0.1, [::1]:5,"} {
		f.Add(s)
	}
	trusted := trusting(f, "10.0.0.0/8")
	peer := netip.MustParseAddrPort("10.0.0.1:1")
	f.Fuzz(func(t *testing.T, lie string) {
		for hops, says := range map[Hops]string{Forwarded: "for=\"192.0.2.1:7\"", XForwardedFor: "192.0.2.1:7"} {
			name := "Forwarded"
			if hops == XForwardedFor {
				name = "X-Forwarded-For"
			}
			head := "GET / HTTP/1.1\r\n" + name + ": " + lie + "\r\n"
			client := hops.Client([]byte(head+"\r\n"), peer, trusted)
			if !client.IsValid() || client.Addr().Zone() != "" || client.Addr().Is4In6() {
				t.Fatalf("%q names %v", lie, client)
			}
			client = hops.Client([]byte(head+name+": "+says+"\r\n\r\n"), peer, trusted) // as a line
			if flawless(head+"\r\n") && client.String() != "192.0.2.1:7" {
				t.Fatalf("%q: in a line behind it the proxy names %v", lie, client)
			}
			if strings.Contains(lie, "\n") {
				continue // it ends the field that the proxy would add to
			}
			head = "GET / HTTP/1.1\r\n" + name + ": " + lie + ", " + says + "\r\n\r\n"
			if client = hops.Client([]byte(head), peer, trusted); flawless(head) && client.String() != "192.0.2.1:7" {
				t.Fatalf("%q: behind it the proxy names %v", lie, client)
			}
		}
	})
}

// flawless tells whether a head is one that is not refused for its form.
func flawless(head string) bool {
	var h requestHead
	end, bad := FindHead([]byte(head), 0, 0)
	return bad == nil && end == len(head) && h.parse([]byte("GET / HTTP/1.1\r\n"+strings.SplitN(head, "\r\n", 2)[1])) == nil
}
