// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// panicOnce makes the host panic at the first batch that has an event of the
// kind, and tells when it does.
func (h *testHost) panicOnce(kind border.Event) (done chan struct{}) {
	done = make(chan struct{})
	var once sync.Once
	h.dispatching.Store(new(func(records []border.Record) {
		for _, r := range records {
			if r.Type == kind {
				once.Do(func() {
					close(done)
					panic("on purpose")
				})
			}
		}
	}))
	return done
}

// panicked checks that the log tells of the panic.
func (h *testHost) panicked(t *testing.T) {
	t.Helper()
	h.panics.Store(true)
	if log := strings.Join(h.logged(), "\n"); !strings.Contains(log, "panicked: on purpose") || !strings.Contains(log, "panic_test.go") {
		t.Errorf("the log does not tell of the panic and where it was: %q", log)
	}
}

func TestPanicOfTheHostLosesABatchAndNothingElse(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, echo)
	p, other := join(t, port), join(t, port)
	done := h.panicOnce(border.EventMessage)
	must(t, p.send(ws.OpText, []byte("lost")))
	<-done
	for _, q := range []*peer{other, p} {
		must(t, q.send(ws.OpText, []byte("hello")))
		if data, _, err := q.message(); err != nil || string(data) != "hello" {
			t.Errorf("%q, %v", data, err)
		}
	}
	h.panicked(t)
}

// A panic while the bytes of a connection are handled fails that connection.
func TestPanicInAHandlerFailsItsConnectionOnly(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.listening(config.ConnOptions{}, r.listen)
	p := join(t, port)
	x := r.next(t, border.EventOpen).x
	other := join(t, port)
	r.next(t, border.EventOpen)
	h.panicOnce(border.EventMessage)
	// The Close frame makes the message be dispatched in the middle of the read.
	must(t, p.raw(ws.NewTextFrame([]byte("lost")), ws.NewCloseFrame(nil)))
	if e := r.next(t, border.EventError); e.x != x || e.id != fault.IDInternal {
		t.Errorf("error: %+v", e)
	}
	if e := r.next(t, border.EventClose); e.x != x || e.code != 1006 {
		t.Errorf("close: %+v", e)
	}
	must(t, p.end())
	r.next(t, border.EventDestroyed)
	must(t, other.send(ws.OpText, []byte("hello")))
	if e := r.next(t, border.EventMessage); string(e.data) != "hello" {
		t.Errorf("%q", e.data)
	}
	h.panicked(t)
}

func TestPanicWhileAConnectionIsAdoptedDropsIt(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, echo)
	var done atomic.Bool
	h.adopting.Store(new(func() bool {
		if !done.Swap(true) {
			panic("on purpose")
		}
		return true
	}))
	if _, err := tryJoin(port); err == nil {
		t.Error("the connection was accepted")
	}
	p := join(t, port)
	must(t, p.send(ws.OpText, []byte("hello")))
	if data, _, err := p.message(); err != nil || string(data) != "hello" {
		t.Errorf("%q, %v", data, err)
	}
	h.panicked(t)
}

// What callbacks sent before the panic is not lost, and the connection goes on.
func TestPanicAfterACorkedAnswerDoesNotLoseIt(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	var done atomic.Bool
	_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage {
			if err := d.send(x, ws.OpText, e.data); err != nil {
				t.Error(err)
			}
			if !done.Swap(true) {
				panic("on purpose")
			}
		}
	})
	p := join(t, port)
	for _, want := range []string{"first", "second", "third"} {
		must(t, p.send(ws.OpText, []byte(want)))
		if data, _, err := p.message(); err != nil || string(data) != want {
			t.Errorf("%q instead of %q, %v", data, want, err)
		}
	}
	h.panicked(t)
}
