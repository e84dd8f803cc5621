// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"fmt"
	"strings"

	"libws/core/handshake"
)

// advice is what to do about an answer that is not 101, behind its own text: which URL was
// asked, where the answer leads to, and the option that helps.
func (p *Plan) advice(answer *handshake.StatusError) string {
	at := " at " + handshake.ShownURL(p.Target.URL)
	switch answer.Status {
	case 200:
		return at + "; it answers as to a browser, so WebSocket may be at another path"
	case 301, 302, 303, 307, 308:
		to := answer.Location()
		switch {
		case to == "":
			return at
		case p.Options.MaxRedirects == 0:
			return at + "; it redirects to " + to + ", which max_redirects follows"
		}
		return fmt.Sprintf("%s; it redirects to %s, and max_redirects of %d is used up", at, to, p.Options.MaxRedirects)
	case 401:
		return at + p.wanted(answer)
	case 403:
		if !has(p.request.Fields, "Origin") {
			return at + "; it may want an Origin (origin, WS_ORIGIN_OF_URL)"
		}
	case 404:
		return at + "; nothing is at that path"
	case 426:
		return at + "; it wants another version, or a proxy on the way has taken the Upgrade field out"
	}
	return at
}

// wanted is the advice for 401.
func (p *Plan) wanted(answer *handshake.StatusError) string {
	scheme := answer.Scheme()
	if scheme != "" {
		scheme = " (" + scheme + ")"
	}
	if p.request.Authorization != "" || has(p.request.Fields, "Authorization") {
		return "; it does not take these credentials" + scheme
	}
	return "; it wants credentials" + scheme + ": user and password in the URL, or Authorization among headers"
}

func has(fields []handshake.Field, name string) bool {
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}
