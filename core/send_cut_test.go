// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/wire"
)

// Whatever the sizes, the frames are as long as was said, none is larger than it may be, and
// together they are the message.
func TestFramesOfAMessageAreAsLongAsWasSaid(t *testing.T) {
	t.Parallel()
	for _, most := range []int{0, 1024, 1500, 65535, 65536, 70000} {
		for _, size := range []int{0, 1, 1023, 1024, 1025, 2048, 2049, 65535, 65536, 65537, 140000, 140001} {
			for _, role := range []wire.Role{wire.Server, wire.Client} {
				data := bytes.Repeat([]byte("x"), size)
				got := appendCut(nil, role, finBit|rsv1|byte(ws.OpText), data, most)
				if want := cutSize(size, most, role == wire.Client); len(got) != want {
					t.Fatalf("%d bytes by %d: %d instead of %d", size, most, len(got), want)
				}
				frames, whole := 0, 0
				for r := bytes.NewReader(got); r.Len() > 0; frames++ {
					h, err := ws.ReadHeader(r)
					must(t, err)
					if most > 0 && h.Length > int64(most) || h.Fin != (int64(r.Len()) == h.Length) ||
						h.Rsv1() != (frames == 0) || (h.OpCode == ws.OpText) != (frames == 0) {
						t.Fatalf("%d bytes by %d: frame %d is %+v", size, most, frames, h)
					}
					whole += int(h.Length)
					_, err = r.Seek(h.Length, 1)
					must(t, err)
				}
				if whole != size {
					t.Errorf("%d bytes by %d: %d", size, most, whole)
				}
			}
		}
	}
}

// Messages that wait whole, because others may have to make room or the client keeps them, are cut
// when they leave.
func TestMessagesThatWaitedWholeAreCut(t *testing.T) {
	bothRoles(t, config.ConnOptions{MaxFrame: 1024, MaxBuffered: 1 << 20, Full: config.FullDropOldest}, func(t *testing.T, s slow) {
		data := bytes.Repeat([]byte("y"), 100_000)
		for range 8 {
			must2(t, s.x.conn.Send(ws.OpBinary, data, border.Completion{}))
		}
		for range 8 {
			if got, _, err := s.peer.message(); err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%d bytes, %v", len(got), err)
			}
		}
	})
}
