// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

const large = 4 << 20 // more than the kernel takes for a peer that does not read

// distinct is bytes that are not the same again soon, for each seed others.
func distinct(size int, seed byte) []byte {
	p := make([]byte, size)
	for i := range p {
		p[i] = byte(i) ^ byte(i>>8) ^ byte(i>>16) ^ seed
	}
	return p
}

// passed tells for each buffer of the output of c whether it is one of message, by its size.
func passed(c *Conn, message []byte) (sizes []int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tx == nil {
		return nil
	}
	for _, b := range c.tx.chunks[c.tx.first:] {
		if lies(b.bytes, message) {
			sizes = append(sizes, len(b.bytes))
		}
	}
	return sizes
}

// What a callback sends of a large message lies in the queue as it came, whole or in part, each time that it is
// sent, also with a completion; and it is the callback's as before. A small part does not keep the whole.
func TestALargeMessageIsPassedOnWithoutACopy(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	want := distinct(large, 1)
	sent, completed := newMailbox[error](), newMailbox[event]()
	_, port := h.listening(config.ConnOptions{MaxBuffered: 8 * large}, func(d *dispatcher, x *handle, e event) {
		if e.kind != border.EventMessage {
			return
		}
		for i, p := range [][]byte{d.current, d.current, d.current[large/4:], d.current[:large/8]} {
			done := func(event) {}
			if i == 1 {
				done = completed.put
			}
			if err := x.send(ws.OpBinary, p, done); err != nil {
				sent.put(err)
				return
			}
		}
		switch sizes := passed(x.conn, d.current); {
		case len(sizes) != 3 || sizes[0] < large/2 || sizes[1] != large || sizes[2] != large-large/4:
			sent.put(fmt.Errorf("of the message itself the queue has %d bytes", sizes))
		case !bytes.Equal(d.current, want):
			sent.put(fmt.Errorf("the message is another one behind the sends"))
		default:
			sent.put(nil)
		}
	})
	p := join(t, port)
	must(t, p.send(ws.OpBinary, want))
	if err := sent.take(t, "end of the callback"); err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]byte{want, want, want[large/4:], want[:large/8]} {
		if got, _, err := p.message(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("message %d: %d bytes, %v", i, len(got), err)
		}
	}
	if e := completed.take(t, "completion"); e.id != 0 {
		t.Errorf("%+v", e)
	}
}

// A message that another connection has sent already stays as it is until the callback that got it returns.
func TestAMessageThatHasLeftIsStillThatOfItsCallback(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Loops: 2})
	want := distinct(large, 2)
	opened, sent := newMailbox[*handle](), newMailbox[error]()
	var others atomic.Pointer[handle]
	_, port := h.listening(config.ConnOptions{MaxBuffered: 8 * large}, func(d *dispatcher, x *handle, e event) {
		switch e.kind {
		case border.EventOpen:
			opened.put(x)
		case border.EventMessage:
			other, left := others.Load(), newMailbox[event]()
			if err := other.send(ws.OpBinary, d.current, left.put); err != nil {
				sent.put(err)
				return
			}
			if len(passed(other.conn, d.current)) != 1 {
				sent.put(fmt.Errorf("it was not passed on"))
				return
			}
			sent.put(nil)                         // from now on it is read
			left.take(t, "completion")            // the queue has given it back
			next, err := h.engine.pool.Get(large) // what was given back would be this
			if err != nil {
				sent.put(err)
				return
			}
			clear(next[:large])
			h.engine.pool.Put(next)
			if !bytes.Equal(d.current, want) {
				err = fmt.Errorf("the message is another one when it has left")
			}
			sent.put(err)
		}
	})
	from := join(t, port)
	one := opened.take(t, "open event")
	to := join(t, port)
	other := opened.take(t, "open event")
	for ; other.conn.w == one.conn.w; other = opened.take(t, "open event") {
		to = join(t, port)
	}
	others.Store(other)
	must(t, from.send(ws.OpBinary, want))
	must(t, sent.take(t, "send"))
	if got, _, err := to.message(); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	must(t, sent.take(t, "end of the callback"))
}

// What is queued of a message is no longer needed when the connection ends with it, also inside the callback.
func TestAMessageThatWasPassedOnGoesWithItsConnection(t *testing.T) {
	t.Parallel()
	for name, ends := range map[string]func(x *handle){
		"abort":   func(x *handle) { x.conn.Abort() },
		"destroy": func(x *handle) { x.destroy() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{})
			want := distinct(large, 3)
			sent, closed := newMailbox[error](), newMailbox[event]()
			_, port := h.listening(config.ConnOptions{MaxBuffered: 8 * large}, func(d *dispatcher, x *handle, e event) {
				switch e.kind {
				case border.EventClose:
					closed.put(e)
				case border.EventMessage:
					err := error(nil)
					if refused := x.send(ws.OpBinary, d.current, nil); refused != nil {
						err = refused
					}
					if ends(x); !bytes.Equal(d.current, want) {
						err = fmt.Errorf("the message is another one behind the end")
					}
					sent.put(err)
				}
			})
			must(t, join(t, port).send(ws.OpBinary, want))
			must(t, sent.take(t, "end of the callback"))
			if name == "abort" {
				closed.take(t, "close event")
			}
			eventually(t, func() error {
				if n := h.engine.pool.Used(); n >= large {
					return fmt.Errorf("%d bytes of buffers are left", n)
				}
				return nil
			})
		})
	}
}

// Over TLS and compressed a message is copied as ever, and comes as it was.
func TestALargeMessageComesBackOverTLSAndCompressed(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	echo := func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage {
			if err := x.send(ws.OpBinary, d.current, nil); err != nil {
				t.Error(err)
			}
		}
	}
	want := distinct(large, 4)
	_, port := h.secureServerWith(config.ConnOptions{MaxBuffered: 8 * large}, config.ListenOptions{}, certs().good, echo)
	secure, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), nil)
	packed, _ := packing(t, h.compressing(config.ConnOptions{MaxBuffered: 8 * large}, &config.Compression{Ratio: -1}, echo),
		"permessage-deflate; server_no_context_takeover; client_no_context_takeover")
	must(t, secure.send(ws.OpBinary, want))
	if got, _, err := secure.message(); err != nil || !bytes.Equal(got, want) {
		t.Errorf("over TLS: %d bytes, %v", len(got), err)
	}
	must(t, packed.send(ws.OpBinary, want))
	f, err := packed.read()
	must(t, err)
	if got := f.Payload; f.Header.Rsv1() && !bytes.Equal(unpacked(t, got), want) || !f.Header.Rsv1() && !bytes.Equal(got, want) {
		t.Errorf("compressed: %d bytes", len(got))
	}
}
