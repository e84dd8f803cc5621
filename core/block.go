// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync/atomic"
	"unsafe"
)

// State of a connection, as in the module's readyState and WS_STATE_ of the
// header.
type State uint32

// The life of a connection.
const (
	Connecting State = iota
	Open
	Closing // a Close frame was sent or received
	Closed
)

// Block is the part of a connection that the host reads and writes without
// entering Go. It lies outside the Go heap and is followed by the host's part.
//
// Out packs flags and the number of buffered bytes in one word, because a host
// callback corks a frame by a single compare-and-swap on it while other threads
// send under Conn.mu:
//
//   - outOpen: sends are accepted. Cleared for good when closing starts.
//   - outFast: the host may cork: a plain, uncompressed server connection.
//   - outCorked: frames wait in the outbox of the running batch. Set by the host
//     inside a callback, cleared by the loop when it sends the outbox.
//   - outEarly: what a client sends waits whole, see early.go.
//   - outQueued: the queue holds frames or a sender is at work. The host does not
//     cork then, so that the order of returned calls is the order on the wire.
//   - outDirect: the host may write itself when nothing is buffered, see direct.go.
//   - outSending: it does, and has claimed its bytes. Set and cleared by the host.
//   - outHanding: it has left the descriptor and calls core. Set by the host.
//   - outTold: somebody has left work to it. Set while outSending is.
//   - outSpoke: it has written since the last look of the sweep.
type Block struct {
	out   uint64
	limit uint64 // bytes that may be buffered
	state uint32 // State
	loop  uint32 // 1 + index of the loop; set before the host learns the handle
	cork  uint32 // last segment of this connection in the outbox; the host's
	// Slot is the index of the block; records name it.
	Slot uint32
	// Handle is what the host calls the connection.
	Handle uint64
	life   uint32    // the host's, but for the bits below
	_      [3]uint32 // the host's
	_      uint64
}

// Bits of life that core writes or reads.
const (
	lifeKilled = 1 // the host delivers nothing more but final events
	lifePaused = 8 // the host delivers nothing
	// lifeHolding: a record was held back, so all later ones are, until core has
	// put them into a new batch. Set by the host.
	lifeHolding = 16
	// lifeQueued: Dispatch hands the records to a queue, which keeps what a pause
	// holds back by itself. Set by the host before the handle is known; never
	// changes.
	lifeQueued = 32
	// lifeCut: the connection was aborted. Its last events come although it is
	// paused; messages that the pause held back are dropped.
	lifeCut = 64
	// lifePings: somebody listens for pings and pongs. Set by the host.
	lifePings = 128
	// lifeUpgrades, lifeRequests: the host answers upgrades, other requests. Set by the
	// host, for servers.
	lifeUpgrades = 512
	lifeRequests = 1024
	// lifeUnread: the connection is not read, for any of the reasons of Conn.paused.
	lifeUnread = 2048
	// What the loop was asked for and has not begun; changed under Conn.mu. The host may ask
	// again and again while the loop is busy, which is asked once.
	lifePostedPause = 4096  // pauseChanged
	lifePostedDrain = 8192  // drained
	lifePostedAbort = 16384 // aborted
	// lifeHolds: what waits to be sent is in relief.holders. Changed under Conn.mu.
	lifeHolds = 32768
)

// post asks the loop for task, unless that is on its way: what is the bit for it. c.mu is
// held.
func (c *Conn) post(what uint32, task func()) {
	if c.block == nil || atomic.OrUint32(&c.block.life, what)&what == 0 {
		c.w.loop.Post(task)
	}
}

// began is begins; c.mu is not held.
func (c *Conn) began(what uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begins(what)
}

// begins is told that such a task begins: what is asked from here on takes another one. The
// loop's; c.mu is held.
func (c *Conn) begins(what uint32) {
	if c.block != nil {
		atomic.AndUint32(&c.block.life, ^what)
	}
}

// HearPings makes pings and pongs events of the handle.
func (b *Block) HearPings() { atomic.OrUint32(&b.life, lifePings) }

// HearRequests lets the host answer upgrades, other requests or both.
func (b *Block) HearRequests(upgrades, requests bool) {
	if upgrades {
		atomic.OrUint32(&b.life, lifeUpgrades)
	}
	if requests {
		atomic.OrUint32(&b.life, lifeRequests)
	}
}

// hears tells which requests the host answers.
func (b *Block) hears() (upgrades, requests bool) {
	life := atomic.LoadUint32(&b.life)
	return life&lifeUpgrades != 0, life&lifeRequests != 0
}

// kill marks the handle as dead, for an end that the host has not asked for.
func (b *Block) kill() { atomic.OrUint32(&b.life, lifeKilled) }

// Where the members lie, for the host's check of its own struct.
const (
	BlockLimitAt = unsafe.Offsetof(Block{}.limit)
	BlockStateAt = unsafe.Offsetof(Block{}.state)
	BlockLoopAt  = unsafe.Offsetof(Block{}.loop)
	BlockCorkAt  = unsafe.Offsetof(Block{}.cork)
)

const (
	outOpen   = 1 << 63
	outFast   = 1 << 62
	outCorked = 1 << 61
	outQueued = 1 << 60
	outEarly  = 1 << 59
	outBytes  = 1<<48 - 1

	outDirect  = 1 << 58
	outSending = 1 << 57
	outHanding = 1 << 56
	outTold    = 1 << 55
	outSpoke   = 1 << 54
)

// Bits of Block.out that the host writes, for its check.
const (
	BlockDirect  = outDirect
	BlockSending = outSending
	BlockHanding = outHanding
	BlockSpoke   = outSpoke
)

func (b *Block) load() uint64       { return atomic.LoadUint64(&b.out) }
func (b *Block) set(flags uint64)   { atomic.OrUint64(&b.out, flags) }
func (b *Block) clear(flags uint64) { atomic.AndUint64(&b.out, ^flags) }

// uncorked says that the kernel has all that was corked, n bytes. False, and nothing was
// changed: others wait behind it. The caller holds Conn.mu.
func (b *Block) uncorked(n int) bool {
	for {
		out := b.load()
		if out&outQueued != 0 {
			return false
		}
		if atomic.CompareAndSwapUint64(&b.out, out, (out-uint64(n))&^outCorked) {
			return true
		}
	}
}

// taken says that the kernel has n more bytes.
func (b *Block) taken(n int) { atomic.AddUint64(&b.out, -uint64(n)) }

func (b *Block) setState(s State) { atomic.StoreUint32(&b.state, uint32(s)) }

// queued tells whether the events of the handle go through a queue of the host.
func (b *Block) queued() bool { return atomic.LoadUint32(&b.life)&lifeQueued != 0 }

// unread tells whether the connection is not read now. Any thread.
func (b *Block) unread() bool { return atomic.LoadUint32(&b.life)&lifeUnread != 0 }

// holds changes lifeHolds; false: it was so. The caller holds Conn.mu.
func (b *Block) holds(output bool) (changed bool) {
	if was := atomic.LoadUint32(&b.life)&lifeHolds != 0; was == output {
		return false
	}
	if output {
		atomic.OrUint32(&b.life, lifeHolds)
	} else {
		atomic.AndUint32(&b.life, ^uint32(lifeHolds))
	}
	return true
}

// State is the state of the connection. Any thread.
func (b *Block) State() State { return State(atomic.LoadUint32(&b.state)) }

// Buffered is how many bytes of frames were accepted and are not yet in the
// hands of the kernel. Any thread.
func (b *Block) Buffered() uint64 { return b.load() & outBytes }

// prepare readies a block for a connection of loop index.
func (b *Block) prepare(index int, limit int64) {
	b.loop = uint32(index) + 1 // fits: 64 loops at the most
	atomic.StoreUint64(&b.limit, uint64(limit))
}

// claim counts size bytes and stops the host from corking: the caller holds
// Conn.mu and is the only sender until it clears outQueued. behind tells that
// earlier frames wait in the outbox or in the queue. force ignores the limit.
func (b *Block) claim(size int, force bool) (behind bool, status claimStatus) {
	for {
		out := b.load()
		if out&outOpen == 0 && !force {
			return false, claimClosed
		}
		buffered := out & outBytes
		if !force && buffered > 0 && buffered+uint64(size) > atomic.LoadUint64(&b.limit) {
			if out&outSending != 0 && !b.deferred() {
				continue
			}
			return false, claimFull
		}
		if atomic.CompareAndSwapUint64(&b.out, out, (out|outQueued)+uint64(size)) {
			return out&(outCorked|outQueued) != 0, claimed
		}
	}
}

// claimIdle is claim when nothing is buffered and nothing forbids to send at once; false:
// it did nothing.
func (b *Block) claimIdle(size int) bool {
	out := b.load()
	return out&^(outFast|outDirect|outSpoke) == outOpen && atomic.CompareAndSwapUint64(&b.out, out, (out|outQueued)+uint64(size))
}

// fast tells whether nothing is buffered and the host may cork: nobody counts, packs or
// encrypts what is sent, nor is in the middle of a message.
func (b *Block) fast() bool { return b.load()&^(outDirect|outSpoke) == outOpen|outFast }

// claimFast is claimIdle as long as fast holds.
func (b *Block) claimFast(size int) bool {
	out := b.load()
	return out&^(outDirect|outSpoke) == outOpen|outFast && atomic.CompareAndSwapUint64(&b.out, out, (out|outQueued)+uint64(size))
}

// idle ends what claimIdle or claimFast began: the kernel has all of it.
func (b *Block) idle(size int) { atomic.AddUint64(&b.out, -(outQueued + uint64(size))) }

// unqueued says that the queue is empty, so that the host may cork or write again. When it
// has begun to write since deferred was asked, which may be by a mere look at the queue, the
// claim is its own and stays: what the kernel does not take of its frame is first in line.
// The caller holds Conn.mu.
func (b *Block) unqueued() {
	for {
		out := b.load()
		if out&outSending != 0 || atomic.CompareAndSwapUint64(&b.out, out, out&^outQueued) {
			return
		}
	}
}

// deferred tells whether the host is writing. It calls SentDirect then, which does what the
// caller leaves undone. The caller holds Conn.mu.
func (b *Block) deferred() bool {
	for {
		out := b.load()
		if out&outSending == 0 {
			return false
		}
		if out&outTold != 0 || atomic.CompareAndSwapUint64(&b.out, out, out|outTold) {
			return true
		}
	}
}

// takeSpoke tells whether the host has written since the last question.
func (b *Block) takeSpoke() bool {
	spoke := b.load()&outSpoke != 0
	if spoke {
		b.clear(outSpoke)
	}
	return spoke
}

type claimStatus uint8

const (
	claimed claimStatus = iota
	claimClosed
	claimFull
)
