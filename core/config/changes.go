// SPDX-License-Identifier: Apache-2.0

package config

import (
	"strings"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
)

// Changes are what a host wants to be different from a try of a reconnect on; nil leaves each as
// it is.
type Changes struct {
	URL       *string
	Fields    *[]handshake.Field
	Protocols *[]string
	Addresses *[]string // empty: what the name resolves to
	Login     *Login
	Pair      *dial.Pair // the client's certificate and its key
}

// Login is who a client is for its proxy.
type Login struct{ Username, Password string }

// Change makes the changes, other than that of the URL. elsewhere: the new URL has another host
// or port, so what stands for those is forgotten unless it changes, too.
func (o *ConnectOptions) Change(c *Changes, elsewhere bool) *fault.Error {
	if elsewhere {
		o.Host, o.Way.Addresses = "", nil
	}
	if c.Fields != nil {
		o.Fields = *c.Fields
	}
	if c.Protocols != nil {
		o.Protocols = *c.Protocols
	}
	if c.Addresses != nil {
		o.Way.Addresses = *c.Addresses
	}
	if p := c.Pair; p != nil {
		t := &o.TLS
		t.CertFile, t.KeyFile, t.Cert, t.Key, t.KeyPassword = p.CertFile, p.KeyFile, p.Cert, p.Key, p.KeyPassword
	}
	if c.Login == nil {
		return nil
	}
	if o.Proxy.Mode != dial.ProxyExplicit {
		return fault.Refused(fault.IDParameter, "changes.proxy_username: ws_connect was given no proxy of its own; options.proxy names one")
	}
	o.Proxy.Proxy.Username, o.Proxy.Proxy.Password = c.Login.Username, c.Login.Password
	return o.checkProxy()
}

// Changed is the error of a member that both the options and the changes have, by the name that it
// has there: the host has just given it.
func Changed(e *fault.Error) *fault.Error {
	of, rest, _ := strings.Cut(e.Text, ".")
	if of != "options" {
		return e
	}
	for _, member := range [...]string{"headers", "protocol:", "connect_address:", "proxy_username", "proxy_password", "client_cert", "client_key"} {
		if strings.HasPrefix(rest, member) {
			renamed := *e
			renamed.Text = "changes." + rest
			return &renamed
		}
	}
	return e
}
