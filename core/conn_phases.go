// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"slices"

	"libws/core/border"
	"libws/core/config"
	"libws/core/debug"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/lock"
	"libws/core/loop"
	"libws/core/wire"
)

// The life of a connection, as its loop sees it: in which phase it is, what may come to it there,
// and what it does then. Nothing else decides by the phase what happens. What is
// missing in the table is nothing that may happen there, or comes too late: nothing is done.
// docs/architecture.md has both tables drawn; after a change run go generate.

// phase is where a connection stands for its loop.
type phase uint8

const (
	phaseIdle       phase = iota // a client that is not connected
	phaseSecuring                // a server's TLS handshake
	phaseHead                    // a server waits for a request
	phaseAsked                   // the host decides about a request, or its answer is on its way
	phaseOpen                    // frames
	phaseDelivering              // the end came in; the host has still to get what came before
	phaseLingering               // everything was said; what still comes is dropped
	phaseGone                    // the last event was recorded
	phaseReleased                // the handle, and so the block, is somebody else's
	phaseCount
)

// follows says which phases may come after each.
var follows = [phaseCount][]phase{
	phaseIdle:       {phaseOpen, phaseGone},
	phaseSecuring:   {phaseHead, phaseLingering, phaseGone},
	phaseHead:       {phaseAsked, phaseOpen, phaseLingering, phaseIdle, phaseGone},
	phaseAsked:      {phaseHead, phaseOpen, phaseLingering, phaseIdle},
	phaseOpen:       {phaseDelivering, phaseLingering, phaseIdle},
	phaseDelivering: {phaseOpen, phaseIdle},
	phaseLingering:  {phaseIdle, phaseGone},
	phaseGone:       {phaseReleased},
	phaseReleased:   {},
}

// happening is what comes to a connection and means something else in each phase.
type happening uint8

const (
	onReadable      happening = iota // the socket has bytes, or the end of the stream
	onWritable                       // the kernel has taken something of what waits
	onHangUp                         // the peer has hung up
	onDeadline                       // the time of the phase is over
	onCloseSaid                      // ws_close has sent our Close frame
	onDelivered                      // the host got what came before the end
	onDrained                        // the output has sunk to the low-water mark
	onOverflow                       // the output is full, and the policy is to end
	onMessageLost                    // there was no memory for a record in the host's queue
	onShort                          // memory is short, and the connection uses the most or is crowded
	onStopListening                  // the server stops listening
	onStop                           // the server stops
	onAbort                          // ws_abort
	onLost                           // the stream broke, or a deadline of silence is over
	onDestroy                        // the handle or its server was destroyed, or a stop has no more time
	happeningCount
)

// occasion is what a happening brings with it.
type occasion struct {
	why *fault.Error // of onLost and onDestroy
	err error        // of onShort
	// crowded, of onShort: others use more and are about to end, but what it has read finds no
	// place until then.
	crowded bool
	how     config.CloseOptions // of onStop
}

// step is what a connection does then.
type step struct {
	says string
	does func(c *Conn, o *occasion)
}

// steps are filled in by init, because what they do leads to them again.
var steps [phaseCount][happeningCount]step

func init() {
	drops := step{"closes", func(c *Conn, _ *occasion) { c.drop() }}
	waits := step{"is waited for, unless no byte of a request has come", awaited}
	shakes := step{"goes on with the TLS handshake", func(c *Conn, _ *occasion) { c.ends.begin.shake() }}
	destroys := step{"reports its end", destroyed}
	finishes := step{"reports its end", func(c *Conn, o *occasion) { c.finish(o.why, 0) }}
	ends := step{"reports its end, when it has a handle", func(c *Conn, o *occasion) { c.end(o.why) }}
	aborts := step{"ends", func(c *Conn, _ *occasion) { c.finish(errAborted, 0) }}
	goesOn := step{"goes on with the end", func(c *Conn, _ *occasion) {
		c.phase.become(phaseOpen)
		act := c.ends.close.takeThen()
		c.setPaused(pausedByMark, false)
		act()
	}}
	steps = [phaseCount][happeningCount]step{
		phaseIdle: {
			onDestroy: destroys,
		},
		phaseSecuring: {
			onReadable:      shakes,
			onWritable:      shakes,
			onDeadline:      {"closes", func(c *Conn, _ *occasion) { c.ends.begin.deadline() }},
			onStopListening: waits,
			onStop:          drops,
			onLost:          drops,
			onDestroy:       destroys,
		},
		phaseHead: {
			onReadable:      {"reads the request", func(c *Conn, _ *occasion) { c.ends.begin.read() }},
			onDeadline:      {"answers 408", func(c *Conn, _ *occasion) { c.ends.begin.headTimeout() }},
			onStopListening: waits,
			onStop:          drops,
			onAbort:         drops,
			onLost:          ends,
			onDestroy:       destroys,
		},
		phaseAsked: {
			onWritable:      {"waits for the next request when the answer has left", func(c *Conn, _ *occasion) { c.ends.begin.replyLeft() }},
			onHangUp:        {"closes when the answer is leaving", hungUp},
			onDeadline:      {"answers 503 for the host", func(c *Conn, _ *occasion) { c.ends.begin.decisionTimeout() }},
			onMessageLost:   {"answers 503 for the host", lostRequest},
			onStopListening: waits,
			onStop:          {"answers 503 for the host, or lets the answer leave", func(c *Conn, o *occasion) { c.ends.begin.goUnanswered(o.how) }},
			onAbort:         drops,
			onLost:          finishes,
			onDestroy:       destroys,
		},
		phaseOpen: {
			onReadable:    {"reads frames", readOpen},
			onDeadline:    {"reports an error and its end", func(c *Conn, _ *occasion) { c.lost(errCloseTimeout) }},
			onCloseSaid:   {"gives the peer its time to answer", awaitsClose},
			onDrained:     {"notifies the host", func(c *Conn, _ *occasion) { c.w.notice(c.block.Slot, border.EventDrain, 0, c.w.detail()) }},
			onOverflow:    {"fails with 1008", overflown},
			onMessageLost: {"fails with 1013", func(c *Conn, _ *occasion) { c.fail(wire.CloseTryAgainLater, messageLost(c)) }},
			onShort:       {"fails with 1013", relieved},
			onStop:        {"sends a Close frame", func(c *Conn, o *occasion) { c.CloseWith(o.how, border.Completion{}) }},
			onAbort:       aborts,
			onLost:        {"reports an error and its end", func(c *Conn, o *occasion) { c.w.report(c.block.Slot, o.why); c.finish(o.why, 0) }},
			onDestroy:     destroys,
		},
		phaseDelivering: {
			onCloseSaid:   goesOn,
			onDelivered:   goesOn,
			onMessageLost: {"reports an error", func(c *Conn, _ *occasion) { c.w.report(c.block.Slot, messageLost(c)) }},
			onShort:       {"reports its end when it is the output that takes much", relieved},
			onStop:        {"sends a Close frame", func(c *Conn, o *occasion) { c.CloseWith(o.how, border.Completion{}) }},
			onAbort:       aborts,
			onLost:        finishes,
			onDestroy:     destroys,
		},
		phaseLingering: {
			onReadable: {"drops what comes, until the stream ends", func(c *Conn, _ *occasion) { c.discard() }},
			onWritable: {"half-closes when all has left", func(c *Conn, _ *occasion) { c.progress() }},
			onHangUp:   {"closes when the answer is leaving", hungUp},
			onDeadline: {"reports its end", func(c *Conn, _ *occasion) { c.end(errCloseTimeout) }},
			onStop:     {"closes when it was refused", stopRefused},
			onAbort:    {"ends", abortLingering},
			onLost:     ends,
			onDestroy:  destroys,
		},
		phaseGone: {
			onDestroy: {"delivers what a pause keeps of its end", func(c *Conn, _ *occasion) { c.cutHeld() }},
		},
	}
}

// become changes the phase.
func (p *phase) become(next phase) {
	if lock.Checks {
		checkPhase(*p, next)
	}
	*p = next
}

// checkPhase panics when to may not follow. Only builds with the tag checks call it.
func checkPhase(from, to phase) {
	if to != from && !slices.Contains(follows[from], to) {
		panic(fmt.Sprintf("phase %d follows %d", to, from))
	}
}

// meets does what a happening means in the phase of the connection. The loop's.
func (c *Conn) meets(h happening, o *occasion) {
	if does := steps[c.phase][h].does; does != nil {
		does(c, o)
	}
}

// comes asks the loop for meets. Any thread.
func (c *Conn) comes(h happening, o *occasion) {
	c.w.loop.Post(func() {
		c.w.current = c
		c.meets(h, o)
	})
}

// begins is meets for a task of Block.Life: what asks for it from here on asks anew.
func (c *Conn) begins(task uint32, h happening) {
	if c.phase == phaseReleased {
		return
	}
	c.w.current = c
	locked := take(&c.mu)
	defer locked.end()
	c.block.Begins(task)
	locked.end()
	c.meets(h, nil)
}

// Ready handles the readiness of the socket; see loop.Handler.
func (c *Conn) Ready(events int) {
	debug.Point("peer")
	c.w.current = c
	if events == loop.In && c.simple() {
		c.readFrames()
		return
	}
	if events&loop.Out != 0 {
		c.writable()
	}
	if events&loop.Hup != 0 {
		if c.meets(onHangUp, nil); !c.sock.Open() {
			return
		}
	}
	if events&(loop.In|loop.Hup) != 0 && !c.stopped(events) {
		c.w.share = min(inflateShare, c.w.turn)
		c.read()
	}
}

// simple tells whether all that Ready would do with what comes is to read frames, as it nearly always is.
func (c *Conn) simple() bool {
	return c.phase == phaseOpen && c.rare.Load() == nil && c.tls.Load() == nil && !c.block.Unread() && !c.w.engine.pool.Tight()
}

// read takes what the socket has, once; over TLS until nothing is left inside
// crypto/tls, of which epoll knows nothing.
func (c *Conn) read() {
	for range secureRounds {
		if c.rare.compression().turnOver() {
			return
		}
		if c.w.starved(c) {
			c.w.park(c)
			return
		}
		c.meets(onReadable, nil)
		if s := c.tls.Load(); s == nil || !s.more || c.stopped(0) {
			return
		}
	}
	c.w.loop.Post(c.readOn)
}

// readOn goes on with read after the others had their turn.
func (c *Conn) readOn() {
	c.w.current, c.w.share = c, inflateShare
	if !c.stopped(0) {
		c.read()
	}
}

// Expired acts on the deadline of the current phase; see loop.Expirer.
func (c *Conn) Expired(*loop.Timer) {
	c.w.current = c
	c.meets(onDeadline, nil)
}

// readOpen reads frames, or goes on with those that were read.
func readOpen(c *Conn, _ *occasion) {
	if z := c.rare.compression(); z != nil && z.later != nil {
		z.handleLater()
	} else {
		c.readFrames()
	}
}

// awaited has a server that stops listening wait for the handshake. Who has said nothing since
// his last request has no reason to stay.
func awaited(c *Conn, _ *occasion) {
	if c.ends.begin.idle {
		c.drop()
		return
	}
	c.ends.begin.awaited = true
	c.server.awaits(1)
}

// hungUp ends a connection that is not read because an answer is leaving, to a client that has
// hung up: reading would not tell.
func hungUp(c *Conn, _ *occasion) {
	if c.ends.begin.answerLost() {
		c.drop()
	}
}

func lostRequest(c *Conn, _ *occasion) {
	if h := &c.ends.begin; h.reply() == missing {
		h.answerFor("there is no memory for the request")
	}
}

// messageLost says that the system had no memory for a message, or a request, when it was put
// into the host's queue.
func messageLost(c *Conn) *fault.Error {
	return &fault.Error{ID: fault.IDMemory, Stage: dial.StageLimit, Text: fmt.Sprintf("%s: a message was lost on its way into a queue: %v", c.peer.String(), loop.ErrMemory)}
}

// awaitsClose is the deadline of ws_close.
func awaitsClose(c *Conn, _ *occasion) {
	if c.ends != nil {
		c.w.loop.After(&c.ends.timer, c.ends.close.patience, c)
	}
}

// relieved ends a connection with 1013, because it uses the most, or is crowded. Output that nobody reads
// goes at once, and the Close frame with it.
func relieved(c *Conn, o *occasion) {
	c.w.engine.counters.relieved.Add(1)
	c.w.unpark(c)
	because := "the most"
	if o.crowded {
		because = "and what it has read finds no place"
	}
	out := c.output() >= largeUse
	if c.phase == phaseOpen { // else its end has its own code
		c.fail(wire.CloseTryAgainLater, &fault.Error{ID: fault.IDMemory, Stage: dial.StageLimit, Text: fmt.Sprintf("%s holds %d bytes, %s: %v", c.peer.String(), c.usage(), because, o.err)})
	}
	if out {
		c.finish(errRelieved, 0)
	}
}

// overflown drops what waits and says 1008 behind the message that has begun; who does
// not read that in the time of a close is cut off.
func overflown(c *Conn, _ *occasion) {
	locked := take(&c.mu)
	defer locked.end()
	dropped, closing := c.takeEarly(), c.closeSent
	locked.end()
	c.w.failEarly(c.block, dropped, errOverflow)
	if !closing {
		c.fail(wire.ClosePolicy, &fault.Error{ID: fault.IDFull, Stage: dial.StageLimit, Text: fmt.Sprintf("%s does not read: %d bytes wait, and max_buffered is %d",
			c.peer.String(), c.block.Buffered(), c.options().MaxBuffered)})
	}
}

// stopRefused ends who was refused without a handle; others are closing already.
func stopRefused(c *Conn, _ *occasion) {
	if c.block == nil {
		c.drop()
	}
}

// abortLingering ends a connection that is closing, or has still to become one: then its last
// answer is on its way.
func abortLingering(c *Conn, _ *occasion) {
	locked := take(&c.mu)
	defer locked.end()
	unanswered := c.unanswered()
	locked.end()
	if unanswered {
		c.drop()
		return
	}
	c.finish(errAborted, 0)
}

// destroyed ends a connection for good, without a closing handshake.
func destroyed(c *Conn, o *occasion) {
	c.cutHeld()
	if c.block == nil {
		c.drop()
		return
	}
	c.finish(o.why, border.RecordFinal)
	if c.phase != phaseGone {
		c.gone(border.RecordFinal)
	}
}
