// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// excluded tells whether a list keeps a host from being reached through a proxy.
// An entry is
//
//   - a name: excludes itself and all names below it, so ample.com excludes
//     www.ample.com, but not example.com; a leading dot changes nothing,
//   - an address: excludes exactly itself, however it is written,
//   - a pattern with *, which stands for any run of characters: *.ample.com excludes
//     the names below ample.com only, 10.* all addresses that begin so,
//   - * alone: excludes everything.
//
// Each may end with :port, and is then for that port only. Case does not matter. A
// scheme before the name and a path behind it are ignored.
func excluded(list []string, host string, port uint16) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, entry := range list {
		if excludes(entry, host, port) {
			return true
		}
	}
	return false
}

// excludes judges one entry. host is in ASCII and lower-case.
func excludes(entry, host string, port uint16) bool {
	entry = strings.ToLower(strings.TrimSpace(entry))
	if _, after, ok := strings.Cut(entry, "://"); ok {
		entry = after
	}
	entry, _, _ = strings.Cut(entry, "/")
	name, ports := splitPort(entry)
	if ports != "" && ports != strconv.Itoa(int(port)) {
		return false
	}
	if name == "" {
		return false
	}
	if strings.IndexByte(name, '*') >= 0 {
		return match(name, host)
	}
	own, noAddress := netip.ParseAddr(name)
	if address, err := netip.ParseAddr(host); err == nil || noAddress == nil {
		return err == nil && noAddress == nil && address.Unmap() == own.Unmap().WithZone("")
	}
	name = strings.Trim(name, ".")
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	return name != "" && (host == name || strings.HasSuffix(host, "."+name))
}

// splitPort cuts :port off an entry, and the brackets of an IPv6 address. An IPv6
// address without brackets has no port.
func splitPort(entry string) (name, port string) {
	if strings.HasPrefix(entry, "[") {
		name, port, _ = strings.Cut(entry[1:], "]")
		return name, strings.TrimPrefix(port, ":")
	}
	if strings.Count(entry, ":") == 1 {
		name, port, _ = strings.Cut(entry, ":")
		return name, port
	}
	return entry, ""
}

// match compares s with a pattern in which * stands for any run of characters. It
// goes back to the last star only, so its time is bounded by the product of the
// lengths.
func match(pattern, s string) bool {
	p, i := 0, 0
	star, from := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, i
			p++
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0:
			from++
			p, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
