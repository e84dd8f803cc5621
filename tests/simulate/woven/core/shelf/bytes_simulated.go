// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package shelf

// Bytes is how many bytes of data all messages have.
func (s *Shelf) Bytes() (n int) {
	for _, l := range []*line{&s.early, &s.between} {
		for at := l.first; at != nil; at = at.next {
			n += len(at.Data)
		}
	}
	return n
}
