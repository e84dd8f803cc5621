// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"net/netip"
	"strings"
	"testing"
)

// proxyV2 builds a header of version 2.
func proxyV2(command, family byte, rest string) string {
	h := append([]byte("\r\n\r\n\x00\r\nQUIT\n"), 0x20|command, family, 0, 0)
	binary.BigEndian.PutUint16(h[14:], uint16(len(rest)))
	return string(h) + rest
}

const (
	addresses4 = "\xc0\x00\x02\x01\x0a\x00\x00\x01\x12\x34\x00\x50"
	addresses6 = "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01" +
		"\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x12\x34\x00\x50"
)

// summed is a header with a checksum between two other extensions; off is added to it.
func summed(off uint32) string {
	h := []byte(proxyV2(1, 0x11, addresses4+"\x04\x00\x02ab\x03\x00\x04\x00\x00\x00\x00\x05\x00\x01c"))
	at := len(h) - 8
	binary.BigEndian.PutUint32(h[at:], crc32.Checksum(h, crc32.MakeTable(crc32.Castagnoli))+off)
	return string(h)
}

var goodProxies = []struct{ header, client string }{
	{"PROXY TCP4 192.0.2.1 10.0.0.1 4660 80\r\n", "192.0.2.1:4660"},
	{"PROXY TCP6 2001:db8::1 2001:db8::2 4660 80\r\n", "[2001:db8::1]:4660"},
	{"PROXY TCP6 ::ffff:192.0.2.1 ::1 0 80\r\n", "192.0.2.1:0"},
	{"PROXY UNKNOWN\r\n", "invalid AddrPort"},
	{"PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", "invalid AddrPort"},
	{proxyV2(1, 0x11, addresses4), "192.0.2.1:4660"},
	{proxyV2(1, 0x21, addresses6), "[2001:db8::1]:4660"},
	{proxyV2(1, 0x11, addresses4+"\x04\x00\x03abc\x20\x00\x00"), "192.0.2.1:4660"},
	{proxyV2(0, 0x11, addresses4), "invalid AddrPort"},
	{proxyV2(0, 0, ""), "invalid AddrPort"},
	{proxyV2(1, 0, "rest of any kind"), "invalid AddrPort"},
	{proxyV2(1, 0x12, addresses4), "invalid AddrPort"},
	{proxyV2(1, 0x31, strings.Repeat("\x00", 216)), "invalid AddrPort"},
	{proxyV2(1, 0x11, addresses4+"\x04"+"\x1f\xe1"+strings.Repeat("x", 0x1fe1)), "192.0.2.1:4660"}, // 8192 bytes
	{summed(0), "192.0.2.1:4660"},
}

var badProxies = []string{
	"GET / HTTP/1.1\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03aaaaaaaa", "proxy TCP4 192.0.2.1 10.0.0.1 4660 80\r\n",
	"PROXY TCP5 192.0.2.1 10.0.0.1 4660 80\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 4660\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 4660 80 \r\n",
	"PROXY TCP4  192.0.2.1 10.0.0.1 4660 80\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 4660 65536\r\n", "PROXY TCP4 192.0.2.1 10.0.0.1 04660 80\r\n",
	"PROXY TCP4 192.0.2.1 10.0.0.1 -1 80\r\n", "PROXY TCP4 192.0.2.01 10.0.0.1 4660 80\r\n", "PROXY TCP4 ::1 ::1 4660 80\r\n",
	"PROXY TCP6 192.0.2.1 10.0.0.1 4660 80\r\n", "PROXY TCP6 fe80::1%a ::1 4660 80\r\n", "PROXY TCP4 0.0.0.0 10.0.0.1 4660 80\r\n",
	"PROXY TCP4 192.0.2.1 10.0.0.1 4660 80\n\r\n", "PROXY TCP4 192.0.2.1\r10.0.0.1 4660 80\r\n", "PROXY \r\nTCP4 192.0.2.1 10.0.0.1\r\n",
	"PROXY TCP6 ff02::1 ::1 4660 80\r\n", "PROXY UNKNOWN " + strings.Repeat("x", 92) + "\r\n", "PROXY UNKNOWN " + strings.Repeat("x", 200),
	"\r\n\r\n\x00\r\nQUIT\n\x11\x11\x00\x0c" + addresses4, proxyV2(2, 0x11, addresses4), proxyV2(1, 0x41, addresses4), proxyV2(1, 0x13, addresses4),
	proxyV2(1, 0x11, addresses4[:11]), proxyV2(1, 0x21, addresses6[:35]), proxyV2(1, 0x11, addresses4+"\x04\x00"), proxyV2(1, 0x11, addresses4+"\x04\x00\x02a"),
	proxyV2(1, 0x11, addresses4+"\x03\x00\x03abc"), proxyV2(1, 0x11, "\x00\x00\x00\x00\x0a\x00\x00\x01\x12\x34\x00\x50"),
	proxyV2(1, 0x11, addresses4+strings.Repeat("x", 9000)), summed(1),
}

// readProxy reads a header as a server does: never more than was asked for, in cuts.
func readProxy(stream []byte, cut int) (client netip.AddrPort, used int, err error) {
	for {
		client, need, err := ParseProxy(stream[:used])
		if need == 0 || err != nil {
			return client, used, err
		}
		if n := min(need, cut, len(stream)-used); n > 0 {
			used += n
			continue
		}
		return client, used, errShort
	}
}

var errShort = errors.New("the stream has ended")

func TestProxyHeadersAreReadInAnyCutAndNotAByteMore(t *testing.T) {
	t.Parallel()
	for _, c := range goodProxies {
		for _, cut := range []int{1, 2, 7, 16, 1 << 20} {
			client, used, err := readProxy([]byte(c.header+"PROXY GET"), cut)
			if err != nil || used != len(c.header) || client.String() != c.client {
				t.Errorf("%.60q in cuts of %d: %v after %d of %d bytes (%v), want %s", c.header, cut, client, used, len(c.header), err, c.client)
			}
		}
	}
}

func TestMalformedProxyHeadersAreRefused(t *testing.T) {
	t.Parallel()
	for _, header := range badProxies {
		for _, cut := range []int{1, 1 << 20} {
			_, _, err := readProxy([]byte(header), cut)
			var bad ProxyError
			if !errors.As(err, &bad) {
				t.Errorf("%.60q in cuts of %d: %v", header, cut, err)
			}
		}
	}
}

// FuzzProxy looks for panics, for reading on without end or beyond the header, and for
// results that depend on the cuts.
func FuzzProxy(f *testing.F) {
	for _, c := range goodProxies {
		f.Add([]byte(c.header), 3)
	}
	for _, header := range badProxies {
		f.Add([]byte(header), 1)
	}
	f.Fuzz(func(t *testing.T, stream []byte, cut int) {
		before := bytes.Clone(stream)
		client, used, err := readProxy(stream, 1<<20)
		if !bytes.Equal(before, stream) {
			t.Fatal("the header was changed")
		}
		if used > maxProxyHeader || err == nil && used < minProxyLine || client.IsValid() && err != nil {
			t.Fatalf("%v after %d bytes, %v", client, used, err)
		}
		cut = max(cut, 1)
		client2, used2, err2 := readProxy(stream, cut)
		if client2 != client || err == nil && used2 != used || (err == nil) != (err2 == nil) {
			t.Fatalf("in cuts of %d: %v after %d (%v), at once %v after %d (%v)", cut, client2, used2, err2, client, used, err)
		}
	})
}
