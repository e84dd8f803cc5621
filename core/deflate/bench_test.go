// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"testing"

	"github.com/klauspost/compress/flate"

	"libws/core/wire"
)

// pool keeps buffers, as the loops' does.
type pool struct{ free [][]byte }

func (p *pool) Grow(b []byte, n int) ([]byte, error) {
	if n <= cap(b) {
		return b, nil
	}
	for i, f := range p.free {
		if cap(f) >= n {
			p.free = append(p.free[:i], p.free[i+1:]...)
			return append(f[:0], b...), nil
		}
	}
	return append(make([]byte, 0, n), b...), nil
}

func (p *pool) Put(b []byte) {
	if cap(b) > 0 && len(p.free) < 8 {
		p.free = append(p.free, b)
	}
}

func (p *pool) Count(int) error { return nil }

// Each of the first two is to be compared with what klauspost/compress does bare.
func BenchmarkInflate(b *testing.B) {
	for _, name := range []string{"json 300", "json 16 KiB", "noise 70 KB"} {
		message := samples()[name]
		payload := standard(b, 6, message)
		b.Run(name+"/ours", func(b *testing.B) {
			d := NewDecoder(&pool{}, wire.Client, Params{ServerNoTakeover: true, ServerBits: 15, ClientBits: 15}, DecoderOptions{})
			out := make([]byte, 0, len(message)+1)
			b.SetBytes(int64(len(message)))
			b.ReportAllocs()
			for b.Loop() {
				got, _, err := d.Append(out, payload)
				if err == nil {
					got, err = d.End(got)
				}
				if err != nil || len(got) != len(message) {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/klauspost", func(b *testing.B) {
			r := flate.NewReader(nil)
			out := make([]byte, len(message)+1)
			in := bytes.NewReader(nil)
			whole := append(bytes.Clone(payload), "\x00\x00\xff\xff\x01\x00\x00\xff\xff"...)
			b.SetBytes(int64(len(message)))
			b.ReportAllocs()
			for b.Loop() {
				in.Reset(whole)
				r.(flate.Resetter).Reset(in, nil)
				if n, err := io.ReadFull(r, out); err != io.ErrUnexpectedEOF || n != len(message) {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompress(b *testing.B) {
	for _, name := range []string{"json 300", "json 16 KiB"} {
		message := samples()[name]
		for _, level := range []int{1, 6} {
			out := make([]byte, 0, len(message)+4)
			b.Run(fmt.Sprintf("%s/level %d/ours", name, level), func(b *testing.B) {
				e := NewEncoder(&pool{}, wire.Server, Params{ServerNoTakeover: true, ServerBits: 15, ClientBits: 15}, level)
				b.SetBytes(int64(len(message)))
				b.ReportAllocs()
				for b.Loop() {
					if _, ok := e.Append(out, message); !ok {
						b.Fatal()
					}
				}
			})
			b.Run(fmt.Sprintf("%s/level %d/klauspost", name, level), func(b *testing.B) {
				s := &sink{}
				w, _ := flate.NewWriter(s, level)
				b.SetBytes(int64(len(message)))
				b.ReportAllocs()
				for b.Loop() {
					s.to = out
					w.Reset(s)
					w.Write(message)
					w.Flush()
				}
			})
		}
		for _, bits := range []int{10, 12, 15} {
			b.Run(fmt.Sprintf("%s/takeover, %d bits", name, bits), func(b *testing.B) {
				e := NewEncoder(&pool{}, wire.Server, Params{ServerBits: bits, ClientBits: 15}, 1)
				out := make([]byte, 0, len(message)+4)
				b.SetBytes(int64(len(message)))
				b.ReportAllocs()
				for b.Loop() {
					if _, ok := e.Append(out, message); !ok {
						b.Fatal()
					}
					e.Sent(message)
				}
			})
		}
	}
}

// BenchmarkLevel is JSON that changes with each message, and how many bytes become of one.
func BenchmarkLevel(b *testing.B) {
	for _, size := range []int{64, 1024, 16 << 10} {
		for _, takeover := range []bool{false, true} {
			for _, level := range []int{1, 2, 3, 5, 6, 9} {
				b.Run(fmt.Sprintf("%d bytes/takeover %t/level %d", size, takeover, level), func(b *testing.B) {
					r := rand.New(rand.NewSource(1))
					messages := make([][]byte, 512)
					for i := range messages {
						messages[i] = record(r, size)
					}
					e := NewEncoder(&pool{}, wire.Server, Params{ServerNoTakeover: !takeover, ServerBits: 15, ClientBits: 15}, level)
					out := make([]byte, 0, size+6)
					packed, count := 0, 0
					for b.Loop() {
						message := messages[count%len(messages)]
						payload, ok := e.Append(out, message)
						if ok {
							e.Sent(message)
							packed += len(payload)
						} else {
							packed += size
						}
						count++
					}
					b.ReportMetric(float64(packed)/float64(count), "bytes")
				})
			}
		}
	}
}
