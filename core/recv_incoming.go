// SPDX-License-Identifier: Apache-2.0

package core

import (
	"github.com/gobwas/ws"

	"libws/core/loop"
	"libws/core/wire"
)

// incoming is what an incomplete message or control frame needs. Its buffers come from the
// pool. Thousands may exist at once, so what few need is in aside. The loop's.
type incoming struct {
	message  []byte // of the data frames so far
	aside    *aside // nil: there is none
	frames   int    // of the message so far, when they are counted
	partial  bool   // message is in use, also when it is still empty
	inRelief bool   // in relief.uses
	text     bool
	packed   bool  // it comes compressed
	awaits   int32 // for how many bytes of it the kernel waits before it tells of them; 0: for any
}

// aside are the control frames that come between data: one that is incomplete, and the
// answers to pings.
type aside struct {
	nctl    int // bytes of control
	control [125]byte
	pongs   []byte // frames to be sent when the read has been parsed
	npongs  uint64 // how many they are
	latest  int    // where the last of them begins
}

// rest gives back what nothing is left of, and returns what is.
func (rx *incoming) rest(w *worker) *incoming {
	if a := rx.aside; a != nil && a.nctl == 0 && len(a.pongs) == 0 {
		rx.aside = nil
		w.asides.keep(a)
	}
	if rx.partial || rx.frames != 0 || rx.aside != nil {
		return rx
	}
	w.incomings.keep(rx)
	return nil
}

// forget gives the buffers back.
func (rx *incoming) forget(w *worker) {
	w.engine.pool.Put(rx.message)
	if a := rx.aside; a != nil {
		w.engine.pool.Put(a.pongs)
		w.asides.keep(a)
	}
	w.incomings.keep(rx)
}

func (rx *incoming) needAside(w *worker) *aside {
	if rx.aside == nil {
		rx.aside = w.asides.take()
	}
	return rx.aside
}

// has tells whether a piece of the message needs no room any more: it was read to where it
// belongs (readMessage), and is taken for that, or it is empty.
func (rx *incoming) has(piece []byte) bool {
	have := len(rx.message)
	if len(piece) == 0 {
		return rx.message != nil
	}
	if have < cap(rx.message) && &rx.message[:have+1][have] == &piece[0] {
		rx.message = rx.message[:have+len(piece)]
		return true
	}
	return false
}

// readDirect is how many bytes of a frame must be missing for a read straight into the message's
// own buffer.
const readDirect = 32 << 10

// readsDirect tells whether so much of a frame is missing that it is read to where it belongs; rx may
// be nil.
func (rx *incoming) readsDirect(p *wire.Parser) bool {
	return rx != nil && rx.partial && !rx.packed && p.Remaining() >= readDirect
}

// grow makes room by a method of the pool.
func (rx *incoming) grow(by func([]byte, int) ([]byte, error), n int) error {
	bigger, err := by(rx.message, n)
	if err == nil {
		rx.message = bigger
	}
	return err
}

// reserveAhead is for how many of the bytes left of a frame there is room at once, when have have
// come: who declares much and sends little gets seventeen times what came, or a read; a read, when
// memory is short.
func reserveAhead(short bool, have int, left int64) int {
	if !short {
		if left <= int64(16*have) {
			return int(left) // fits: the message is up to MaxSend
		}
		have *= 3 // it is asked again
	}
	return int(min(left, int64(max(readSize, have)-loop.Kept))) // fits: the message is up to MaxSend
}

// crumbles counts the frames of a message; true when it has more than most.
func (rx *incoming) crumbles(chunk *wire.Chunk, most int) bool {
	if chunk.Flags&wire.MessageStart != 0 {
		rx.frames = 0
	}
	if chunk.Flags&wire.FrameStart != 0 {
		rx.frames++
	}
	if rx.frames > most {
		return true
	}
	if chunk.Flags&wire.MessageEnd != 0 {
		rx.frames = 0
	}
	return false
}

// pong answers a ping; the answers to one read leave together, or only the latest when
// they are many (RFC 6455 5.5.3).
func (a *aside) pong(pool *loop.Pool, role wire.Role, payload []byte) {
	size := len(payload) + wire.MaxHeader
	if len(a.pongs)+size > maxPongs {
		a.pongs, a.npongs = a.pongs[:0], 0
	}
	bigger, err := pool.Grow(a.pongs, len(a.pongs)+size)
	if err != nil {
		return
	}
	a.latest = len(bigger)
	a.pongs = wire.AppendFrame(bigger, role, ws.OpPong, payload)
	a.npongs++
}

// onlyLatest leaves the answer to the latest ping.
func (a *aside) onlyLatest() {
	a.pongs = a.pongs[:copy(a.pongs, a.pongs[a.latest:])]
	a.latest, a.npongs = 0, 1
}

// sent gives back the answers, which have left.
func (a *aside) sent(pool *loop.Pool) {
	pool.Put(a.pongs)
	a.pongs, a.npongs = nil, 0
}

// A message over the limit may be skipped instead of ending the connection (ConnOptions.Skip): what
// there is of it is given back, what still comes is dropped as it comes, and its end is an event.
// Control frames between its frames have their way as ever, and its text is checked. A compressed
// one is inflated in the same steps as any other, because the next one may refer to it.

// skipping is a message that is being dropped. The loop's.
type skipping struct {
	on   bool
	size uint64 // of what was dropped
}
