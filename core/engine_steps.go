// SPDX-License-Identifier: Apache-2.0

package core

// walkStep is how many connections of a list have their turn in one turn of a loop.
const walkStep = 256

// inSteps calls f with each of all, some in a turn of the loop, and then each of done. What
// belongs to a connection may have ended meanwhile. The loop's.
func (w *worker) inSteps(all []*Conn, f func(*Conn), done ...func()) {
	n := min(len(all), walkStep)
	for _, c := range all[:n] {
		f(c)
	}
	if n < len(all) {
		w.loop.Post(func() { w.inSteps(all[n:], f, done...) })
		return
	}
	for _, f := range done {
		f()
	}
}
