// SPDX-License-Identifier: Apache-2.0

package deflate

// MaxWindow is how far back DEFLATE data can refer (RFC 1951 2).
const MaxWindow = 1 << maxBits

// Memory lends buffers. A buffer may have a larger capacity than was asked for.
type Memory interface {
	// Grow returns a buffer for at least n bytes that begins with what b holds, and
	// takes b back. On an error b is still the caller's. b may be nil.
	Grow(b []byte, n int) ([]byte, error)
	// Put takes a buffer back; nil is ignored.
	Put(b []byte)
	// Count counts n bytes that a coder takes of the Go heap, or refuses them. It gives
	// them back when n is negative, which never fails.
	Count(n int) error
}

// remember adds message to the history and keeps the last window bytes of it all.
// On an error the history is as it was.
func remember(m Memory, history, message []byte, window int) ([]byte, error) {
	if len(message) > window {
		message = message[len(message)-window:]
	}
	keep := min(len(history), window-len(message))
	if size := keep + len(message); size > cap(history) {
		bigger, err := m.Grow(history, min(window, max(size, 2*len(history))))
		if err != nil {
			return history, err
		}
		history = bigger
	}
	copy(history, history[len(history)-keep:])
	return append(history[:keep], message...), nil
}
