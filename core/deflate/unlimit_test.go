// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"bytes"
	"compress/flate"
	"testing"
)

// A message over the limit may go on without being kept, in pieces of any size, and those behind it
// may refer to it; for them the limit holds again.
func TestTheLimitHoldsForTheMessageBehind(t *testing.T) {
	t.Parallel()
	const limit = 1000
	large, small := samples()["json 150 KB"], samples()["json 150 KB"][100_000:100_000+limit]
	for _, room := range []int{1, 100, 5000} {
		for _, piece := range []int{1, 7, 4096} {
			var b bytes.Buffer
			w, err := flate.NewWriter(&b, 6)
			if err != nil {
				t.Fatal(err)
			}
			d, _ := clientDecoder(t, both, DecoderOptions{Limit: limit})
			for i, message := range [][]byte{large, small, large, small} {
				b.Reset()
				w.Write(message)
				w.Flush()
				rest := bytes.TrimSuffix(b.Bytes(), tail[:])
				var got, out []byte
				over := 0
				part, end := rest[:min(piece, len(rest))], false
				for {
					if len(out) == cap(out) {
						if err := d.Took(out); err != nil {
							t.Fatal(err)
						}
						got, out = append(got, out...), make([]byte, 0, room)
					}
					var n int
					if end {
						out, err = d.End(out)
					} else {
						out, n, err = d.Append(out, part)
						part = part[n:]
						rest = rest[n:]
					}
					if err == ErrTooBig {
						over++
						d.Unlimit()
					} else if err != nil && err != ErrFull {
						t.Fatalf("room %d, piece %d, message %d: %v behind %d bytes", room, piece, i, err, len(got)+len(out))
					} else if err == nil && end {
						break
					} else if err == nil && len(part) == 0 {
						if end = len(rest) == 0; !end {
							part = rest[:min(piece, len(rest))]
						}
					}
				}
				if got = append(got, out...); !bytes.Equal(got, message) || over != (i+1)%2 {
					t.Fatalf("room %d, piece %d, message %d: %d bytes instead of %d, %d times over the limit", room, piece, i, len(got), len(message), over)
				}
			}
		}
	}
}
