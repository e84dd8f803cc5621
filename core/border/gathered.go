// SPDX-License-Identifier: Apache-2.0

package border

import "sync/atomic"

// What core does with a claim of the host on what it has gathered (core/send_gathered.go).

// TakesGathered begins to take over what the host has gathered, size bytes; false: there is
// nothing, or the host is at it. Until Ungathered nobody else touches it. The caller holds Conn.mu.
func (b *Block) TakesGathered() (size int, ok bool) {
	for {
		out := b.Load()
		if out&(OutGathered|OutSending) != OutGathered {
			return 0, false
		}
		if atomic.CompareAndSwapUint64(&b.Out, out, out|OutSending) {
			return int(out & OutBytes), true // fits: an outbox has room for it
		}
	}
}

// Ungathered ends what TakesGathered began; rest: not all of it has left.
func (b *Block) Ungathered(rest bool) {
	flags := uint64(OutGathered | OutSending | OutQueued)
	if rest {
		flags &^= OutQueued
	}
	b.Clear(flags)
}

// TakesGatheredSecure is TakesGathered over TLS: it waits until the host, which is at it for some
// instructions, has left, and does not ask how much there is. handed: the host has left all to SentGathered, which
// is to do nothing any more, when ok. HoldGathered ends it. b may be nil. The caller holds Conn.mu.
func (b *Block) TakesGatheredSecure(wait func(looks int)) (handed, ok bool) {
	for looks := 0; b != nil; looks++ {
		switch out := b.Load(); {
		case out&(OutGathered|OutSending) == 0:
			return false, false
		case out&OutHanding != 0:
			return true, out&OutGathered != 0
		case out&OutSending != 0: // also with its first frame, which goes before a Close frame
			wait(looks)
		case atomic.CompareAndSwapUint64(&b.Out, out, out|OutSending):
			return false, true
		}
	}
	return false, false
}

// HoldGathered makes what the host has gathered what HoldByQueue holds. The caller holds Conn.mu.
func (b *Block) HoldGathered() {
	const host = OutGathered | OutSending | OutHanding | OutDeferred
	for {
		out := b.Load()
		if atomic.CompareAndSwapUint64(&b.Out, out, out&^host|OutQueued|OutCorked|OutHeld|OutHeldByQueue) {
			return
		}
	}
}
