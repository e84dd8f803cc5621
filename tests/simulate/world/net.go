// SPDX-License-Identifier: Apache-2.0

package world

import (
	"net/netip"
	"syscall"
	"time"
)

// network is all sockets of the process, by number. Numbers are used again, the lowest
// first, so that who keeps one too long meets somebody else's.
type network struct {
	files     []*Socket
	listening map[netip.AddrPort]*Socket
	port      uint16
	calm      bool // no faults
	scarce    bool
	Taps      func(from *Socket, p []byte)
}

// Socket is one end of a stream, or a listening one.
type Socket struct {
	Number  int
	Local   netip.AddrPort
	Remote  netip.AddrPort
	Label   string // for people
	Owner   any    // for who looks at the wire
	peer    *Socket
	closed  bool
	listens bool
	backlog []*Socket
	coming  time.Duration // when the last of backlog arrives

	in      []segment
	unread  int           // bytes of in
	taken   int           // bytes that were read
	ended   time.Duration // when the end of the stream arrives; forever: not yet
	reset   time.Duration // when the reset arrives
	told    bool          // the reset was told
	half    bool          // nothing more is written
	deaf    bool          // nothing more is read but what has come
	room    int           // bytes that the peer may have unread
	slow    time.Duration // what a byte takes to the peer, beside the usual
	arrives time.Duration // when the last byte that was written does
	doomed  int           // bytes until the stream is reset; 0: it is not
	Written int           // bytes so far
	trouble int           // one call in so many is odd; 0: none
}

type segment struct {
	at time.Duration
	p  []byte
}

// Scarce has the system refuse what it could give much more often.
func (w *World) Scarce(on bool) { w.network.scarce = on }

// Refused tells whether the system has nothing left for who asks.
func Refused() bool {
	switch w := current; {
	case w == nil || w.network.calm:
		return false
	case w.network.scarce:
		return Rarely(8)
	}
	return Rarely(400)
}

// Calm switches faults off for streams that are made from now on.
func (w *World) Calm(on bool) { w.network.calm = on }

// Tap has f see what is written to each stream.
func (w *World) Tap(f func(from *Socket, p []byte)) { w.network.Taps = f }

// Open is how many sockets are not closed.
func (w *World) Open() (n int) {
	for _, s := range w.network.files {
		if s != nil {
			n++
		}
	}
	return n
}

// firstFile is the lowest number of a socket.
const firstFile = 3

func (n *network) add(s *Socket) *Socket {
	s.ended, s.reset = forever, forever
	for i := range n.files {
		if n.files[i] == nil {
			n.files[i], s.Number = s, i+firstFile
			return s
		}
	}
	n.files = append(n.files, s)
	s.Number = len(n.files) - 1 + firstFile
	return s
}

// File is the socket of a number; nil when there is none, which is a fault of who asks.
func File(number int) *Socket {
	w := current
	if w == nil || w.over {
		return nil
	}
	if i := number - firstFile; i >= 0 && i < len(w.network.files) && w.network.files[i] != nil {
		return w.network.files[i]
	}
	Fail("descriptor %d is used and not open", number)
	return nil
}

// Listen makes a socket that listens.
func Listen(at netip.AddrPort) (*Socket, syscall.Errno) {
	w := current
	n := &w.network
	if n.listening == nil {
		n.listening = map[netip.AddrPort]*Socket{}
		n.port = 40000
	}
	if at.Port() == 0 {
		n.port++
		at = netip.AddrPortFrom(at.Addr(), n.port)
	}
	if n.listening[at] != nil {
		return nil, syscall.EADDRINUSE
	}
	s := n.add(&Socket{Local: at, listens: true, Label: "listener"})
	n.listening[at] = s
	return s, 0
}

// Connect makes a stream to who listens at an address.
func Connect(to netip.AddrPort) (*Socket, syscall.Errno) {
	w := current
	n := &w.network
	l := n.listening[to]
	if l == nil || len(l.backlog) > 64 {
		return nil, syscall.ECONNREFUSED
	}
	n.port++
	from := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), n.port)
	a := n.add(&Socket{Local: from, Remote: to, Label: "client"})
	b := &Socket{Local: to, Remote: from, Label: "server", ended: forever, reset: forever}
	a.peer, b.peer = b, a
	for _, s := range []*Socket{a, b} {
		s.room = 64 << 10
		if n.calm {
			continue
		}
		switch Draw(4) {
		case 1:
			s.room = 1 + Draw(200)
		case 2:
			s.room = 1 + Draw(5000)
		}
		if Rarely(8) {
			s.slow = time.Duration(1+Draw(300)) * time.Millisecond
		}
		if Rarely(16) {
			s.doomed = 1 + Draw(3000)
		}
		s.trouble = []int{0, 64, 16, 4}[Draw(4)]
	}
	l.coming = max(l.coming, w.now+delay(a))
	l.backlog = append(l.backlog, b)
	w.stir(l.coming)
	return a, 0
}

// stir makes sure that the clock stops at a time.
func (w *World) stir(at time.Duration) {
	if at > w.now {
		w.At(at, nil)
	}
}

// delay is how long a byte is on its way.
func delay(s *Socket) time.Duration {
	d := time.Duration(10+Draw(90)) * time.Microsecond
	if s.trouble > 0 && Rarely(20) {
		d += time.Duration(Draw(50)) * time.Millisecond
	}
	return d + s.slow
}

// Accept takes a stream.
func (s *Socket) Accept() (*Socket, syscall.Errno) {
	w := current
	if len(s.backlog) == 0 || s.coming > w.now {
		return nil, syscall.EAGAIN
	}
	if !w.network.calm && (Rarely(40) || Refused()) {
		return nil, []syscall.Errno{syscall.EMFILE, syscall.ENOBUFS, syscall.EPROTO, syscall.EAGAIN}[Draw(4)]
	}
	b := s.backlog[0]
	s.backlog = s.backlog[1:]
	ended, reset := b.ended, b.reset
	w.network.add(b)
	b.ended, b.reset = ended, reset
	return b, 0
}

// Read takes what has come. 0 without an error is the end.
func (s *Socket) Read(p []byte) (int, syscall.Errno) {
	now := current.now
	if s.trouble > 0 && Rarely(s.trouble*2) {
		return 0, syscall.EAGAIN
	}
	most := len(p)
	if s.trouble > 0 && most > 1 && Rarely(s.trouble) {
		most = 1 + Draw(min(most, 40))
	}
	n := 0
	for n < most && len(s.in) > 0 && s.in[0].at <= now {
		first := &s.in[0]
		c := copy(p[n:most], first.p)
		n += c
		if first.p = first.p[c:]; len(first.p) == 0 {
			s.in = s.in[1:]
		}
	}
	s.unread -= n
	s.taken += n
	switch {
	case n > 0:
		Note("reads %d bytes of %d", n, s.Number)
		return n, 0
	case s.reset <= now && !s.told:
		s.told = true
		Note("reads the reset of %d", s.Number)
		return 0, syscall.ECONNRESET
	case s.reset <= now, s.deaf, s.ended <= now && len(s.in) == 0:
		Note("reads the end of %d", s.Number)
		return 0, 0
	}
	return 0, syscall.EAGAIN
}

// Write gives bytes to the peer as far as there is room.
func (s *Socket) Write(p []byte) (int, syscall.Errno) {
	w := current
	switch {
	case s.reset <= w.now && !s.told:
		s.told = true
		return 0, syscall.ECONNRESET
	case s.reset <= w.now, s.half:
		return 0, syscall.EPIPE
	}
	if s.trouble > 0 && Rarely(s.trouble*2) {
		return 0, syscall.EAGAIN
	}
	if s.trouble > 0 && Rarely(s.trouble*16) {
		return 0, syscall.ENOBUFS
	}
	n := min(len(p), s.room-s.peer.unread)
	if n <= 0 {
		if len(p) == 0 {
			return 0, 0
		}
		return 0, syscall.EAGAIN
	}
	if s.trouble > 0 && n > 1 && Rarely(s.trouble) {
		n = 1 + Draw(n)
	}
	if s.doomed > 0 && s.Written+n >= s.doomed {
		s.doomed = 0
		s.Break()
		return 0, syscall.EAGAIN
	}
	if w.network.Taps != nil {
		w.network.Taps(s, p[:n])
	}
	s.Written += n
	if s.Written > 8000 && s.room < 4096 {
		s.room = 4096 // the rest of what is large comes in time
	}
	Note("writes %d of %d bytes to %d", n, len(p), s.Number)
	if s.peer.closed { // whose system answers by a reset
		s.resetAt(w.now + delay(s))
		return n, 0
	}
	s.arrives = max(s.arrives, w.now+delay(s))
	s.peer.in = append(s.peer.in, segment{s.arrives, append([]byte(nil), p[:n]...)})
	s.peer.unread += n
	w.stir(s.arrives)
	return n, 0
}

// Break resets the stream for both ends.
func (s *Socket) Break() {
	s.resetAt(current.now)
	s.peer.resetAt(current.now + delay(s))
}

func (s *Socket) resetAt(at time.Duration) {
	if at < s.reset {
		s.reset = at
		current.stir(at)
	}
}

// finish tells the peer that nothing more comes.
func (s *Socket) finish() {
	if !s.half {
		s.half = true
		s.arrives = max(s.arrives, current.now+delay(s))
		s.peer.ended = s.arrives
		current.stir(s.arrives)
	}
}

// ShutdownWrite ends our half.
func (s *Socket) ShutdownWrite() {
	if s.peer != nil {
		s.finish()
	}
}

// ShutdownBoth ends both.
func (s *Socket) ShutdownBoth() {
	if s.peer != nil {
		s.finish()
		s.deaf = true
	} else {
		s.deaf = true
	}
}

// Close gives the number back. What was not read makes a reset.
func (s *Socket) Close() {
	w := current
	if w.over {
		return
	}
	if s.closed {
		Fail("descriptor %d is closed twice", s.Number)
	}
	Note("closes %d", s.Number)
	s.closed = true
	w.network.files[s.Number-firstFile] = nil
	if s.listens {
		delete(w.network.listening, s.Local)
		for _, b := range s.backlog {
			b.peer.resetAt(w.now + delay(b))
			b.closed = true
		}
		return
	}
	if s.unread > 0 && !s.deaf {
		s.peer.resetAt(w.now + delay(s))
	} else {
		s.finish()
	}
	s.in, s.unread = nil, 0
}

// Closed tells whether it is.
func (s *Socket) Closed() bool { return s.closed }

// Readable tells whether Read or Accept would give something.
func (s *Socket) Readable() bool {
	now := current.now
	if s.listens {
		return len(s.backlog) > 0 && s.coming <= now
	}
	return len(s.in) > 0 && s.in[0].at <= now || s.ended <= now || s.reset <= now || s.deaf
}

// Writable tells whether Write would take something.
func (s *Socket) Writable() bool {
	if s.listens {
		return false
	}
	return s.reset <= current.now || s.half || s.room-s.peer.unread > 0
}

// Changes is different when something has come since, or there is more room, or the stream has
// ended: what a poller tells of that knows of changes only.
func (s *Socket) Changes(room bool) (n int) {
	now := current.now
	switch {
	case s.listens && s.coming <= now:
		n = len(s.backlog)
	case s.listens:
	case room:
		n = s.Written - s.peer.unread
	default:
		n = s.taken
		for _, g := range s.in {
			if g.at <= now {
				n += len(g.p)
			}
		}
		if s.ended <= now {
			n++
		}
	}
	n *= 2
	if s.HungUp() {
		n++
	}
	return n
}

// HungUp tells whether nothing can be said any more in either direction.
func (s *Socket) HungUp() bool {
	now := current.now
	if s.listens {
		return s.deaf
	}
	return s.reset <= now || s.half && (s.ended <= now || s.deaf)
}

// Peer is the other end.
func (s *Socket) Peer() *Socket { return s.peer }

// Unacked is how many bytes of ours have not come to the peer; false: nobody knows.
func (s *Socket) Unacked() (n int, known bool) {
	now := current.now
	if s.reset <= now {
		return 0, false
	}
	for _, g := range s.peer.in {
		if g.at > now {
			n += len(g.p)
		}
	}
	return n, true
}
