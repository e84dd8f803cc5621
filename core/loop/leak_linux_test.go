// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"os"
	"testing"
)

// Not parallel: it counts the descriptors of the process.
func TestALoopGivesEveryDescriptorBack(t *testing.T) {
	warm := startLoop(t, Goroutine) // the runtime's poller keeps descriptors of its own
	connectAndClose(t, warm)
	warm.end(t)
	for name, kind := range engines() {
		t.Run(name, func(t *testing.T) {
			before := descriptors(t)
			l := startLoop(t, kind)
			for range 20 {
				connectAndClose(t, l)
			}
			l.end(t)
			until(t, "the descriptors", func() bool { return descriptors(t) <= before })
		})
	}
}

// connectAndClose has a connection waited for on both sides, then closes both ends.
func connectAndClose(t *testing.T, l *testLoop) {
	t.Helper()
	d, peer := connect(t)
	var s Socket
	l.do(t, func() {
		if err := s.Register(l.Loop, d, handlerFunc(func(int) {})); err != nil {
			t.Error(err)
		}
		fill(t, &s)
		s.Watch(true, true)
	})
	l.do(t, func() {}) // a round in between
	before := descriptors(t)
	l.do(t, s.Close)
	if now := descriptors(t); now >= before {
		t.Errorf("%d descriptors before the close, %d behind it", before, now)
	}
	peer.Close()
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
