// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
)

// Bytes of RFC 1928 and RFC 1929.
const (
	socksVersion     = 5
	socksNoAuth      = 0    // method: none
	socksPassword    = 2    // method: user name and password
	socksNoMethod    = 0xff // none of the methods is acceptable
	socksAuthVersion = 1
	socksConnect     = 1
	socksIPv4        = 1
	socksName        = 3
	socksIPv6        = 4
)

// socksReplies are the texts of RFC 1928 6.
var socksReplies = [...]string{
	1: "a general failure of the proxy",
	2: "its rules do not allow the connection",
	3: "the network is unreachable",
	4: "the host is unreachable",
	5: "the connection was refused",
	6: "the time to live expired",
	7: "it does not know the command",
	8: "it does not know this kind of address",
}

// askSOCKS has a SOCKS5 proxy connect to host, which it resolves when it is a
// name. All replies have a known length, so not a byte behind them is read.
func askSOCKS(rw io.ReadWriter, p *Proxy, host string, port uint16) error {
	s := socks{rw}
	address, err := socksAddress(host)
	if err != nil {
		return err
	}
	if err := s.agree(p); err != nil {
		return err
	}
	request := append([]byte{socksVersion, socksConnect, 0}, address...)
	if err := s.send("the request", binary.BigEndian.AppendUint16(request, port)); err != nil {
		return err
	}
	return s.reply()
}

// socksAddress writes a host as RFC 1928 5 does.
func socksAddress(host string) ([]byte, error) {
	a, err := netip.ParseAddr(host)
	switch {
	case err == nil && a.Is4():
		return append([]byte{socksIPv4}, a.AsSlice()...), nil
	case err == nil:
		return append([]byte{socksIPv6}, a.AsSlice()...), nil
	case len(host) > 255:
		return nil, &proxyError{text: "the host name has " + strconv.Itoa(len(host)) + " bytes, SOCKS5 takes at most 255"}
	}
	return append([]byte{socksName, byte(len(host))}, host...), nil // fits: checked above
}

// socks talks with a SOCKS5 proxy.
type socks struct{ rw io.ReadWriter }

func (s socks) send(what string, b []byte) error {
	if _, err := s.rw.Write(b); err != nil {
		return fmt.Errorf("sending %s to the proxy: %w", what, withoutOp(err))
	}
	return nil
}

func (s socks) read(what string, b []byte) error {
	n, err := io.ReadFull(s.rw, b)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &proxyError{text: fmt.Sprintf("the proxy ended the connection after %d bytes of its %s", n, what)}
	}
	return fmt.Errorf("reading the proxy's %s: %w", what, withoutOp(err))
}

// agree settles the method (RFC 1928 3) and does RFC 1929 if the proxy wants it.
func (s socks) agree(p *Proxy) error {
	hello := []byte{socksVersion, 1, socksNoAuth}
	if p.authenticates() {
		hello = []byte{socksVersion, 2, socksNoAuth, socksPassword}
	}
	if err := s.send("the greeting", hello); err != nil {
		return err
	}
	var b [2]byte
	if err := s.read("choice of a method", b[:]); err != nil {
		return err
	}
	switch {
	case b[0] != socksVersion:
		return &proxyError{text: fmt.Sprintf("the proxy does not speak SOCKS5; its reply begins with %#02x", b[0])}
	case b[1] == socksNoAuth:
		return nil
	case b[1] == socksPassword && p.authenticates():
		return s.authenticate(p)
	case b[1] == socksNoMethod && p.authenticates():
		return &proxyError{text: "the proxy takes neither a password nor anonymous clients"}
	case b[1] == socksNoMethod:
		return &proxyError{text: "the proxy wants authentication"}
	}
	return &proxyError{text: fmt.Sprintf("the proxy chose the method %d, which was not offered", b[1])}
}

// authenticate is RFC 1929 2.
func (s socks) authenticate(p *Proxy) error {
	b := []byte{socksAuthVersion, byte(len(p.Username))}        // fits: checked when it was read
	b = append(append(b, p.Username...), byte(len(p.Password))) // fits: checked when it was read
	b = append(b, p.Password...)
	defer clear(b)
	if err := s.send("the password", b); err != nil {
		return err
	}
	var reply [2]byte
	if err := s.read("answer to the password", reply[:]); err != nil {
		return err
	}
	// Some proxies answer with the version of SOCKS instead.
	if reply[0] != socksAuthVersion && reply[0] != socksVersion {
		return &proxyError{text: fmt.Sprintf("the proxy's answer to the password begins with %#02x", reply[0])}
	}
	if reply[1] != 0 {
		return &proxyError{text: "the proxy does not take user name and password"}
	}
	return nil
}

// reply reads the answer to the request (RFC 1928 6) with the address that it
// ends with, which tells nothing that matters here.
func (s socks) reply() error {
	const what = "reply to the request"
	var b [5]byte // the last one is the first of the address
	// A refusal may be cut short behind its code.
	if err := s.read(what, b[:2]); err != nil {
		return err
	}
	switch {
	case b[0] != socksVersion:
		return &proxyError{text: fmt.Sprintf("the proxy's reply begins with %#02x", b[0])}
	case b[1] != 0 && int(b[1]) < len(socksReplies):
		return &proxyError{text: fmt.Sprintf("the proxy refuses: %s (%d)", socksReplies[b[1]], b[1])}
	case b[1] != 0:
		return &proxyError{text: fmt.Sprintf("the proxy refuses for a reason that RFC 1928 does not know (%d)", b[1])}
	}
	if err := s.read(what, b[2:]); err != nil {
		return err
	}
	rest := 0 // of the address, with two bytes of port
	switch b[3] {
	case socksIPv4:
		rest = 4 + 2 - 1
	case socksIPv6:
		rest = 16 + 2 - 1
	case socksName:
		rest = int(b[4]) + 2
	default:
		return &proxyError{text: fmt.Sprintf("the proxy's reply has an address of the unknown kind %d", b[3])}
	}
	return s.read(what, make([]byte, rest))
}
