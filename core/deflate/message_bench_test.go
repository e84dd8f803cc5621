// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/flate"

	"libws/core/wire"
)

const benchSize = 1024 // bytes of a message

// BenchmarkMessage is the way of a message of 1 KiB through both ends, next to the same by
// klauspost/compress bare: one compressor and one reader, which each message begins anew,
// behind the same history. The figure that counts is the ratio of the medians, which a loaded
// machine leaves alone: it is to stay below 1.2.
func BenchmarkMessage(b *testing.B) {
	const count = 128
	text := samples()["json 150 KB"][:benchSize*count]
	text = append(text, text...)
	for _, takeover := range []bool{false, true} {
		name, window := "alone", 0
		if takeover {
			name, window = "takeover", MaxWindow
		}
		b.Run(name, func(b *testing.B) {
			ours, bare := oursBoth(b, takeover), bareBoth(b)
			var took [2][]time.Duration
			at, turn := benchSize*count, 0
			pass := func() {
				if at += benchSize; at+benchSize > len(text) {
					at = benchSize * count
				}
				message, history := text[at:at+benchSize], text[at-window:at] // which it is not in
				turn++                                                        // each comes first in turn: who is second finds the message in the cache
				for i := range took {
					i ^= turn & 1
					begin := time.Now()
					if i == 0 {
						ours(message)
					} else {
						bare(message, history)
					}
					took[i] = append(took[i], time.Since(begin))
				}
			}
			for range count { // until all is remembered that can be
				pass()
			}
			took = [2][]time.Duration{}
			for b.Loop() {
				pass()
			}
			var medians [2]float64
			for i := range took {
				slices.Sort(took[i])
				medians[i] = float64(took[i][len(took[i])/2])
			}
			b.ReportMetric(0, "ns/op") // of both together: it says nothing
			b.ReportMetric(medians[0], "ns-ours")
			b.ReportMetric(medians[1], "ns-bare")
			b.ReportMetric(medians[0]/medians[1], "ratio")
		})
	}
}

func oursBoth(b *testing.B, takeover bool) func(message []byte) {
	p := Params{ServerNoTakeover: !takeover, ServerBits: 15, ClientBits: 15}
	memory := &pool{}
	e, d := NewEncoder(memory, wire.Server, p, 1), NewDecoder(memory, wire.Client, p, DecoderOptions{Limit: 64 << 20})
	packed, out := make([]byte, 0, benchSize+4), make([]byte, 0, benchSize+1)
	return func(message []byte) {
		payload, ok := e.Append(packed, message)
		if !ok {
			b.Fatal("it does not shrink")
		}
		e.Sent(message)
		got, _, err := d.Append(out, payload)
		if err == nil {
			got, err = d.End(got)
		}
		if err != nil || len(got) != len(message) {
			b.Fatal(len(got), err)
		}
	}
}

func bareBoth(b *testing.B) func(message, history []byte) {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, 1)
	if err != nil {
		b.Fatal(err)
	}
	r, in, out := flate.NewReader(nil), bytes.NewReader(nil), make([]byte, benchSize)
	return func(message, history []byte) {
		packed.Reset()
		w.ResetDict(&packed, history)
		w.Write(message)
		w.Flush()
		in.Reset(packed.Bytes())
		r.(flate.Resetter).Reset(in, history)
		if _, err := io.ReadFull(r, out); err != nil {
			b.Fatal(err)
		}
	}
}
