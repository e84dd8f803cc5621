// SPDX-License-Identifier: Apache-2.0

package core

import (
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// talkAndUpdate sends messages to an end that echoes, and changes keys between them.
func talkAndUpdate(p *peer, r *records) error {
	asked := 0
	for i := range 40 {
		for range i % 3 {
			if err := r.updateKeys(i%2 == 0); err != nil {
				return err
			}
			if i%2 == 0 {
				asked++
			}
		}
		want := strings.Repeat(fmt.Sprint(i), 1+i*100)
		if err := p.send(ws.OpText, []byte(want)); err != nil {
			return err
		}
		if got, _, err := p.message(); err != nil || string(got) != want {
			return fmt.Errorf("message %d: %d bytes, %w", i, len(got), err)
		}
	}
	if r.updates != asked {
		return fmt.Errorf("%d key updates came, %d were asked for", r.updates, asked)
	}
	return nil
}

func TestKeyUpdatesAreFollowedAndAnswered(t *testing.T) {
	t.Parallel()
	t.Run("server", func(t *testing.T) {
		t.Parallel()
		h := start(t, config.Library{})
		_, port := h.secureServer(config.ConnOptions{}, certs().good, echo)
		p, r := joinRecords(t, port)
		must(t, talkAndUpdate(p, r))
	})
	t.Run("client", func(t *testing.T) {
		t.Parallel()
		done := make(chan error, 1)
		url := foreignRecords(t, func(p *peer, r *records) error {
			done <- talkAndUpdate(p, r)
			return p.end()
		})
		h := start(t, config.Library{})
		x := h.client(config.ConnOptions{}, echo)
		if err := x.connectWith(url, trusting(t), nil); err != nil {
			t.Fatal(err)
		}
		must(t, <-done)
		x.destroy()
	})
}

func TestKeyUpdateIsAnsweredThoughNothingIsSent(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	_, port := h.secureServer(config.ConnOptions{}, certs().good, nil)
	_, r := joinRecords(t, port)
	must(t, r.updateKeys(true))
	for r.updates == 0 {
		must(t, r.next())
	}
}

func TestKeyUpdatesDoNotTearWhatManyThreadsSend(t *testing.T) {
	t.Parallel()
	const threads, each = 6, 200
	h := start(t, config.Library{})
	seen := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, seen.listen)
	p, r := joinRecords(t, port)
	x := seen.next(t, border.EventOpen).x
	var sending sync.WaitGroup
	for thread := range threads {
		sending.Go(func() {
			for i := range each {
				message := make([]byte, 8+i*37%5000)
				binary.BigEndian.PutUint32(message, uint32(thread))
				binary.BigEndian.PutUint32(message[4:], uint32(i))
				if err := x.send(ws.OpBinary, message, nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	var next [threads]uint32
	for i := range threads * each {
		if i%10 == 0 {
			must(t, r.updateKeys(true))
			must(t, p.send(ws.OpText, []byte("and a message")))
		}
		m, _, err := p.message()
		must(t, err)
		thread, number := binary.BigEndian.Uint32(m), binary.BigEndian.Uint32(m[4:])
		if number != next[thread] {
			t.Fatalf("thread %d: message %d, want %d", thread, number, next[thread])
		}
		next[thread]++
	}
	sending.Wait()
	for range threads * each / 10 {
		seen.next(t, border.EventMessage)
	}
}

func TestPeerThatAsksForKeyUpdatesAndReadsNoneIsDropped(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	seen := newRecorder()
	_, port := h.secureServer(config.ConnOptions{}, certs().good, func(d *dispatcher, x *handle, e event) {
		if e.kind != border.EventMessage {
			seen.listen(d, x, e)
		}
	})
	p, r := joinRecordsOn(t, narrow(t, port))
	x := seen.next(t, border.EventOpen).x
	// It reads nothing, so all answers wait behind this.
	if err := x.send(ws.OpBinary, make([]byte, 12<<20), nil); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := 0; ; i++ { // until the server has enough
			if r.updateKeys(true) != nil {
				return
			}
			if i%8 == 0 && p.send(ws.OpText, nil) != nil {
				return
			}
		}
	}()
	e := seen.next(t, border.EventError)
	if e.id != fault.IDConnectFailed || e.stage != dial.StageTLS || !strings.Contains(e.message, "key updates") {
		t.Errorf("%d, stage %v: %s", e.id, e.stage, e.message)
	}
	if e := seen.next(t, border.EventClose); e.code != 1006 {
		t.Errorf("code %d", e.code)
	}
	<-ended
}
