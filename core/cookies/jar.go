// SPDX-License-Identifier: Apache-2.0

// Package cookies keeps what servers ask a client to send again (RFC 6265): a jar of net/http, which
// decides what is taken and whom it is meant for, with bounds on how much that is. Come here for
// a cookie that is not kept, not sent, or sent to the wrong host.
package cookies

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"libws/core/handshake"
	"libws/core/lock"
)

// Bounds of a jar, which net/http has none of. RFC 6265 6.1 wants at least 4096 bytes for each.
const (
	Most     = 100  // cookies; the one that was set first makes room
	MostSize = 4096 // bytes of a Set-Cookie field; a larger one is not kept
)

// Jar has the cookies of one client. The zero value is ready.
type Jar struct {
	mu   lock.Mutex[lock.Cookies] // guards all that follows
	jar  *cookiejar.Jar
	kept []kept // in the order in which they were set last
}

// kept is what it takes to remove a cookie again.
type kept struct {
	from               *url.URL
	name, domain, path string
}

func (k *kept) is(other *kept) bool {
	return k.name == other.name && k.domain == other.domain && k.path == other.path && strings.EqualFold(k.from.Host, other.from.Host)
}

// where is the URL by which a jar of net/http knows a server: ws counts as http, and wss as https.
// host is the Host field of the request, "" for that of the URL: the server believes that it is it.
func where(target *url.URL, host string) *url.URL {
	u := &url.URL{Scheme: "http", Host: target.Host, Path: target.Path}
	if host != "" {
		u.Host = host
	}
	if strings.EqualFold(target.Scheme, "wss") {
		u.Scheme = "https"
	}
	return u
}

// Keep takes the cookies of an answer.
func (j *Jar) Keep(target *url.URL, host string, answer []handshake.Field) {
	header := http.Header{}
	for _, f := range answer {
		if strings.EqualFold(f.Name, "Set-Cookie") && len(f.Value) <= MostSize {
			header.Add("Set-Cookie", f.Value)
		}
	}
	if len(header) == 0 {
		return
	}
	from := where(target, host)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.jar == nil {
		j.jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // it never fails
	}
	for _, c := range (&http.Response{Header: header}).Cookies() {
		j.jar.SetCookies(from, []*http.Cookie{c})
		j.remember(from, c)
	}
}

// remember notes a cookie that was set, and removes the oldest one when there are too many. j.mu is
// held.
func (j *Jar) remember(from *url.URL, c *http.Cookie) {
	k := kept{from, c.Name, c.Domain, c.Path}
	j.kept = slices.DeleteFunc(j.kept, func(other kept) bool { return k.is(&other) })
	if c.MaxAge < 0 || c.MaxAge == 0 && !c.Expires.IsZero() && c.Expires.Before(time.Now()) {
		return // it was one to forget
	}
	if j.kept = append(j.kept, k); len(j.kept) <= Most {
		return
	}
	old := j.kept[0]
	j.kept = slices.Delete(j.kept, 0, 1)
	j.jar.SetCookies(old.from, []*http.Cookie{{Name: old.name, Domain: old.domain, Path: old.path, MaxAge: -1}})
}

// Add gives the fields of a request with the cookies for its target. A request has one field of
// that name (RFC 6265 5.4): that of the host, whose cookies win.
func (j *Jar) Add(target *url.URL, host string, fields []handshake.Field) []handshake.Field {
	cookies := j.of(where(target, host))
	if len(cookies) == 0 {
		return fields
	}
	r, given := http.Request{Header: http.Header{}}, http.Request{Header: http.Header{}}
	own := slices.IndexFunc(fields, func(f handshake.Field) bool { return strings.EqualFold(f.Name, "Cookie") })
	if own >= 0 {
		r.Header.Set("Cookie", fields[own].Value)
		given.Header.Set("Cookie", fields[own].Value)
	}
	for _, c := range cookies { // of one name there may be several, by their paths
		if _, err := given.Cookie(c.Name); err != nil {
			r.AddCookie(c)
		}
	}
	field := handshake.Field{Name: "Cookie", Value: r.Header.Get("Cookie")}
	fields = slices.Clone(fields)
	if own < 0 {
		return append(fields, field)
	}
	fields[own] = field
	return fields
}

func (j *Jar) of(u *url.URL) []*http.Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.jar == nil {
		return nil
	}
	return j.jar.Cookies(u)
}
