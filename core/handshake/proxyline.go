// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"net/netip"
)

// The PROXY protocol (haproxy.org, proxy-protocol.txt) is what a proxy says in front of
// all else, TLS included, about the client of a connection: a line of text in version 1,
// a binary header in version 2.

const (
	maxProxyLine   = 107     // bytes of version 1 with CR LF, as the specification says
	minProxyLine   = 15      // "PROXY UNKNOWN" with CR LF
	maxProxyHeader = 8 << 10 // bytes of version 2 with its extensions
	proxyHead      = 16      // bytes of version 2 that say how many follow
)

var (
	proxySignature = []byte("\r\n\r\n\x00\r\nQUIT\n")
	proxyWord      = []byte("PROXY ")
	castagnoli     = crc32.MakeTable(crc32.Castagnoli)
)

// ProxyError says what is wrong with a header of the PROXY protocol.
type ProxyError string

func (e ProxyError) Error() string { return string(e) }

// ParseProxy reads a header of the PROXY protocol from all that has come of it. As long
// as it is not complete, need is how many more bytes belong to it at least: who reads no more
// than these never has a byte of what follows. 0 is the end: client is whom the proxy
// names, and not valid when it speaks for itself (LOCAL, UNKNOWN) or for somebody who has no
// address. buf is only read; it has not more bytes than were asked for.
func ParseProxy(buf []byte) (client netip.AddrPort, need int, err error) {
	switch n := len(buf); {
	case n == 0:
		return client, minProxyLine, nil
	case bytes.HasPrefix(buf, proxyWord[:min(n, len(proxyWord))]):
		return parseProxyLine(buf)
	case bytes.HasPrefix(buf, proxySignature[:min(n, len(proxySignature))]):
		return parseProxyHeader(buf)
	}
	return client, 0, ProxyError("there is no header")
}

// parseProxyLine is version 1.
func parseProxyLine(buf []byte) (client netip.AddrPort, need int, err error) {
	line, ended := bytes.CutSuffix(buf, []byte("\r\n"))
	switch {
	case bytes.IndexByte(line, '\n') >= 0 || bytes.IndexByte(line[:max(len(line)-1, 0)], '\r') >= 0:
		return client, 0, ProxyError("the line does not end in CR LF")
	case !ended && len(buf) >= maxProxyLine:
		return client, 0, ProxyError("the line is longer than 107 bytes")
	case len(buf) > maxProxyLine:
		return client, 0, ProxyError("the line is longer than 107 bytes")
	case !ended && len(buf) < minProxyLine:
		return client, minProxyLine - len(buf), nil
	case !ended && buf[len(buf)-1] == '\r':
		return client, 1, nil
	case !ended:
		return client, min(2, maxProxyLine-len(buf)), nil
	}
	words := bytes.Split(line[len(proxyWord):], []byte{' '})
	switch kind := string(words[0]); {
	case kind == "UNKNOWN":
		return client, 0, nil // whatever follows
	case kind != "TCP4" && kind != "TCP6":
		return client, 0, ProxyError("the line names neither TCP4, TCP6 nor UNKNOWN")
	case len(words) != 5:
		return client, 0, ProxyError("the line does not name two addresses and two ports")
	}
	for i := range 2 { // the client, and to whom it came
		a, err := netip.ParseAddr(string(words[1+i]))
		port, ok := parsePort(string(words[3+i]))
		if err != nil || a.Zone() != "" || a.Is4() != (words[0][3] == '4') || !ok {
			return netip.AddrPort{}, 0, ProxyError("the line has a malformed address or port")
		}
		if i == 0 {
			client = netip.AddrPortFrom(a, port)
		}
	}
	return named(client)
}

// parseProxyHeader is version 2.
func parseProxyHeader(buf []byte) (client netip.AddrPort, need int, err error) {
	if len(buf) < proxyHead {
		return client, proxyHead - len(buf), nil
	}
	command, family, size := buf[12], buf[13], int(binary.BigEndian.Uint16(buf[14:]))
	switch {
	case command>>4 != 2:
		return client, 0, ProxyError(fmt.Sprintf("the header is of version %d", command>>4))
	case command&15 > 1:
		return client, 0, ProxyError(fmt.Sprintf("command %d is not known", command&15))
	case proxyHead+size > maxProxyHeader:
		return client, 0, ProxyError(fmt.Sprintf("the header has %d bytes, the limit is %d", proxyHead+size, maxProxyHeader))
	case len(buf) < proxyHead+size:
		return client, proxyHead + size - len(buf), nil
	}
	switch {
	case command&15 == 0 || family == 0: // LOCAL or UNSPEC: what follows is to be ignored
		return client, 0, nil
	case family>>4 > 3 || family&15 > 2:
		return client, 0, ProxyError(fmt.Sprintf("address family %#x is not known", family))
	}
	rest := buf[proxyHead : proxyHead+size]
	addresses := [...]int{0, 12, 36, 216}[family>>4] // bytes of both with their ports
	if len(rest) < addresses {
		return client, 0, ProxyError("the header ends inside its addresses")
	}
	if err := checkExtensions(buf[:proxyHead+size], proxyHead+addresses); err != nil {
		return client, 0, err
	}
	switch {
	case family&15 != 1: // nothing that comes by TCP
		return client, 0, nil
	case family>>4 == 1:
		client = netip.AddrPortFrom(netip.AddrFrom4([4]byte(rest)), binary.BigEndian.Uint16(rest[8:]))
	case family>>4 == 2:
		client = netip.AddrPortFrom(netip.AddrFrom16([16]byte(rest)), binary.BigEndian.Uint16(rest[32:]))
	default:
		return client, 0, nil // a Unix socket
	}
	return named(client)
}

// named makes the address of a client canonical. One that nobody can have is nobody's.
func named(client netip.AddrPort) (netip.AddrPort, int, error) {
	a, ok := known(client.Addr(), client.Port())
	if !ok {
		return netip.AddrPort{}, 0, ProxyError(fmt.Sprintf("%v is no address of a client", client.Addr()))
	}
	return a, 0, nil
}

// checkExtensions walks over what stands behind the addresses of a header of version 2:
// type, size and value each. Of all only the checksum says something to us.
func checkExtensions(header []byte, at int) error {
	const checksum = 3
	for at < len(header) {
		if len(header)-at < 3 {
			return ProxyError("the header ends inside an extension")
		}
		kind, size := header[at], int(binary.BigEndian.Uint16(header[at+1:]))
		at += 3
		if len(header)-at < size {
			return ProxyError("the header ends inside an extension")
		}
		if kind == checksum {
			if size != 4 {
				return ProxyError("the checksum has not 4 bytes")
			}
			sum := crc32.Update(0, castagnoli, header[:at])
			sum = crc32.Update(sum, castagnoli, make([]byte, 4)) // it counts as zeros
			sum = crc32.Update(sum, castagnoli, header[at+4:])
			if sum != binary.BigEndian.Uint32(header[at:]) {
				return ProxyError("the checksum is wrong")
			}
		}
		at += size
	}
	return nil
}
