// SPDX-License-Identifier: Apache-2.0

package border

import (
	"unsafe"

	"libws/core/loop"
)

// Room in an outbox.
const (
	outboxBytes    = 256 << 10
	outboxSegments = 4096
)

// Outbox holds the frames that host callbacks of one batch send, outside the Go
// heap. The host appends while callbacks run; the loop sends when they have
// returned. It belongs to the batch, so no lock guards it.
type Outbox struct {
	Bytes        uint64 // address
	Segments     uint64 // address
	BytesCap     uint32
	BytesUsed    uint32
	SegmentsCap  uint32
	SegmentsUsed uint32 // counts segment 0, which is never used
	Claimed      uint64 // bytes of segments outside the outbox, which the host has counted in the meter
}

// Segment is a run of bytes for one connection: in the outbox, or in the data
// of an event of the same batch.
type Segment struct {
	Data uint64
	Size uint32
	Slot uint32
	Next uint32 // next segment of the same connection, 0: none
	Head uint32 // HeadFirst, and what begins in it
}

// What a segment's head says beside which is the first of its connection: HeadMessage for
// each message that begins in it, HeadPair for each two bytes that a header has beyond two.
// An outbox has room for 131072 of the former, and 2016 of the latter.
const (
	HeadFirst   = 1
	HeadPair    = 1 << 1
	HeadMessage = 1 << 13
)

// NewOutbox maps one; nil: there is no memory.
func NewOutbox() *Outbox {
	// The outbox itself is memory that the host writes to as well.
	header := loop.Map(4096)
	bytes, segments := loop.Map(outboxBytes), loop.Map(outboxSegments*int(unsafe.Sizeof(Segment{})))
	if header == nil || bytes == nil || segments == nil {
		return nil
	}
	o := (*Outbox)(unsafe.Pointer(unsafe.SliceData(header)))
	o.Bytes, o.BytesCap = Address(bytes), outboxBytes
	o.Segments, o.SegmentsCap, o.SegmentsUsed = Address(segments), outboxSegments, 1
	return o
}

// List is all segments, also the first, which is never used.
func (o *Outbox) List() []Segment {
	return unsafe.Slice(*(**Segment)(unsafe.Pointer(&o.Segments)), o.SegmentsUsed)
}

// Slots is all segments that there may be.
func (o *Outbox) Slots() []Segment {
	return unsafe.Slice(*(**Segment)(unsafe.Pointer(&o.Segments)), o.SegmentsCap)
}

// Empty tells whether no frame waits.
func (o *Outbox) Empty() bool { return o.SegmentsUsed == 1 }

// Reset forgets what was sent.
func (o *Outbox) Reset() { o.BytesUsed, o.SegmentsUsed = 0, 1 }
