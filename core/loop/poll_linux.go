// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// wakeSlot marks the loop's own eventfd among the events.
const wakeSlot = -1

// poller is epoll, level-triggered, with an eventfd to end a wait.
type poller struct {
	ep, wakeup int
	events     [512]unix.EpollEvent
}

func (p *poller) open() error {
	var err error
	if p.ep, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return fmt.Errorf("making an epoll descriptor: %w", err)
	}
	if p.wakeup, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		unix.Close(p.ep)
		return fmt.Errorf("making an eventfd: %w", err)
	}
	if err := p.control(unix.EPOLL_CTL_ADD, p.wakeup, unix.EPOLLIN, wakeSlot, 0); err != nil {
		p.close()
		return fmt.Errorf("watching the eventfd: %w", err)
	}
	return nil
}

func (p *poller) close() {
	unix.Close(p.ep)
	unix.Close(p.wakeup)
}

// control calls epoll_ctl; slot and generation come back with the events.
func (p *poller) control(op, fd int, events uint32, slot int32, generation uint32) error {
	e := unix.EpollEvent{Events: events, Fd: slot, Pad: int32(generation)}
	return unix.EpollCtl(p.ep, op, fd, &e)
}

// wait returns how many events there are; -1 waits for ever. An interrupted
// wait gives none.
func (p *poller) wait(milliseconds int) int {
	n, err := unix.EpollWait(p.ep, p.events[:], milliseconds)
	if err != nil {
		return 0
	}
	return n
}

func (p *poller) event(i int) (slot int32, generation uint32, events int) {
	e := &p.events[i]
	if e.Events&(unix.EPOLLIN|unix.EPOLLRDHUP) != 0 {
		events |= In
	}
	if e.Events&unix.EPOLLOUT != 0 {
		events |= Out
	}
	if e.Events&(unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		events |= Hup
	}
	return e.Fd, uint32(e.Pad), events
}

// wake ends the current or the next wait. Any thread.
func (p *poller) wake() {
	one := [8]byte{1}
	// It fails only when the counter is full, and then the loop wakes up anyway.
	unix.Write(p.wakeup, one[:])
}

func (p *poller) drainWake() {
	var counter [8]byte
	unix.Read(p.wakeup, counter[:])
}
