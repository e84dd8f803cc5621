// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"libws/core/fd"
)

// hasEpoll says that this system has it.
const hasEpoll = true

// wakeSlot and alarmSlot mark the poller's own descriptors among the events.
const (
	wakeSlot  = -1
	alarmSlot = -2
)

// epoll is level-triggered, with an eventfd to end a wait, and a timerfd instead of the
// time of a wait: a loop nearly always has some timer, and the kernel would set one up for
// each wait, and the loop look at the clock.
type epoll struct {
	ep, wakeup, clock int
	owed              owed

	rung  bool
	raw   [512]unix.EpollEvent
	ready [512]event
}

// raised keeps what was made out of the host's numbers.
func raised(number int, err error) (int, error) {
	if err != nil {
		return -1, err
	}
	return fd.Raise(number)
}

func newEpoll() (poller, error) {
	p := &epoll{}
	var err error
	if p.ep, err = raised(unix.EpollCreate1(unix.EPOLL_CLOEXEC)); err != nil {
		return nil, fmt.Errorf("making an epoll descriptor: %w", err)
	}
	if p.wakeup, err = raised(unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)); err != nil {
		unix.Close(p.ep)
		return nil, fmt.Errorf("making an eventfd: %w", err)
	}
	if p.clock, err = raised(unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)); err != nil {
		unix.Close(p.ep)
		unix.Close(p.wakeup)
		return nil, fmt.Errorf("making a timerfd: %w", err)
	}
	for fd, slot := range map[int]int32{p.wakeup: wakeSlot, p.clock: alarmSlot} {
		if err := p.control(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN, slot, 0); err != nil {
			p.close()
			return nil, fmt.Errorf("watching eventfd and timerfd: %w", err)
		}
	}
	return p, nil
}

func (p *epoll) close() {
	unix.Close(p.ep)
	unix.Close(p.wakeup)
	unix.Close(p.clock)
}

func (p *epoll) add(d Descriptor, slot int32, generation uint32) (handle, error) {
	if err := p.control(unix.EPOLL_CTL_ADD, int(d), unix.EPOLLIN, slot, generation); err != nil {
		d.Close()
		return -1, err
	}
	return handle(d), nil // fits: a descriptor
}

func (p *epoll) watch(fd handle, slot int32, generation uint32, events uint32) {
	p.change(unix.EPOLL_CTL_MOD, fd, slot, generation, events)
}

func (p *epoll) suspend(fd handle, slot int32) {
	p.change(unix.EPOLL_CTL_DEL, fd, slot, 0, 0)
}

func (p *epoll) restore(fd handle, slot int32, generation uint32, events uint32) {
	p.change(unix.EPOLL_CTL_ADD, fd, slot, generation, events)
}

func (p *epoll) change(op int, fd handle, slot int32, generation uint32, events uint32) {
	c := change{op, int(fd), slot, generation, mask(events)}
	if p.owed.any.Load() {
		p.owed.replace(p, c)
	} else if !p.try(&c) {
		p.owed.put(c)
		p.wake()
	}
}

// mask is what epoll gets for In and Out.
func mask(events uint32) (m uint32) {
	if events&In != 0 {
		m |= unix.EPOLLIN
	}
	if events&Out != 0 {
		m |= unix.EPOLLOUT
	}
	return m
}

func (p *epoll) remove(fd handle, slot int32) {
	if p.owed.any.Load() {
		p.owed.drop(slot)
	}
	unix.Close(int(fd))
}

func (p *epoll) release(fd handle, slot int32) (Descriptor, error) {
	if p.owed.any.Load() {
		p.owed.drop(slot)
	}
	d := Descriptor(fd)
	if err := p.control(unix.EPOLL_CTL_DEL, int(fd), 0, slot, 0); err != nil && err != unix.ENOENT {
		d.Close()
		return -1, err
	}
	return d, nil
}

// control calls epoll_ctl; slot and generation come back with the events.
func (p *epoll) control(op, fd int, events uint32, slot int32, generation uint32) error {
	e := unix.EpollEvent{Events: events, Fd: slot, Pad: int32(generation)}
	return unix.EpollCtl(p.ep, op, fd, &e)
}

func (p *epoll) wait(milliseconds int) []event {
	if p.owed.any.Load() && !p.owed.pay(p) && (milliseconds < 0 || milliseconds > owedPause) {
		milliseconds = owedPause
	}
	n, err := unix.EpollWait(p.ep, p.raw[:], milliseconds)
	if err != nil {
		n = 0
	}
	ready := p.ready[:0]
	for i := range n {
		e := &p.raw[i]
		if e.Fd < 0 {
			var counter [8]byte
			if e.Fd == wakeSlot {
				unix.Read(p.wakeup, counter[:])
				if e.Events&unix.EPOLLOUT != 0 {
					p.control(unix.EPOLL_CTL_MOD, p.wakeup, unix.EPOLLIN, wakeSlot, 0)
				}
			} else {
				unix.Read(p.clock, counter[:])
				p.rung = true
			}
			continue
		}
		ready = append(ready, event{e.Fd, uint32(e.Pad), found(e.Events)})
	}
	if p.owed.any.Load() {
		ready = p.owed.guess(ready)
	}
	return ready
}

// found is what epoll tells, as In, Out and Hup.
func found(epoll uint32) (events uint32) {
	if epoll&(unix.EPOLLIN|unix.EPOLLRDHUP) != 0 {
		events |= In
	}
	if epoll&unix.EPOLLOUT != 0 {
		events |= Out
	}
	if epoll&(unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		events |= Hup
	}
	return events
}

func (p *epoll) alarm(d time.Duration) bool {
	at := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(max(d, 1)))} // 0 would disarm it
	return unix.TimerfdSettime(p.clock, 0, &at, nil) == nil
}

func (p *epoll) rang() bool {
	rung := p.rung
	p.rung = false
	return rung
}

func (p *epoll) wake() {
	one := [8]byte{1}
	for try := range wakeTries {
		// The kernel refuses no write, as the counter is never full; a filter of system calls may.
		if _, err := unix.Write(p.wakeup, one[:]); err == nil {
			return
		}
		// There is room to write, and that wakes the loop, too.
		if p.control(unix.EPOLL_CTL_MOD, p.wakeup, unix.EPOLLIN|unix.EPOLLOUT, wakeSlot, 0) == nil {
			return
		}
		time.Sleep(time.Duration(try) * time.Millisecond)
	}
}

const wakeTries = 20 // until it is believed that the system refuses both
