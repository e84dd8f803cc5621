// SPDX-License-Identifier: Apache-2.0

// Package lock is the one list of the mutexes that are held together, in the order in which
// they are taken. Come here for a new lock of core, or to see what may be taken inside
// which.
//
// A lock is taken while those above it in the list are held, or none; never one below, and never
// two of a kind. Without the build tag "checks" a Mutex is a sync.Mutex and nothing else. With
// it, as tests are built, one that is taken out of order panics.
//
//	Engine       Engine.mu           lists of clients and servers, starting and stopping
//	Topics       topics.Mu           subscriptions of a server; held while a message is given to all who want it
//	Server       Server.mu           its state, its listeners, its list of connections, and Conn.block of these
//	Relay        relay.Queue.mu      what waits for a relay
//	Admission    admission.mu        who is connected to a server
//	Compression  packer.mu           the history of what a connection sends compressed
//	Output       secure.out          what a TLS connection encrypts and queues
//	Conn         Conn.mu             descriptor, queue and closing state of one connection
//	Figures      figures.mu          what the host has sent itself, while it changes its place
//	Fan          fan.mu              to whom of a loop something was published
//	Relief       relief.mu           who uses memory
//	Passing      passing.mu          large messages that the host has
//	Loop         loop.Loop.mu        tasks of a loop; Post takes it, inside any other
//	Pool         loop.Pool.mu        free buffers; inside any other
//	Poller       loop.goroutines.mu  what a poller without epoll watches
//	Owed         loop.owed.mu        descriptors that are still to be watched
//	Waits        loop.source.mu      what Windows is asked for a socket
//	Zone         zone.known.mu       names and numbers of interfaces, inside any other
//	Random       wire.stock.mu       random bytes for masks; inside any other
//
// These are taken with none of those above held, and none of those is taken inside:
//
//	Awaited      dial.Awaited.made   until a look-up that has begun is known
//	Turns        dial.turns.mu       whose name is looked up
//	Libc         dial.libc.mu        names that libc looks up
//	Hosts        dial.hosts.mu       whether libc is to be asked
//	Roots        dial.pools.mu       authorities that connections share
//	Cookies      cookies.Jar.mu      what servers want to be sent again
//	Questions    questions.mu        what TLS handshakes ask the host
//	Leaver       leaver.mu           who has ended and still has subscriptions
//	Journal      journal.Journal.mu  which lines of the log are left out
//
// Two more are in capi, outside of this list: calls.starting is held while the library starts, with
// none held; host.mu and what guards its growing are innermost.
//
// In C: wsx_mutex (handles, listener lists, the list of queues), then the mutex of a queue (its
// streams) or that of the reserve of threads. Host.Lane and Host.Adopt take wsx_mutex inside
// Conn.mu and figures.mu; nothing of C calls Go with one of them held.
//
// No lock is held while callbacks run, and none while a record is added, but Conn.mu in C for
// what a call of the host does with one copy or one system call.
package lock

// rank is a place in the list.
type rank uint8

// Rank is a kind of Mutex.
type Rank interface{ rank() rank }

// The kinds, in their order.
type (
	Engine      struct{}
	Topics      struct{}
	Server      struct{}
	Relay       struct{}
	Admission   struct{}
	Compression struct{}
	Output      struct{}
	Conn        struct{}
	Figures     struct{}
	Fan         struct{}
	Relief      struct{}
	Passing     struct{}
	Loop        struct{}
	Pool        struct{}
	Poller      struct{}
	Owed        struct{}
	Waits       struct{}
	Zone        struct{}
	Random      struct{}

	Awaited   struct{}
	Turns     struct{}
	Libc      struct{}
	Hosts     struct{}
	Roots     struct{}
	Cookies   struct{}
	Questions struct{}
	Leaver    struct{}
	Journal   struct{}
)

func (Engine) rank() rank      { return 1 }
func (Topics) rank() rank      { return 2 }
func (Server) rank() rank      { return 3 }
func (Relay) rank() rank       { return 4 }
func (Admission) rank() rank   { return 5 }
func (Compression) rank() rank { return 6 }
func (Output) rank() rank      { return 7 }
func (Conn) rank() rank        { return 8 }
func (Figures) rank() rank     { return 9 }
func (Fan) rank() rank         { return 10 }
func (Relief) rank() rank      { return 11 }
func (Passing) rank() rank     { return 12 }
func (Loop) rank() rank        { return 13 }
func (Pool) rank() rank        { return 14 }
func (Poller) rank() rank      { return 15 }
func (Owed) rank() rank        { return 16 }
func (Waits) rank() rank       { return 17 }
func (Zone) rank() rank        { return 18 }
func (Random) rank() rank      { return 19 }

// apart is the first rank of the second list.
const apart = 100

func (Awaited) rank() rank   { return apart }
func (Turns) rank() rank     { return apart + 1 }
func (Libc) rank() rank      { return apart + 2 }
func (Hosts) rank() rank     { return apart + 3 }
func (Roots) rank() rank     { return apart + 4 }
func (Cookies) rank() rank   { return apart + 5 }
func (Questions) rank() rank { return apart + 6 }
func (Leaver) rank() rank    { return apart + 7 }
func (Journal) rank() rank   { return apart + 8 }
