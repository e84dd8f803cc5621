// SPDX-License-Identifier: Apache-2.0

package world

// Forever is a deadline that never comes.
const Forever = forever

// Choose stands for a select: it waits until one of its cases could go on and says which.
func Choose(cases ...func() bool) int {
	could := func() (n, which int) {
		for i, c := range cases {
			if c() {
				if n == 0 {
					which = i
				}
				n++
			}
		}
		return n, which
	}
	n, which := could()
	if n == 0 {
		Block("waits for channels", forever, func() bool { n, _ := could(); return n > 0 })
		n, which = could()
	}
	if n > 1 {
		for skip := Draw(n); skip > 0; skip-- {
			for which++; !cases[which](); which++ {
			}
		}
	}
	return which
}

// Receives tells whether something can be received. A channel without room is only closed,
// never sent to.
func Receives[T any](c <-chan T) func() bool {
	return func() bool {
		if c == nil {
			return false
		}
		if cap(c) > 0 {
			return len(c) > 0
		}
		select {
		case <-c:
			return true
		default:
			return false
		}
	}
}

// Sends tells whether there is room.
func Sends[T any](c chan<- T) func() bool { return func() bool { return len(c) < cap(c) } }

// Sorted walks over a map in the order in which its keys were numbered.
func Sorted[K comparable, V any](m map[K]V) func(func(K, V) bool) {
	return func(yield func(K, V) bool) {
		keys := make([]K, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		order(keys)
		for _, k := range keys {
			if v, still := m[k]; still && !yield(k, v) {
				return
			}
		}
	}
}
