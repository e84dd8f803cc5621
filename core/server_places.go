// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"net/netip"
	"runtime"
	"syscall"

	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
)

// bind makes the sockets of a place; with several loops that share a port one for each.
func (s *Server) bind(p *config.Place) ([]*listener, *fault.Error) {
	one := func(d loop.Descriptor, file loop.SocketFile, workers []*worker) *listener {
		l := &listener{server: s, place: p, d: d, file: file, workers: workers, w: workers[0]}
		for _, w := range workers {
			if w == s.home {
				l.w = w
			}
		}
		return l
	}
	workers := s.engine.workers[p.FirstLoop : p.FirstLoop+p.Loops]
	switch {
	case p.Given:
		d, step, errno := loop.Given(p.Descriptor)
		if errno != 0 {
			return nil, givenError(p, step, errno)
		}
		return []*listener{one(d, loop.SocketFile{}, workers)}, nil
	case p.Path != "":
		d, file, step, errno := loop.ListenFile(p.Path, uint32(p.Mode), p.Backlog) // fits: bits of a mode
		if errno != 0 {
			return nil, pathError(p, step, errno)
		}
		return []*listener{one(d, file, workers)}, nil
	}
	var all []*listener
	groups := [][]*worker{workers}
	if p.ReusePort {
		groups = nil
		for i := range workers {
			groups = append(groups, workers[i:i+1])
		}
	}
	address := p.Address
	for _, some := range groups {
		d, step, errno := loop.Listen(address, p.Backlog, p.ReusePort, p.OnlyV6)
		if errno != 0 {
			unbind(all)
			return nil, listenError(address, step, errno)
		}
		address = netip.AddrPortFrom(address.Addr(), d.LocalAddress().Port()) // the others take the same
		all = append(all, one(d, loop.SocketFile{}, some))
	}
	return all, nil
}

// bindAll binds all places or none.
func (s *Server) bindAll(places []*config.Place) (all []*listener, err *fault.Error) {
	err = s.engine.onOwnThread("listening", func() *fault.Error {
		for _, p := range places {
			some, err := s.bind(p)
			if err != nil {
				unbind(all)
				return err
			}
			all = append(all, some...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// unbind gives up listeners that no loop knows, so that no lock need be held.
func unbind(all []*listener) {
	for _, l := range all {
		l.file.Remove()
		l.d.Close()
	}
}

func givenError(p *config.Place, step string, errno syscall.Errno) *fault.Error {
	e := fault.Refused(fault.IDUnknown, "%sdescriptor: %d: %s: %v", p.Name, p.Descriptor, step, errno)
	e.Errno = errno
	switch errno {
	case loop.EBADF, loop.ENOTSOCK:
		e.ID = fault.IDParameter
	case loop.EINVAL:
		e.ID, e.Text = fault.IDParameter, fmt.Sprintf("%sdescriptor: %d is no stream socket, TCP or Unix, that listens", p.Name, p.Descriptor)
	}
	return e
}

func pathError(p *config.Place, step string, errno syscall.Errno) *fault.Error {
	e := fault.Refused(fault.IDListenIP, "%spath: listening on %q: %s: %v", p.Name, p.Path, step, errno)
	e.Errno = errno
	switch errno {
	case loop.EADDRINUSE:
		e.ID, e.Text = fault.IDPortOccupied, fmt.Sprintf("%spath: somebody listens on %q", p.Name, p.Path)
	case loop.EEXIST:
		e.Text = fmt.Sprintf("%spath: there is a file %q, and it is no socket", p.Name, p.Path)
	case loop.EOPNOTSUPP:
		e.ID, e.Text = fault.IDUnsupported, fmt.Sprintf("%spath: a server cannot listen on Unix sockets on %s", p.Name, runtime.GOOS)
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
	Index   int    // among the host's listeners; -1: the one of config.ListenOptions itself
	Loop    int    // that accepts
	Port    int    // 0: a Unix socket
	Address string // without port, or the path
	Plain   bool
	Given   bool
	Reuses  bool
	OnlyV6  bool
}

// Listener tells of one socket, by its number among all. Any thread.
func (s *Server) Listener(number uint64) (ListenerInfo, *fault.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, err := s.listener(number)
	if err != nil {
		return ListenerInfo{}, err
	}
	info := ListenerInfo{Count: len(s.listeners), Index: l.place.Index, Loop: l.w.index, Plain: l.place.Plain, Given: l.place.Given, Reuses: l.place.ReusePort, OnlyV6: l.place.OnlyV6}
	if at := l.d.LocalAddress(); at.IsValid() {
		info.Port, info.Address = int(at.Port()), at.Addr().String()
	} else {
		info.Address = l.d.Path()
	}
	return info, nil
}

// where is the address of a socket that listens, with its port, or the path. Server.mu is held.
func (l *listener) where() string {
	if at := l.d.LocalAddress(); at.IsValid() {
		return at.String()
	}
	return l.d.Path()
}

// onLoopback tells whether only this host can connect, by TCP. Server.mu is held.
func (l *listener) onLoopback() bool {
	at := l.d.LocalAddress()
	return at.IsValid() && at.Addr().Unmap().IsLoopback()
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
	case s.listeningOver.Load():
		return nil, fault.Refused(fault.IDState, "server: does not listen any more")
	case len(s.listeners) == 0:
		return nil, fault.Refused(fault.IDState, "server: listens nowhere, as WS_NO_LISTENERS says")
	case number >= uint64(len(s.listeners)):
		return nil, fault.Refused(fault.IDParameter, "index: there are %d listeners, the last one is %d", len(s.listeners), len(s.listeners)-1)
	case !s.listeners[number].listens:
		return nil, fault.Refused(fault.IDState, "server: the listener could not be started")
	}
	return s.listeners[number], nil
}
