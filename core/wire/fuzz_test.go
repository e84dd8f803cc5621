// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"math/rand/v2"
	"testing"
)

// FuzzParserSplits feeds any bytes, cut anywhere, and wants the same from every
// cut.
func FuzzParserSplits(f *testing.F) {
	for i, s := range streams {
		for _, role := range []Role{Server, Client} {
			if b := encode(role, s.frames...); len(b) < 1000 {
				f.Add(b, s.limit, role == Client, uint64(i))
			}
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, limit int64, client bool, seed uint64) {
		role := Server
		if client {
			role = Client
		}
		whole := play(t, role, limit, stream)
		random := rand.New(rand.NewPCG(seed, 0))
		for _, step := range []int{1, 2, 7, 64} {
			var cuts []int
			for at := 0; at < len(stream); at += 1 + random.IntN(step) {
				cuts = append(cuts, at)
			}
			if got := play(t, role, limit, stream, cuts...); !got.equal(whole) {
				t.Fatalf("cut at %v:\n\t%v\nwhole:\n\t%v", cuts, got, whole)
			}
		}
	})
}
