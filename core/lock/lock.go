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
//	Admission    admission.mu        who is connected to a server
//	Compression  packer.mu           the history of what a connection sends compressed
//	Output       secure.out          what a TLS connection encrypts and queues
//	Conn         Conn.mu             descriptor, queue and closing state of one connection
//	Figures      figures.mu          what the host has sent itself, while it changes its place
//	Fan          fan.mu              to whom of a loop something was published
//	Relief       relief.mu           who holds memory
//	Loop         loop.Loop.mu        tasks of a loop; Post takes it, inside any other
//	Pool         loop.Pool.mu        free buffers; inside any other
//
// Apart from these, taken with none of them held and with none inside: leaver.mu (subscriptions
// that are being ended), the journal's (lines of the log), those of package dial and of zone,
// and calls.starting of capi, which is held while the library starts. That of wire's stock of
// random bytes is inside any other, and nothing in it; so are those of loop's poller.
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
	Admission   struct{}
	Compression struct{}
	Output      struct{}
	Conn        struct{}
	Figures     struct{}
	Fan         struct{}
	Relief      struct{}
	Loop        struct{}
	Pool        struct{}
)

func (Engine) rank() rank      { return 1 }
func (Topics) rank() rank      { return 2 }
func (Server) rank() rank      { return 3 }
func (Admission) rank() rank   { return 4 }
func (Compression) rank() rank { return 5 }
func (Output) rank() rank      { return 6 }
func (Conn) rank() rank        { return 7 }
func (Figures) rank() rank     { return 8 }
func (Fan) rank() rank         { return 9 }
func (Relief) rank() rank      { return 10 }
func (Loop) rank() rank        { return 11 }
func (Pool) rank() rank        { return 12 }
