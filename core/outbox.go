// SPDX-License-Identifier: Apache-2.0

package core

import (
	"unsafe"

	"libws/core/loop"
)

const (
	outboxBytes    = 256 << 10
	outboxSegments = 4096
)

// Outbox holds the frames that host callbacks of one batch send, outside the Go
// heap. The host appends while callbacks run; the loop sends when they have
// returned. It belongs to the batch, so no lock guards it.
type Outbox struct {
	bytes        uint64 // address
	segments     uint64 // address
	bytesCap     uint32
	bytesUsed    uint32
	segmentsCap  uint32
	segmentsUsed uint32 // counts segment 0, which is never used
	claimed      uint64 // bytes of segments outside the outbox, which the host has counted in the meter
}

// segment is a run of bytes for one connection: in the outbox, or in the data
// of an event of the same batch.
type segment struct {
	data uint64
	size uint32
	slot uint32
	next uint32 // next segment of the same connection, 0: none
	head uint32 // headFirst, and what figures.go counts
}

// Where the members lie, for the host's check of its own structs.
const (
	SegmentSize   = unsafe.Sizeof(segment{})
	SegmentSizeAt = unsafe.Offsetof(segment{}.size)
	SegmentSlotAt = unsafe.Offsetof(segment{}.slot)
	SegmentNextAt = unsafe.Offsetof(segment{}.next)
	SegmentHeadAt = unsafe.Offsetof(segment{}.head)

	OutboxSegmentsAt     = unsafe.Offsetof(Outbox{}.segments)
	OutboxBytesUsedAt    = unsafe.Offsetof(Outbox{}.bytesUsed)
	OutboxSegmentsUsedAt = unsafe.Offsetof(Outbox{}.segmentsUsed)
	OutboxClaimedAt      = unsafe.Offsetof(Outbox{}.claimed)
)

func newOutbox() *Outbox {
	// The outbox itself is memory that the host writes to as well.
	header := loop.Map(4096)
	bytes, segments := loop.Map(outboxBytes), loop.Map(outboxSegments*int(unsafe.Sizeof(segment{})))
	if header == nil || bytes == nil || segments == nil {
		return nil
	}
	o := (*Outbox)(unsafe.Pointer(unsafe.SliceData(header)))
	o.bytes, o.bytesCap = address(bytes), outboxBytes
	o.segments, o.segmentsCap, o.segmentsUsed = address(segments), outboxSegments, 1
	return o
}

func address(p []byte) uint64 { return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(p)))) }

// memory is the bytes at an address outside the Go heap.
func memory[N int | uint32 | uint64](at uint64, size N) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&at)), uint64(size)) // which panics rather than cut
}

func (o *Outbox) list() []segment {
	return unsafe.Slice(*(**segment)(unsafe.Pointer(&o.segments)), o.segmentsUsed)
}

// empty tells whether no frame waits.
func (o *Outbox) empty() bool { return o.segmentsUsed == 1 }

func (o *Outbox) reset() { o.bytesUsed, o.segmentsUsed = 0, 1 }

// sendOutbox sends what the callbacks of the batch left, one system call per
// connection. The loop's thread, also from inside a callback whose outbox is
// full.
func (w *worker) sendOutbox() {
	if w.box.empty() {
		return
	}
	// What the kernel does not take is counted again when it is copied.
	w.engine.pool.Count(-int(w.box.claimed)) // fits: they are in memory
	w.box.claimed = 0
	segments := w.box.list()
	for i := 1; i < len(segments); i++ {
		if segments[i].head&headFirst != 0 {
			if c := w.engine.host.Connection(segments[i].slot); c != nil {
				w.uncork(c, segments, uint32(i)) // fits: outboxSegments at the most
			}
		}
	}
	w.box.reset()
}

// uncork sends what c has in the outbox. A panic must not keep what others have there, nor
// send it twice. The end of c has to wait: a batch may be in the hands of the host.
func (w *worker) uncork(c *Conn, segments []segment, head uint32) {
	defer func() {
		if v := recover(); v != nil {
			w.engine.Panicked("sending what callbacks left", v)
			w.loop.Post(func() { c.broke(v) })
		}
	}()
	c.uncork(segments, head)
}

func pointer(b []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(b)) }

const detailSize = unsafe.Sizeof(Detail{})

// cString copies a NUL-terminated text.
func cString(at uint64) string {
	n := uint32(0)
	for memory(at+uint64(n), uint32(1))[0] != 0 {
		n++
	}
	return string(memory(at, n))
}
