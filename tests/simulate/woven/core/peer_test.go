// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"encoding/binary"
	"net/netip"
	"time"

	simulated "libws/tests/simulate/shim/time"
	"libws/tests/simulate/world"
)

const peerRequest = "GET /peer HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// peer is a client that does what the script says, well or badly.
func (r *run) peer(mine []int) {
	var s *world.Stream
	leave := func() {
		if s != nil {
			s.Close()
			s = nil
		}
	}
	for _, i := range mine {
		o := r.ops[i]
		if world.Logging() {
			world.Note("does: %v", o)
		}
		if o.what == peerConnect {
			leave()
			server := r.model.servers[o.size%len(r.model.servers)]
			if f, errno := world.Connect(netip.AddrPortFrom(loopback, uint16(portOf(server)))); errno == 0 {
				f.Owner = "raw"
				s = world.Waiting(f)
			}
			continue
		}
		if s == nil {
			continue
		}
		soon := simulated.Now().Add(300 * time.Millisecond)
		s.SetDeadline(soon)
		size := o.size % 400
		switch o.what {
		case peerHalfHead:
			s.Write([]byte(peerRequest[:30+size%60]))
		case peerHead:
			s.Write([]byte(peerRequest))
		case peerPlain:
			s.Write([]byte("POST /plain HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n0123456789"[:50+size%22]))
		case peerMessage:
			s.Write(peerFrame(0x82, size))
		case peerBegin:
			s.Write(peerFrame(0x02, size))
		case peerMiddle:
			s.Write(peerFrame(0x00, size))
		case peerEnd:
			s.Write(peerFrame(0x80, size))
		case peerPing:
			s.Write(peerFrame(0x89, size%126))
		case peerClose:
			s.Write(peerFrame(0x88, 0))
		case peerNonsense:
			s.Write(peerFrame(0xff, size))
		case peerBreak:
			s.File().Break()
		case peerShut:
			s.CloseWrite()
		case peerLeave:
			leave()
		case peerRead:
			var b [4096]byte
			s.Read(b[:])
		}
	}
	leave()
	r.actors--
}

// peerFrame is a masked frame.
func peerFrame(first byte, size int) []byte {
	b := []byte{first}
	if size < 126 {
		b = append(b, 0x80|byte(size))
	} else {
		b = append(b, 0x80|126)
		b = binary.BigEndian.AppendUint16(b, uint16(size))
	}
	mask := [4]byte{1, 2, 3, 4}
	b = append(b, mask[:]...)
	for i := range size {
		b = append(b, byte('A'+i%26)^mask[i&3])
	}
	return b
}
