// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"errors"
	"fmt"
	"time"
)

// Kind is how a loop learns which of its sockets are ready.
type Kind int32

// The kinds of loops; the numbers are those of WS_ENGINE_.
const (
	Default   Kind = iota // epoll on Linux, goroutines elsewhere, Android included
	Epoll                 // epoll: a thread and two descriptors per loop, nothing per socket
	Goroutine             // a goroutine per socket, which waits in the poller of the Go runtime
)

// ErrNoEpoll says that this system has no epoll.
var ErrNoEpoll = errors.New("this system has no epoll")

// ErrKind says that a number is not a Kind.
var ErrKind = errors.New("no such kind of loop")

// Check tells whether this system has loops of the kind: nil, ErrNoEpoll or ErrKind.
func (k Kind) Check() error {
	switch k {
	case Epoll:
		if !hasEpoll {
			return ErrNoEpoll
		}
	case Default, Goroutine:
	default:
		return fmt.Errorf("%w: %d", ErrKind, int32(k))
	}
	return nil
}

// poller tells a loop which sockets are ready, level-triggered: what is not
// taken is reported again as long as it is watched. Methods without a remark belong
// to the loop's thread.
type poller interface {
	// add takes d over and watches it for In. On failure d is closed.
	add(d Descriptor, slot int32, generation uint32) (handle, error)
	// watch sets what is reported beside Hup. Any thread; the caller holds the lock
	// of the socket's owner.
	watch(fd handle, slot int32, generation uint32, events uint32)
	// suspend tells nothing more of a socket, not even Hup; restore watches it
	// again. Any thread, as watch.
	suspend(fd handle, slot int32)
	restore(fd handle, slot int32, generation uint32, events uint32)
	// remove closes the descriptor; nothing of it is reported any more.
	remove(fd handle, slot int32)
	// wait returns what is ready, after milliseconds at the latest, none when it
	// was woken or interrupted; -1 waits for ever. The events hold until the next wait.
	wait(milliseconds int) []event
	// alarm makes a wait return after d, and rang tells of it; the last one counts.
	// False: the poller cannot do that, wait has to be given a time.
	alarm(d time.Duration) bool
	// rang tells whether the alarm has rung since it was asked last; a poller without
	// alarm says yes.
	rang() bool
	// wake ends the current or the next wait. Any thread.
	wake()
	// close gives back what the poller holds. The owners close their sockets before.
	close()
}

// event is what a poller tells of one socket.
type event struct {
	slot       int32
	generation uint32
	events     uint32 // In, Out, Hup
}

// newPoller makes the poller of a kind. failed is called, on any thread, with what a
// goroutine of the poller panicked with.
func newPoller(kind Kind, failed func(any)) (poller, error) {
	if err := kind.Check(); err != nil {
		return nil, err
	}
	if kind == Default {
		kind = defaultKind
	}
	if kind == Epoll {
		return newEpoll()
	}
	return newGoroutines(failed), nil
}
