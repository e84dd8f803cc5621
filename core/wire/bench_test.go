// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"bytes"
	"testing"

	"github.com/gobwas/ws"
)

// benchmarkNext feeds one masked binary frame again and again. Unmasking works in place
// and is its own inverse, so the payload alternates and the cost does not.
func benchmarkNext(b *testing.B, op byte, size int) {
	stream := encode(Server, frame{first: op, payload: longText(size)})
	var p Parser
	p.Init(Server, 16<<20)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		c, n, err := p.Next(stream)
		if err != nil || n != len(stream) || len(c.Payload) != size {
			b.Fatal(n, err)
		}
	}
}

func BenchmarkNext64(b *testing.B)  { benchmarkNext(b, binaryData, 64) }
func BenchmarkNext16K(b *testing.B) { benchmarkNext(b, binaryData, 16<<10) }

func BenchmarkWholes64(b *testing.B) { benchmarkWholes(b, 1) }
func BenchmarkRunOf16(b *testing.B)  { benchmarkWholes(b, 16) }

func benchmarkWholes(b *testing.B, count int) {
	stream := bytes.Repeat(encode(Server, frame{first: binaryData, payload: longText(64)}), count)
	var p Parser
	p.Init(Server, 16<<20)
	b.ReportAllocs()
	for b.Loop() {
		var found [32]Span
		if n, next, err := p.Wholes(stream, found[:]); err != nil || n != count || next != len(stream) {
			b.Fatal(n, next, err)
		}
	}
}

// BenchmarkNextText64 masks the text again each time, to keep it valid.
func BenchmarkNextText64(b *testing.B) {
	stream := encode(Server, frame{first: text, payload: longText(64)})
	mask := [4]byte(stream[2:])
	var p Parser
	p.Init(Server, 16<<20)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := p.Next(stream); err != nil {
			b.Fatal(err.Text)
		}
		ws.Cipher(stream[6:], mask, 0)
	}
}

func BenchmarkAppendFrameServer64(b *testing.B) { benchmarkAppend(b, Server) }
func BenchmarkAppendFrameClient64(b *testing.B) { benchmarkAppend(b, Client) }

func benchmarkAppend(b *testing.B, role Role) {
	payload := []byte(longText(64))
	dst := make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendFrame(dst[:0], role, ws.OpBinary, payload)
	}
}
