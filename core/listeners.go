// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"net/netip"
	"runtime"
	"syscall"
	"time"

	"libws/core/fault"
	"libws/core/loop"
	"libws/core/zone"
)

// MaxListeners bounds the places besides the first where a server listens.
const MaxListeners = 64

// defaultMode is that of the file of a Unix socket: for this user only.
const defaultMode = 0o600

// maxKeepAlive is what every system takes.
const maxKeepAlive = 9 * time.Hour

// maxPath is what the address of a Unix socket has room for, everywhere.
const maxPath = 103

// ListenerOptions is one more place where a server listens. The zero value of a field is
// its default.
type ListenerOptions struct {
	IP         string // as in ListenOptions, unless Path or Given says where
	Port       int
	Path       string // of a Unix socket; "@name": an abstract one of Linux
	Mode       int    // of its file; 0: 0600
	Given      bool   // Descriptor is a socket that listens already; it stays its owner's
	Descriptor int
	Backlog    int
	ReusePort  bool // others may listen there; with several loops a socket for each
	Plain      bool // no TLS, although the server has certificates
	FirstLoop  int  // its connections go to these loops in turn
	Loops      int  // 0: all from FirstLoop on
}

// place is a checked one.
type place struct {
	ListenerOptions
	name    string // of the host's struct
	index   int    // among the host's listeners; -1: the one of ListenOptions itself
	address netip.AddrPort
	workers []*worker

	keepAlive time.Duration // silence of a peer before TCP probes it; 0: for ever
}

// places checks where a server is to listen.
func (s *Server) places(o *ListenOptions) ([]*place, *fault.Error) {
	if o.TCPKeepAlive < 0 || o.TCPKeepAlive > maxKeepAlive {
		return nil, fault.Refused(fault.IDParameter, "config.tcp_keep_alive_ms: %d is not in 0..%d", o.TCPKeepAlive/time.Millisecond, maxKeepAlive/time.Millisecond)
	}
	var all []*place
	if !o.ListenersOnly {
		p := &place{index: -1, name: "config.server_", ListenerOptions: ListenerOptions{IP: o.IP, Port: o.Port, Backlog: o.Backlog, ReusePort: o.ReusePort}}
		all = append(all, p)
	} else if len(o.Listeners) == 0 {
		return nil, fault.Refused(fault.IDParameter, "config.listener_count: is 0, and the flag WS_LISTENERS_ONLY says that there are no others")
	}
	if len(o.Listeners) > MaxListeners {
		return nil, fault.Refused(fault.IDParameter, "config.listener_count: %d is more than %d", len(o.Listeners), MaxListeners)
	}
	for i, l := range o.Listeners {
		all = append(all, &place{ListenerOptions: l, index: i, name: fmt.Sprintf("config.listeners[%d].", i)})
	}
	for _, p := range all {
		p.keepAlive = o.TCPKeepAlive
		if err := p.check(s.engine.workers); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// check replaces zero values and tells what is wrong.
func (p *place) check(workers []*worker) *fault.Error {
	wrong := func(member, format string, args ...any) *fault.Error {
		return fault.Refused(fault.IDParameter, "%s%s: %s", p.name, member, fmt.Sprintf(format, args...))
	}
	if p.FirstLoop < 0 || p.FirstLoop >= len(workers) {
		return wrong("first_loop", "%d is not in 0..%d", p.FirstLoop, len(workers)-1)
	}
	rest := len(workers) - p.FirstLoop
	if p.Loops < 0 || p.Loops > rest {
		return wrong("loops", "%d is not in 0..%d, the loops from first_loop on", p.Loops, rest)
	}
	if p.Loops == 0 {
		p.Loops = rest
	}
	p.workers = workers[p.FirstLoop : p.FirstLoop+p.Loops]
	switch {
	case p.Given && p.Path != "":
		return wrong("path", "is given, and a descriptor as well")
	case p.Given && p.Backlog != 0:
		return wrong("backlog", "is that of the descriptor, which listens already")
	case (p.Given || p.Path != "") && (p.IP != "" || p.Port != 0):
		return wrong("ip", "an address is given, and a path or a descriptor as well")
	case (p.Given || p.Path != "") && p.ReusePort:
		return wrong("flags", "WS_LISTEN_REUSE_PORT is for an address and a port")
	case p.Path == "" && p.Mode != 0:
		return wrong("mode", "is for the file of a path")
	case p.Mode < 0 || p.Mode > 0o777:
		return wrong("mode", "%#o is not in 0..0777", p.Mode)
	case len(p.Path) > maxPath:
		return wrong("path", "has %d bytes, more than %d", len(p.Path), maxPath)
	case p.Given && p.Descriptor < 0:
		return wrong("descriptor", "%d is none", p.Descriptor)
	case !p.Given && p.Descriptor != 0:
		return wrong("descriptor", "%d is given without the flag WS_LISTEN_DESCRIPTOR", p.Descriptor)
	}
	if p.Mode == 0 {
		p.Mode = defaultMode
	}
	if p.Backlog == 0 {
		p.Backlog = DefaultBacklog
	}
	if p.Backlog < 1 || p.Backlog > 65535 {
		if p.index < 0 {
			return fault.Refused(fault.IDParameter, "config.backlog: %d is not in 1..65535 or 0", p.Backlog)
		}
		return wrong("backlog", "%d is not in 1..65535 or 0", p.Backlog)
	}
	if p.Given || p.Path != "" {
		return nil
	}
	if p.IP == "" {
		p.IP = "0.0.0.0"
	}
	ip, err := netip.ParseAddr(p.IP)
	if err != nil {
		return fault.Refused(fault.IDListenIP, "%sip: %q is not a literal IPv4 or IPv6 address", p.name, p.IP)
	}
	if _, ok := zone.Number(ip.Zone()); !ok && ip.Zone() != "" {
		return fault.Refused(fault.IDListenIP, "%sip: %q: there is no interface %q", p.name, p.IP, ip.Zone())
	}
	if p.Port < 0 || p.Port > 65535 {
		return fault.Refused(fault.IDListenPort, "%sport: %d is not in 0..65535", p.name, p.Port)
	}
	p.address = netip.AddrPortFrom(ip, uint16(p.Port)) // fits: checked above
	return nil
}

// bind makes the sockets of a place; with several loops that share a port one for each.
func (s *Server) bind(p *place) ([]*listener, *fault.Error) {
	one := func(d loop.Descriptor, file loop.SocketFile, workers []*worker) *listener {
		l := &listener{server: s, place: p, d: d, file: file, workers: workers, w: workers[0]}
		for _, w := range workers {
			if w == s.home {
				l.w = w
			}
		}
		return l
	}
	switch {
	case p.Given:
		d, step, errno := loop.Given(p.Descriptor)
		if errno != 0 {
			return nil, givenError(p, step, errno)
		}
		return []*listener{one(d, loop.SocketFile{}, p.workers)}, nil
	case p.Path != "":
		d, file, step, errno := loop.ListenFile(p.Path, uint32(p.Mode), p.Backlog) // fits: bits of a mode
		if errno != 0 {
			return nil, pathError(p, step, errno)
		}
		return []*listener{one(d, file, p.workers)}, nil
	}
	var all []*listener
	groups := [][]*worker{p.workers}
	if p.ReusePort {
		groups = nil
		for i := range p.workers {
			groups = append(groups, p.workers[i:i+1])
		}
	}
	address := p.address
	for _, workers := range groups {
		d, step, errno := loop.Listen(address, p.Backlog, p.ReusePort)
		if errno != 0 {
			unbind(all)
			return nil, listenError(address, step, errno)
		}
		address = netip.AddrPortFrom(address.Addr(), d.LocalAddress().Port()) // the others take the same
		all = append(all, one(d, loop.SocketFile{}, workers))
	}
	return all, nil
}

// bindAll binds all places or none.
func (s *Server) bindAll(places []*place) ([]*listener, *fault.Error) {
	var all []*listener
	for _, p := range places {
		some, err := s.bind(p)
		if err != nil {
			unbind(all)
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// unbind gives up listeners that no loop knows.
func unbind(all []*listener) {
	for _, l := range all {
		l.file.Remove()
		l.d.Close()
	}
}

func givenError(p *place, step string, errno syscall.Errno) *fault.Error {
	e := fault.Refused(fault.IDUnknown, "%sdescriptor: %d: %s: %v", p.name, p.Descriptor, step, errno)
	e.Errno = errno
	switch errno {
	case loop.EBADF, loop.ENOTSOCK:
		e.ID = fault.IDParameter
	case loop.EINVAL:
		e.ID, e.Text = fault.IDParameter, fmt.Sprintf("%sdescriptor: %d is no stream socket, TCP or Unix, that listens", p.name, p.Descriptor)
	case loop.EOPNOTSUPP:
		e.ID, e.Text = fault.IDUnsupported, fmt.Sprintf("%sdescriptor: cannot be taken over on %s", p.name, runtime.GOOS)
	}
	return e
}

func pathError(p *place, step string, errno syscall.Errno) *fault.Error {
	e := fault.Refused(fault.IDListenIP, "%spath: listening on %q: %s: %v", p.name, p.Path, step, errno)
	e.Errno = errno
	switch errno {
	case loop.EADDRINUSE:
		e.ID, e.Text = fault.IDPortOccupied, fmt.Sprintf("%spath: somebody listens on %q", p.name, p.Path)
	case loop.EEXIST:
		e.Text = fmt.Sprintf("%spath: there is a file %q, and it is no socket", p.name, p.Path)
	case loop.EOPNOTSUPP:
		e.ID, e.Text = fault.IDUnsupported, fmt.Sprintf("%spath: a server cannot listen on Unix sockets on %s", p.name, runtime.GOOS)
	case loop.EMFILE, loop.ENFILE, loop.ENOMEM, loop.ENOBUFS:
		e.ID = fault.IDUnknown
	}
	return e
}

func listenError(address netip.AddrPort, step string, errno syscall.Errno) *fault.Error {
	e := fault.Refused(fault.IDUnknown, "listening on %s: %s: %v", address, step, errno)
	e.Errno = errno
	switch errno {
	case loop.EADDRINUSE:
		e.ID = fault.IDPortOccupied
	case loop.EADDRNOTAVAIL:
		e.ID, e.Text = fault.IDListenIP, fmt.Sprintf("listening on %s: %s: %s is no address of this host; 0.0.0.0 and :: mean all of them", address, step, address.Addr())
	case loop.EAFNOSUPPORT:
		e.ID = fault.IDListenIP
	case loop.EACCES, loop.EPERM:
		e.ID = fault.IDListenPort
	case loop.EOPNOTSUPP:
		e.ID = fault.IDUnsupported
	}
	return e
}

// ListenerInfo is a socket that a server listens on.
type ListenerInfo struct {
	Count   int    // how many the server has
	Index   int    // among the host's listeners; -1: the one of ListenOptions itself
	Loop    int    // that accepts
	Port    int    // 0: a Unix socket
	Address string // without port, or the path
	Plain   bool
	Given   bool
	Reuses  bool
}

// Listener tells of one socket, by its number among all. Any thread.
func (s *Server) Listener(number uint64) (ListenerInfo, *fault.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.listener(number)
	if err != nil {
		return ListenerInfo{}, err
	}
	info := ListenerInfo{Count: len(s.listeners), Index: l.place.index, Loop: l.w.index, Plain: l.place.Plain, Given: l.place.Given, Reuses: l.place.ReusePort}
	if at := l.d.LocalAddress(); at.IsValid() {
		info.Port, info.Address = int(at.Port()), at.Addr().String()
	} else {
		info.Address = l.d.Path()
	}
	return info, nil
}

// where is the address of a socket that listens, with its port, or the path.
func (l *listener) where() string {
	if at := l.d.LocalAddress(); at.IsValid() {
		return at.String()
	}
	return l.d.Path()
}

// Descriptor duplicates the descriptor of a listener, for another process. The file of a
// Unix socket stays then when the server stops. Any thread.
func (s *Server) Descriptor(number uint64) (int, *fault.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.listener(number)
	if err != nil {
		return -1, err
	}
	fd, errno := l.d.Duplicate()
	if errno == loop.EOPNOTSUPP {
		return -1, fault.Refused(fault.IDUnsupported, "server: a descriptor cannot be handed over on %s", runtime.GOOS)
	}
	if errno != 0 {
		e := fault.Refused(fault.IDUnknown, "duplicating the descriptor of a listener: %v", errno)
		e.Errno = errno
		return -1, e
	}
	l.handed = true
	return fd, nil
}

// listener finds one by its number. s.mu is held.
func (s *Server) listener(number uint64) (*listener, *fault.Error) {
	switch {
	case s.state != serverStarted:
		return nil, fault.Refused(fault.IDState, "server: is not started")
	case s.deaf.Load():
		return nil, fault.Refused(fault.IDState, "server: does not listen any more")
	case number >= uint64(len(s.listeners)):
		return nil, fault.Refused(fault.IDParameter, "index: there are %d listeners, the last one is %d", len(s.listeners), len(s.listeners)-1)
	case !s.listeners[number].listens:
		return nil, fault.Refused(fault.IDState, "server: the listener could not be started")
	}
	return s.listeners[number], nil
}
