// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"errors"
	"strings"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/reconnect"
)

// ConnectOptions is what ws_connect asks for. The zero value of a field is its
// default.
type ConnectOptions struct {
	Fields       []handshake.Field // extra fields of the request
	Protocols    []string          // subprotocols offered, preferred first
	Origin       Origin
	MaxRedirects int    // 0: an answer that redirects is a failure
	MaxHead      int    // bytes of the head of the answer; 0: 16 KiB
	Host         string // the Host field of the request; "": that of the URL
	Proxy        dial.ProxyOptions
	Way          dial.Way
	Descriptor   *int // a socket that is connected already, which belongs to a Connect that succeeds
	TLS          dial.TLSOptions
	Timeout      time.Duration // resolve, connect, TLS and upgrade together; 0: 15 s; -1 ms: none
	Steps        StepTimeouts
	Silence      Silence // 0: the default; -1 ms: off
	Reconnect    *Reconnect
	Compression  *Compression // nil: none is offered
	Acknowledged bool         // a message counts as sent when the peer's TCP has acknowledged it
}

// StepTimeouts bound the steps of connecting, each by itself; 0: only the whole is
// bounded.
type StepTimeouts struct {
	Connect time.Duration // resolve, connect, proxy
	TLS     time.Duration
	Upgrade time.Duration
}

// Origin says which Origin field the request has (RFC 6454 7).
type Origin struct {
	Value string // "": none, unless OfURL
	OfURL bool   // made of the URL, "http://host" or "https://host"
	Port  bool   // then with the URL's port, unless it is the scheme's
}

// Reconnect makes a client connect again when its connection is lost.
type Reconnect struct {
	reconnect.Policy
	KeepSends bool // messages that were not sent are sent by the next connection
}

// plan is a checked ws_connect; it never changes.
type plan struct {
	target    *dial.Target
	tls       *tls.Config // nil for ws
	options   ConnectOptions
	request   handshake.ClientOptions
	silence   Silence
	timeout   time.Duration // 0: none
	reconnect *Reconnect
}

// newPlan checks what a host asks for, and reads the files that it names.
func (e *Engine) newPlan(raw string, o ConnectOptions) (*plan, *fault.Error) {
	target, err := dial.ParseURL(raw)
	if err != nil {
		return nil, fault.Refused(fault.IDURL, "url: %v", err)
	}
	if !e.host.Allowed(raw) {
		return nil, fault.Refused(fault.IDDomain, "url: the host program does not allow it (ws_set_url_filter)")
	}
	p := &plan{options: o, reconnect: o.Reconnect}
	var bad *fault.Error
	if p.timeout, bad = duration(o.Timeout, DefaultHandshakeTimeout, "options.handshake_timeout_ms"); bad != nil {
		return nil, bad
	}
	if bad = p.options.Steps.check(); bad != nil {
		return nil, bad
	}
	if p.silence, bad = o.Silence.fill("options", 0); bad != nil {
		return nil, bad
	}
	if o.MaxRedirects < 0 || o.MaxRedirects > maxRedirects {
		return nil, fault.Refused(fault.IDParameter, "options.max_redirects: %d is not in 0..%d", o.MaxRedirects, maxRedirects)
	}
	if r := o.Reconnect; r != nil {
		if err := r.Check(); err != nil {
			return nil, fault.Refused(fault.IDParameter, "options.reconnect: %v", err)
		}
	}
	if o.Proxy.Mode == dial.ProxyExplicit {
		if o.Acknowledged && o.Proxy.Proxy.Kind == dial.ProxyHTTPS {
			return nil, fault.Refused(fault.IDParameter, "options.flags: WS_ACKNOWLEDGED_SENDS: what a proxy behind TLS has acknowledged cannot be told")
		}
		var input *dial.InputError
		if err := p.options.Proxy.Check(); errors.As(err, &input) {
			return nil, fault.Input("options."+either(input.Path, "proxy_ca_path", "proxy_ca"), err)
		} else if err != nil {
			return nil, fault.Refused(fault.IDParameter, "options.%v", proxyArgument(err))
		}
	}
	if o.MaxHead != 0 && (o.MaxHead < leastHead || o.MaxHead > mostHead) {
		return nil, fault.Refused(fault.IDParameter, "options.max_answer_head: %d is not in %d..%d or 0", o.MaxHead, leastHead, mostHead)
	}
	if bad = p.options.checkWay(target); bad != nil {
		return nil, bad
	}
	if p.options.Compression, bad = o.Compression.fill("options.compression"); bad != nil {
		return nil, bad
	}
	return p, p.aim(target)
}

const maxRedirects = 20

// leastHead and mostHead bound ConnectOptions.MaxHead.
const (
	leastHead = 1 << 10
	mostHead  = 1 << 20
)

// aim sets the target of the plan, and what depends on it.
func (p *plan) aim(target *dial.Target) *fault.Error {
	p.target, p.tls = target, nil
	p.request = handshake.ClientOptions{Host: p.options.Host, MaxHead: p.options.MaxHead, Fields: p.options.Fields, Protocols: p.options.Protocols, Authorization: target.Authorization}
	if v := p.options.Origin.of(target, p.options.Fields); v != "" {
		p.request.Fields = append([]handshake.Field{{Name: "Origin", Value: v}}, p.options.Fields...)
	}
	if z := p.options.Compression; z != nil {
		p.request.Extensions = z.Offer()
	}
	if err := p.request.Check(); err != nil {
		return fault.Refused(fault.IDParameter, "options.%v", requestArgument(err))
	}
	if target.Secure() {
		var err error
		if p.tls, err = dial.ClientTLS(target, p.options.TLS); err != nil {
			return fault.Input("options."+tlsArgument(err, p.options.TLS), err)
		}
	}
	return nil
}

// of is the value of the field, "" for none. One among the host's own fields takes
// its place.
func (o Origin) of(target *dial.Target, fields []handshake.Field) string {
	for _, f := range fields {
		if strings.EqualFold(f.Name, "Origin") {
			return ""
		}
	}
	if !o.OfURL || o.Value != "" {
		return o.Value
	}
	origin := "http://"
	if target.Secure() {
		origin = "https://"
	}
	host, _, zone := strings.Cut(target.URL.Hostname(), "%") // which means nothing to others, RFC 6874 4
	if zone || strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	standard := target.URL.Port() == "" || target.URL.Port() == "443" && target.Secure() || target.URL.Port() == "80" && !target.Secure()
	if o.Port && !standard {
		host += ":" + target.URL.Port()
	}
	return origin + host
}

func (s *StepTimeouts) check() (err *fault.Error) {
	for _, t := range []struct {
		d    *time.Duration
		name string
	}{{&s.Connect, "connect"}, {&s.TLS, "tls"}, {&s.Upgrade, "upgrade"}} {
		if *t.d, err = duration(*t.d, 0, "options."+t.name+"_timeout_ms"); err != nil {
			return err
		}
	}
	return nil
}

// fill replaces defaults, and what means off by 0. write is the default of Write, of is
// the host's argument.
func (s Silence) fill(of string, write time.Duration) (Silence, *fault.Error) {
	for _, t := range []struct {
		d        *time.Duration
		standard time.Duration
		name     string
	}{
		{&s.Ping, DefaultPing, "ping_interval"}, {&s.Pong, DefaultPong, "pong_timeout"},
		{&s.Idle, 0, "idle_timeout"}, {&s.Write, write, "write_timeout"},
	} {
		switch {
		case *t.d == 0:
			*t.d = t.standard
		case *t.d == -time.Millisecond:
			*t.d = 0
		case *t.d < 0 || *t.d > maxSilence:
			return s, fault.Refused(fault.IDParameter, "%s.%s_ms: %d is not in 1..%d, 0 or -1", of, t.name, *t.d/time.Millisecond, maxSilence/time.Millisecond)
		}
	}
	if s.Pong == 0 || s.Pong > s.Ping {
		s.Pong = s.Ping // as the module documents it
	}
	return s, nil
}

// maxSilence is the module's limit.
const maxSilence = 30000 * time.Second

// requestArgument names the member of the options behind a *handshake.RequestError.
func requestArgument(err error) string {
	var bad *handshake.RequestError
	if !errors.As(err, &bad) {
		return err.Error()
	}
	switch bad.Name {
	case handshake.OwnHost:
		return "host: " + bad.Text
	case "subprotocol":
		return "protocol: " + bad.Text
	case "Origin":
		return "origin: " + bad.Text
	}
	text := "headers: " + bad.Name + ": " + bad.Text
	for _, f := range [...]struct{ name, option string }{
		{"Sec-WebSocket-Protocol", "protocol"}, {"Sec-WebSocket-Extensions", "compression"},
		{"Host", "host"}, {"Proxy-Authorization", "proxy_username and proxy_password"},
	} {
		if strings.EqualFold(bad.Name, f.name) {
			text += "; " + f.option + " of the options is for it"
		}
	}
	return text
}

// proxyArgument does so for a *dial.ProxyError.
func proxyArgument(err error) string {
	var bad *dial.ProxyError
	if errors.As(err, &bad) {
		return "proxy_" + bad.Field + ": " + bad.Text
	}
	return "proxy: " + err.Error()
}

// tlsArgument does so for a *dial.InputError.
func tlsArgument(err error, o dial.TLSOptions) string {
	var bad *dial.InputError
	if !errors.As(err, &bad) {
		return "tls"
	}
	switch bad.Input {
	case dial.InputCA:
		return either(bad.Path, "ca_path", "ca")
	case dial.InputCert:
		return either(o.CertFile, "client_cert_path", "client_cert")
	case dial.InputKey, dial.InputPair:
		return either(o.KeyFile, "client_key_path", "client_key")
	case dial.InputPassword:
		return "client_key_password"
	case dial.InputVersions:
		return "min_support_tls_protocol"
	case dial.InputName:
		return "server_name"
	case dial.InputPins:
		return "pins"
	case dial.InputGroups:
		return "key_exchange_groups"
	case dial.InputALPN:
		return "alpn"
	case dial.InputCiphers:
		return "cipher_suites"
	}
	return "key_log_path"
}
