// SPDX-License-Identifier: Apache-2.0

package config

import (
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
	Required     bool              // the server has to speak one of them
	Origin       Origin
	MaxHead      int    // bytes of the head of the answer; 0: 16 KiB
	Cookies      bool   // those of answers are kept and sent again
	MaxRedirects int    // 0: an answer that redirects is a failure
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
	KeepSends bool          // messages that were not sent are sent by the next connection
	Ask       bool          // the host is asked before each try
	Answer    time.Duration // for its answer; 0: DefaultAnswer, -1 ms: for ever
}

// Fill replaces zero values and checks ranges; what means no limit or off is 0 then.
func (o *ConnectOptions) Fill() (bad *fault.Error) {
	if o.Timeout, bad = duration(o.Timeout, DefaultHandshakeTimeout, "options.handshake_timeout_ms"); bad != nil {
		return bad
	}
	if bad = o.Steps.check(); bad != nil {
		return bad
	}
	if o.Silence, bad = o.Silence.Fill("options", 0); bad != nil {
		return bad
	}
	if o.MaxRedirects < 0 || o.MaxRedirects > maxRedirects {
		return fault.Refused(fault.IDParameter, "options.max_redirects: %d is not in 0..%d", o.MaxRedirects, maxRedirects)
	}
	if r := o.Reconnect; r != nil {
		if err := r.Check(); err != nil {
			return fault.Refused(fault.IDParameter, "options.reconnect: %v", err)
		}
		if !r.Ask && r.Answer != 0 {
			return fault.Refused(fault.IDParameter, "options.reconnect.answer_timeout_ms: nobody is asked without the flag WS_ASK_BEFORE_RECONNECT")
		}
		filled := *r
		if filled.Answer, bad = duration(r.Answer, DefaultAnswer, "options.reconnect.answer_timeout_ms"); bad != nil {
			return bad
		}
		o.Reconnect = &filled
	}
	if o.Required && len(o.Protocols) == 0 {
		return fault.Refused(fault.IDParameter, "options.flags: WS_REQUIRE_PROTOCOL, and protocol offers none")
	}
	if o.MaxHead != 0 && (o.MaxHead < leastHead || o.MaxHead > mostHead) {
		return fault.Refused(fault.IDParameter, "options.max_answer_head: %d is not in %d..%d or 0", o.MaxHead, leastHead, mostHead)
	}
	if bad := o.checkProxy(); bad != nil {
		return bad
	}
	o.Compression, bad = o.Compression.Fill("options.compression")
	return bad
}

const maxRedirects = 20

// DefaultAnswer is that of Reconnect.Answer: a token may come from another machine.
const DefaultAnswer = 30 * time.Second

// leastHead and mostHead bound ConnectOptions.MaxHead.
const (
	leastHead = 1 << 10
	mostHead  = 1 << 20
)

// checkProxy checks an explicit proxy, and reads its authorities.
func (o *ConnectOptions) checkProxy() *fault.Error {
	if o.Acknowledged && o.Proxy.Mode == dial.ProxyExplicit && o.Proxy.Proxy.Kind == dial.ProxyHTTPS {
		return fault.Refused(fault.IDParameter,
			"options.flags: WS_ACKNOWLEDGED_SENDS: what a proxy behind TLS has acknowledged cannot be told")
	}
	o.Proxy.Bare = o.Acknowledged
	err := o.Proxy.Check()
	var input *dial.InputError
	switch {
	case errors.As(err, &input):
		return fault.Input("options."+either(input.Path, "proxy_ca_path", "proxy_ca"), err)
	case err != nil:
		return fault.Refused(fault.IDParameter, "options.%v", proxyArgument(err))
	}
	return nil
}

// Of is the value of the field, "" for none. One among the host's own fields takes
// its place.
func (o Origin) Of(target *dial.Target, fields []handshake.Field) string {
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
