// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// The front has looked at the data, but another thread may take the memory away since.
func TestDataThatTheKernelCannotReadIsRefusedAndTheConnectionGoesOn(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	p := join(t, port)
	c := r.next(t, border.EventOpen).x.conn
	gone, err := unix.Mmap(-1, 0, 64<<10, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	must(t, err)
	defer unix.Munmap(gone)
	for range 3 {
		if err := c.Send(ws.OpBinary, gone, border.Completion{}); err == nil || err.ID != fault.IDParameter {
			t.Fatalf("Send returns %v", err)
		}
	}
	if n := c.Block().Buffered(); n != 0 {
		t.Fatalf("%d bytes are buffered after sends that were refused", n)
	}
	must2(t, c.Send(ws.OpBinary, bytes.Repeat([]byte{7}, 64<<10), border.Completion{}))
	got, _, err := p.message()
	must(t, err)
	if len(got) != 64<<10 {
		t.Fatalf("%d bytes came", len(got))
	}
}
