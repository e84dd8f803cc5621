// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// shownHost is how many bytes of a host an error text repeats.
const shownHost = 96

// shown makes a URL that cannot be used fit for a text: its scheme and its host, as far as
// they are surely such. User and password, path, query and fragment are left out, since a
// token may stand in each; so is what looks like a port and is none, because a URL without
// its "@host" has the password there; and all before the last @, because a password with a
// raw slash is a likely cause of the error.
func shown(raw string) string {
	if raw == "" {
		return ""
	}
	scheme, rest, found := strings.Cut(raw, ":")
	if !found || !slices.Contains([]string{"ws", "wss", "http", "https", "ws+unix", "wss+unix"}, strings.ToLower(scheme)) {
		return "..."
	}
	rest, slashes := strings.CutPrefix(rest, "//")
	if !slashes {
		return scheme + ":..."
	}
	text := scheme + "://"
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		if strings.ContainsAny(rest[:at], "?#") {
			return text + "..."
		}
		text, rest = text+"...@", rest[at+1:]
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	text += showHost(rest[:end])
	if rest = rest[end:]; rest != "" && rest != "/" {
		text += rest[:1] + "..."
	}
	return text
}

// showHost is host:port without what is neither.
func showHost(host string) string {
	name, port, ported := strings.Cut(host, ":")
	if strings.HasPrefix(host, "[") {
		address, after, _ := strings.Cut(host[1:], "]")
		if _, err := netip.ParseAddr(address); err != nil || strings.Contains(address, "%") {
			return "..."
		}
		name = "[" + address + "]"
		port, ported = strings.CutPrefix(after, ":")
		if !ported && after != "" {
			return name + "..."
		}
	} else if !utf8.ValidString(name) || strings.IndexFunc(name, func(r rune) bool { return !isNameRune(r) }) >= 0 {
		return "..."
	}
	if len(name) > shownHost {
		name = strings.ToValidUTF8(name[:shownHost], "") + "..."
	}
	if !ported {
		return name
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil || len(port) > 5 {
		return name + ":..."
	}
	return name + ":" + port
}

func isNameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_' || r >= 0xa0
}
