// SPDX-License-Identifier: Apache-2.0

// Package ebb has a map that gives its room back. A map of Go keeps the room of the most
// that it ever held; enter here for what comes in any number and goes again: topics,
// connections, addresses.
package ebb

// Map is a map that takes room for what it holds. Its zero value is empty. One thread at a
// time, as with a map.
type Map[K comparable, V any] struct {
	now  map[K]V
	most int // entries since now was made
}

const (
	few  = 64 // so many entries are not worth a new map
	part = 8  // of its most that a map has to hold to be kept
)

// Of is what k stands for, the zero value when it is not in the map.
func (m *Map[K, V]) Of(k K) V { return m.now[k] }

// Has tells whether k is in the map.
func (m *Map[K, V]) Has(k K) bool {
	_, is := m.now[k]
	return is
}

// Len is how many entries there are.
func (m *Map[K, V]) Len() int { return len(m.now) }

// All is for ranging over. Entries may be dropped meanwhile; one that is may still come.
func (m *Map[K, V]) All() map[K]V { return m.now }

// Put lets k stand for v.
func (m *Map[K, V]) Put(k K, v V) {
	if m.now == nil {
		m.now = map[K]V{}
	}
	m.now[k] = v
	m.most = max(m.most, len(m.now))
}

// Drop removes k, if it is there. What is left is copied when it has become an eighth, so
// that a Drop costs the same as before on the whole.
func (m *Map[K, V]) Drop(k K) {
	delete(m.now, k)
	switch n := len(m.now); {
	case m.most <= few || n*part > m.most:
	case n == 0:
		m.now, m.most = nil, 0
	default:
		smaller := make(map[K]V, n)
		for k, v := range m.now {
			smaller[k] = v
		}
		m.now, m.most = smaller, n
	}
}
