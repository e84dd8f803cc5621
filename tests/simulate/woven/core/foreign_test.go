// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"time"

	simulated "libws/tests/simulate/shim/time"
	"libws/tests/simulate/world"
)

// foreignPort is where a server listens that is not ours.
const foreignPort = 8000

// treat is what one client meets.
func (r *run) treat(s *world.Stream) {
	defer s.Close()
	soon := func() { s.SetDeadline(simulated.Now().Add(time.Duration(1+world.Draw(3)) * 200 * time.Millisecond)) }
	soon()
	var head []byte
	var b [4096]byte
	for !bytes.Contains(head, []byte("\r\n\r\n")) {
		n, err := s.Read(b[:])
		if err != nil {
			return
		}
		head = append(head, b[:n]...)
	}
	answer := foreignAnswer(head)
	switch world.Draw(8) {
	case 1:
		s.Write(answer[:world.Draw(len(answer))])
		return
	case 2:
		s.Write([]byte("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"))
		return
	case 3:
		answer = append(answer, foreignFrame(0x82, 20)...) // the first frame comes with the answer
	case 4:
		answer = append(answer, foreignFrame(0x88, 0)...)
	}
	s.Write(answer)
	for range 1 + world.Draw(12) {
		soon()
		size := []int{20, 125, 126, 1000, 3}[world.Draw(5)]
		switch world.Draw(12) {
		case 0:
			s.Write(foreignFrame(0x88, 0))
			s.Read(b[:])
		case 1, 2, 3:
			s.Write(foreignFrame(0x82, size))
		case 4:
			s.Write(foreignFrame(0x02, size))
		case 5:
			s.Write(foreignFrame(0x00, size))
		case 6:
			s.Write(foreignFrame(0x80, size))
		case 7:
			s.Write(foreignFrame(0x89, min(size, 125)))
		case 8, 9:
			s.Read(b[:])
		case 10:
			if world.Draw(4) == 1 {
				s.Write(foreignFrame(0xff, size))
			}
		case 11:
			if world.Draw(3) == 1 {
				s.File().Break()
			} else {
				s.CloseWrite()
			}
		}
	}
}

// foreignAnswer is the 101 to a request, RFC 6455 4.2.2.
func foreignAnswer(head []byte) []byte {
	const name = "sec-websocket-key:"
	at := bytes.Index(bytes.ToLower(head), []byte(name))
	key, _, _ := bytes.Cut(head[at+len(name):], []byte("\r\n"))
	sum := sha1.Sum(append(bytes.TrimSpace(key), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	return []byte("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n")
}

// foreignFrame is a frame of a server, whose messages begin with what none of ours does.
func foreignFrame(first byte, size int) []byte {
	b := []byte{first}
	if size < 126 {
		b = append(b, byte(size))
	} else {
		b = append(b, 126, byte(size>>8), byte(size))
	}
	return append(b, bytes.Repeat([]byte{'Z'}, size)...)
}
