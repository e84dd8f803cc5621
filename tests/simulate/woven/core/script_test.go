// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"libws/core/border"
)

// script is what a run does: how it is set up, and what each actor does in turn. The seed
// makes it; what is left of it when it is shrunk is text for people.
type script struct {
	setup
	ops []op
}

// setup is how the library is set up. The zero value of each field is the plain one.
type setup struct {
	Loops2       bool // two loops
	Goroutines   bool // they wait by goroutines, not by epoll
	ServerQueue  bool // events of the server and its connections come through a queue
	ClientQueue  bool
	OneQueue     bool // both through the same
	SmallQueue   bool // that is soon full
	Polled       bool // the host polls its queues
	SmallBudget  bool
	Small        bool // little may wait to be sent
	Pieces       bool // messages are told in pieces
	Pings        bool // pings and pongs are told
	Manual       bool // pings are left to the host
	Full         int  // FullPolicy of both ends
	Packed       bool // permessage-deflate
	Takeover     bool
	Reconnect    bool
	Keep         bool // sends are kept across connections
	Asks         bool // the host is asked before each try
	RefuseEarly  bool
	Cut          bool // messages leave in small frames
	Heartbeat    bool // deadlines are short
	Calm         bool // sockets have no faults
	Scarce       bool // the system refuses sockets and watching them
	Busy         bool // scripted peers come and go
	Foreign      bool // half of the clients talk to a server that is not ours
	Secure       bool // over TLS
	Verifies     bool // the host is asked about certificates
	Resumes      bool // sessions of TLS are resumed
	Proxied      bool // half of the clients go by a proxy
	Acknowledged bool // sends count when the peer's system has them
	Asked        bool // the host answers requests
	ShutEarly    bool // shutdown begins while threads are at work
}

// who does an op.
const (
	byThread   = iota // a thread of the host
	byPeer            // a scripted peer
	byCallback        // a callback, when its time has come
)

// op is one thing that is done.
type op struct {
	by    int
	actor int // number of the thread or peer
	// Of a callback: it is called with the nth event of a kind, of a kind of handle.
	kind  uint64
	event border.Event
	nth   int

	what verb
	on   int // a guest, else a client
	who  int
	size int
}

type verb uint8

const (
	doConnect verb = iota
	doSend
	doBurst    // several
	doSendTold // with a completion
	doSendWith // with a key, a priority or both
	doEcho
	doPart
	doLastPart
	doPing
	doPong
	doClose
	doAbort
	doDestroy
	doPause
	doResume
	doBroadcast
	doSubscribe
	doUnsubscribe
	doStats
	doBreak // the network resets the stream
	doAccept
	doRespond
	doPublish
	doPublishWith
	doRelay // the server gets one, or loses it
	doStop
	doStart
	doStopListening
	doDestroyServer
	doNewClient
	doNewServer
	doNetworkChanged
	doRenew // answers before a try
	doSleep
	doAwait // until it is open
	// What a scripted peer does.
	peerConnect
	peerHalfHead
	peerHead
	peerPlain
	peerMessage
	peerBegin
	peerMiddle
	peerEnd
	peerPing
	peerClose
	peerNonsense
	peerBreak
	peerShut
	peerLeave
	peerRead
	verbs
)

var verbNames = strings.Fields(`connect send burst send-told send-with echo part last-part ping pong close abort destroy pause resume broadcast
	subscribe unsubscribe stats break accept respond publish publish-with relay stop start stop-listening destroy-server new-client new-server network-changed renew sleep await
	peer-connect peer-half-head peer-head peer-plain peer-message peer-begin peer-middle peer-end peer-ping peer-close peer-nonsense
	peer-break peer-shut peer-leave peer-read`)

func (o op) String() string {
	var b strings.Builder
	switch o.by {
	case byThread:
		fmt.Fprintf(&b, "thread %d: ", o.actor)
	case byPeer:
		fmt.Fprintf(&b, "peer %d: ", o.actor)
	default:
		fmt.Fprintf(&b, "in the callback of event %d, no %d, of kind %d: ", o.event, o.nth, o.kind)
	}
	b.WriteString(verbNames[o.what])
	if o.by != byPeer {
		fmt.Fprintf(&b, " %s %d", [...]string{"client", "connection", "self, else client"}[o.on], o.who)
	}
	if o.size != 0 {
		fmt.Fprintf(&b, " size %d", o.size)
	}
	return b.String()
}

func (s *script) String() string {
	set := strings.Fields(strings.Trim(fmt.Sprintf("%+v", s.setup), "{}"))
	var plain []string
	for _, f := range set {
		if !strings.HasSuffix(f, ":false") && !strings.HasSuffix(f, ":0") {
			plain = append(plain, f)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  setup: %s\n", strings.Join(plain, " "))
	for _, o := range s.ops {
		fmt.Fprintf(&b, "  %v\n", o)
	}
	return b.String()
}

// theme is what a script is mostly about.
type theme struct {
	verbs []verb
	set   func(*setup)
	sizes []int          // nil: any
	hears []border.Event // what callbacks react to; nil: any
}

var themes = []theme{
	{}, {}, // anything
	{verbs: []verb{doPause, doResume, doSend, doSend, doSend, doSendTold, doLastPart, doPing}, sizes: []int{9, 9, 100, 3000, 66000, 70000}},
	{verbs: []verb{doBurst, doBurst, doPause, doResume, doResume}, sizes: []int{9, 20}, hears: []border.Event{border.EventMessage},
		set: func(s *setup) { s.ServerQueue, s.ClientQueue, s.Calm = false, false, true }},
	{verbs: []verb{doSend, doSend, doPause, doResume}, sizes: []int{66000}, set: func(s *setup) {
		s.ServerQueue, s.ClientQueue, s.Calm, s.Pieces, s.Small, s.SmallBudget, s.Packed = false, false, true, false, false, false, false
	}},
	{verbs: []verb{doSleep, doSleep, doClose}, sizes: []int{970, 996, 1020}, set: func(s *setup) { s.Heartbeat, s.Calm = true, true }},
	{verbs: []verb{doStopListening, doStopListening, doDestroyServer, doStart, doNewServer}, sizes: []int{8, 12}, set: func(s *setup) { s.Loops2 = true }},
	{verbs: []verb{doPause, doResume, doSend, doSend, doAbort, doClose, doDestroy}, set: func(s *setup) { s.ServerQueue, s.ClientQueue = true, true }},
	{verbs: []verb{doPart, doPart, doLastPart, doSend, doSend, doBroadcast, doPing}, sizes: []int{9, 30, 200, 900}},
	{verbs: []verb{doBroadcast, doBroadcast, doPublish, doRelay, doSubscribe, doUnsubscribe, doSend, doPause, doResume, doClose}},
	{verbs: []verb{doClose, doClose, doAbort, doDestroy, doBreak, doSendTold, doSend, doPart, doConnect, doPause}},
	{verbs: []verb{doClose, doClose, doBreak, doAbort, doSendTold}, sizes: []int{9}},
	{verbs: []verb{doSend, doSend, doSendTold, doBurst, doAbort, doAbort, doPart, doBroadcast, doDestroy}, sizes: []int{9, 900, 3000, 17000}, set: func(s *setup) { s.Secure, s.Packed = true, false }},
	{verbs: []verb{doSend, doSendTold, doPart, doLastPart, doBreak, doBreak, doClose, doConnect, doSleep, doNetworkChanged}, set: func(s *setup) { s.Reconnect = true }},
	{verbs: []verb{doRenew, doRenew, doBreak, doBreak, doSend, doSleep, doClose, doAbort, doDestroy, doConnect, doNetworkChanged, doPause, doResume}, set: func(s *setup) { s.Reconnect, s.Asks = true, true }},
	{verbs: []verb{doSleep, doSleep, doSleep, doSend, doClose, doPing, doPause, doResume, doSend}, set: func(s *setup) { s.Heartbeat = true }, sizes: []int{9, 900, 950, 1000, 1050, 1100, 1700}},
	{verbs: []verb{doSend, doSendTold, doSend, doSleep, doPart, doLastPart, doBroadcast}, set: func(s *setup) { s.Small = true }, sizes: []int{9, 100, 500, 900, 1100, 2500}},
	{verbs: []verb{doSendWith, doSendWith, doSendWith, doSend, doPublishWith, doPublishWith, doPublish, doPart, doLastPart, doBurst, doPause, doResume, doSleep}, sizes: []int{9, 30, 900, 3000, 17000, 70000}},
	{verbs: []verb{doSendWith, doSendWith, doSendTold, doPublishWith, doSubscribe, doBreak, doClose, doAbort, doDestroy, doConnect, doPing}, set: func(s *setup) { s.Small = true }, sizes: []int{9, 100, 500, 900, 2500}},
	{verbs: []verb{doStop, doStart, doStop, doSleep, doDestroyServer}, set: func(s *setup) { s.Loops2, s.Busy, s.Calm, s.Scarce = true, true, false, true }, sizes: []int{8, 9, 30, 50}},
	{verbs: []verb{doStop, doStart, doStopListening, doStopListening, doConnect, doSleep, doDestroyServer, doDestroyServer, doNewServer, doSend}, sizes: []int{8, 9, 12, 40, 100}},
	{verbs: []verb{doSend, doSend, doSendTold, doBroadcast, doPause, doResume, doSleep}, set: func(s *setup) { s.SmallBudget = true }, sizes: []int{30, 3000, 70000, 200000, 300000}},
	{verbs: []verb{doPart, doPart, doBroadcast, doBroadcast, doSend, doSend, doSend, doPause, doPause, doSleep}, set: func(s *setup) {
		s.SmallBudget, s.Calm, s.Small, s.SmallQueue, s.Secure, s.Full = true, true, false, false, false, 0
	}, sizes: []int{2000, 70000, 200000, 300000}},
	{verbs: []verb{doBurst, doBurst, doBurst, doBurst, doSend, doSend, doSend, doBreak, doStats, doPart, doClose, doAbort, doBroadcast}, sizes: []int{9, 10, 100}, set: func(s *setup) { s.Packed, s.Secure, s.Full = false, false, 0 }},
	{verbs: []verb{doAccept, doRespond, doAccept, doConnect, doDestroy, doClose, doStop, doAbort, doSleep}, set: func(s *setup) { s.Asked = true }},
	{verbs: []verb{doSend, doSend, doStats, doSend, doBroadcast, doPart, doLastPart, doPing}, sizes: []int{9, 30, 100}},
	{verbs: []verb{doBurst, doBurst, doBurst, doSend, doSend, doSendTold, doStats, doPart, doPing, doBroadcast, doClose, doAbort, doDestroy, doPause}, sizes: []int{9, 100, 900}, hears: []border.Event{border.EventMessage}, set: func(s *setup) {
		s.ServerQueue, s.ClientQueue, s.Secure, s.Packed, s.Full, s.Acknowledged = true, true, true, false, 0, false
	}},
}

// write makes the script of a seed.
func write(seed uint64) *script {
	r := rand.New(rand.NewPCG(seed, 0x5c819))
	some := func(n int) bool { return r.IntN(n) == 0 }
	s := &script{setup: setup{
		Loops2: some(4), Goroutines: some(3), ServerQueue: some(3), ClientQueue: some(4), OneQueue: some(2), SmallQueue: some(3), Polled: some(3), SmallBudget: some(12),
		Small: some(4), Pieces: some(6), Pings: some(5), Manual: some(9), Packed: some(6), Takeover: some(2), Reconnect: some(8), Keep: some(2), Asks: some(3), RefuseEarly: some(6), Cut: some(6),
		Heartbeat: some(8), Calm: some(3), Scarce: some(10), ShutEarly: some(5), Asked: some(8), Secure: some(12), Foreign: some(5), Resumes: some(2), Verifies: some(2), Proxied: some(8), Acknowledged: some(10),
	}}
	if some(8) {
		s.Full = 1 + r.IntN(2)
	}
	about := themes[r.IntN(len(themes))]
	if n := number("THEME", 0); n > 0 { // one of them alone
		about = themes[n]
	}
	if about.set != nil {
		about.set(&s.setup)
	}
	sizes := about.sizes
	if sizes == nil {
		sizes = []int{0, 9, 30, 100, 126, 250, 900, 1100, 3000}
		if some(4) {
			sizes = append(sizes, 9000, 70000)
		}
	}
	size := func() int { return sizes[r.IntN(len(sizes))] + r.IntN(5) }
	// What nearly all runs need comes first.
	clients := 1 + r.IntN(2)
	for c := range clients {
		s.ops = append(s.ops, op{by: byThread, actor: c % 2, what: doConnect, who: c})
	}
	if !some(5) {
		for actor := range 3 {
			s.ops = append(s.ops, op{by: byThread, actor: actor, what: doAwait, on: r.IntN(2), who: r.IntN(clients)})
		}
	}
	favourites := about.verbs
	if favourites == nil {
		for range 1 + r.IntN(4) {
			favourites = append(favourites, verb(r.IntN(int(peerConnect))))
		}
	}
	usual := []verb{doBurst, doBurst, doSend, doSend, doSendTold, doPart, doLastPart}
	action := func() verb {
		switch n := r.IntN(10); {
		case n < 7:
			return favourites[r.IntN(len(favourites))]
		case n < 9:
			return usual[r.IntN(len(usual))]
		}
		return verb(r.IntN(int(peerConnect)))
	}
	// Mostly it is about one handle.
	on, who := r.IntN(2), r.IntN(clients)
	focus := func(o op) op {
		if o.on, o.who = r.IntN(2), r.IntN(3); !some(3) {
			o.on, o.who = on, who
		}
		return o
	}
	threads := 1 + r.IntN(3)
	for range r.IntN(8 + r.IntN(30)) {
		s.ops = append(s.ops, focus(op{by: byThread, actor: r.IntN(threads), what: action(), size: size()}))
	}
	kinds := []border.Event{border.EventOpen, border.EventMessage, border.EventMessage, border.EventMessage, border.EventClose, border.EventDrain, border.EventCompletion, border.EventError, border.EventDestroyed}
	if about.hears != nil {
		kinds = about.hears
	}
	for range r.IntN(5) {
		o := op{by: byCallback, kind: uint64(1 + r.IntN(3)), event: kinds[r.IntN(len(kinds))], nth: 1 + r.IntN(3), what: action(), on: 2, who: r.IntN(3), size: size()}
		if some(3) { // an answer
			o.kind, o.event, o.what, o.who = kindAccepted, border.EventMessage, []verb{doSend, doBurst}[r.IntN(2)], 0
		}
		s.ops = append(s.ops, o)
	}
	if some(2) {
		for n := range 1 + r.IntN(5) { // many answers
			s.ops = append(s.ops, op{by: byCallback, kind: kindAccepted, event: border.EventMessage, nth: n + 1, what: doEcho, on: 2})
		}
	}
	for p := range r.IntN(3) {
		if s.Busy {
			for range 1 + r.IntN(6) {
				what := []verb{peerHalfHead, peerHead, peerShut, peerLeave, peerBreak, peerClose, peerRead}
				s.ops = append(s.ops, op{by: byPeer, actor: p, what: peerConnect, size: size()}, op{by: byPeer, actor: p, what: what[r.IntN(2)], size: size()},
					op{by: byPeer, actor: p, what: what[r.IntN(len(what))], size: size()})
			}
			continue
		}
		if some(2) {
			continue
		}
		s.ops = append(s.ops, op{by: byPeer, actor: p, what: peerConnect})
		head := peerHead
		if some(4) {
			head = peerHalfHead
		}
		s.ops = append(s.ops, op{by: byPeer, actor: p, what: head})
		for range r.IntN(12) {
			s.ops = append(s.ops, op{by: byPeer, actor: p, what: peerConnect + verb(r.IntN(int(verbs-peerConnect))), size: size()})
		}
	}
	return s
}

// pauseOf is how long a sleep lasts, by its size.
func pauseOf(size int) time.Duration {
	return min(time.Duration(size*size)*time.Microsecond, 3*time.Second)
}
