// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"net/netip"
	"strings"

	"libws/core/admit"
	"libws/core/border"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
)

// A connection that the host has accepted, by a server of its own for HTTP, becomes one of a
// Server: as if it had just been accepted here, or, when the host has answered the upgrade, as
// one that is open. Nothing else about it differs.

// AdoptOptions is such a connection.
type AdoptOptions struct {
	Descriptor int
	Data       []byte         // what the host has read of it; copied
	Client     netip.AddrPort // not valid: the peer of the socket
	// Upgraded: the host has sent the 101, with Protocol, for Target. Data are frames.
	Upgraded         bool
	Target, Protocol string
}

// adoption is one on its way to its loop.
type adoption struct {
	*AdoptOptions
	c    *Conn
	sock loop.Adoption
	kept []byte // Data, in memory of the pool
}

// Adopt takes over the descriptor, when it succeeds: then the connection has a handle. known is
// called with its block before its first event. Any thread.
func (s *Server) Adopt(o AdoptOptions, known func(*border.Block)) (handle uint64, err *fault.Error) {
	if err := o.check(); err != nil {
		return 0, err
	}
	sock, step, errno := loop.Adopt(o.Descriptor)
	switch errno {
	case 0:
	case loop.EINVAL:
		return 0, fault.Refused(fault.IDParameter, "options.descriptor: %d is no stream socket that is connected, TCP or Unix", o.Descriptor)
	default:
		e := fault.Refused(fault.IDUnknown, "options.descriptor: %d: %s: %v", o.Descriptor, step, errno)
		e.Errno = errno
		return 0, e
	}
	a := &adoption{AdoptOptions: &o, sock: sock}
	defer func() {
		if err != nil {
			sock.Leave()
			s.engine.pool.Put(a.kept)
		}
	}()
	if err := s.beginsToAdopt(); err != nil {
		return 0, err
	}
	defer s.hasAdopted()
	if len(o.Data) > 0 {
		buffer, noMemory := s.engine.pool.Get(len(o.Data))
		if noMemory != nil {
			return 0, &fault.Error{ID: fault.IDMemory, Text: fmt.Sprintf("options.size: %v", noMemory)}
		}
		a.kept = append(buffer, o.Data...)
	}
	o.Data = nil // is the host's
	c := &Conn{w: s.engine.pick(), server: s, peer: admit.EndpointOf(sock.PeerAddress()), phase: phaseHead, ends: &ends{}}
	a.c, c.ends.begin.c = c, c
	if o.Client.IsValid() {
		c.peer = admit.EndpointOf(o.Client)
	} else if !o.Upgraded {
		c.ends.begin.arrives()
		c.ends.begin.proxied = false // the host has read what comes before the request
	}
	if !s.engine.host.Adopt(c, s.block) {
		return 0, fault.Refused(fault.IDMemory, "no handle is left, or no memory for it")
	}
	handle = c.block.Handle
	known(c.block)
	if err := s.lets(a); err != nil {
		s.engine.host.Release(c.block)
		return 0, err
	}
	sock.Keep()
	return handle, nil
}

// check tells what is wrong, but for the descriptor.
func (o *AdoptOptions) check() *fault.Error {
	switch {
	case !o.Upgraded && (o.Target != "" || o.Protocol != ""):
		return fault.Refused(fault.IDParameter, "options.target, options.protocol: are of an upgrade that the host has answered; WS_ADOPT_UPGRADED says so")
	case o.Upgraded && o.Target == "":
		o.Target = "/"
	case o.Upgraded && !strings.HasPrefix(o.Target, "/"):
		return fault.Refused(fault.IDParameter, "options.target: %q does not begin with a slash", o.Target)
	}
	if o.Protocol != "" {
		offer := handshake.ClientOptions{Protocols: []string{o.Protocol}} // the same rules
		if bad := offer.Check(); bad != nil {
			return fault.Refused(fault.IDParameter, "options.protocol: %v", bad)
		}
	}
	return nil
}

// beginsToAdopt keeps the server until hasAdopted.
func (s *Server) beginsToAdopt() *fault.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.runs(); err != nil {
		return err
	}
	if s.listeningOver.Load() {
		return fault.Refused(fault.IDState, "server: does not listen any more, and so takes no connection of the host's")
	}
	s.adopting++
	return nil
}

func (s *Server) hasAdopted() {
	locked := take(&s.mu)
	defer locked.end()
	s.adopting--
	locked.end()
	s.settle()
}

// lets puts the connection on the list and gives it to its loop, in one step: whatever the server
// does to it from here on comes behind that.
func (s *Server) lets(a *adoption) *fault.Error {
	locked := take(&s.mu)
	defer locked.end()
	if err := s.runs(); err != nil {
		return err
	}
	c := a.c
	c.ends.begin.answers = s.adopted
	refused := s.enters(c)
	posted := false
	if refused == nil {
		s.add(c)
		posted = c.w.loop.Post(a.begin)
	}
	locked.end()
	switch {
	case refused != nil:
		s.refused(refused, c.peer)
		return fault.Refused(fault.IDConnectFailed, "%s; the connection stays the host's, who may answer HTTP %d", s.admission.Reached(refused.Limit), refused.Status)
	case !posted:
		s.remove(c)
		c.w.left(c, false)
		return errShutdown
	}
	return nil
}

// begin is where its loop takes it over.
func (a *adoption) begin() {
	c := a.c
	h := &c.ends.begin
	c.w.current, c.w.share = c, inflateShare
	h.in.Kept = a.kept
	if err := h.registers(a.sock.Ready()); err != nil {
		c.log(journal.Warn, "%s: %v", c.peer.String(), err)
		c.w.left(c, false) // finish tells that of what has a socket
		c.drop()
		return
	}
	if a.Upgraded {
		req := handshake.Request{URI: a.Target, Protocol: a.Protocol}
		h.keepRequest(&req, "")
		h.open(nil, &req, h.in.Kept)
		return
	}
	h.headTime()
	if h.in.Kept != nil {
		h.came(h.in.Kept)
	}
}

// registers gives a connection that has a handle its socket.
func (h *handshaking) registers(d loop.Descriptor) error {
	c := h.c
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sock.Register(c.w.loop, d, c)
}
