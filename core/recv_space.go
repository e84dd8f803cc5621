// SPDX-License-Identifier: Apache-2.0

package core

// Reads begin with what is enough for nearly all, and grow while connections fill them with
// messages that are whole: a peer with much on its way is read in few system calls. The larger
// buffer is one of the pool, lent for a round, so that it goes back to the system when no round
// wants it any more.

const (
	readSize   = 64 << 10           // most bytes of one read into the shared buffer ...
	readWide   = 512 << 10          // ... and while reads of that size were filled
	readCut    = 64 << 10           // a batch is dispatched when its reads fill this much
	readBuffer = readCut + readSize // and one read more may follow
)

// readPatience is how many reads that give little a wide one outlives.
const readPatience = 8

// readSpace is where the reads of a round go. The loop's.
type readSpace struct {
	buf  []byte // outside the Go heap; one spare byte behind
	wide []byte // of the pool, instead of buf; nil when nobody fills that
	fill int    // bytes that records of the batch point into
	most int    // of a read
	few  int    // reads in a row that were small
}

// next is the space for a read of up to so many bytes.
func (r *readSpace) next() []byte {
	b := r.buf
	if r.wide != nil {
		b = r.wide
	}
	return b[r.fill:min(r.fill+r.most, len(b))]
}

// was notes how many bytes of the room of a read came; large: the rest of a message is read to where
// it belongs, so more room would only be another copy.
func (r *readSpace) was(n, room int, large bool) {
	switch {
	case n == room && room >= readSize && !large:
		r.most, r.few = readWide, 0
	case n >= readSize:
		r.few = 0
	case r.most > readSize:
		if r.few++; r.few >= readPatience {
			r.most, r.few = readSize, 0
		}
	}
}

// readSpace returns space for a read. It may dispatch the batch, so the caller checks that its
// connection still lives.
func (w *worker) readSpace() []byte {
	if w.reads.fill >= readCut || len(w.records) >= recordsCut {
		w.flush()
		w.reads.fill = 0
	}
	if pool := &w.engine.pool; w.reads.most > readSize && w.reads.wide == nil && pool.Ample(readCut+readWide) {
		if b, err := pool.Get(readCut + readWide); err == nil {
			w.reads.wide = b[:cap(b)]
		}
	}
	return w.reads.next()
}

// readOver ends a round, whose batches are dispatched.
func (w *worker) readOver() {
	w.reads.fill = 0
	if w.reads.wide != nil {
		w.engine.pool.Put(w.reads.wide[:0])
		w.reads.wide = nil
	}
}
