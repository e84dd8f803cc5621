// SPDX-License-Identifier: Apache-2.0

// Package connect is one attempt of a client: a checked plan, the way to the server past
// redirects, TLS and the upgrade, and why it failed. It knows no Conn and no Engine; what it asks
// of them is Gate. It runs on a goroutine of its own and blocks. Come here for what ws_connect
// does between its checks (config) and the open connection (core), and for the text of a failed
// attempt.
package connect

import (
	"crypto/tls"

	"libws/core/config"
	"libws/core/cookies"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
)

// Plan is a checked ws_connect; it never changes.
type Plan struct {
	Target  *dial.Target
	tls     *tls.Config           // nil for ws
	Options config.ConnectOptions // filled
	request handshake.ClientOptions
	// Jar has the cookies of the client, set before the first attempt; nil: none are kept.
	Jar *cookies.Jar
}

// New checks what a host asks for, and reads the files that it names.
func New(g Gate, raw string, o config.ConnectOptions) (*Plan, *fault.Error) {
	target, err := dial.ParseURL(raw)
	if err != nil {
		return nil, fault.Refused(fault.IDURL, "url: %v", err)
	}
	if !g.Allowed(raw) {
		return nil, fault.Refused(fault.IDDomain, "url: the host program does not allow it (ws_set_url_filter)")
	}
	if bad := o.Fill(); bad != nil {
		return nil, bad
	}
	if bad := o.CheckWay(target); bad != nil {
		return nil, bad
	}
	p := &Plan{Options: o}
	return p, p.aim(target)
}

// aim sets the target of the plan, and what depends on it.
func (p *Plan) aim(target *dial.Target) *fault.Error {
	p.Target, p.tls = target, nil
	p.request = handshake.ClientOptions{Host: p.Options.Host, MaxHead: p.Options.MaxHead, Fields: p.Options.Fields, Protocols: p.Options.Protocols, Required: p.Options.Required, Authorization: target.Authorization}
	if v := p.Options.Origin.Of(target, p.Options.Fields); v != "" {
		p.request.Fields = append([]handshake.Field{{Name: "Origin", Value: v}}, p.Options.Fields...)
	}
	if z := p.Options.Compression; z != nil {
		p.request.Extensions = z.Offer()
	}
	if err := p.request.Check(); err != nil {
		return config.RequestRefused(err)
	}
	if target.Secure() {
		var err error
		if p.tls, err = dial.ClientTLS(target, p.Options.TLS); err != nil {
			return config.TLSRefused(err, p.Options.TLS)
		}
	}
	return nil
}
