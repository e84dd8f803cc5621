// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"
	"time"

	"libws/core/deflate"
	"libws/core/fault"
	"libws/core/handshake"
)

// Limits of requests unless an option says otherwise.
const (
	DefaultDecisionTimeout = 15 * time.Second
	DefaultKeepAlive       = 5 * time.Second
	DefaultMaxBody         = 64 << 10
	replyTimeout           = 30 * time.Second // for a client to read an answer
)

// HTTPOptions says how a server answers requests. The zero value of a field is its
// default.
type HTTPOptions struct {
	Protocols string        // subprotocols it speaks, separated by commas, the preferred one first
	Origins   string        // whose pages may connect, separated by commas; "": those of the same host
	Decision  time.Duration // for the host to answer a request; 0: 15 s; -1: none
	KeepAlive time.Duration // for the next request after an answer; 0: 5 s; -1: each ends its connection
	MaxHead   int           // bytes of a request head; 0: 16 KiB
	MaxBody   int           // bytes of the body of a request; 0: 64 KiB; -1: none is taken
}

// serving is how requests are answered. It never changes.
type serving struct {
	handshake   handshake.ServerOptions
	headTimeout time.Duration // 0: none
	decision    time.Duration // 0: none
	keepAlive   time.Duration // 0: none is kept alive
	maxHead     int
	maxBody     int64
	front       *front       // nil: nobody says who the client is but the peer's address
	compression *Compression // nil: none
}

// serve checks what a server is to answer by.
func (s *Server) serve(o *ListenOptions) (*serving, *fault.Error) {
	h := &o.HTTP
	v := &serving{handshake: handshake.ServerOptions{Keep: s.options.KeepRequest}}
	var err *fault.Error
	if v.headTimeout, err = duration(o.Timeout, DefaultHandshakeTimeout, "config.handshake_timeout_ms"); err != nil {
		return nil, err
	}
	if v.decision, err = duration(h.Decision, DefaultDecisionTimeout, "config.decision_timeout_ms"); err != nil {
		return nil, err
	}
	if v.keepAlive, err = duration(h.KeepAlive, DefaultKeepAlive, "config.keep_alive_timeout_ms"); err != nil {
		return nil, err
	}
	if v.maxHead = h.MaxHead; v.maxHead == 0 {
		v.maxHead = handshake.DefaultMaxHead
	}
	if v.maxHead < 1024 || v.maxHead > 1<<20 {
		return nil, fault.Refused(fault.IDParameter, "config.max_head_size: %d is not in 1024..1048576 or 0", h.MaxHead)
	}
	switch {
	case h.MaxBody == 0:
		v.maxBody = DefaultMaxBody
	case h.MaxBody > 0 && h.MaxBody <= 1<<24:
		v.maxBody = int64(h.MaxBody)
	case h.MaxBody != -1:
		return nil, fault.Refused(fault.IDParameter, "config.max_body_size: %d is not in 1..16777216, 0 or -1", h.MaxBody)
	}
	if v.front, err = o.Front.read(); err != nil {
		return nil, err
	}
	if v.compression, err = o.Compression.fill("config.compression"); err != nil {
		return nil, err
	}
	v.handshake.Extend = deflate.Decline
	if v.compression != nil {
		v.handshake.Extend = func(offer string) (string, error) { return v.compression.extend(&s.engine.pool, offer) }
	}
	v.handshake.Protocols = split(h.Protocols)
	offer := handshake.ClientOptions{Protocols: v.handshake.Protocols} // the same rules
	if bad := offer.Check(); bad != nil {
		return nil, fault.Refused(fault.IDParameter, "config.protocol: %v", bad)
	}
	for _, origin := range split(h.Origins) {
		if origin != "*" && origin != "null" && !strings.Contains(origin, "://") {
			return nil, fault.Refused(fault.IDParameter, "config.origins: %q is neither \"*\" nor an origin like https://example.com", origin)
		}
		v.handshake.Origins = append(v.handshake.Origins, strings.ToLower(origin))
	}
	return v, nil
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
