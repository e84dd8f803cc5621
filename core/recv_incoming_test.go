// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/loop"
	"libws/core/wire"
)

// What was read to the end of a message is not copied there again.
func TestAPieceThatLiesWhereItBelongsNeedsNoRoom(t *testing.T) {
	t.Parallel()
	rx := &incoming{message: make([]byte, 3, 8)}
	if !rx.has(rx.message[3:5]) || len(rx.message) != 5 {
		t.Errorf("read there: the message has %d bytes", len(rx.message))
	}
	if rx.has([]byte{1}) || !rx.has(nil) || len(rx.message) != 5 {
		t.Errorf("read elsewhere: the message has %d bytes", len(rx.message))
	}
	if (&incoming{}).has(nil) {
		t.Error("an empty message has no buffer of its own, which its record wants")
	}
}

func TestWhoDeclaresMuchGetsRoomForWhatComes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		short bool
		have  int
		left  int64
		most  int
	}{
		{false, 100, 400, 400},
		{false, 100, 1 << 40, readSize},
		{false, 1 << 20, 1 << 40, 3 << 20},
		{true, 1 << 20, 1 << 40, 1 << 20},
		{true, 100, 1 << 40, readSize},
	} {
		if n := reserveAhead(c.short, c.have, c.left); n > c.most || n < c.most-1024 {
			t.Errorf("short of memory: %v, %d have come and %d are left: room for %d, not about %d", c.short, c.have, c.left, n, c.most)
		}
	}
}

func TestFramesOfAMessageAreCounted(t *testing.T) {
	t.Parallel()
	rx := &incoming{}
	for i, flags := range []wire.Flags{wire.MessageStart | wire.FrameStart, 0, wire.FrameStart, wire.FrameStart | wire.MessageEnd} {
		if rx.crumbles(&wire.Chunk{Flags: flags}, 3) {
			t.Errorf("piece %d is one too many", i)
		}
	}
	if rx.frames != 0 {
		t.Errorf("%d frames are left of a message that has ended", rx.frames)
	}
	rx.crumbles(&wire.Chunk{Flags: wire.MessageStart | wire.FrameStart}, 1)
	if !rx.crumbles(&wire.Chunk{Flags: wire.FrameStart}, 1) {
		t.Error("a second frame is not too many")
	}
}

func TestManyPongsLeaveOnlyTheLatest(t *testing.T) {
	t.Parallel()
	a, pool := &aside{}, countedPool()
	for i := range maxPongs {
		a.pong(pool, wire.Server, []byte{byte(i >> 8), byte(i)})
	}
	if len(a.pongs) > maxPongs || a.npongs == 0 || a.npongs == maxPongs {
		t.Errorf("%d bytes of %d pongs wait", len(a.pongs), a.npongs)
	}
	a.onlyLatest()
	latest := wire.AppendFrame(nil, wire.Server, ws.OpPong, []byte{byte((maxPongs - 1) >> 8), byte((maxPongs - 1) & 0xff)})
	if string(a.pongs) != string(latest) || a.npongs != 1 {
		t.Errorf("%x waits, not %x", a.pongs, latest)
	}
	if a.sent(pool); pool.Used() != 0 {
		t.Errorf("%d bytes were not given back", pool.Used())
	}
}

func TestPingsAreForgottenWithAllBeforeThem(t *testing.T) {
	t.Parallel()
	var p pings
	start := time.Now()
	for i := range byte(maxPings + 2) {
		p.add([]byte{i}, start.Add(time.Duration(i)))
	}
	if len(p.sent) != maxPings || p.answered([]byte{1}, start) != -1 {
		t.Errorf("%d are remembered", len(p.sent))
	}
	if trip := p.answered([]byte{5}, start.Add(7)); trip != 2 || len(p.sent) != 4 {
		t.Errorf("the answer took %d, and %d are left", trip, len(p.sent))
	}
	if p.answered([]byte{4}, start) != -1 {
		t.Error("an older one is still waited for")
	}
}

func TestControlFramesOfASecondAreCounted(t *testing.T) {
	t.Parallel()
	var n controls
	if n.flood(0) || n.count != 0 {
		t.Error("there is no limit")
	}
	for i := 0; !n.flood(3); i++ {
		if i > 1000 {
			t.Fatal("there is no end")
		}
	}
	if n.count != 3 {
		t.Errorf("%d were allowed", n.count)
	}
}

func TestReadsGrowWhileTheyAreFilledAndShrinkAgain(t *testing.T) {
	t.Parallel()
	r := readSpace{buf: make([]byte, readBuffer), most: readSize}
	r.was(readSize, readSize, true)
	if r.most != readSize {
		t.Error("the rest of a large message, which is read to where it belongs, made reads wide")
	}
	r.was(readSize-1, readSize, false)
	if r.most != readSize {
		t.Error("a read that was not filled made the next one wide")
	}
	r.fill = readCut - 1
	r.was(len(r.next()), len(r.next()), false)
	if r.most != readWide {
		t.Error("a filled read did not make the next one wide")
	}
	if n := len(r.next()); n != readSize+1 {
		t.Errorf("without a wide buffer there is room for %d bytes", n)
	}
	r.wide = make([]byte, readCut+readWide)
	if n := len(r.next()); n != readWide {
		t.Errorf("room for %d bytes, not %d", n, readWide)
	}
	for range readPatience - 1 {
		r.was(100, readWide, false)
	}
	r.was(readSize, readWide, false)
	if r.most != readWide {
		t.Error("some small reads ended a wide one")
	}
	for range readPatience {
		r.was(100, readWide, false)
	}
	if r.most != readSize {
		t.Error("reads stay wide although they give little")
	}
}

// countedPool is a pool without a ceiling.
func countedPool() *loop.Pool {
	m := new(loop.Meter)
	m.Limit(0)
	return &loop.Pool{Meter: m}
}
