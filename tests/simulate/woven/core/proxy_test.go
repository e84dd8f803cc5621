// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"strconv"
	"time"

	"libws/core/dial"
	simulated "libws/tests/simulate/shim/time"
	"libws/tests/simulate/world"
)

// proxyPort is where a proxy listens that speaks CONNECT and SOCKS5, well or badly.
const proxyPort = 8001

// byProxy is a way by the proxy.
func byProxy() dial.ProxyOptions {
	p := dial.Proxy{Kind: dial.ProxyKind(world.Draw(2)), Host: "127.0.0.1", Port: proxyPort}
	if world.Draw(2) == 1 {
		p.Username, p.Password = "user", "password"
	}
	return dial.ProxyOptions{Mode: dial.ProxyExplicit, Proxy: p}
}

// listen has each stream to a port treated by a task, until the run is about to end.
func (r *run) listen(port uint16, name string, treat func(s *world.Stream)) {
	l, errno := world.Listen(netip.AddrPortFrom(loopback, port))
	if errno != 0 {
		world.Fail("%v", errno)
	}
	for world.Block("accepts", world.Forever, func() bool { return r.over || l.Readable() }) && !r.over {
		if s, errno := l.Accept(); errno == 0 {
			s.Owner = "raw"
			world.Go(name, func() { treat(world.Waiting(s)) })
		}
	}
	l.Close()
}

// relay is what the proxy does for one client.
func (r *run) relay(s *world.Stream) {
	defer s.Close()
	s.SetDeadline(simulated.Now().Add(2 * time.Second))
	manner := world.Draw(12)
	if manner == 1 {
		s.Read(make([]byte, 1))
		world.Sleep(time.Duration(world.Draw(1000)) * time.Millisecond) // and says nothing
		return
	}
	first := []byte{0}
	if _, err := io.ReadFull(s, first); err != nil {
		return
	}
	asked := askedByHTTP
	if first[0] == 5 {
		asked = askedBySOCKS
	}
	port, agreed, refused, err := asked(s)
	if err != nil {
		return
	}
	say := func(answer []byte) {
		if manner == 2 {
			s.Write(answer[:world.Draw(len(answer))])
			s.Close()
			return
		}
		for len(answer) > 0 {
			n := len(answer)
			if manner == 3 {
				n = 1
			}
			s.Write(answer[:n])
			answer = answer[n:]
		}
	}
	if manner == 4 {
		say([]byte("\x05\xff is no answer of either\r\n\r\n"))
		return
	}
	f, errno := world.Connect(netip.AddrPortFrom(loopback, port))
	if errno != 0 || manner == 5 {
		if errno == 0 {
			f.Close()
		}
		say(refused)
		return
	}
	f.Owner = "raw"
	to := world.Waiting(f)
	defer to.Close()
	if say(agreed); manner == 2 {
		return
	}
	s.SetDeadline(time.Time{})
	left := 2
	pump := func(from, to *world.Stream) {
		defer func() { left-- }()
		var b [4096]byte
		for {
			n, err := from.Read(b[:])
			if n > 0 {
				if _, err := to.Write(b[:n]); err != nil {
					from.File().Break()
					return
				}
			}
			switch {
			case errors.Is(err, io.EOF):
				to.CloseWrite()
				return
			case err != nil:
				to.File().Break()
				return
			}
		}
	}
	world.Go("relay", func() { pump(to, s) })
	pump(s, to)
	world.Block("relays the other way", world.Forever, func() bool { return left == 0 })
}

// askedByHTTP reads CONNECT behind its first letter, RFC 9110 9.3.6.
func askedByHTTP(s *world.Stream) (port uint16, agreed, refused []byte, err error) {
	agreed, refused = []byte("HTTP/1.1 200 Connection established\r\n\r\n"), []byte("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
	if world.Draw(4) == 1 {
		agreed = append([]byte("HTTP/1.1 100 Continue\r\n\r\n"), agreed...)
	}
	var head []byte
	for b := []byte{0}; !bytes.HasSuffix(head, []byte("\r\n\r\n")); head = append(head, b...) {
		if _, err := io.ReadFull(s, b); err != nil {
			return 0, nil, nil, err
		}
	}
	target, _, _ := bytes.Cut(head[len("ONNECT "):], []byte(" "))
	n, err := strconv.ParseUint(string(target[bytes.LastIndexByte(target, ':')+1:]), 10, 16)
	return uint16(n), agreed, refused, err
}

// askedBySOCKS reads what follows the version, RFC 1928 and 1929.
func askedBySOCKS(s *world.Stream) (port uint16, agreed, refused []byte, err error) {
	agreed, refused = []byte{5, 0, 0, 1, 127, 0, 0, 1, 1, 1}, []byte{5, byte(1 + world.Draw(9)), 0, 1, 0, 0, 0, 0, 0, 0}
	read := func(n int) []byte {
		b := make([]byte, n)
		if err == nil {
			_, err = io.ReadFull(s, b)
		}
		return b
	}
	methods := read(int(read(1)[0]))
	if bytes.IndexByte(methods, 2) >= 0 {
		s.Write([]byte{5, 2})
		read(1)
		read(int(read(1)[0]))
		read(int(read(1)[0]))
		s.Write([]byte{1, 0})
	} else {
		s.Write([]byte{5, 0})
	}
	if head := read(4); err == nil && head[3] != 1 {
		err = errors.New("127.0.0.1 is no IPv4 address")
		world.Fail("a SOCKS5 proxy is asked for an address of kind %d", head[3])
	}
	read(4)
	p := read(2)
	return uint16(p[0])<<8 | uint16(p[1]), agreed, refused, err
}
