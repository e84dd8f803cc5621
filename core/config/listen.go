// SPDX-License-Identifier: Apache-2.0

package config

import (
	"fmt"
	"strings"
	"time"

	"libws/core/fault"
	"libws/core/handshake"
)

// Places checks where a server is to listen; the library has so many loops.
func (o *ListenOptions) Places(loops int) ([]*Place, *fault.Error) {
	if o.TCPKeepAlive < 0 || o.TCPKeepAlive > maxKeepAlive {
		return nil, fault.Refused(fault.IDParameter, "config.tcp_keep_alive_ms: %d is not in 0..%d", o.TCPKeepAlive/time.Millisecond, maxKeepAlive/time.Millisecond)
	}
	var all []*Place
	if o.Nowhere {
		if o.ListenersOnly || len(o.Listeners) > 0 || o.IP != "" || o.Port != 0 || o.ReusePort || o.OnlyV6 {
			return nil, fault.Refused(fault.IDParameter, "config.flags: WS_NO_LISTENERS, and server_ip, server_port, listeners or a flag about them is given")
		}
		return nil, nil
	}
	if !o.ListenersOnly {
		p := &Place{Index: -1, Name: "config.server_", ListenerOptions: ListenerOptions{IP: o.IP, Port: o.Port, Backlog: o.Backlog, ReusePort: o.ReusePort, OnlyV6: o.OnlyV6}}
		all = append(all, p)
	} else if len(o.Listeners) == 0 {
		return nil, fault.Refused(fault.IDParameter, "config.listener_count: is 0, and the flag WS_LISTENERS_ONLY says that there are no others; WS_NO_LISTENERS is for none at all")
	}
	if len(o.Listeners) > MaxListeners {
		return nil, fault.Refused(fault.IDParameter, "config.listener_count: %d is more than %d", len(o.Listeners), MaxListeners)
	}
	for i, l := range o.Listeners {
		all = append(all, &Place{ListenerOptions: l, Index: i, Name: fmt.Sprintf("config.listeners[%d].", i)})
	}
	for _, p := range all {
		p.KeepAlive = o.TCPKeepAlive
		if err := p.check(loops); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// ListenOptions is where a server listens.
type ListenOptions struct {
	IP      string        // literal; "": 0.0.0.0
	Port    int           // 0: ephemeral
	Timeout time.Duration // for the upgrade request of a client; 0: 15 s; -1: none
	Backlog int           // 0: 4096
	TLS     ServerTLS
	HTTP    HTTPOptions
	Limits  ListenLimits
	Front   FrontOptions
	// Deadlines of the open connections; 0: the defaults, Write 60 s, Idle none.
	Deadlines Silence
	ReusePort bool // others may listen on IP and Port
	OnlyV6    bool // IP is of IPv6, and takes no clients of IPv4
	// More places, or all.
	Listeners     []ListenerOptions
	ListenersOnly bool
	Nowhere       bool          // connections come by Server.Adopt only
	TCPKeepAlive  time.Duration // silence of a peer before TCP probes it; 0: none
	// Compression of the connections; nil: none.
	Compression *Compression
}

// Limits of requests unless an option says otherwise.
const (
	DefaultDecisionTimeout = 15 * time.Second
	DefaultKeepAlive       = 5 * time.Second
	DefaultMaxBody         = 64 << 10
)

// HTTPOptions says how a server answers requests. The zero value of a field is its
// default.
type HTTPOptions struct {
	Protocols string        // subprotocols it speaks, separated by commas, the preferred one first
	Required  bool          // who offers none of Protocols is refused
	Origins   string        // whose pages may connect, separated by commas; "": those of the same host
	Unsafe    bool          // pages of http may connect by TLS
	Health    string        // path of health checks; "": they are requests like others
	Hosts     string        // for whom it answers, separated by commas; "": see Serving.At
	Decision  time.Duration // for the host to answer a request; 0: 15 s; -1: none
	KeepAlive time.Duration // for the next request after an answer; 0: 5 s; -1: each ends its connection
	MaxHead   int           // bytes of a request head; 0: 16 KiB
	MaxBody   int           // bytes of the body of a request; 0: 64 KiB; -1: none is taken
}

// Serving is how requests are answered. It never changes.
type Serving struct {
	Handshake   handshake.ServerOptions
	HeadTimeout time.Duration // 0: none
	Decision    time.Duration // 0: none
	KeepAlive   time.Duration // 0: none is kept alive
	MaxHead     int
	MaxBody     int64
	Front       *Front       // nil: nobody says who the client is but the peer's address
	Compression *Compression // nil: none

	Health  string
	hosts   *handshake.Hosts // nil: none were given
	anyHost bool
	unsafe  bool // pages of http may connect by TLS
}

// At is how requests are answered at a place where a server listens: on loopback only to those
// that mean this host, so that pages of others cannot come there by a name of theirs (DNS
// rebinding); with TLS not to pages that came without. Handshake does not change any more.
func (v *Serving) At(loopback, secure bool) *handshake.ServerOptions {
	o := v.Handshake
	o.Secure = secure && !v.unsafe
	switch {
	case v.anyHost:
	case loopback:
		own := handshake.Hosts{}
		if v.hosts != nil {
			own = *v.hosts
		}
		own.Loopback = true
		o.Hosts = &own
	default:
		o.Hosts = v.hosts
	}
	return &o
}

// Serving checks what a server is to answer by; keep says whether connections remember their
// request.
func (o *ListenOptions) Serving(keep bool) (*Serving, *fault.Error) {
	h := &o.HTTP
	v := &Serving{Handshake: handshake.ServerOptions{Keep: keep}}
	var err *fault.Error
	if v.HeadTimeout, err = duration(o.Timeout, DefaultHandshakeTimeout, "config.handshake_timeout_ms"); err != nil {
		return nil, err
	}
	if v.Decision, err = duration(h.Decision, DefaultDecisionTimeout, "config.decision_timeout_ms"); err != nil {
		return nil, err
	}
	if v.KeepAlive, err = duration(h.KeepAlive, DefaultKeepAlive, "config.keep_alive_timeout_ms"); err != nil {
		return nil, err
	}
	if v.MaxHead = h.MaxHead; v.MaxHead == 0 {
		v.MaxHead = handshake.DefaultMaxHead
	}
	if v.MaxHead < 1024 || v.MaxHead > 1<<20 {
		return nil, fault.Refused(fault.IDParameter, "config.max_head_size: %d is not in 1024..1048576 or 0", h.MaxHead)
	}
	switch {
	case h.MaxBody == 0:
		v.MaxBody = DefaultMaxBody
	case h.MaxBody > 0 && h.MaxBody <= 1<<24:
		v.MaxBody = int64(h.MaxBody)
	case h.MaxBody != -1:
		return nil, fault.Refused(fault.IDParameter, "config.max_body_size: %d is not in 1..16777216, 0 or -1", h.MaxBody)
	}
	if v.Front, err = o.Front.Read(); err != nil {
		return nil, err
	}
	if v.Compression, err = o.Compression.Fill("config.compression"); err != nil {
		return nil, err
	}
	v.Handshake.Protocols = split(h.Protocols)
	offer := handshake.ClientOptions{Protocols: v.Handshake.Protocols} // the same rules
	if bad := offer.Check(); bad != nil {
		return nil, fault.Refused(fault.IDParameter, "config.protocol: %v", bad)
	}
	if v.Handshake.Required = h.Required; h.Required && len(v.Handshake.Protocols) == 0 {
		return nil, fault.Refused(fault.IDParameter, "config.flags: WS_REQUIRE_PROTOCOL, and protocol names none")
	}
	if v.Health = h.Health; v.Health != "" && !handshake.IsHealthPath(v.Health) {
		return nil, fault.Refused(fault.IDParameter, "config.health_path: %q is no path like /healthz, of at most 255 bytes and without a query", v.Health)
	}
	return v, v.pages(h)
}

// pages reads whose pages may connect, and to which hosts. What can never match is a mistake.
func (v *Serving) pages(h *HTTPOptions) *fault.Error {
	v.unsafe = h.Unsafe
	for _, origin := range split(h.Origins) {
		p, err := handshake.ParseOrigin(origin)
		if err != nil {
			return fault.Refused(fault.IDParameter, "config.origins: %q can never match: %v", origin, err)
		}
		v.Handshake.Origins = append(v.Handshake.Origins, p)
	}
	for _, name := range split(h.Hosts) {
		if name == "*" {
			v.anyHost = true
			continue
		}
		if v.hosts == nil {
			v.hosts = &handshake.Hosts{}
		}
		if err := v.hosts.Add(name); err != nil {
			return fault.Refused(fault.IDParameter, "config.hosts: %q can never match: %v", name, err)
		}
	}
	return nil
}

// split reads a list with commas; blanks around an element do not count.
func split(list string) []string {
	if list == "" {
		return nil
	}
	all := strings.Split(list, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}
