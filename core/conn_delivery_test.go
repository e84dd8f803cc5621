// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// pausedBeforeItsEnd is a client that has paused in the first message; the second one
// and the peer's Close frame wait for resume.
func pausedBeforeItsEnd(t *testing.T, h *testHost) (x *handle, r recorder) {
	t.Helper()
	url := foreign(t, func(p *peer) error {
		if err := p.raw(ws.NewTextFrame([]byte("first")), ws.NewTextFrame([]byte("second")),
			ws.NewCloseFrame(ws.NewCloseFrameBody(4000, "over"))); err != nil {
			return err
		}
		return p.end()
	})
	r = newRecorder()
	x = h.client(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage && string(e.data) == "first" {
			x.conn.Pause()
		}
		r.listen(d, x, e)
	})
	if err := x.connect(url, nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
	r.next(t, border.EventMessage)
	eventually(t, func() (err error) {
		x.onLoop(func() {
			if x.conn.phase != phaseDelivering {
				err = errNotOpen
			}
		})
		return err
	})
	return x, r
}

// The end of a connection that waited for the host does not keep the next one of the
// same client from being read.
func TestClientThatAbortsBeforeItHeardTheEndIsReadAgain(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	x, r := pausedBeforeItsEnd(t, h)
	if err := x.conn.Abort(); err != nil {
		t.Fatal(err)
	}
	x.onLoop(func() {}) // it has ended
	if err := x.conn.Resume(); err != nil {
		t.Fatal(err)
	}
	if e := r.next(t, border.EventMessage); string(e.data) != "second" {
		t.Errorf("%q", e.data)
	}
	r.next(t, border.EventClose)
	opened := make(chan struct{}) // so that it is not read with the answer
	url := foreign(t, func(p *peer) error {
		<-opened
		if err := p.send(ws.OpText, []byte("next")); err != nil {
			return err
		}
		return p.end()
	})
	if err := x.connect(url, nil); err != nil {
		t.Fatal(err)
	}
	r.next(t, border.EventOpen)
	close(opened)
	if e := r.next(t, border.EventMessage); string(e.data) != "next" {
		t.Errorf("%q", e.data)
	}
	x.destroy()
}

// Who closes has said the last word: the end that waited to be heard waits no longer,
// so that ws_close completes although nobody resumes.
func TestCloseEndsAConnectionWhoseEndWaitsToBeHeard(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	x, r := pausedBeforeItsEnd(t, h)
	done := newMailbox[event]()
	if err := x.close(1000, "", done.put); err != nil {
		t.Fatal(err)
	}
	if e := done.take(t, "completion of the close"); e.id != 0 {
		t.Errorf("%+v", e)
	}
	if err := x.conn.Resume(); err != nil {
		t.Fatal(err)
	}
	if e := r.next(t, border.EventMessage); string(e.data) != "second" {
		t.Errorf("%q", e.data)
	}
	if e := r.next(t, border.EventClose); e.code != 4000 || !e.clean {
		t.Errorf("%+v", e)
	}
}
