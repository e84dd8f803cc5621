// SPDX-License-Identifier: Apache-2.0

package border

import "sync/atomic"

// State of a connection, as in the module's readyState and WS_STATE_ of the
// header.
type State uint32

// The life of a connection.
const (
	StateConnecting State = iota
	StateOpen
	StateClosing // a Close frame was sent or received
	StateClosed
)

// Block is the part of a connection that the host reads and writes without
// entering Go. It lies outside the Go heap and is followed by the host's part.
//
// Out packs flags and the number of buffered bytes in one word, because a host
// callback corks a frame by a single compare-and-swap on it while other threads
// send under the connection's lock, Conn.mu:
//
//   - OutOpen: sends are accepted. Cleared for good when closing starts.
//   - OutFast: the host may cork: an uncompressed server connection.
//   - OutSecure: with OutFast or OutDirect: it is one over TLS. The host writes nothing itself then, and only gathers.
//   - OutHeld: nothing is sent until the running batch ends, see core/send_gathered.go. Only with OutCorked.
//   - OutHeldByQueue: with OutHeld, until the dispatch of a queue ends or somebody else sends, see core/send_held.go.
//   - OutCorked: frames wait in the outbox of the running batch. Set by the host
//     inside a callback, cleared by the loop when it sends the outbox.
//   - OutEarly: what a client sends waits whole, see core/send_early.go.
//   - OutQueued: the queue holds frames or a sender is at work. The host does not
//     cork then, so that the order of returned calls is the order on the wire.
//   - OutDirect: the host may write itself when nothing is buffered, see core/send_direct.go.
//   - OutSending: it does, and has claimed its bytes. Set and cleared by the host.
//   - OutHanding: it has left the descriptor and calls core. Set by the host.
//   - OutDeferred: somebody has left work to it. Set while OutSending is.
//   - OutSpoke: it has written since the last look of the sweep.
//   - OutGathered: a dispatcher of a queue has claimed all bytes and keeps their frames in an
//     outbox of its own, see core/send_gathered.go. Set by the host; core takes them over when
//     somebody else wants to send. Only with OutDirect. Over TLS records may wait beside them.
type Block struct {
	Out        uint64
	Limit      uint64 // bytes that may be buffered
	ReadyState uint32 // State
	Loop       uint32 // 1 + index of the loop; set before the host learns the handle
	Cork       uint32 // last segment of this connection in the outbox; the host's
	// Slot is the index of the block; records name it.
	Slot uint32
	// Handle is what the host calls the connection.
	Handle uint64
	Life   uint32    // the host's, but for the bits below
	_      [3]uint32 // the host's
	_      uint64
}

// Bits of Block.Life that core writes or reads.
const (
	LifeKilled = 1 // the host delivers nothing more but final events
	LifePaused = 8 // the host delivers nothing
	// LifeHeld: a record was held back, so all later ones are, until core has
	// put them into a new batch. Set by the host.
	LifeHeld = 16
	// LifeQueued: Dispatch hands the records to a queue, which keeps what a pause
	// holds back by itself. Set by the host before the handle is known; never
	// changes.
	LifeQueued = 32
	// LifeCut: the connection was aborted. Its last events come although it is
	// paused; messages that the pause held back are dropped.
	LifeCut = 64
	// LifePings: somebody listens for pings and pongs. Set by the host.
	LifePings = 128
	// LifeUpgrades, LifeRequests: the host has listeners for upgrades, other requests. The
	// host's, for servers.
	LifeUpgrades = 512
	LifeRequests = 1024
	// LifeUnread: the connection is not read, for any of the reasons of Conn.paused.
	LifeUnread = 2048
	// What the loop was asked for and has not begun; changed under Conn.mu. The host may ask
	// again and again while the loop is busy, which is asked once.
	LifePostedPause = 4096  // pauseChanged
	LifePostedDrain = 8192  // drained
	LifePostedAbort = 16384 // aborted
	// LifeAsksUpgrades, LifeAsksRequests: the host answers them without a listener, too.
	LifeAsksUpgrades = 1 << 20
	LifeAsksRequests = 1 << 21
	// LifeRelief: what waits to be sent is listed for relief. Changed under Conn.mu.
	LifeRelief = 32768
	// LifeTopics: somebody listens for topics that begin and end. Set by the host, for servers.
	LifeTopics = 131072
)

// WantPings makes pings and pongs events of the handle.
func (b *Block) WantPings() { atomic.OrUint32(&b.Life, LifePings) }

// WantRequests lets the host answer upgrades, other requests or both, without listeners.
func (b *Block) WantRequests(upgrades, requests bool) {
	if upgrades {
		atomic.OrUint32(&b.Life, LifeAsksUpgrades)
	}
	if requests {
		atomic.OrUint32(&b.Life, LifeAsksRequests)
	}
}

// WantsRequests tells which requests the host answers.
func (b *Block) WantsRequests() (upgrades, requests bool) {
	life := atomic.LoadUint32(&b.Life)
	return life&(LifeUpgrades|LifeAsksUpgrades) != 0, life&(LifeRequests|LifeAsksRequests) != 0
}

// WantTopics makes the begin and the end of topics events of a server.
func (b *Block) WantTopics() { atomic.OrUint32(&b.Life, LifeTopics) }

// WantsTopics tells whether anybody listens for them.
func (b *Block) WantsTopics() bool { return atomic.LoadUint32(&b.Life)&LifeTopics != 0 }

// WantsPings tells whether anybody listens for pings and pongs.
func (b *Block) WantsPings() bool { return atomic.LoadUint32(&b.Life)&LifePings != 0 }

// Says sets or clears a bit of Life.
func (b *Block) Says(bit uint32, is bool) {
	if is {
		atomic.OrUint32(&b.Life, bit)
	} else {
		atomic.AndUint32(&b.Life, ^bit)
	}
}

// Posts notes that the loop is asked for a task, a bit of Life; false when it was and the task
// has not begun. b may be nil: then nothing is noted, and each is a new one.
func (b *Block) Posts(task uint32) bool {
	return b == nil || atomic.OrUint32(&b.Life, task)&task == 0
}

// Asked tells whether the loop is asked for it and has not begun.
func (b *Block) Asked(task uint32) bool { return atomic.LoadUint32(&b.Life)&task != 0 }

// Begins notes that such a task begins: what is asked from here on takes another one. b may
// be nil.
func (b *Block) Begins(task uint32) {
	if b != nil {
		atomic.AndUint32(&b.Life, ^task)
	}
}

// Kill marks the handle as dead, for an end that the host has not asked for.
func (b *Block) Kill() { atomic.OrUint32(&b.Life, LifeKilled) }

// Bits of Block.Out, and those that count bytes.
const (
	OutOpen   = 1 << 63
	OutFast   = 1 << 62
	OutCorked = 1 << 61
	OutQueued = 1 << 60
	OutEarly  = 1 << 59
	OutBytes  = 1<<48 - 1

	OutDirect   = 1 << 58
	OutSending  = 1 << 57
	OutHanding  = 1 << 56
	OutDeferred = 1 << 55
	OutSpoke    = 1 << 54

	OutGathered = 1 << 53
	OutSecure   = 1 << 52
	OutHeld     = 1 << 51

	OutHeldByQueue = 1 << 50
)

// Load reads Out. Any thread.
func (b *Block) Load() uint64 { return atomic.LoadUint64(&b.Out) }

// Open tells whether sends are accepted: the connection is open, and is not closing. Any thread.
func (b *Block) Open() bool { return b.Load()&OutOpen != 0 }

// Corked tells whether frames wait in the outbox of the running batch. b may be nil. The caller
// holds Conn.mu.
func (b *Block) Corked() bool { return b != nil && b.Load()&OutCorked != 0 }

// Set sets flags of Out.
func (b *Block) Set(flags uint64) { atomic.OrUint64(&b.Out, flags) }

// Clear clears flags of Out.
func (b *Block) Clear(flags uint64) { atomic.AndUint64(&b.Out, ^flags) }

// InRelief changes LifeRelief; false: it was so. The caller holds Conn.mu.
func (b *Block) InRelief(output bool) (changed bool) {
	if was := atomic.LoadUint32(&b.Life)&LifeRelief != 0; was == output {
		return false
	}
	b.Says(LifeRelief, output)
	return true
}

// Uncorked says that the kernel has all that was corked, n bytes. False, and nothing was
// changed: others wait behind it. The caller holds Conn.mu.
func (b *Block) Uncorked(n int) bool {
	for {
		out := b.Load()
		if out&OutQueued != 0 {
			return false
		}
		if atomic.CompareAndSwapUint64(&b.Out, out, (out-uint64(n))&^OutCorked) {
			return true
		}
	}
}

// Taken says that the kernel has n more bytes.
func (b *Block) Taken(n int) { atomic.AddUint64(&b.Out, -uint64(n)) }

// SetState is for whoever holds Conn.mu.
func (b *Block) SetState(s State) { atomic.StoreUint32(&b.ReadyState, uint32(s)) }

// Queued tells whether the events of the handle go through a queue of the host.
func (b *Block) Queued() bool { return atomic.LoadUint32(&b.Life)&LifeQueued != 0 }

// Unread tells whether the connection is not read now. Any thread.
func (b *Block) Unread() bool { return atomic.LoadUint32(&b.Life)&LifeUnread != 0 }

// State is the state of the connection. Any thread.
func (b *Block) State() State { return State(atomic.LoadUint32(&b.ReadyState)) }

// Buffered is how many bytes of frames were accepted and are not yet in the
// hands of the kernel. Any thread.
func (b *Block) Buffered() uint64 { return b.Load() & OutBytes }

// Prepare readies a block for a connection of loop index.
func (b *Block) Prepare(index int, limit int64) {
	b.Loop = uint32(index) + 1 // fits: 64 loops at the most
	atomic.StoreUint64(&b.Limit, uint64(limit))
}

// SetLimit changes how much may be buffered. Any thread.
func (b *Block) SetLimit(limit int64) { atomic.StoreUint64(&b.Limit, uint64(limit)) }

// Claim counts size bytes and stops the host from corking: the caller holds
// Conn.mu and is the only sender until it clears OutQueued. behind tells that
// earlier frames wait in the outbox or in the queue. force ignores the limit.
func (b *Block) Claim(size int, force bool) (behind bool, status ClaimStatus) {
	for {
		out := b.Load()
		if out&(OutGathered|OutSending) == OutGathered {
			return false, ClaimGathered
		}
		if out&OutOpen == 0 && !force {
			return false, ClaimClosed
		}
		buffered := out & OutBytes
		if !force && buffered > 0 && buffered+uint64(size) > atomic.LoadUint64(&b.Limit) {
			if out&OutSending != 0 && !b.Deferred() {
				continue
			}
			return false, ClaimFull
		}
		if atomic.CompareAndSwapUint64(&b.Out, out, (out|OutQueued)+uint64(size)) {
			return out&(OutCorked|OutQueued) != 0, Claimed
		}
	}
}

// ClaimIdle is Claim when nothing is buffered and nothing forbids to send at once; false:
// it did nothing.
func (b *Block) ClaimIdle(size int) bool {
	out := b.Load()
	return out&^(OutFast|OutDirect|OutSpoke) == OutOpen && atomic.CompareAndSwapUint64(&b.Out, out, (out|OutQueued)+uint64(size))
}

// Fast tells whether nothing is buffered and the host may cork: nobody counts, packs or
// encrypts what is sent, nor is in the middle of a message.
func (b *Block) Fast() bool { return b.Load()&^(OutDirect|OutSpoke) == OutOpen|OutFast }

// ClaimFast is ClaimIdle as long as Fast holds.
func (b *Block) ClaimFast(size int) bool {
	out := b.Load()
	return out&^(OutDirect|OutSpoke) == OutOpen|OutFast && atomic.CompareAndSwapUint64(&b.Out, out, (out|OutQueued)+uint64(size))
}

// Idle ends what ClaimIdle or ClaimFast began: the kernel has all of it.
func (b *Block) Idle(size int) { atomic.AddUint64(&b.Out, -(OutQueued + uint64(size))) }

// Hold makes all that is sent wait until the running batch ends; false: something is before it, or it
// is so already. Only inside a callback of the connection's loop.
func (b *Block) Hold() bool { return b.hold(OutHeld) }

// HoldByQueue is Hold until LetGo, for any thread. The caller holds Conn.mu.
func (b *Block) HoldByQueue() bool { return b.hold(OutHeld | OutHeldByQueue) }

// HeldByQueue tells whether HoldByQueue was called and LetGo has still to be.
func (b *Block) HeldByQueue() bool { return b.Load()&OutHeldByQueue != 0 }

// LetGo ends what Hold or HoldByQueue began. The caller holds Conn.mu.
func (b *Block) LetGo() { b.Clear(OutCorked | OutHeld | OutHeldByQueue) }

func (b *Block) hold(flags uint64) bool {
	for {
		out := b.Load()
		if out&^(OutFast|OutSecure|OutDirect|OutSpoke) != OutOpen {
			return false
		}
		if atomic.CompareAndSwapUint64(&b.Out, out, out|OutQueued|OutCorked|flags) {
			return true
		}
	}
}

// Unqueued says that the queue is empty, so that the host may cork or write again. When it
// has begun to write or to gather since Deferred was asked, which may be by a mere look at the
// queue, the claim is its own and stays: what the kernel does not take of it is first in line.
// The caller holds Conn.mu.
func (b *Block) Unqueued() {
	for {
		out := b.Load()
		if out&(OutSending|OutGathered|OutHeld) != 0 || atomic.CompareAndSwapUint64(&b.Out, out, out&^OutQueued) {
			return
		}
	}
}

// Deferred tells whether the host is writing. It calls SentDirect then, which does what the
// caller leaves undone. The caller holds Conn.mu.
func (b *Block) Deferred() bool {
	for {
		out := b.Load()
		if out&OutSending == 0 {
			return false
		}
		if out&OutDeferred != 0 || atomic.CompareAndSwapUint64(&b.Out, out, out|OutDeferred) {
			return true
		}
	}
}

// ClaimRecord counts size bytes of what is encrypted, beside what the host gathers meanwhile. The caller holds
// Conn.mu.
func (b *Block) ClaimRecord(size int) {
	for {
		out := b.Load()
		if atomic.CompareAndSwapUint64(&b.Out, out, (out|OutQueued)+uint64(size)) {
			return
		}
	}
}

// TakeSpoke tells whether the host has written since the last question.
func (b *Block) TakeSpoke() bool {
	spoke := b.Load()&OutSpoke != 0
	if spoke {
		b.Clear(OutSpoke)
	}
	return spoke
}

// ClaimStatus is what came of a claim.
type ClaimStatus uint8

// What comes of a claim.
const (
	Claimed       ClaimStatus = iota
	ClaimClosed               // sends are not accepted
	ClaimFull                 // more would wait than Limit
	ClaimGathered             // what the host has gathered has to go first
)
