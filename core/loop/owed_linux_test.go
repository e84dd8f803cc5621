// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"testing"

	"golang.org/x/sys/unix"
)

// The kernel may have no memory to watch something that was asked for. The descriptor of
// epoll is another file meanwhile, for which every change fails.
func TestWhatTheKernelRefusesToWatchIsHeardOfAllTheSame(t *testing.T) {
	l := startLoop(t, Epoll)
	p := l.poll.(*epoll)
	told := make(chan int, 1)
	s, peer := l.register(t, func(s *Socket, events int) {
		select {
		case told <- events:
		default:
		}
	})
	saved, err := unix.FcntlInt(uintptr(p.ep), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(saved)
	other, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(other)
	l.do(t, func() {
		if err := unix.Dup3(other, p.ep, unix.O_CLOEXEC); err != nil {
			t.Error(err)
		}
		s.Watch(true, true)
	})
	for within(t, told, "room to write")&Out == 0 {
	}
	l.do(t, func() {
		s.Watch(true, false)
		s.Suspend()
		s.Watch(true, false)
		if err := unix.Dup3(saved, p.ep, unix.O_CLOEXEC); err != nil {
			t.Error(err)
		}
	})
	l.rounds(t)()
	l.do(t, func() {
		if p.owed.any.Load() {
			t.Error("something is owed still")
		}
	})
	for len(told) > 0 {
		<-told
	}
	send(t, peer, "hello")
	if events := within(t, told, "something to read"); events != In {
		t.Errorf("told was %d", events)
	}
}
