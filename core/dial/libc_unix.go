// SPDX-License-Identifier: Apache-2.0

//go:build unix && !darwin && !ios && !android

package dial

import (
	"errors"
	"io/fs"
	"libws/core/lock"
	"os"
	"slices"
	"strings"
	"time"
)

// goAssists: Go's resolver can read how this system finds names.
const goAssists = true

// wantsLibc tells whether libc may find host by other means than a file and DNS, which
// are what Go's resolver does. The rules are those by which package net chooses, and where
// they are finer than these libc is asked once more than need be. They decide alone: in the library
// package net asks libc whenever it is not set to prefer Go (capi/doc.go).
func wantsLibc(host string) bool { return configured.now().wants(host) }

// configuration is what the files of the system say about looking up names.
type configuration struct {
	always     bool // libc knows something that Go's resolver does not
	mdns       bool // names below .local are found by others (RFC 6762)
	myhostname bool // so are the names of this machine (nss-myhostname)
}

func (c configuration) wants(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if c.always || strings.ContainsAny(host, `\%`) {
		return true
	}
	if c.mdns && strings.HasSuffix(host, ".local") {
		return true
	}
	if !c.myhostname {
		return false
	}
	own, err := os.Hostname()
	return err != nil || strings.EqualFold(host, own) || host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		host == "localhost.localdomain" || strings.HasSuffix(host, ".localhost.localdomain") ||
		strings.HasPrefix(host, "_")
}

// configured is the configuration, read again after some seconds.
var configured configurations

type configurations struct {
	mu    lock.Mutex[lock.Hosts] // guards what follows
	until time.Time
	found configuration
}

// rereadAfter is what package net has.
const rereadAfter = 5 * time.Second

func (c *configurations) now() configuration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := time.Now(); t.After(c.until) {
		c.found, c.until = readConfiguration(os.LookupEnv, os.ReadFile), t.Add(rereadAfter)
	}
	return c.found
}

func readConfiguration(variable func(string) (string, bool), file func(string) ([]byte, error)) (c configuration) {
	if debug, _ := variable("GODEBUG"); slices.ContainsFunc(strings.Split(debug, ","), func(s string) bool {
		return strings.HasPrefix(s, "netdns=") && strings.Contains(s, "cgo")
	}) {
		c.always = true
	}
	_, domain := variable("LOCALDOMAIN") // even an empty one changes something
	options, _ := variable("RES_OPTIONS")
	aliases, _ := variable("HOSTALIASES")
	c.always = c.always || domain || options != "" || aliases != ""
	// Without the file Go's resolver would ask this host itself. There libc has other means: on
	// OpenHarmony it asks a service of the system.
	servers, err := file("/etc/resolv.conf")
	if err != nil && !errors.Is(err, fs.ErrPermission) || odd(string(servers)) {
		c.always = true
	}
	switch sources, err := file("/etc/nsswitch.conf"); {
	case err == nil:
		c.readSources(string(sources))
	case !errors.Is(err, fs.ErrNotExist):
		c.always = true
	}
	if _, err := file("/etc/mdns.allow"); err == nil && c.mdns {
		c.always = true // other names may be found so, too
	}
	return c
}

// odd tells whether resolv.conf says what Go's resolver does not know.
func odd(text string) bool {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") || strings.HasPrefix(words[0], ";") {
			continue
		}
		switch words[0] {
		case "nameserver", "domain", "search":
		case "options":
			if !slices.ContainsFunc(words[1:], unknownOption) {
				continue
			}
			return true
		default:
			return true
		}
	}
	return false
}

func unknownOption(word string) bool {
	name, _, valued := strings.Cut(word, ":")
	switch name {
	case "ndots", "timeout", "attempts":
		return !valued
	case "rotate", "single-request", "single-request-reopen", "use-vc", "usevc", "tcp", "trust-ad", "edns0", "no-reload":
		return valued
	}
	return true
}

// readSources reads the line of nsswitch.conf that is for names of hosts.
func (c *configuration) readSources(text string) {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		database, sources, found := strings.Cut(line, ":")
		if !found || strings.TrimSpace(database) != "hosts" {
			continue
		}
		plain := false // the source before is one of ours, and what follows it must be a source
		for _, s := range strings.Fields(sources) {
			switch {
			case s == "files" || s == "dns":
				plain = true
				continue
			case strings.HasPrefix(s, "["):
				c.always = c.always || plain // what becomes of its answers is libc's business
				continue
			case s == "myhostname":
				c.myhostname = true
			case strings.HasPrefix(s, "mdns"):
				c.mdns = true
			default:
				c.always = true
			}
			plain = false
		}
	}
}
