// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/shelf"
	"libws/tests/simulate/world"
)

// model is what include/libws/ws_types.h promises, checked event by event and call by call.
type model struct {
	host    *host
	things  []*thing // by their ids
	clients []*thing
	servers []*thing
	guests  []*thing // accepted connections, in their order
	waits   map[uint64]*completing
	lastID  uint64
	ending  bool // shutdown has begun: what was promised for quiet ends does not hold
	budget  int64
	chosen  map[*Conn]bool // that are to end because they hold the most
	foreign bool           // there is a server that is not ours

	react func(d *dispatcher, t *thing, e told)
	// instead is called in the place of all checks; nil: they are made.
	instead func(p *seat, e told)
	events  map[string]int // coverage
}

// thing is a handle's life. A thing has one handle, a slot has many.
type thing struct {
	id     int
	kind   uint64
	place  *seat
	handle uint64
	parent *thing // the server of an accepted connection
	peer   int    // the client of an accepted connection; -1: not one of ours

	options    config.ConnOptions
	connects   int  // calls of connect that were accepted
	connecting bool // one runs
	reconnect  bool // it may connect by itself
	again      bool // it asks for acknowledgements: a message may come although it is said to be lost, or twice

	opens, closes int
	open          bool
	destroyed     bool
	released      bool
	running       bool // a callback of it runs
	rough         bool // it was aborted or destroyed: messages may be lost
	quiet         bool // paused inside a callback of its own: nothing is told
	resumes       int  // calls
	resuming      int  // calls that run
	killed        bool // destroyed inside a callback of its own: only ends are told
	pieces        []byte
	inside        bool // the message that comes in pieces has begun

	sent     []*message
	building *message          // that is sent in pieces
	rest     []byte            // of it
	parting  bool              // a task is sending a piece
	last     map[*thing]uint64 // the latest begin of a call whose message came, by sender
	heard    map[*message]bool // of what was published
	order    []*message        // published ones, as they came
	lastKey  map[keyOf]uint64  // as last, of messages with a key
	counts   map[border.Event]int
	waiting  int // completions of calls that have returned
}

// message is one that somebody has sent, or tried to.
type message struct {
	from       *thing
	seq        int
	size       int
	begin, end uint64 // steps; end 0: the call still runs
	ok         bool
	came       int
	connects   int
	alone      bool // the connection was the same during the call
	lost       bool // its completion said that it never leaves
	echoes     int  // calls that sent it back, and how many of these came
	echoed     int
	published  bool
	rank       shelf.Rank
}

// keyOf is a key of who sends.
type keyOf struct {
	from *thing
	key  uint64
}

// newest tells whether no message was accepted behind s, or beside it, that may have replaced it.
func (s *message) newest() bool {
	for _, r := range s.from.sent {
		if r != s && r.ok && r.rank.Key == s.rank.Key && (r.end == 0 || r.end > s.begin) {
			return false
		}
	}
	return true
}

// mayGo tells whether s may make place for a newer one.
func (s *message) mayGo() bool { return s.rank.Key != 0 && !s.newest() }

type completing struct {
	t       *thing
	op      border.Operation
	message *message
	calling any  // the task that is still inside the call
	refused bool // it must not come
}

func newModel(h *host) *model {
	m := &model{host: h, waits: map[uint64]*completing{}, chosen: map[*Conn]bool{}, events: map[string]int{}}
	h.model, chosen = m, m.relieves
	return m
}

func (t *thing) String() string {
	switch t.kind {
	case kindClient:
		return fmt.Sprintf("client %d", t.id)
	case kindServer:
		return fmt.Sprintf("server %d", t.id)
	}
	return fmt.Sprintf("connection %d", t.id)
}

func (m *model) add(kind uint64, o config.ConnOptions) *thing {
	t := &thing{id: len(m.things), kind: kind, peer: -1, options: o, last: map[*thing]uint64{}, heard: map[*message]bool{}, counts: map[border.Event]int{}}
	m.things = append(m.things, t)
	return t
}

func (m *model) adopts(server *thing) *thing {
	t := m.add(kindAccepted, server.options)
	t.parent = server
	m.guests = append(m.guests, t)
	return t
}

// ---- events ----

// names looks at a record before anybody is told of it.
func (m *model) names(p *seat, r *border.Record) {
	if m.instead != nil {
		return
	}
	if p.owner == nil {
		world.Fail("a record of type %d names slot %d, which is nobody's", r.Type, r.Slot)
	}
}

// releases checks that a slot is given back when nothing is left of its owner.
func (m *model) releases(p *seat) {
	if m.instead != nil {
		return
	}
	t := p.owner
	switch {
	case t == nil:
		world.Fail("slot %d is given back twice", p.block.Slot)
	case t.released:
		world.Fail("%v is released twice", t)
	case !t.destroyed:
		world.Fail("%v is released before its last event", t)
	}
	for _, w := range m.host.engine.workers {
		for i := range w.records {
			if w.records[i].Slot == p.block.Slot {
				world.Fail("%v is released and a record of type %d that names its slot %d is not told yet", t, w.records[i].Type, p.block.Slot)
			}
		}
	}
	t.released = true
	world.Note("%v is released, slot %d", t, p.block.Slot)
}

// tells checks an event and lets the script react to it.
func (m *model) tells(d *dispatcher, p *seat, e told) {
	if m.instead != nil {
		m.instead(p, e)
		return
	}
	if n := world.Locks(); n != 0 {
		world.Fail("a callback runs while %d locks are held", n)
	}
	t := p.owner
	if t != nil && t.running {
		world.Fail("callbacks of %v overlap", t)
	}
	e.nth = m.hands(p, e)
	if t == nil {
		return
	}
	t.running = true
	defer func() { t.running = false }()
	if m.react != nil {
		m.react(d, t, e)
	}
	if used := m.host.engine.pool.Used(); m.budget > 0 && used > m.budget+m.budget/8+4<<20 {
		world.Fail("%d bytes are in use, the budget is %d", used, m.budget)
	}
}

// hands checks an event that the host gets, in a callback or by polling, and tells which of its
// kind it is. Nobody goes on meanwhile.
func (m *model) hands(p *seat, e told) (nth int) {
	t := p.owner
	if t == nil {
		world.Fail("event %d for slot %d, which is nobody's", e.kind, p.block.Slot)
		return 0
	}
	if world.Logging() {
		world.Note("%v hears event %d, %d bytes, error %d, code %d, clean %v %.90s", t, e.kind, len(e.data), e.id, e.code, e.clean, e.why)
	}
	world.Mix(uint64(t.id)<<32 | uint64(e.kind)<<16 | uint64(len(e.data)))
	if t.destroyed {
		world.Fail("%v hears event %d after its last one", t, e.kind)
	}
	if e.id == fault.IDInternal {
		world.Fail("%v hears of a defect of the library: %s", t, e.why)
	}
	t.counts[e.kind]++
	m.events[fmt.Sprintf("kind %d event %d error %d", t.kind, e.kind, e.id)]++
	final := e.kind == border.EventCompletion || e.kind == border.EventClose || e.kind == border.EventDestroyed
	if t.quiet && !final && e.kind != border.EventError {
		world.Fail("%v hears event %d although it was paused in a callback", t, e.kind)
	}
	if t.killed && !final {
		world.Fail("%v hears event %d although it was destroyed in a callback", t, e.kind)
	}
	if t.kind == kindAccepted && t.closes > 0 && e.kind != border.EventCompletion && e.kind != border.EventDestroyed {
		world.Fail("%v hears event %d after its close", t, e.kind)
	}
	switch e.kind {
	case border.EventOpen:
		m.opens(t, e)
	case border.EventMessage:
		if !t.open {
			world.Fail("%v hears a message outside of open and close", t)
		}
		m.message(t, e)
	case border.EventClose:
		if !t.open {
			world.Fail("%v hears a close without an open", t)
		}
		t.open, t.pieces, t.inside = false, nil, false
		t.closes++
		if e.clean {
			m.ended(t)
		}
	case border.EventCompletion:
		m.completes(t, e)
	case border.EventDestroyed:
		if t.open {
			world.Fail("%v is destroyed and heard no close", t)
		}
		if t.waiting > 0 {
			world.Fail("%v is destroyed and %d completions have not come", t, t.waiting)
		}
		t.destroyed = true
	case border.EventVerify:
		if t.open || t.kind != kindClient || e.token == 0 {
			world.Fail("%v is asked about a certificate, token %d, and has no handshake", t, e.token)
		}
	case border.EventBeforeReconnect:
		if t.open || !t.reconnect {
			world.Fail("%v is asked what to connect with, and is open or does not connect again", t)
		}
	case border.EventDrain, border.EventPing, border.EventPong, border.EventOpenInfo:
		if !t.open {
			world.Fail("%v hears event %d outside of open and close", t, e.kind)
		}
	}
	return t.counts[e.kind]
}

func (m *model) opens(t *thing, e told) {
	if t.open || t.kind == kindAccepted && t.opens > 0 {
		world.Fail("%v hears a second open", t)
	}
	t.open = true
	t.opens++
	delete(m.chosen, t.place.conn.Peek())
	if t.kind == kindAccepted {
		if n, is := strings.CutPrefix(e.target, "/client"); is {
			id, err := strconv.Atoi(n)
			if err != nil || id >= len(m.things) || m.things[id].kind != kindClient {
				world.Fail("%v has a target that nobody asked for: %q", t, e.target)
			}
			if t.peer >= 0 && t.peer != id {
				world.Fail("%v has target %q and spoke to client %d", t, e.target, t.peer)
			}
			t.peer = id
		}
	}
}

// ---- completions ----

func (m *model) completion(t *thing, op border.Operation, of *message) border.Completion {
	m.lastID++
	m.waits[m.lastID] = &completing{t: t, op: op, message: of, calling: world.Self()}
	return border.Completion{Callback: uintptr(m.lastID), User: uintptr(m.lastID * 3)}
}

// returned ends the call that a completion was given to.
func (m *model) returned(done border.Completion, err *fault.Error) {
	w := m.waits[uint64(done.Callback)]
	if w == nil {
		if done.Wanted() && err != nil {
			world.Fail("a call fails (%v) and its completion came", err)
		}
		return
	}
	w.calling = nil
	if err != nil {
		delete(m.waits, uint64(done.Callback))
		return
	}
	if w.t.waiting++; w.t.destroyed {
		world.Fail("%v took a completion of operation %d behind its last event", w.t, w.op)
	}
}

func (m *model) completes(t *thing, e told) {
	w := m.waits[e.callback]
	switch {
	case w == nil || e.user != e.callback*3:
		world.Fail("%v hears a completion of operation %d that came already, or whose call had failed", t, e.operation)
		return
	case w.t != t:
		world.Fail("%v hears a completion of %v", t, w.t)
	case w.op != e.operation:
		world.Fail("%v hears a completion of operation %d for one of %d", t, e.operation, w.op)
	case w.calling != nil && w.calling == world.Self():
		world.Fail("%v hears a completion inside the call that it completes", t)
	}
	if s := w.message; s != nil && e.id != 0 {
		if s.lost = true; s.came > 0 && !t.again {
			world.Fail("message %d of %v came, and its completion says that it never leaves: %s", s.seq, t, e.why)
		}
	}
	delete(m.waits, e.callback)
	if w.calling == nil {
		t.waiting--
	}
}

// ---- messages ----

// headSize is how long the part of a message is that says whose it is.
const headSize = 9

// pattern is what messages are filled with, each from a place of its own on.
var pattern = func() []byte {
	p := make([]byte, 1<<19)
	for i := range p {
		p[i] = 'a' + byte((i*7+i>>6+i>>13)%26)
	}
	return p
}()

func filling(from, seq, size int) []byte {
	at := (from*31 + seq*7) % 1000
	return pattern[at : at+size-headSize]
}

// payload is what a message says.
func payload(from, seq, size int) []byte {
	size = max(size, headSize)
	b := fmt.Appendf(make([]byte, 0, size), "%03x%05x:", from, seq)
	return append(b, filling(from, seq, size)...)
}

// begins notes that a call sends a message.
func (m *model) begins(t *thing, size int) (*message, []byte) {
	s := &message{from: t, seq: len(t.sent), size: max(size, headSize), begin: world.Current().Steps() + 1, connects: t.connects, alone: !t.connecting}
	t.sent = append(t.sent, s)
	return s, payload(t.id, s.seq, size)
}

// ends notes what became of it.
func (m *model) ends(s *message, err *fault.Error) {
	s.ok, s.end = err == nil, world.Current().Steps()+1
	s.alone = s.alone && s.connects == s.from.connects && !s.from.connecting && !s.from.reconnect
	if err != nil && s.came > 0 {
		world.Fail("message %d of %v came although it was refused: %v", s.seq, s.from, err)
	}
}

// message checks what comes.
func (m *model) message(t *thing, e told) {
	data := e.data
	if t.options.Pieces && e.part != 0 {
		begins := e.part == 1
		if begins == t.inside {
			world.Fail("%v hears piece %d of a message, inside of one: %v", t, e.part, t.inside)
		}
		t.pieces, t.inside = append(t.pieces, data...), e.part != 3
		if t.inside {
			return
		}
		data, t.pieces = t.pieces, nil
	} else if t.inside {
		world.Fail("%v hears a whole message between two pieces of another", t)
	}
	if t.kind == kindAccepted && t.peer < 0 {
		return // from the scripted peer, whose words are its own
	}
	if t.kind == kindClient && m.foreign && t.id%2 == 1 {
		return // from the foreign server
	}
	from, err1 := strconv.ParseUint(string(data[:min(3, len(data))]), 16, 32)
	seq, err2 := strconv.ParseUint(string(data[min(3, len(data)):min(8, len(data))]), 16, 32)
	if err1 != nil || err2 != nil || int(from) >= len(m.things) || int(seq) >= len(m.things[from].sent) {
		world.Fail("%v hears a message that nobody has sent: %.40q", t, data)
		return
	}
	s := m.things[from].sent[seq]
	m.came(t, s, data)
}

func (m *model) came(t *thing, s *message, data []byte) {
	if s.size != len(data) || !bytes.Equal(data[headSize:], filling(s.from.id, s.seq, s.size)) {
		world.Fail("%v hears message %d of %v changed: %d bytes, of %d", t, s.seq, s.from, len(data), s.size)
	}
	if s.from == t {
		if s.echoed++; s.echoed > s.echoes {
			world.Fail("%v hears its message %d back more often than it was sent back", t, s.seq)
		}
		return
	}
	if s.end != 0 && !s.ok {
		world.Fail("%v hears message %d of %v, which was refused", t, s.seq, s.from)
	}
	if s.lost && !s.from.again {
		world.Fail("%v hears message %d of %v, whose completion said that it never leaves", t, s.seq, s.from)
	}
	if (t.heard[s] || !s.published && s.came > 0) && !(s.from.again && s.from.reconnect) {
		world.Fail("%v hears message %d of %v twice", t, s.seq, s.from)
	}
	t.heard[s] = true
	s.came++
	right := s.from.id == t.peer
	if t.kind == kindClient {
		if s.from.kind == kindAccepted && s.from.opens == 0 { // it has said something before the host heard of it
			s.from.peer = t.id
		}
		right = s.from.kind == kindServer || s.from.peer == t.id
	}
	if !right {
		world.Fail("%v hears a message of %v, which is not its peer", t, s.from)
	}
	if s.end != 0 && s.end < t.last[s.from] {
		world.Fail("%v hears message %d of %v behind one whose call began later", t, s.seq, s.from)
	}
	if s.rank.Key != 0 {
		k := keyOf{s.from, s.rank.Key}
		if s.end != 0 && s.end < t.lastKey[k] {
			world.Fail("%v hears message %d of %v behind a newer one with its key", t, s.seq, s.from)
		}
		if t.lastKey == nil {
			t.lastKey = map[keyOf]uint64{}
		}
		t.lastKey[k] = max(t.lastKey[k], s.begin)
	}
	if s.rank != (shelf.Rank{}) {
		return // what comes behind it may be older
	}
	t.last[s.from] = max(t.last[s.from], s.begin)
	if s.published {
		t.order = append(t.order, s)
		return
	}
	if s.from.options.Full != config.FullRefuse || !s.alone {
		return
	}
	for _, r := range s.from.sent {
		if r.ok && !r.lost && !r.published && !r.mayGo() && r.came == 0 && r.alone && r.connects == s.connects && r.end < s.begin {
			world.Fail("%v hears message %d of %v and never heard %d, which was accepted before", t, s.seq, s.from, r.seq)
		}
	}
}

// ended checks that nothing was lost by a connection that closed cleanly.
func (m *model) ended(t *thing) {
	if t.rough || m.ending || t.parent != nil && t.parent.rough {
		return
	}
	var others []*thing
	if t.kind == kindAccepted && t.peer >= 0 {
		others = []*thing{m.things[t.peer]}
	} else if t.kind == kindClient {
		for _, g := range m.guests {
			if g.peer == t.id {
				others = append(others, g)
			}
		}
		if len(others) > 1 || t.connects > 1 {
			return // which one is not known
		}
	}
	for _, o := range others {
		if o.options.Full != config.FullRefuse || o.reconnect || o.connects > 1 {
			continue
		}
		for _, s := range o.sent {
			if s.ok && !s.lost && s.alone && !s.published && !s.mayGo() && s.came == 0 {
				world.Fail("%v closed cleanly and never heard message %d of %v, which was accepted", t, s.seq, o)
			}
		}
	}
}

// settled checks that what was accepted has come, when the network is good and everybody had
// time. Only between ends that are open now.
func (m *model) settled() {
	for _, g := range m.guests {
		if g.peer < 0 {
			continue
		}
		c := m.things[g.peer]
		if !g.open || !c.open || g.place.block.State() != border.StateOpen || c.place.block.State() != border.StateOpen || c.opens > 1 || c.connects > 1 {
			continue
		}
		for _, t := range []*thing{g, c} {
			if t.options.Full != config.FullRefuse || t.rough || t.reconnect {
				continue
			}
			if t.waiting > 0 {
				world.Fail("%v is open and waits for %d completions for ever", t, t.waiting)
			}
			for _, s := range t.sent {
				if s.ok && !s.lost && !s.mayGo() && s.came == 0 {
					world.Fail("message %d of %v was accepted and never comes", s.seq, t)
				}
			}
		}
	}
}

// over checks what must be so when all is shut down.
func (m *model) over() {
	e := m.host.engine
	if used := e.pool.Used(); used != 0 {
		world.Fail("%d bytes of buffers were not given back", used)
	}
	if n := e.counters.sockets.Load(); n != 0 {
		world.Fail("%d sockets are counted and there are none", n)
	}
	if n := e.counters.open.Load(); n != 0 {
		world.Fail("%d open connections are counted and there are none", n)
	}
	if n := world.Current().Open(); n != 0 {
		world.Fail("%d sockets are open", n)
	}
	if len(m.waits) != 0 {
		world.Fail("%d completions have not come", len(m.waits))
	}
	if n := len(m.host.places) - 1 - len(m.host.free); n != 0 {
		world.Fail("%d slots were not given back", n)
	}
	for _, t := range m.things {
		if !t.released || t.opens != t.closes {
			world.Fail("%v: released %v, %d opens, %d closes", t, t.released, t.opens, t.closes)
		}
	}
	m.oneOrder()
}

// oneOrder checks that all who heard two published messages heard them in one order.
func (m *model) oneOrder() {
	before := map[[2]*message]*thing{}
	for _, t := range m.things {
		for i, a := range t.order {
			for _, b := range t.order[i+1:] {
				if a.from != b.from {
					continue
				}
				if other := before[[2]*message{b, a}]; other != nil {
					world.Fail("%v heard %d before %d of %v, and %v the other way round", t, a.seq, b.seq, a.from, other)
				}
				before[[2]*message{a, b}] = t
			}
		}
	}
}
