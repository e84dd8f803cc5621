// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"libws/core/fd"
	"libws/core/zone"
)

// Way is which addresses sockets connect to, and from where. The zero value leaves it to
// names and routes.
type Way struct {
	// Addresses are connected to instead of what the target's host resolves to; IPv4 or
	// IPv6, in this order. All else is the target's own: Host, TLS, whether there is a proxy.
	// A proxy is asked for the first of them.
	Addresses []string
	// Local is an address of this host that sockets are bound to; "": the system's choice.
	Local string
	// Family is 4 or 6 for addresses of IPv4 or IPv6 only; 0: both.
	Family int
	// Socket has all else; Local of it is set by Check.
	Socket fd.Options

	addresses []netip.Addr // of Addresses
}

// WayError is a member of Way that cannot be used.
type WayError struct {
	Field string // "addresses", "local", "family", "interface"
	Text  string // what is wrong with it
}

// Error says which member is wrong and why.
func (e *WayError) Error() string { return e.Field + ": " + e.Text }

// maxAddresses is how many may be given.
const maxAddresses = 32

// maxInterface is the longest name of an interface, IFNAMSIZ less its zero.
const maxInterface = 15

// Check reads the addresses, and says what cannot be used; the error is a *WayError.
func (w *Way) Check() error {
	if w.Family != 0 && w.Family != 4 && w.Family != 6 {
		return &WayError{"family", strconv.Itoa(w.Family) + " is none"}
	}
	if len(w.Addresses) > maxAddresses {
		return &WayError{"addresses", strconv.Itoa(len(w.Addresses)) + " are given, at most " + strconv.Itoa(maxAddresses) + " are taken"}
	}
	w.addresses = nil
	for _, text := range w.Addresses {
		a, err := w.parse("addresses", text)
		if err != nil {
			return err
		}
		w.addresses = append(w.addresses, a)
	}
	if w.Socket.Local = (netip.Addr{}); w.Local != "" {
		a, err := w.parse("local", w.Local)
		if err != nil {
			return err
		}
		w.Socket.Local = a
		for _, to := range w.addresses {
			if to.Is4() != a.Is4() {
				return &WayError{"local", strconv.Quote(w.Local) + " is of another family than " + to.String()}
			}
		}
	}
	if strings.ContainsAny(w.Socket.Interface, "/ ") || len(w.Socket.Interface) > maxInterface {
		return &WayError{"interface", strconv.Quote(w.Socket.Interface[:min(len(w.Socket.Interface), 40)]) + " can be the name of none"}
	}
	return nil
}

// parse reads an address of the right family.
func (w *Way) parse(field, text string) (a netip.Addr, err error) {
	a, bad := netip.ParseAddr(text)
	if bad != nil {
		return a, &WayError{field, strconv.Quote(text[:min(len(text), 64)]) + " is no IPv4 or IPv6 address"}
	}
	a = a.Unmap()
	if !w.takes(a) {
		return a, &WayError{field, text + " is not of IPv" + strconv.Itoa(w.Family)}
	}
	if _, ok := zone.Number(a.Zone()); !ok && a.Zone() != "" {
		return a, &WayError{field, text + ": there is no such interface"}
	}
	return a, nil
}

// takes tells whether a socket may connect to a.
func (w *Way) takes(a netip.Addr) bool {
	return w.Family == 0 || a.Is4() == (w.Family == 4)
}

// among are those of addresses that a socket may connect to. The slice is a new one.
func (w *Way) among(addresses []netip.Addr) ([]netip.Addr, error) {
	family, left := w.Family, []netip.Addr(nil)
	if local := w.Socket.Local; family == 0 && local.IsValid() {
		family = 6
		if local.Is4() {
			family = 4
		}
	}
	for _, a := range addresses {
		if a = a.Unmap(); family == 0 || a.Is4() == (family == 4) {
			left = append(left, a)
		}
	}
	switch {
	case len(addresses) == 0:
		return nil, errors.New("the name has no address")
	case len(left) == 0:
		return nil, errors.New("it has no IPv" + strconv.Itoa(family) + " address")
	}
	return left, nil
}

// proxied is the host that a proxy is asked to connect to: that of t, unless Addresses say
// another.
func (w *Way) proxied(t *Target) string {
	if len(w.addresses) > 0 {
		return w.addresses[0].WithZone("").String()
	}
	return t.host()
}

// ownName tells whether a name is one of this host, which nobody is asked about: localhost
// and what is below it (RFC 6761 6.3).
func ownName(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// ownAddresses are the addresses of such a name. Most servers of tests listen at the first one only.
var ownAddresses = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
