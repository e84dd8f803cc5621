// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"compress/flate"
	"crypto/sha512"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
)

// takingClient is a foreign client that compresses with takeover.
type takingClient struct {
	inflating
	sent []byte // what the server remembers
}

func takingClients(t *testing.T, port, count int) (all []*takingClient) {
	t.Helper()
	for range count {
		p, answer := packing(t, port, "permessage-deflate; client_max_window_bits")
		agreed := deflate.Agreed(answer)
		if agreed.ClientNoTakeover {
			t.Fatalf("no takeover: %q", answer)
		}
		t.Cleanup(func() { p.Close() })
		all = append(all, &takingClient{inflating: inflating{peer: p, bits: agreed.ServerBits, keeps: !agreed.ServerNoTakeover}})
	}
	return all
}

// refers is a message as it is compressed with what was sent before.
func (p *takingClient) refers(t *testing.T, message []byte) (payload []byte) {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriterDict(&b, 6, p.sent)
	must(t, err)
	w.Write(message)
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte{0, 0, 0xff, 0xff})
}

// errTold1013 says that the server ended the connection for want of memory.
var errTold1013 = errors.New("closed with 1013")

// asks sends a message, compressed, and wants an answer.
func (p *takingClient) asks(message, payload, answer []byte) error {
	p.SetDeadline(time.Now().Add(deadline))                                             // there are many, and each has its time
	_, failed := p.Write(p.frame(packedFrame(ws.OpBinary, true, bytes.Clone(payload)))) // what is said before is read nevertheless
	p.sent = append(p.sent, message...)
	p.sent = p.sent[max(0, len(p.sent)-deflate.MaxWindow):]
	f, err := p.read()
	if err != nil {
		return errors.Join(failed, err)
	}
	if f.Header.OpCode == ws.OpClose {
		if code, reason := ws.ParseCloseFrameData(f.Payload); code != 1013 {
			return fmt.Errorf("closed with %d %q", code, reason)
		}
		return errTold1013
	}
	got := f.Payload
	if f.Header.Rsv1() {
		got, err = p.inflate(f)
	}
	if err == nil && !bytes.Equal(got, answer) {
		err = fmt.Errorf("%d bytes are answered by %d", len(message), len(got))
	}
	return err
}

// A window takes no more than its size of the budget, and half as much where what is sent is looked up in
// it; all of it goes back.
func TestHistoriesCountInTheMemoryBudget(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	r := newRecorder()
	port := h.compressing(config.ConnOptions{}, takingOver, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventMessage {
			d.echo(x, e)
			return
		}
		r.put(received{x, e})
	})
	before := h.engine.pool.Used()
	const clients = 20
	all := takingClients(t, port, clients)
	message := append(prose(30_000), noise(10_000)...)
	payload := packed(message)
	for _, p := range all {
		for range 2 {
			must(t, p.asks(message, payload, message))
		}
		must(t, p.asks(message, p.refers(t, message), message))
	}
	eventually(t, func() error {
		if n := h.engine.pool.Used() - before; n != clients*5/2*deflate.MaxWindow {
			return fmt.Errorf("%d connections remember %d bytes", clients, n)
		}
		return nil
	})
	if n := h.engine.relief.spare.Load(); n != clients*3/2*deflate.MaxWindow {
		t.Errorf("%d bytes of it could be dropped", n)
	}
	for _, p := range all {
		p.Close()
	}
	eventually(t, func() error {
		if n := h.engine.pool.Used() - before; n != 0 || h.engine.relief.spare.Load() != 0 {
			return fmt.Errorf("%d bytes are left", n)
		}
		return nil
	})
}

// What encoders remember makes room for what decoders must: nobody ends for it.
func TestHistoriesOfEncodersAreDroppedBeforeAnybodyEnds(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Budget: shortBudget, Loops: loops})
			h.stallsAfter(20 * time.Millisecond)
			h.neverAbove(shortBudget + beyond)
			all := takingClients(t, h.compressing(config.ConnOptions{}, takingOver, echo), 180) // 5.6 MiB of what is received, 8.4 of what is sent
			message := append(noise(10_000), prose(30_000)...)
			payload := packed(message)
			for round := range 2 {
				for i, p := range all {
					sends := payload
					if round > 0 && i%8 == 0 { // it knows all that it was sent
						sends = p.refers(t, message)
					}
					if err := p.asks(message, sends, message); err != nil {
						t.Fatalf("round %d, client %d: %v; %d bytes in use", round, i, err, h.engine.pool.Used())
					}
				}
			}
			if n := h.engine.Stats().Relieved; n != 0 {
				t.Errorf("%d connections were ended", n)
			}
		})
	}
}

// More decoders than the budget has room for: those that hold the most end with 1013, all
// others go on, and who comes then gets no takeover.
func TestHistoriesOfDecodersStayWithinTheBudget(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 2} {
		t.Run(fmt.Sprintf("%d loops", loops), func(t *testing.T) {
			t.Parallel()
			h := start(t, config.Library{Budget: shortBudget, Loops: loops})
			h.stallsAfter(time.Hour)
			h.neverAbove(shortBudget + beyond)
			port := h.compressing(config.ConnOptions{}, takingOver, func(d *dispatcher, x *handle, e event) {
				if e.kind == border.EventMessage { // a small answer finds room when memory is short
					if err := x.send(ws.OpBinary, fmt.Appendf(nil, "%x", sha512.Sum512(e.data)), nil); err != nil {
						h.t.Error(err)
					}
				}
			})
			message := append(noise(10_000), prose(30_000)...)
			payload, answer := packed(message), fmt.Appendf(nil, "%x", sha512.Sum512(message))
			all := takingClients(t, port, 350) // 11 MiB
			ended := map[*takingClient]bool{}
			for round := range 2 {
				for i, p := range all {
					if ended[p] {
						continue
					}
					err := p.asks(message, payload, answer)
					switch {
					case err == errTold1013:
						ended[p] = true
						p.Close()
					case err != nil:
						t.Fatalf("round %d, client %d: %v; %d bytes in use", round, i, err, h.engine.pool.Used())
					}
				}
			}
			if n := h.engine.Stats().Relieved; n != uint64(len(ended)) || n < 80 || n > 200 {
				t.Errorf("%d connections were ended, %d heard of it", n, len(ended))
			}
			p, agreement := packing(t, port, "permessage-deflate")
			if agreed := deflate.Agreed(agreement); !agreed.ClientNoTakeover || !agreed.ServerNoTakeover {
				t.Errorf("while memory is short the answer is %q", agreement)
			}
			must(t, p.send(ws.OpBinary, message))
			if f, err := p.read(); err != nil || !bytes.Equal(f.Payload, answer) {
				t.Errorf("%q, %v", f.Payload, err)
			}
		})
	}
}

// Incomplete messages count by what it takes to go on with them, also those of one byte.
func TestIncompleteCompressedMessagesCountInTheMemoryBudget(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{Budget: tinyBudget})
	h.stallsAfter(time.Hour)
	h.neverAbove(tinyBudget + tinyBudget/8 + 64<<10)
	port := h.compressing(config.ConnOptions{}, &config.Compression{}, func(*dispatcher, *handle, event) {})
	before := h.engine.pool.Used()
	begin := func() {
		p, _ := packing(t, port, "permessage-deflate")
		t.Cleanup(func() { p.Close() })
		_, err := p.Write(p.frame(packedFrame(ws.OpBinary, false, packed(prose(10_000))[:1])))
		must(t, err)
	}
	begin()
	each := int64(0)
	eventually(t, func() error {
		if each = h.engine.pool.Used() - before; each < 4<<10 || h.engine.Stats().Open != 1 {
			return fmt.Errorf("an incomplete message takes %d bytes", each)
		}
		return nil
	})
	const clients = 180
	for range clients - 1 {
		begin()
	}
	eventually(t, func() error {
		ended := int64(h.engine.Stats().Relieved)
		if used := h.engine.pool.Used() - before; used != (clients-ended)*each || used > tinyBudget {
			return fmt.Errorf("%d bytes for %d incomplete messages, %d have ended", used, clients-ended, ended)
		}
		return nil
	})
	if ended := h.engine.Stats().Relieved; ended > clients/2+clients/5 {
		t.Errorf("%d of %d connections were ended", ended, clients)
	}
}
