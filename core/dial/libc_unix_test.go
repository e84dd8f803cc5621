// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin && !ios && !android

package dial

import (
	"io/fs"
	"testing"
)

func TestLibcIsWantedWhereItKnowsMore(t *testing.T) {
	t.Parallel()
	const none = "\x00" // there is no such file, or variable
	const dns = "nameserver 192.0.2.1\n"
	for _, c := range []struct {
		resolv, nsswitch, variable, value string
		host                              string
		want                              bool
	}{
		{dns, none, none, "", "a.test", false},
		{"nameserver 192.0.2.1\nsearch a b\noptions ndots:2 timeout:1 edns0\n# x y\n", "hosts: files dns\n", none, "", "a.test", false},
		{dns, "passwd: files sss\nhosts:\tfiles dns # sss\n", none, "", "a.test", false},
		{dns, "hosts: files dns\n", none, "", `a\b.test`, true},
		{dns, "hosts: files dns\n", none, "", "a%b.test", true},
		{"options inet6\n", "hosts: files dns\n", none, "", "a.test", true},
		{"options timeout\n", none, none, "", "a.test", true},
		{"sortlist 192.0.2.0\n", none, none, "", "a.test", true},
		{dns, "hosts: files resolve [!UNAVAIL=return] dns\n", none, "", "a.test", true},
		{dns, "hosts: files [NOTFOUND=return] dns\n", none, "", "a.test", true},
		{dns, "hosts: files ldap dns\n", none, "", "a.test", true},
		{dns, "hosts: files mdns4_minimal [NOTFOUND=return] dns\n", none, "", "a.test", false},
		{dns, "hosts: files mdns4_minimal [NOTFOUND=return] dns\n", none, "", "a.local.", true},
		{dns, "hosts: files dns\n", none, "", "a.local", false},
		{dns, "hosts: files myhostname dns\n", none, "", "localhost", true},
		{dns, "hosts: files myhostname dns\n", none, "", "_gateway", true},
		{dns, "hosts: files myhostname dns\n", none, "", "a.test", false},
		{dns, none, "LOCALDOMAIN", "", "a.test", true},
		{dns, none, "RES_OPTIONS", "", "a.test", false},
		{dns, none, "RES_OPTIONS", "timeout:1", "a.test", true},
		{dns, none, "HOSTALIASES", "/x", "a.test", true},
		{dns, none, "GODEBUG", "a=b,netdns=cgo+1", "a.test", true},
		{dns, none, "GODEBUG", "netdns=go", "a.test", false},
		{none, "hosts: files dns\n", none, "", "a.test", true},
		{none, none, none, "", "a.test", true},
	} {
		got := readConfiguration(func(name string) (string, bool) {
			if name == c.variable {
				return c.value, true
			}
			return "", false
		}, func(path string) ([]byte, error) {
			text := map[string]string{"/etc/resolv.conf": c.resolv, "/etc/nsswitch.conf": c.nsswitch}[path]
			if text == none || text == "" {
				return nil, fs.ErrNotExist
			}
			return []byte(text), nil
		})
		if got.wants(c.host) != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}
