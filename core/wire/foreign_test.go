// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf8"
)

// TestRandomStreamsGiveWhatAForeignReaderGets compares the parser with the
// reader of another library, on streams of which about half break a rule.
func TestRandomStreamsGiveWhatAForeignReaderGets(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	good, bad := 0, map[*Error]int{}
	for range 4000 {
		role, limit := Role(random.IntN(2)), int64([]int{0, 400}[random.IntN(2)])
		stream := encode(role, randomFrames(random)...)
		want, wantErr := readForeign(role, limit, stream)
		var cuts []int
		for range random.IntN(6) {
			cuts = append(cuts, random.IntN(len(stream)+1))
		}
		slices.Sort(cuts)
		got := play(t, role, limit, stream, cuts...)
		if !slices.Equal(got.events, want) || (got.err != nil) != (wantErr != nil) {
			t.Fatalf("% x\ncut at %v:\n\t%v\nforeign reader:\n\t%q, %v", stream, cuts, got, want, wantErr)
		}
		if got.err == nil {
			good++
		} else {
			bad[got.err]++
		}
	}
	// The streams must not be all alike.
	if good < 1000 || len(bad) < 9 {
		t.Fatalf("%d good streams, and errors %v", good, bad)
	}
}

// randomFrames gives a sequence of frames that breaks a rule now and then.
// Fragments cut text anywhere, also inside a code point.
func randomFrames(random *rand.Rand) []frame {
	var frames []frame
	message := byte(0) // opcode of the message in progress
	cut := ""          // what its last fragment left out
	for range 1 + random.IntN(8) {
		var f frame
		if random.IntN(4) == 0 {
			f.first = finBit | 8 | byte(random.IntN(3))
			f.payload = randomText(random, random.IntN(126))
		} else {
			if message == 0 {
				message = 1 + byte(random.IntN(2))
				f.first = message
			}
			f.payload = cut + randomText(random, []int{0, 5, 60, 130, 300}[random.IntN(5)])
			if random.IntN(2) == 0 {
				f.first |= finBit
				message, cut = 0, ""
			} else {
				at := max(0, len(f.payload)-random.IntN(5))
				f.payload, cut = f.payload[:at], f.payload[at:]
			}
		}
		switch random.IntN(40) {
		case 0:
			f.first ^= 0x10 << random.IntN(3)
		case 1:
			f.first ^= 1 << random.IntN(4)
		case 2:
			f.badMask = true
		case 3:
			f.first ^= finBit
		case 4:
			f.payload += "\x80"
		case 5:
			f.payload += longText(126)
		}
		frames = append(frames, f)
	}
	return frames
}

// randomText gives n bytes of valid text.
func randomText(random *rand.Rand, n int) string {
	var s []byte
	for len(s)+utf8.UTFMax <= n {
		s = utf8.AppendRune(s, rune(random.IntN(utf8.MaxRune+1)>>random.IntN(20)))
	}
	return string(s) + longText(n-len(s))
}
