// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"errors"
	"sync"

	"github.com/klauspost/compress/flate"
)

// thorough is a pooled writer of klauspost/compress, with all its tables, about 1 MB. It finds more
// than our own compressor does when it may take its time, and has to read a history anew for each
// message.
type thorough struct {
	sink
	writer  *flate.Writer
	history [MaxWindow]byte
}

// thoroughs by level.
var thoroughs [10]sync.Pool

// compressThoroughly is [compressor.compress] by the library.
func compressThoroughly(dst, data []byte, limit, level int, before *history) (bigger []byte, ok bool) {
	c, _ := thoroughs[level].Get().(*thorough)
	if c == nil {
		c = new(thorough)
		var err error
		if c.writer, err = flate.NewWriter(&c.sink, level); err != nil {
			return dst, false
		}
	}
	defer c.release(level)
	c.to = dst[:len(dst):min(cap(dst), len(dst)+limit)]
	known := c.history[:0]
	for n := before.size(); n > 0; n = before.size() - len(known) {
		known = append(known, before.from(n)...)
	}
	c.writer.ResetDict(&c.sink, known)
	_, err := c.writer.Write(data)
	if err == nil {
		err = c.writer.Flush()
	}
	if err != nil {
		return dst, false
	}
	return c.to, true
}

func (c *thorough) release(level int) {
	c.to = nil
	thoroughs[level].Put(c)
}

// sink appends to a buffer that does not grow.
type sink struct{ to []byte }

var errFull = errors.New("the compressed message is not smaller")

func (s *sink) Write(p []byte) (int, error) {
	if len(p) > cap(s.to)-len(s.to) {
		return 0, errFull
	}
	s.to = append(s.to, p...)
	return len(p), nil
}
