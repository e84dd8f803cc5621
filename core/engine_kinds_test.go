// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/loop"
)

// eachEngine are the engines of this system, by name.
func eachEngine() map[string]loop.Kind {
	kinds := map[string]loop.Kind{"goroutine": loop.Goroutine}
	if loop.Epoll.Check() == nil {
		kinds["epoll"] = loop.Epoll
	}
	return kinds
}

func TestEveryEngineCarriesTheSameConversation(t *testing.T) {
	t.Parallel()
	for name, kind := range eachEngine() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Engine: kind, Loops: 2})
			converse(t, h)
		})
	}
}

// converse lets ten clients have their messages echoed, some of them larger than
// what a socket takes at once, and all sent before the first answer is read.
func converse(t *testing.T, h *testHost) {
	t.Helper()
	server, port := h.listening(config.ConnOptions{}, echo)
	sizes := []int{0, 1, 125, 126, 65535, 65536, 3 << 20, 5}
	recorders := make([]recorder, 10)
	for i := range recorders {
		var x *handle
		x, recorders[i] = h.connected(config.ConnOptions{}, fmt.Sprintf("ws://127.0.0.1:%d/", port))
		for _, size := range sizes {
			if err := x.send(ws.OpBinary, bytes.Repeat([]byte{byte(i)}, size), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, r := range recorders {
		for _, size := range sizes {
			if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, bytes.Repeat([]byte{byte(i)}, size)) {
				t.Fatalf("client %d: %d bytes came back as %d", i, size, len(e.data))
			}
		}
	}
	stopped := make(chan event, 1)
	if err := server.stopServer(func(e event) { stopped <- e }); err != nil {
		t.Fatal(err)
	}
	for _, r := range recorders {
		if e := r.next(t, border.EventClose); e.code != 1001 || !e.clean {
			t.Errorf("close: %d, clean %v", e.code, e.clean)
		}
	}
	select {
	case e := <-stopped:
		if e.id != 0 {
			t.Errorf("the stop ended with %d %s", e.id, e.message)
		}
	case <-time.After(deadline):
		t.Fatal("the stop never ended")
	}
}

// Not parallel: it counts the goroutines of the process.
func TestNoEngineLeavesAGoroutineBehind(t *testing.T) {
	for name, kind := range eachEngine() {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			h := start(t, config.Library{Engine: kind})
			_, port := h.listening(config.ConnOptions{}, echo)
			for range 5 {
				h.connected(config.ConnOptions{}, fmt.Sprintf("ws://127.0.0.1:%d/", port))
			}
			if !h.engine.Shutdown(deadline) {
				t.Fatalf("Shutdown took longer than %v", deadline)
			}
			for end := time.Now().Add(deadline); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					stacks := make([]byte, 64<<10)
					t.Fatalf("%d goroutines before, %d behind:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
				}
			}
		})
	}
}

func TestAnEngineThatIsNoneIsRefusedByName(t *testing.T) {
	t.Parallel()
	for _, kind := range []loop.Kind{-1, 3, 99} {
		if _, err := Start(nil, config.Library{Engine: kind}); err == nil || err.ID != fault.IDParameter || !bytes.HasPrefix([]byte(err.Text), []byte("options.engine: ")) {
			t.Errorf("engine %d: %v", kind, err)
		}
	}
	if loop.Epoll.Check() != nil {
		if _, err := Start(nil, config.Library{Engine: loop.Epoll}); err == nil || err.ID != fault.IDUnsupported {
			t.Errorf("epoll: %v", err)
		}
	}
}
