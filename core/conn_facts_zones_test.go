// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
)

// linkLocal is an address of this machine that needs a zone, and its interface.
func linkLocal(t *testing.T) (netip.Addr, net.Interface) {
	t.Helper()
	all, err := net.Interfaces()
	must(t, err)
	for _, i := range all {
		addresses, err := i.Addrs()
		must(t, err)
		for _, a := range addresses {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is6() && p.Addr().IsLinkLocalUnicast() && i.Flags&net.FlagUp != 0 {
				return p.Addr(), i
			}
		}
	}
	t.Skip("this machine has no link-local address")
	return netip.Addr{}, net.Interface{}
}

func TestZonesAreTakenAndToldWhereverAnAddressIs(t *testing.T) {
	t.Parallel()
	ip, i := linkLocal(t)
	named := ip.WithZone(i.Name).String()
	for _, address := range []string{named, ip.WithZone(strconv.Itoa(i.Index)).String()} {
		h := start(t, config.Library{})
		accepted := newRecorder()
		server := h.newServer(config.ConnOptions{}, accepted.listen)
		done := newMailbox[event]()
		// A proxy is trusted by the same address, and says nothing.
		o := config.ListenOptions{IP: address, Front: config.FrontOptions{Source: config.AddressXForwardedFor, Trusted: address}}
		if err := server.startServer(o, done.put); err != nil {
			t.Fatalf("%s: %v", address, err)
		}
		if e := done.take(t, "completion of the start"); e.id != 0 {
			t.Fatalf("%s: %+v", address, e)
		}
		info, bad := server.server.Listener(0)
		if bad != nil || info.Address != named {
			t.Errorf("%s: listens on %q, %v", address, info.Address, bad)
		}
		client, _ := h.connected(config.ConnOptions{}, fmt.Sprintf("ws://[%s]:%d", strings.Replace(address, "%", "%25", 1), info.Port))
		other := accepted.next(t, border.EventOpen).x
		for _, c := range []*Conn{client.conn, other.conn} {
			for _, kind := range []TextKind{TextRemoteAddress, TextPeerAddress, TextLocalAddress} {
				if got, bad := c.Text(kind); bad != nil || !strings.HasPrefix(got, "["+named+"]:") {
					t.Errorf("%s: text %d is %q, %v", address, kind, got, bad)
				}
			}
		}
	}
}

func TestZoneThatNoInterfaceHasIsRefused(t *testing.T) {
	t.Parallel()
	h := start(t, config.Library{})
	server := h.newServer(config.ConnOptions{}, nil)
	if bad := server.startServer(config.ListenOptions{IP: "fe80::1%nowhere"}, nil); bad == nil || bad.ID != fault.IDListenIP || !strings.Contains(bad.Text, `"nowhere"`) {
		t.Error(bad)
	}
	done := newMailbox[event]()
	if bad := h.client(config.ConnOptions{}, nil).connect("ws://[fe80::1%25nowhere]/", done.put); bad != nil {
		t.Fatal(bad)
	}
	if e := done.take(t, "completion"); e.id != fault.IDConnectFailed || !strings.Contains(e.message, `"nowhere"`) {
		t.Errorf("%+v", e)
	}
}
