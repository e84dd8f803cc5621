// SPDX-License-Identifier: Apache-2.0

package wire_test

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"

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
				got := wire.AppendCut(nil, role, wire.Fin|0x40|byte(ws.OpText), data, most)
				if want := wire.CutSize(size, most, role == wire.Client); len(got) != want {
					t.Fatalf("%d bytes by %d: %d instead of %d", size, most, len(got), want)
				}
				frames, whole := 0, 0
				for r := bytes.NewReader(got); r.Len() > 0; frames++ {
					h, err := ws.ReadHeader(r)
					if err != nil {
						t.Fatal(err)
					}
					if most > 0 && h.Length > int64(most) || h.Fin != (int64(r.Len()) == h.Length) ||
						h.Rsv1() != (frames == 0) || (h.OpCode == ws.OpText) != (frames == 0) {
						t.Fatalf("%d bytes by %d: frame %d is %+v", size, most, frames, h)
					}
					whole += int(h.Length)
					if _, err = r.Seek(h.Length, 1); err != nil {
						t.Fatal(err)
					}
				}
				if n := wire.CutFrames(size, most); n != uint64(frames) {
					t.Errorf("%d bytes by %d: %d frames, not %d", size, most, frames, n)
				}
				if whole != size {
					t.Errorf("%d bytes by %d: %d", size, most, whole)
				}
			}
		}
	}
}
