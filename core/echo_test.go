// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"libws/core/border"
	"libws/core/config"
)

// echo is a server's listener that answers each message with itself.
func echo(d *dispatcher, x *handle, e event) {
	if e.kind == border.EventMessage {
		d.echo(x, e)
	}
}

func TestServerEchoesToAForeignClient(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, echo)
	p := join(t, port)
	// Around the borders of the header forms, of corking and of direct sending.
	for _, size := range []int{0, 1, 125, 126, 2047, 2048, 2049, 65535, 65536, 65537, 200_000} {
		for _, op := range []ws.OpCode{ws.OpText, ws.OpBinary} {
			want := []byte(strings.Repeat("x", size))
			must(t, p.send(op, want))
			got, gotOp, err := p.message()
			must(t, err)
			if gotOp != op || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes of opcode %d came back as %d bytes of opcode %d", size, op, len(got), gotOp)
			}
		}
	}
}

func TestClientTalksToAForeignServer(t *testing.T) {
	t.Parallel()
	url := foreign(t, func(p *peer) error {
		for {
			data, op, err := p.message()
			if closed := new(wsutil.ClosedError); errors.As(err, closed) {
				return nil
			} else if err != nil {
				return err
			}
			if err := p.send(op, data); err != nil {
				return err
			}
		}
	})
	h := start(t, config.Library{})
	x, r := h.connected(config.ConnOptions{}, url)
	for _, size := range []int{0, 1, 125, 126, 65535, 65536, 200_000} {
		for _, op := range []ws.OpCode{ws.OpText, ws.OpBinary} {
			want := []byte(strings.Repeat("y", size))
			if err := x.send(op, want, nil); err != nil {
				t.Fatal(err)
			}
			if e := r.next(t, border.EventMessage); e.text != (op == ws.OpText) || !bytes.Equal(e.data, want) {
				t.Fatalf("%d bytes of opcode %d came back as %d bytes", size, op, len(e.data))
			}
		}
	}
	if err := x.close(1000, "done", nil); err != nil {
		t.Fatal(err)
	}
	if e := r.next(t, border.EventClose); e.code != 1000 || !e.clean {
		t.Errorf("close: %d, clean %v", e.code, e.clean)
	}
}

func TestClientAndServerOfOneEngineTalk(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Loops: loops})
			_, port := h.listening(config.ConnOptions{}, echo)
			for range 6 {
				x, r := h.connected(config.ConnOptions{}, fmt.Sprintf("ws://127.0.0.1:%d/path?q", port))
				for i := range 20 {
					want := bytes.Repeat([]byte{byte('a' + i)}, i*300)
					if err := x.send(ws.OpText, want, nil); err != nil {
						t.Fatal(err)
					}
					if e := r.next(t, border.EventMessage); !bytes.Equal(e.data, want) {
						t.Fatalf("message %d came back as %d bytes", i, len(e.data))
					}
				}
			}
		})
	}
}

func TestMessageWithoutListenerIsDroppedAndCounted(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.listening(config.ConnOptions{}, nil)
	p := join(t, port)
	must(t, p.send(ws.OpText, []byte("nobody hears it")))
	must(t, p.send(ws.OpClose, nil))
	if code, _, err := p.closing(); err != nil || !code.Empty() {
		t.Fatalf("answer to a Close frame without payload: %d, %v", code, err)
	}
	if n := h.unheard.Load(); n != 1 {
		t.Errorf("%d messages unheard, want 1", n)
	}
}
