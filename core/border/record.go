// SPDX-License-Identifier: Apache-2.0

package border

import "unsafe"

// Event is the kind of a Record; the numbers are those of WS_EVENT_.
type Event uint8

// Events as seen by the connection they belong to. The host delivers EventOpen
// of an accepted connection as its server's connect event.
const (
	EventOpen            Event = 1
	EventMessage         Event = 2
	EventClose           Event = 3
	EventError           Event = 4
	EventDestroyed       Event = 5
	EventCompletion      Event = 8
	EventDrain           Event = 9
	EventOpenInfo        Event = 10
	EventHeaderReceive   Event = 11 // Data: the fields of the answer, see handshake.Block
	EventPing            Event = 13 // Data: what it carried
	EventPong            Event = 14 // Data: what it carried
	EventReconnecting    Event = 15
	EventUpgrade         Event = 16 // Data: the fields of the request, see handshake.Block
	EventRequest         Event = 17 // the same
	EventBeforeReconnect Event = 18 // the host is asked before a try
	EventVerify          Event = 19 // Data: the chain of the peer, PEM
	EventTopicBegin      Event = 20 // Data: the name of a topic or pattern of a server
	EventTopicEnd        Event = 21 // the same
	EventSkipped         Event = 22 // a message over the limit was dropped
	EventSign            Event = 23 // Data: what is to be signed
	// EventResumed is no event: it tells the queue of a handle that a pause has
	// ended, or holds back no longer. Only for handles with a queue.
	EventResumed Event = 255
	// EventMark is no event: the host calls Conn.Delivered when all before it was
	// delivered. Only for handles with a queue.
	EventMark Event = 254
)

// Operation is what a completion completes; the numbers are those of WS_OP_.
type Operation int32

// Operations that take a completion.
const (
	OpConnect             Operation = 1
	OpSend                Operation = 2
	OpClose               Operation = 3
	OpServerStart         Operation = 4
	OpServerStop          Operation = 5
	OpServerStopListening Operation = 6
	OpPost                Operation = 7
)

// Record is one event of a batch. It holds addresses, no pointers: what it
// points to lies outside the Go heap and lives until the batch was dispatched.
type Record struct {
	Slot        uint32
	Type        Event
	MessageType uint8  // 1 text, 2 binary
	Flags       uint16 // RecordFinal ...
	Data        uint64 // payload, one writable byte follows it; 0: none
	Size        uint64
	Detail      uint64 // address of a Detail; 0 for messages
}

// Payload is what Data and Size say; nil: there is none.
func (r *Record) Payload() []byte {
	if r.Data == 0 {
		return nil
	}
	return Memory(r.Data, r.Size)
}

// Flags of a record.
const (
	// RecordFinal: delivered although the handle was destroyed or is paused.
	RecordFinal = 1 << iota
	// RecordHeld, set by the host: not delivered, because the connection is
	// paused. Core keeps it until resume.
	RecordHeld
	// RecordFull, set by the host: delivered to a queue that has no more room.
	// Core stops reading the connection until the host calls Conn.QueueNotFull.
	RecordFull
	_ // the host's own
	// RecordHeadroom: before the payload lies the masked header that it came with, for which
	// nobody has any use. An answer of the same size may put its header there.
	RecordHeadroom
	// RecordLost, set by the host: there was no memory to put it into a queue, and so the
	// messages behind it are lost as well. Core ends the connection.
	RecordLost
)

// A message that is delivered in pieces has the place of the piece in the high
// byte of its flags; the numbers are those of WS_PART_.
const (
	RecordPartBegin  = 1 << 8
	RecordPartMiddle = 2 << 8
	RecordPartEnd    = 3 << 8
)

// Detail is what the rarer events say, outside the Go heap. Texts are
// NUL-terminated.
type Detail struct {
	Callback   uint64 // of a completion
	User       uint64
	Text       uint64
	Reason     uint64
	ReasonSize uint64
	Protocol   uint64 // subprotocol
	Method     uint64 // of a request
	Target     uint64 // of a request: path and query
	Body       uint64 // of a request, with a NUL behind it
	BodySize   uint64
	RoundTrip  int64  // of a ping, microseconds; -1: unknown
	Delay      int64  // before an attempt to connect, milliseconds
	Token      uint64 // of a question, for its answer
	Skipped    uint64 // of a message that was skipped: its bytes
	Status     int32  // HTTP
	Code       int32  // close code
	Clean      int32
	Error      int32
	Stage      int32
	OSError    int32
	Operation  int32
	Attempt    int32
	Reconnects int32 // of a close: 1 when an attempt to connect follows
	Pattern    int32 // of a topic that begins or ends: 1 when it is a pattern
	Message    int32 // of a message that was skipped: 1 text, 2 binary
	Scheme     int32 // of a signature
}

// DetailSize is the size of a Detail.
const DetailSize = unsafe.Sizeof(Detail{})

// Texts are the members that are addresses of NUL-terminated texts.
func (d *Detail) Texts() [4]*uint64 { return [4]*uint64{&d.Text, &d.Protocol, &d.Method, &d.Target} }

// Completion is a callback of the host for one call; the zero value is none.
// Both are integers to Go: a host may pass any value as user data.
type Completion struct {
	Callback, User uintptr
}

// Wanted tells whether there is a callback.
func (c Completion) Wanted() bool { return c.Callback != 0 }
