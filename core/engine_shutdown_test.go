// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/turns"
)

// Shutdown ends whatever there is and leaves nothing behind: no goroutine, no
// descriptor. Not parallel, since it counts those of the process.
func TestShutdownLeavesNothingBehind(t *testing.T) {
	allAlive(t) // the runtime makes its own descriptors and threads at first use
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)
	for range 3 {
		allAlive(t)
	}
	eventually(t, func() error {
		if n := runtime.NumGoroutine(); n > goroutines {
			stacks := make([]byte, 1<<20)
			return fmt.Errorf("%d goroutines, %d before:\n%s", n, goroutines, stacks[:runtime.Stack(stacks, true)])
		}
		if n := openDescriptors(t); n > descriptors {
			return fmt.Errorf("%d descriptors, %d before", n, descriptors)
		}
		return nil
	})
}

// allAlive shuts an engine down that has clients and connections in every
// phase, and checks what it says afterwards.
func allAlive(t *testing.T) {
	t.Helper()
	t.Run("everything alive", func(t *testing.T) {
		h := start(t, config.Library{Loops: 2})
		r := newRecorder()
		server, port := h.listening(config.ConnOptions{}, r.listen)
		for _, p := range everyPhase(t, server, r, port) {
			defer p.Close()
		}
		h.newServer(config.ConnOptions{}, nil) // never started
		stopped := h.newServer(config.ConnOptions{}, nil)
		stopped.listen(t)
		done := newMailbox[event]()
		if err := stopped.stopServer(done.put); err != nil {
			t.Fatal(err)
		}
		done.take(t, "completion of the stop")
		url := fmt.Sprintf("ws://127.0.0.1:%d", port)
		h.client(config.ConnOptions{}, nil) // never connected
		x, _ := h.connected(config.ConnOptions{}, url)
		if err := x.send(ws.OpText, []byte("hello"), func(event) {}); err != nil {
			t.Fatal(err)
		}
		closing, _ := h.connected(config.ConnOptions{}, url)
		if err := closing.close(1000, "", func(event) {}); err != nil {
			t.Fatal(err)
		}
		silent := answering(t, "")
		for range turns.Most + 3 { // some have to wait for their turn
			if err := h.client(config.ConnOptions{}, nil).connect(silent, func(event) {}); err != nil {
				t.Fatal(err)
			}
		}
		h.end()
		if !h.engine.Shutdown(0) {
			t.Error("a second Shutdown has something left to wait for")
		}
		if _, err := h.engine.NewClient(new(border.Block), config.ConnOptions{}, func(*Conn) {}); err == nil || err.ID != fault.IDShutdown {
			t.Errorf("a client after the end: %v", err)
		}
		if _, err := h.engine.NewServer(new(border.Block), config.ConnOptions{}, func(*Server) {}); err == nil || err.ID != fault.IDShutdown {
			t.Errorf("a server after the end: %v", err)
		}
		if err := server.server.Start(config.ListenOptions{}, border.Completion{}); err == nil || err.ID != fault.IDHandle {
			t.Errorf("starting after the end: %v", err)
		}
	})
}

// openDescriptors counts those of the process.
func openDescriptors(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(entries)
}

// eventually repeats a check that has no event to wait for.
func eventually(t testing.TB, check func() error) {
	t.Helper()
	late := time.Now().Add(deadline)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(late) {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestShutdownThatTakesTooLongMayBeRepeated(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	hold, held := make(chan struct{}), make(chan struct{})
	_, port := h.listening(config.ConnOptions{}, func(_ *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage {
			close(held)
			<-hold // a callback that blocks
		}
	})
	p := join(t, port)
	must(t, p.send(ws.OpText, nil))
	<-held
	if h.engine.Shutdown(10 * time.Millisecond) {
		t.Error("Shutdown did not wait for a callback")
	}
	close(hold)
	if !h.engine.Shutdown(deadline) {
		t.Error("Shutdown did not end when the callback had returned")
	}
	must(t, p.end())
}

func TestNobodyIsMadeBetweenRefuseAndShutdown(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	h.engine.Refuse()
	if _, err := h.engine.NewClient(new(border.Block), config.ConnOptions{}, func(*Conn) {}); err == nil || err.ID != fault.IDShutdown {
		t.Errorf("a client: %v", err)
	}
	if _, err := h.engine.NewServer(new(border.Block), config.ConnOptions{}, func(*Server) {}); err == nil || err.ID != fault.IDShutdown {
		t.Errorf("a server: %v", err)
	}
	if !h.engine.Shutdown(deadline) {
		t.Error("Shutdown did not end")
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []config.Library{{Loops: -1}, {Loops: 65}, {LogLevel: -1}, {LogLevel: journal.Debug + 1}, {Budget: -2}, {Budget: 1<<20 - 1}} {
		if e, err := Start(&testHost{t: t}, c); err == nil || err.ID != fault.IDParameter {
			t.Errorf("%+v: %v", c, err)
			e.Shutdown(deadline)
		}
	}
	h := start(t, config.Library{Loops: 64, Budget: -1})
	for _, o := range []config.ConnOptions{{MaxMessage: -2}, {MaxMessage: config.MaxMessage + 1}, {MaxBuffered: -1}, {MaxBuffered: config.MaxMessage + 1}} {
		if _, err := h.engine.NewClient(new(border.Block), o, func(*Conn) {}); err == nil || err.ID != fault.IDParameter {
			t.Errorf("%+v: %v", o, err)
		}
		if _, err := h.engine.NewServer(new(border.Block), o, func(*Server) {}); err == nil || err.ID != fault.IDParameter {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
