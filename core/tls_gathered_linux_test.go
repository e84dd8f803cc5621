// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
)

// everyRole is bothRoles, plain and over TLS.
func everyRole(t *testing.T, o config.ConnOptions, test func(t *testing.T, s slow)) {
	bothRoles(t, o, test)
	t.Run("server over TLS", func(t *testing.T) {
		t.Parallel()
		test(t, asSecureServer(t, o, nil))
	})
	t.Run("client over TLS", func(t *testing.T) {
		t.Parallel()
		peers, done := make(chan *peer, 1), make(chan struct{})
		url := foreignSecure(t, foreignConfig(tls.VersionTLS13), nil, func(p *peer, _ *tls.Conn) error {
			peers <- p
			<-done
			return nil
		})
		t.Cleanup(func() { close(done) }) // before foreignSecure waits for its goroutines
		x, r := start(t, config.Library{}).secured(o, url)
		test(t, slow{x, r, <-peers})
	})
}

// asSecureServer is asServer over TLS. wrap as for joinSecure.
func asSecureServer(t *testing.T, o config.ConnOptions, wrap func(net.Conn) net.Conn) slow {
	t.Helper()
	h := start(t, config.Library{})
	r := newRecorder()
	_, port := h.secureServer(o, certs().good, r.listen)
	p, _ := joinSecure(t, port, foreignConfig(tls.VersionTLS13), wrap)
	return slow{r.next(t, border.EventOpen).x, r, p}
}

// recordCounter counts the records of application data that come.
type recordCounter struct {
	net.Conn
	header []byte // of the next record, as far as it has come
	skip   int    // bytes of the last one that are still to come
	count  int
}

func (c *recordCounter) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for at := p[:n]; len(at) > 0; {
		if c.skip > 0 {
			k := min(c.skip, len(at))
			c.skip, at = c.skip-k, at[k:]
			continue
		}
		c.header, at = append(c.header, at[0]), at[1:]
		if len(c.header) == 5 {
			if c.header[0] == recordApplication {
				c.count++
			}
			c.skip, c.header = int(binary.BigEndian.Uint16(c.header[3:])), c.header[:0]
		}
	}
	return n, err
}

// asCountedServer is asSecureServer to whose client the records are counted.
func asCountedServer(t *testing.T) (s slow, counter *recordCounter) {
	t.Helper()
	s = asSecureServer(t, config.ConnOptions{}, func(conn net.Conn) net.Conn {
		counter = &recordCounter{Conn: conn}
		return counter
	})
	return s, counter
}

// leaveInRecords lets a thread gather so many messages and leave, and checks in how many records they come.
func leaveInRecords(t *testing.T, s slow, counter *recordCounter, messages, records int, format string) {
	t.Helper()
	s.offered(t)
	g, before := newGatherer(s.x.host), counter.count
	var want []string
	for i := range messages {
		want = append(want, fmt.Sprintf(format, i))
		if !g.send(s.x, ws.OpBinary, []byte(want[i])) {
			t.Fatal("it is not gathered")
		}
	}
	g.leave()
	s.expect(t, want...)
	if n := counter.count - before; n != records {
		t.Errorf("%d records", n)
	}
}

func TestWhatIsGatheredOverTLSLeavesInOneRecord(t *testing.T) {
	t.Parallel()
	s, counter := asCountedServer(t)
	leaveInRecords(t, s, counter, 100, 1, "%d")
}

// More than a record has room for leaves in as few as there can be.
func TestMuchThatIsGatheredOverTLSLeavesInFullRecords(t *testing.T) {
	t.Parallel()
	s, counter := asCountedServer(t)
	large := strings.Repeat(" ", 200_000)
	must2(t, s.x.send(ws.OpBinary, []byte(large), nil)) // from here on crypto/tls makes records of the largest size
	s.expect(t, large)
	leaveInRecords(t, s, counter, 60, 4, "%1000d") // 60,240 bytes with their headers
}

// The thread that has gathered for a connection that ends may use its outbox anew before the loop has ended it.
func TestADestroyedConnectionOverTLSLeavesTheOutboxToItsThread(t *testing.T) {
	t.Parallel()
	s := asSecureServer(t, config.ConnOptions{}, nil)
	s.offered(t)
	g := newGatherer(s.x.host)
	s.x.onLoop(func() { // which cannot end it meanwhile
		s.gather(t, g, "last words")
		s.x.destroy()
		g.leave()
		clear(border.Memory(g.box.Bytes, g.box.BytesCap))
	})
	s.expect(t, "last words")
}

// Somebody changes the state of the connection while a frame is gathered, and somebody else sends before the host
// has come to core.
func TestWhoSendsOverTLSTakesOverWhatTheHostIsAboutToHandOver(t *testing.T) {
	t.Parallel()
	s := asSecureServer(t, config.ConnOptions{}, nil)
	s.offered(t)
	g := newGatherer(s.x.host)
	s.gather(t, g, "one")
	writing := func() { s.x.block.Deferred() }
	handing := func() { must2(t, s.x.conn.Send(ws.OpBinary, []byte("three"), border.Completion{})) }
	s.x.writing.Store(&writing)
	s.x.handing.Store(&handing)
	s.gather(t, g, "two")
	s.x.writing.Store(nil)
	s.x.handing.Store(nil)
	s.expect(t, "one", "two", "three")
	s.gather(t, g, "four")
	g.leave()
	s.expect(t, "four")
	if n := s.x.block.Buffered(); n != 0 {
		t.Errorf("%d bytes wait", n)
	}
}

// Nothing accepted is missing before a Close frame, also when the host is about to hand over the first frame of its list.
func TestACloseOverTLSComesBehindTheFrameThatIsGathered(t *testing.T) {
	t.Parallel()
	s := asSecureServer(t, config.ConnOptions{}, nil)
	s.offered(t)
	g := newGatherer(s.x.host)
	var closing sync.WaitGroup
	writing := func() {
		closing.Go(func() {
			if err := s.x.conn.Close(1000, "", border.Completion{}); err != nil {
				t.Error(err)
			}
		})
		eventually(t, func() error {
			if s.x.block.Open() {
				return errFull
			}
			return nil
		})
	}
	s.x.writing.Store(&writing)
	if !g.send(s.x, ws.OpBinary, []byte("last words")) {
		t.Fatal("it is not gathered")
	}
	closing.Wait()
	s.expect(t, "last words")
	if _, op, err := s.peer.message(); err == nil {
		t.Errorf("%v came, not a Close frame", op)
	}
	g.leave()
}

// A connection on which something waits unencrypted is not full for others.
func TestWhatIsGatheredOverTLSFillsNoQueue(t *testing.T) {
	t.Parallel()
	s := asSecureServer(t, config.ConnOptions{MaxBuffered: 3000}, nil)
	s.offered(t)
	g := newGatherer(s.x.host)
	var want []string
	for i := range 40 {
		want = append(want, fmt.Sprintf("%400d", i))
		if i%8 == 7 { // seven of them wait
			must2(t, s.x.conn.Send(ws.OpBinary, []byte(want[i]), border.Completion{}))
		} else {
			s.gather(t, g, want[i])
		}
	}
	g.leave()
	s.expect(t, want...)
}
