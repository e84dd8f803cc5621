// SPDX-License-Identifier: Apache-2.0

package config

import (
	"math"
	"time"
	"unicode/utf8"

	"libws/core/fault"
)

// Limits that hold unless an option says otherwise.
const (
	DefaultMaxMessage       = 64 << 20
	DefaultMaxBuffered      = 16 << 20
	DefaultHandshakeTimeout = 15 * time.Second
	DefaultCloseTimeout     = 5 * time.Second
	DefaultBacklog          = 4096
	DefaultSubscriptions    = 1024
	LeastFrame              = 1024                           // of what bounds frames: the host writes no more by itself
	MostFrame               = 1 << 30                        // the same
	MaxSend                 = min(MaxMessage, math.MaxInt/2) // bytes of a message without limit, here
	MaxMessage              = 1 << 46                        // the same wherever there is room; leaves some in Block.Out
)

// ConnOptions are the limits of a connection. The zero value of a field is its
// default.
type ConnOptions struct {
	MaxMessage  int64 // bytes of one message, received or sent; -1: none
	MaxSend     int64 // bytes of one message sent, when that is less; 0: MaxMessage
	MaxFrame    int64 // bytes of payload of one frame sent; 0: any
	MaxBuffered int64 // bytes that may wait to be sent
	HighWater   int64 // drain follows when more than this waited; 0: MaxBuffered
	LowWater    int64 // buffered bytes at which drain comes; 0: a quarter of HighWater
	RefuseEarly bool  // a client refuses messages until it is open, instead of keeping them
	Pieces      bool  // a message is delivered in pieces as they come
	Skip        bool  // a message over MaxMessage is skipped, and does not end the connection
	Pings       bool  // pings and pongs are events although nobody listens
	ManualPong  bool  // the host answers pings
	KeepRequest bool  // a server's connections remember their upgrade request
	Full        FullPolicy
	Floods      Floods // of a server's connections
	// MaxSubscriptions is to how many topics a server's connection may subscribe; 0: 1024;
	// -1: no limit.
	MaxSubscriptions int
}

// Fill replaces zero values and checks ranges; name is the host's argument.
func (o *ConnOptions) Fill() *fault.Error {
	switch {
	case o.MaxMessage == 0:
		o.MaxMessage = DefaultMaxMessage
	case o.MaxMessage == -1:
		o.MaxMessage = MaxMessage
	case o.MaxMessage < 0 || o.MaxMessage > MaxMessage:
		return fault.Refused(fault.IDParameter, "options.max_message_size: %d is not in 1..2^46, 0 or -1", o.MaxMessage)
	}
	switch {
	case o.MaxSend == 0:
		o.MaxSend = o.MaxMessage
	case o.MaxSend < 0 || o.MaxSend > o.MaxMessage:
		return fault.Refused(fault.IDParameter, "options.max_send_size: %d is not in 1..max_message_size (%d) or 0", o.MaxSend, o.MaxMessage)
	}
	if o.MaxFrame != 0 && (o.MaxFrame < LeastFrame || o.MaxFrame > MostFrame) {
		return fault.Refused(fault.IDParameter, "options.max_send_frame: %d is not in %d..%d or 0", o.MaxFrame, LeastFrame, MostFrame)
	}
	switch {
	case o.MaxBuffered == 0:
		o.MaxBuffered = DefaultMaxBuffered
	case o.MaxBuffered < 0 || o.MaxBuffered > MaxMessage:
		return fault.Refused(fault.IDParameter, "options.max_buffered: %d is not in 1..2^46 or 0", o.MaxBuffered)
	}
	if o.HighWater == 0 {
		o.HighWater = o.MaxBuffered
	}
	if o.HighWater < 0 || o.HighWater > o.MaxBuffered {
		return fault.Refused(fault.IDParameter, "options.high_water_mark: %d is not in 1..max_buffered (%d) or 0", o.HighWater, o.MaxBuffered)
	}
	if o.LowWater == 0 {
		o.LowWater = o.HighWater / 4
	}
	if o.LowWater < 0 || o.LowWater >= o.HighWater {
		return fault.Refused(fault.IDParameter, "options.low_water_mark: %d is not in 1..high_water_mark-1 (%d) or 0", o.LowWater, o.HighWater)
	}
	if o.Skip && o.Pieces {
		return fault.Refused(fault.IDParameter, "options.flags: WS_SKIP_LARGE does not go with WS_RECEIVE_PARTS, by which a message that turns out to be too large is told in part already")
	}
	if o.Full > FullDropOldest {
		return fault.Refused(fault.IDParameter, "options.full_policy: %d is not in 0..%d", o.Full, FullDropOldest)
	}
	switch {
	case o.MaxSubscriptions == 0:
		o.MaxSubscriptions = DefaultSubscriptions
	case o.MaxSubscriptions == -1:
		o.MaxSubscriptions = math.MaxInt32
	case o.MaxSubscriptions < 0:
		return fault.Refused(fault.IDParameter, "options.max_subscriptions: %d is less than 0 and not -1", o.MaxSubscriptions)
	}
	o.fit()
	return o.Floods.Fill()
}

// With is o with what own says; what it leaves at 0 stays, but for marks and limits that would be above
// those they belong to. o is filled, and so is the result.
func (o ConnOptions) With(own ConnOptions) (ConnOptions, *fault.Error) {
	n := o
	if own.MaxMessage != 0 {
		n.MaxMessage = own.MaxMessage
		if n.MaxSend = min(o.MaxSend, own.MaxMessage); own.MaxMessage < 0 || o.MaxSend == o.MaxMessage {
			n.MaxSend = 0
		}
	}
	if own.MaxSend != 0 {
		n.MaxSend = own.MaxSend
	}
	if own.MaxBuffered != 0 {
		n.MaxBuffered, n.HighWater, n.LowWater = own.MaxBuffered, 0, 0
	}
	if own.HighWater != 0 {
		n.HighWater, n.LowWater = own.HighWater, 0
	}
	if own.LowWater != 0 {
		n.LowWater = own.LowWater
	}
	err := n.Fill()
	n.Floods = o.Floods // which were filled before
	return n, err
}

// fit bounds what was wanted by what an int counts here: on a system of 32 bits a larger
// message is refused like any that is too large.
func (o *ConnOptions) fit() {
	for _, size := range []*int64{&o.MaxMessage, &o.MaxSend, &o.MaxBuffered, &o.HighWater} {
		*size = min(*size, MaxSend)
	}
	o.LowWater = min(o.LowWater, o.HighWater-1)
}

// Frame is MaxFrame as what it counts.
func (o *ConnOptions) Frame() int { return int(o.MaxFrame) } // fits: up to MostFrame

// TooLarge refuses a message of size bytes.
func (o *ConnOptions) TooLarge(size int64) *fault.Error {
	name := "max_send_size"
	if o.MaxSend == o.MaxMessage {
		name = "max_message_size"
	}
	return fault.Refused(fault.IDTooLarge, "size: a message of %d bytes is more than %s, %d", size, name, o.MaxSend)
}

// Takes tells whether size bytes may wait where buffered bytes do. One message always fits an empty
// queue.
func (o *ConnOptions) Takes(buffered int64, size int) bool {
	return buffered == 0 || buffered+int64(size) <= o.MaxBuffered
}

// Carries checks a whole message that is to be sent.
func (o *ConnOptions) Carries(text bool, data []byte) *fault.Error {
	switch {
	case int64(len(data)) > o.MaxSend:
		return o.TooLarge(int64(len(data)))
	case text && !utf8.Valid(data):
		return ErrNoText
	}
	return nil
}

// ErrNoText refuses what is no text.
var ErrNoText = &fault.Error{ID: fault.IDParameter, Text: "data: is not valid UTF-8, which WS_TEXT must be (RFC 6455 8.1)"}
