// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"net/url"
	"strings"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
)

// redirected is the plan for where an answer redirects to (RFC 9110 15.4); nil when
// it does not, or the plan allows no more redirects after n.
func (p *Plan) redirected(g Gate, err error, n int) (*Plan, *fault.Error) {
	var answer *handshake.StatusError
	if !errors.As(err, &answer) || n >= p.Options.MaxRedirects {
		return nil, nil
	}
	switch answer.Status {
	case 301, 302, 303, 307, 308:
	default:
		return nil, nil
	}
	refused := func(text string) (*Plan, *fault.Error) {
		return nil, &fault.Error{ID: fault.IDConnectFailed, Stage: dial.StageUpgrade, Status: answer.Status,
			Text: "upgrading " + p.Target.Address() + ": " + answer.Error() + ": " + text}
	}
	raw, flaw := location(p.Target, answer.Fields)
	if flaw != "" {
		return refused("its Location is " + flaw)
	}
	target, err := dial.ParseURL(raw)
	switch {
	case err != nil:
		return refused("its Location cannot be used: " + err.Error())
	case target.Socket != "" && p.Target.Socket == "":
		return refused("it redirects to a Unix socket")
	case p.Target.Secure() && !target.Secure():
		return refused("it redirects from wss to ws, which is not followed")
	case !g.Allowed(raw):
		p, e := refused("the host program does not allow " + target.Address())
		e.ID = fault.IDDomain
		return p, e
	}
	next := *p
	if elsewhere(p.Target, target) {
		next.Options.Fields = withoutSecrets(p.Options.Fields)
		next.Options.Host, next.Options.Way.Addresses = "", nil // they stand for the URL's host
		if err := next.Options.Way.Check(); err != nil {
			return refused(err.Error())
		}
		tls := &next.Options.TLS // the certificate tells who the client is
		tls.CertFile, tls.KeyFile, tls.Cert, tls.Key, tls.KeyPassword, tls.AskSign = "", "", nil, nil, nil, false
	} else if target.Authorization == "" {
		target.Authorization = p.Target.Authorization
	}
	if bad := next.aim(target); bad != nil {
		return refused(bad.Text)
	}
	return &next, nil
}

// location is the absolute URL of the Location field; flaw says why there is none. One
// without a host stays at the Unix socket from which it came.
func location(base *dial.Target, fields []handshake.Field) (raw, flaw string) {
	value, found := "", 0
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Location") {
			value = f.Value
			found++
		}
	}
	switch {
	case found == 0 || value == "":
		return "", "missing"
	case found > 1: // RFC 9110 5.3: it may come once, and whichever is taken, others take another one
		return "", "given more than once"
	}
	reference, err := url.Parse(value)
	if err != nil {
		return "", "malformed"
	}
	to := base.URL.ResolveReference(reference)
	if base.Socket != "" && reference.Scheme == "" && reference.Host == "" {
		socket := url.URL{Path: base.Socket}
		return to.Scheme + "+unix:" + strings.ReplaceAll(socket.EscapedPath(), ":", "%3A") + ":" + to.RequestURI(), ""
	}
	switch strings.ToLower(to.Scheme) {
	case "http":
		to.Scheme = "ws"
	case "https":
		to.Scheme = "wss"
	}
	to.Fragment, to.RawFragment = "", ""
	return to.String(), ""
}

// withoutSecrets leaves out what is meant for one host only.
func withoutSecrets(fields []handshake.Field) []handshake.Field {
	var rest []handshake.Field
	for _, f := range fields {
		switch strings.ToLower(f.Name) {
		case "authorization", "cookie", "www-authenticate":
		default:
			rest = append(rest, f)
		}
	}
	return rest
}
