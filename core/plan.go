// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
)

// plan is a checked ws_connect; it never changes.
type plan struct {
	target  *dial.Target
	tls     *tls.Config           // nil for ws
	options config.ConnectOptions // filled
	request handshake.ClientOptions
}

// newPlan checks what a host asks for, and reads the files that it names.
func (e *Engine) newPlan(raw string, o config.ConnectOptions) (*plan, *fault.Error) {
	target, err := dial.ParseURL(raw)
	if err != nil {
		return nil, fault.Refused(fault.IDURL, "url: %v", err)
	}
	if !e.host.Allowed(raw) {
		return nil, fault.Refused(fault.IDDomain, "url: the host program does not allow it (ws_set_url_filter)")
	}
	if bad := o.Fill(); bad != nil {
		return nil, bad
	}
	if bad := o.CheckWay(target); bad != nil {
		return nil, bad
	}
	p := &plan{options: o}
	return p, p.aim(target)
}

// aim sets the target of the plan, and what depends on it.
func (p *plan) aim(target *dial.Target) *fault.Error {
	p.target, p.tls = target, nil
	p.request = handshake.ClientOptions{Host: p.options.Host, Fields: p.options.Fields, Protocols: p.options.Protocols, Authorization: target.Authorization}
	if v := p.options.Origin.Of(target, p.options.Fields); v != "" {
		p.request.Fields = append([]handshake.Field{{Name: "Origin", Value: v}}, p.options.Fields...)
	}
	if z := p.options.Compression; z != nil {
		p.request.Extensions = z.Offer()
	}
	if err := p.request.Check(); err != nil {
		return config.RequestRefused(err)
	}
	if target.Secure() {
		var err error
		if p.tls, err = dial.ClientTLS(target, p.options.TLS); err != nil {
			return config.TLSRefused(err, p.options.TLS)
		}
	}
	return nil
}
