// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"libws/core/border"
	"libws/core/config"
)

// However many of a client come by a proxy at once, each refused one is counted, and
// all that they hold is given back.
func TestACrowdBehindAProxyLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, secured := range []bool{false, true} {
		t.Run(fmt.Sprintf("TLS %v", secured), func(t *testing.T) {
			t.Parallel()
			h, r := start(t, config.Library{Loops: 2}), newRecorder()
			o := config.ListenOptions{Limits: config.ListenLimits{PerClient: 1}, Front: config.FrontOptions{Trusted: "127.0.0.0/8", Source: config.AddressProxyProtocol}}
			if secured {
				o.TLS.Own = certs().good.inMemory()
			}
			server, port := h.listeningWith(config.ConnOptions{}, o, r.listen)
			over := func(header string) (net.Conn, error) {
				c := rawTo(t, port)
				io.WriteString(c, header)
				if !secured {
					return c, nil
				}
				s := tls.Client(c, foreignConfig(tls.VersionTLS13))
				return s, s.Handshake()
			}
			only, err := over("PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n")
			must(t, err)
			p, err := upgradeOver(only)
			must(t, err)
			if x := r.next(t, border.EventOpen).x; peerOf(t, x).String() != "192.0.2.1:1" {
				t.Errorf("the client is %v", peerOf(t, x))
			}
			const crowd = 2 * maxRefused
			var all sync.WaitGroup
			for i := range crowd {
				all.Go(func() {
					c, err := over("PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n")
					if err == nil && i%4 != 0 { // the others leave
						c.Write([]byte(upgradeRequest))
						if a := answered(c); a != "" && !strings.HasPrefix(a, "HTTP/1.1 429 ") {
							t.Errorf("the answer is %q", a)
						}
					}
					c.Close()
				})
			}
			all.Wait()
			eventually(t, func() error { // those that left at once may still come
				if n := h.engine.counters.refused.Load(); n != crowd {
					return fmt.Errorf("%d were refused, %d came", n, crowd)
				}
				return nil
			})
			h.nothingLeft(1)
			p.Close()
			h.nothingLeft(0)
			eventually(t, func() error {
				if connections, addresses := server.server.admission.Inside(); connections != 0 || addresses != 0 {
					return fmt.Errorf("%d connections of %d addresses are left", connections, addresses)
				}
				return nil
			})
		})
	}
}

// A stop and a destroy do not wait for what a proxy has still to say.
func TestStopWhileAProxyIsSilent(t *testing.T) {
	t.Parallel()
	for _, secured := range []bool{false, true} {
		h := start(t, config.Library{})
		o := config.ListenOptions{Front: config.FrontOptions{Trusted: "127.0.0.1", Source: config.AddressProxyProtocol}}
		if secured {
			o.TLS.Own = certs().good.inMemory()
		}
		server, port := h.listeningWith(config.ConnOptions{}, o, nil)
		for _, said := range []string{"", "PROXY TCP4"} {
			io.WriteString(rawTo(t, port), said)
		}
		eventually(t, func() error {
			if n := h.engine.counters.sockets.Load(); n != 2 {
				return fmt.Errorf("%d connections", n)
			}
			return nil
		})
		done := newMailbox[event]()
		if err := server.stopServer(done.put); err != nil {
			t.Fatal(err)
		}
		done.take(t, "completion of the stop")
		h.nothingLeft(0)
	}
}
