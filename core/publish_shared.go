// SPDX-License-Identifier: Apache-2.0

package core

import (
	"sync"
	"sync/atomic"

	"libws/core/loop"
)

// shared is a frame that many connections send: one buffer of the pool, which goes
// back when the last of them has sent it, or has ended.
type shared struct {
	frame  []byte // never changes while somebody holds it
	users  atomic.Int32
	common queue // of each connection that has nothing else to send; as unchanging as frame
}

var sharedFrames = sync.Pool{New: func() any { return new(shared) }}

// newShared takes over a buffer of the pool for that many users.
func newShared(frame []byte, users int) *shared {
	s := sharedFrames.Get().(*shared)
	s.frame = frame
	s.users.Store(int32(users)) // fits: each is a connection
	s.common = queue{fanned: true, common: true, few: [1]chunk{{frame, s}}}
	s.common.chunks = s.common.few[:]
	return s
}

// release is for n users that need it no longer. Any thread.
func (s *shared) release(pool *loop.Pool, n int) {
	if n > 0 && s.users.Add(int32(-n)) == 0 { // fits: each is a connection
		pool.Put(s.frame)
		s.frame = nil
		sharedFrames.Put(s)
	}
}

// chunk is a run of bytes in a queue: a buffer of its own, or one that it shares.
type chunk struct {
	bytes []byte
	from  *shared // nil: bytes is the queue's own
}

func (b *chunk) free(pool *loop.Pool) {
	if b.from != nil {
		b.from.release(pool, 1)
	} else {
		pool.Put(b.bytes)
	}
	*b = chunk{}
}

// others is how much of the queue falls to others that send it as well.
func (q *queue) others() (n int) {
	for i := q.first; i < len(q.chunks); i++ {
		if b := &q.chunks[i]; b.from != nil {
			n += len(b.bytes) - len(b.bytes)/int(b.from.users.Load())
		}
	}
	if q.off > 0 && q.chunks[q.first].from != nil { // it is counted as far as it waits
		n = max(0, n-q.off)
	}
	return n
}

// spare is how many bytes can be appended.
func (b *chunk) spare() int {
	if b.from != nil {
		return 0
	}
	return cap(b.bytes) - len(b.bytes)
}
