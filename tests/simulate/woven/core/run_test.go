// SPDX-License-Identifier: Apache-2.0

//go:build simulate

package core

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/gobwas/ws"

	"libws/core/border"
	"libws/core/config"
	"libws/core/deflate"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/journal"
	"libws/core/loop"
	"libws/core/reconnect"
	"libws/core/shelf"
	"libws/core/wire"
	"libws/tests/simulate/world"
)

// run is a script at work.
type run struct {
	*script
	host   *host
	model  *model
	queues []*queueTwin
	actors int  // that are at work
	relays int  // that are not over
	calm   bool // callbacks do nothing of their own any more
	over   bool // the foreign server may end
	done   []bool
}

// outcome is what a run has come to.
type outcome struct {
	failures []string
	trace    uint64
	steps    uint64
	time     time.Duration
	faults   int
	events   map[string]int
}

// play runs a script in a world.
func play(w *world.World, s *script) outcome {
	h := newHost()
	r := &run{script: s, host: h, model: newModel(h), done: make([]bool, len(s.ops))}
	wire.ForgetStock()
	dial.ForgetSessions()
	failures := w.Run(r.main)
	return outcome{failures, w.Trace(), w.Steps(), w.Time(), w.Faults, r.model.events}
}

const smallBudget = 1 << 20

func (r *run) main() {
	h, w := r.host, world.Current()
	w.Calm(r.Calm)
	w.Scarce(r.Scarce)
	if !r.Secure {
		w.Tap(r.model.tap)
	}
	c := config.Library{Loops: 1, Budget: -1, LogLevel: journal.Debug, LogLines: -1}
	if r.Loops2 {
		c.Loops = 2
	}
	if r.Goroutines {
		c.Engine = loop.Goroutine
	}
	if r.SmallBudget {
		c.Budget, r.model.budget = smallBudget, smallBudget
	}
	engine, err := Start(h, c)
	if err != nil {
		world.Fail("%v", err)
	}
	h.engine = engine
	r.model.react = r.react
	for range 2 {
		most := 16 << 20
		if r.SmallQueue {
			most = 4000
		}
		q := &queueTwin{host: h, most: most}
		r.queues = append(r.queues, q)
		if r.Polled {
			world.Go("queue", q.pollOn)
		} else {
			world.Go("queue", q.dispatch)
		}
	}
	if r.model.foreign = r.Foreign; r.Foreign {
		world.Go("foreign", func() { r.listen(foreignPort, "foreign", r.treat) })
	}
	if r.Proxied {
		world.Go("proxy", func() { r.listen(proxyPort, "proxy", r.relay) })
	}
	r.newServer()
	r.start(r.model.servers[0])
	for range 2 {
		r.newClient()
	}
	for by := byThread; by <= byPeer; by++ {
		for actor := range 3 {
			var mine []int
			for i, o := range r.ops {
				if o.by == by && o.actor == actor {
					mine = append(mine, i)
				}
			}
			if len(mine) == 0 {
				continue
			}
			r.actors++
			if by == byThread {
				world.Go("thread", func() { r.thread(mine) })
			} else {
				world.Go("peer", func() { r.peer(mine) })
			}
		}
	}
	patience := world.Forever
	if r.ShutEarly {
		patience = world.Now() + time.Duration(world.Draw(20000))*time.Microsecond
	}
	if world.Block("waits for the actors", patience, func() bool { return r.actors == 0 }) {
		world.Sleep(time.Duration(world.Draw(3)) * 20 * time.Millisecond)
	}
	if r.Calm && !r.SmallBudget && r.actors == 0 {
		r.settle()
	}
	r.model.ending = true
	world.Note("shutdown")
	if !engine.Shutdown(-1) {
		world.Fail("shutdown did not end")
	}
	if r.relays != 0 {
		world.Fail("%d relays are not over behind the shutdown", r.relays)
	}
	world.Block("waits for the actors", world.Forever, func() bool { return r.actors == 0 })
	for _, q := range r.queues {
		q.mu.Lock()
		q.ended = true
		q.mu.Unlock()
	}
	r.over = true
	// What a cancelled attempt to connect leaves ends soon behind the shutdown.
	if !world.Alone(world.Now() + time.Minute) {
		world.Fail("a minute behind the shutdown something still runs:\n%s", world.Current().States())
	}
	r.model.over()
}

// settle lets everybody go on for a while; then nothing may wait any more.
func (r *run) settle() {
	r.calm = true
	for range 2 { // a callback may just have been about to pause
		for _, t := range append(r.model.guests, r.model.clients...) {
			if t.place == nil || r.host.lookup(t.handle) == nil {
				continue
			}
			if c := r.host.connection(t.handle); c != nil {
				t.resume(c)
			}
		}
		world.Sleep(4 * time.Second)
	}
	r.model.settled()
}

func (r *run) thread(mine []int) {
	for _, i := range mine {
		world.Yield()
		r.do(r.ops[i], nil, nil)
	}
	r.actors--
}

// react does what the script says for an event. Most requests are answered at once.
func (r *run) react(d *dispatcher, t *thing, e told) {
	switch {
	case e.kind == border.EventUpgrade && t.id%4 != 0:
		r.do(op{by: byCallback, what: doAccept}, d, t)
	case e.kind == border.EventBeforeReconnect && (t.id+e.nth)%3 != 0:
		r.do(op{by: byCallback, what: doRenew}, d, t)
	case e.kind == border.EventPing && r.Manual:
		r.do(op{by: byCallback, what: doPong}, d, t)
	case e.kind == border.EventVerify:
		if e.nth%5 != 0 { // else its time passes
			r.host.engine.Answer(t.handle, e.token, border.EventVerify, Answer{Accepts: e.nth%4 != 3})
		}
	case e.kind == border.EventRequest && t.id%4 != 0:
		r.do(op{by: byCallback, what: doRespond}, d, t)
	}
	for i, o := range r.ops {
		if !r.calm && o.by == byCallback && !r.done[i] && o.kind == t.kind && o.event == e.kind && o.nth == e.nth {
			r.done[i] = true
			r.do(o, d, t)
		}
	}
}

// target is whom an op is about; nil: there is none yet.
func (r *run) target(o op, self *thing) *thing {
	switch {
	case self != nil && self.kind != kindServer && o.who < 2:
		return self
	case o.on == 0:
		return r.model.clients[o.who%len(r.model.clients)]
	}
	if n := len(r.model.guests); n > 0 {
		return r.model.guests[n-1-o.who%min(n, 3)]
	}
	return nil
}

func (r *run) server(o op) *thing { return r.model.servers[o.who%len(r.model.servers)] }

// do does one thing; self is whose callback it is, nil on a thread.
func (r *run) do(o op, d *dispatcher, self *thing) {
	h, m := r.host, r.model
	t := r.target(o, self)
	if world.Logging() {
		world.Note("does: %v, to %v", o, t)
	}
	inside := self != nil && t == self && !d.polls
	switch o.what {
	case doSleep:
		if self == nil {
			d := pauseOf(o.size)
			if r.Heartbeat { // when deadlines are looked at as well
				const tick = 50 * time.Millisecond
				d = (world.Now()+d+tick-1)/tick*tick - world.Now()
			}
			world.Sleep(d)
		}
		return
	case doAwait:
		if self == nil {
			world.Block("waits for an open", world.Now()+500*time.Millisecond, func() bool {
				t := r.target(o, nil)
				return t != nil && t.open
			})
		}
		return
	case doNewClient:
		if len(m.clients) < 5 {
			r.newClient()
		}
		return
	case doNewServer:
		if len(m.servers) < 3 {
			if t := r.newServer(); t != nil {
				r.start(t)
			}
		}
		return
	case doNetworkChanged:
		h.engine.NetworkChanged()
		return
	case doStop, doStart, doStopListening, doDestroyServer, doBroadcast, doPublish, doPublishWith, doRelay:
		r.doServer(o, r.server(o))
		return
	}
	if t == nil {
		return
	}
	switch o.what {
	case doConnect:
		if t.kind == kindClient {
			r.connect(t, r.server(o))
		}
	case doSend:
		r.send(t, o.size, false)
	case doBurst:
		for n := range 3 + o.size%4 {
			r.send(t, min(o.size, 2000)+n, false)
			if g := h.gatherer(); g != nil && n == o.size%8 { // ws_queue_flush
				g.leave()
			}
		}
	case doSendTold:
		r.send(t, o.size, true)
	case doSendWith:
		r.sendWith(t, o.size)
	case doEcho:
		if inside && t.kind == kindAccepted && d.data != nil {
			r.echo(t, d)
		}
	case doPart:
		r.part(t, o.size, false)
	case doLastPart:
		r.part(t, o.size, true)
	case doDestroy:
		t.rough = true
		if h.kill(t.handle) {
			t.killed = t.killed || inside
			if c := h.connection(t.handle); c != nil {
				c.Destroy()
			}
		}
	default:
		if h.lookup(t.handle) == nil {
			return
		}
		if c := h.connection(t.handle); c != nil {
			r.doConn(o, t, c, inside)
		}
	}
}

// doConn is for calls that take a connection.
func (r *run) doConn(o op, t *thing, c *Conn, inside bool) {
	m := r.model
	switch o.what {
	case doPing:
		c.Ping([]byte("ping"))
	case doPong:
		c.Pong([]byte("pong"))
	case doClose:
		done := m.completion(t, border.OpClose, nil)
		code := []uint16{1000, 1001, 3000}[o.who%3]
		m.returned(done, c.CloseWith(config.CloseOptions{Code: code, Reason: "so", Timeout: time.Duration(o.size%3) * time.Second}, done))
	case doAbort:
		t.rough = true
		c.Abort()
	case doPause:
		before := t.resumes
		if c.Pause() == nil && inside && before == t.resumes && t.resuming == 0 {
			t.quiet = true
		}
	case doResume:
		t.resume(c)
	case doSubscribe:
		if t.kind == kindAccepted {
			c.Subscribe([]byte("topic"))
		}
	case doAccept:
		if t.kind == kindAccepted {
			c.Accept(AcceptOptions{})
		}
	case doRespond:
		if t.kind == kindAccepted {
			c.Respond(handshake.Reply{Status: 200, Body: []byte("an answer")})
		}
	case doRenew:
		if t.kind == kindClient {
			c.ReconnectWith(&config.Changes{})
		}
	case doUnsubscribe:
		if t.kind == kindAccepted {
			c.Unsubscribe([]byte("topic"))
		}
	case doStats:
		c.Stats()
		if c.server != nil {
			c.server.Stats()
		}
	case doBreak:
		if c.sock.Open() {
			if d, ok := c.sock.Direct(); ok {
				world.File(int(d)).Break()
			}
		}
	}
}

// resume is ws_resume, which may be called while another thread pauses.
func (t *thing) resume(c *Conn) {
	t.quiet = false
	t.resumes++
	t.resuming++
	c.Resume()
	t.resuming--
	t.quiet = false
}

func (r *run) doServer(o op, t *thing) {
	h, m := r.host, r.model
	if h.lookup(t.handle) == nil {
		return
	}
	s := h.server(t.handle)
	if s == nil {
		return
	}
	switch o.what {
	case doStart:
		r.start(t)
	case doStop:
		t.rough = true
		done := m.completion(t, border.OpServerStop, nil)
		m.returned(done, s.Stop(config.CloseOptions{Code: 1001, Reason: "bye", Timeout: time.Duration(1+o.size%3) * time.Second}, done))
	case doStopListening:
		done := m.completion(t, border.OpServerStopListening, nil)
		m.returned(done, s.StopListening(done))
	case doDestroyServer:
		if o.size%4 != 0 {
			return
		}
		t.rough = true
		if h.kill(t.handle) {
			s.Destroy()
		}
	case doRelay:
		r.relaying(s, o.size)
	case doBroadcast, doPublish, doPublishWith:
		msg, data := m.begins(t, o.size)
		msg.published = true
		var err *fault.Error
		switch {
		case o.what == doBroadcast:
			_, err = s.Broadcast(data, ws.OpBinary, nil)
		case o.what == doPublish:
			_, err = s.Publish([]byte("topic"), data, ws.OpBinary, nil)
		default:
			msg.rank = rankOf(msg, 100)
			if msg.seq%2 == 0 {
				_, err = s.BroadcastWith(data, ws.OpBinary, nil, msg.rank)
			} else {
				_, err = s.PublishWith([]byte("topic"), data, ws.OpBinary, nil, msg.rank)
			}
		}
		scribble(data)
		m.ends(msg, err)
	}
}

// scribble is what a caller does with data that is its own again.
func scribble(p []byte) {
	for i := range p {
		p[i] = 0xee
	}
}

func (r *run) send(t *thing, size int, told bool) {
	m := r.model
	msg, data := m.begins(t, size)
	var done border.Completion
	if told {
		done = m.completion(t, border.OpSend, msg)
	}
	op := ws.OpBinary
	if size%3 == 0 {
		op = ws.OpText
	}
	err := r.host.send(t.handle, op, data, done)
	scribble(data)
	m.returned(done, err)
	m.ends(msg, err)
	if err != nil {
		m.events[fmt.Sprintf("send error %d", err.ID)]++
	}
	world.Note("message %d of %v, %d bytes: %v", msg.seq, t, msg.size, err)
	if t.place == nil {
		return
	}
	if b := int64(t.place.block.Load() & border.OutBytes); t.place.owner == t && b > t.options.MaxBuffered+2*maxPongs+310_000 && t.options.Full == config.FullRefuse {
		world.Fail("%v: %d bytes wait, of %d", t, b, t.options.MaxBuffered)
	}
}

// rankOf is a key, or none, from first on, and a priority.
func rankOf(msg *message, first uint64) shelf.Rank {
	r := shelf.Rank{Priority: uint8(msg.seq * 5 % 3)}
	if key := uint64(msg.seq * 7 % 4); key > 0 {
		r.Key = first + key
	}
	return r
}

func (r *run) sendWith(t *thing, size int) {
	m := r.model
	msg, data := m.begins(t, size)
	msg.rank = rankOf(msg, 1)
	var done border.Completion
	if size%2 == 0 {
		done = m.completion(t, border.OpSend, msg)
	}
	err := errGone
	if c := r.host.connection(t.handle); c != nil {
		err = c.SendWith(ws.OpBinary, data, msg.rank, done)
	}
	scribble(data)
	m.returned(done, err)
	m.ends(msg, err)
	world.Note("message %d of %v, %d bytes, key %d, priority %d: %v", msg.seq, t, msg.size, msg.rank.Key, msg.rank.Priority, err)
}

// echo sends back what has just come, from where it lies.
func (r *run) echo(t *thing, d *dispatcher) {
	if t.peer < 0 || t.options.Pieces || len(d.data) < headSize {
		return
	}
	var from, seq int
	if n, _ := fmt.Sscanf(string(d.data[:headSize]), "%03x%05x:", &from, &seq); n != 2 || from != t.peer || seq >= len(r.model.things[from].sent) {
		return
	}
	s := r.model.things[from].sent[seq]
	s.echoes++
	if err := r.host.send(t.handle, ws.OpBinary, d.data, border.Completion{}); err != nil && s.echoed < s.echoes {
		s.echoes--
	}
}

// part sends the next piece of a message. Pieces of one handle come from one task at a time.
func (r *run) part(t *thing, size int, last bool) {
	m, h := r.model, r.host
	if t.parting {
		return
	}
	t.parting = true
	defer func() { t.parting = false }()
	if h.lookup(t.handle) == nil {
		return
	}
	c := h.connection(t.handle)
	if c == nil {
		return
	}
	first := t.building == nil
	if first {
		t.building, t.rest = m.begins(t, max(size, 3*headSize))
	}
	msg := t.building
	n := min(len(t.rest), max(1, msg.size/3))
	if last {
		n = len(t.rest)
	}
	p := append([]byte(nil), t.rest[:n]...)
	err := c.SendPart(ws.OpBinary, p, last, border.Completion{})
	scribble(p)
	world.Note("a piece of message %d of %v, %d bytes: %v", msg.seq, t, n, err)
	switch {
	case err == nil && last:
		t.building = nil
		m.ends(msg, nil)
	case err == nil:
		t.rest = t.rest[n:]
	case first || err.ID == fault.IDState:
		t.building = nil
		m.ends(msg, err)
	}
}

// ---- things ----

func (r *run) options(client bool) config.ConnOptions {
	o := config.ConnOptions{MaxMessage: 1 << 20, Pieces: r.Pieces && !client, Pings: r.Pings || r.Manual, ManualPong: r.Manual, Full: config.FullPolicy(r.Full), RefuseEarly: client && r.RefuseEarly}
	o.MaxBuffered = config.DefaultMaxBuffered
	if r.Cut {
		o.MaxFrame = config.LeastFrame
	}
	if r.Small {
		o.MaxBuffered = 3000
		o.HighWater, o.LowWater = 1500, 100
	}
	return o
}

func (r *run) newClient() *thing {
	h, m := r.host, r.model
	o := r.options(true)
	t := m.add(kindClient, o)
	p := h.acquire(kindClient, 0, t)
	if r.ClientQueue {
		q := r.queues[1]
		if r.OneQueue {
			q = r.queues[0]
		}
		h.join(p, q)
	}
	if _, err := h.engine.NewClient(&p.block, o, func(c *Conn) { p.conn.Store(c) }); err != nil {
		h.undo(p)
		return nil
	}
	m.clients = append(m.clients, t) // from here on the host has the handle
	return t
}

func (r *run) newServer() *thing {
	h, m := r.host, r.model
	o := r.options(false)
	t := m.add(kindServer, o)
	p := h.acquire(kindServer, 0, t)
	if r.ServerQueue {
		h.join(p, r.queues[0])
	}
	p.block.WantRequests(r.Asked, r.Asked)
	if _, err := h.engine.NewServer(&p.block, o, func(s *Server) { p.listener = s }); err != nil {
		h.undo(p)
		return nil
	}
	m.servers = append(m.servers, t)
	return t
}

func portOf(t *thing) int { return 9000 + t.id }

func (r *run) start(t *thing) {
	o := config.ListenOptions{IP: "127.0.0.1", Port: portOf(t)}
	if r.Secure {
		o.TLS.Own = certificate()
	}
	if r.Packed {
		o.Compression = r.packing()
	}
	if r.Heartbeat {
		o.Deadlines = config.Silence{Ping: time.Second, Pong: time.Second, Idle: 4 * time.Second, Write: 2 * time.Second}
	}
	if r.host.lookup(t.handle) == nil {
		return
	}
	s := r.host.server(t.handle)
	if s == nil {
		return
	}
	done := r.model.completion(t, border.OpServerStart, nil)
	err := s.Start(o, done)
	r.model.returned(done, err)
	world.Note("start of %v: %v", t, err)
}

func (r *run) packing() *config.Compression {
	return &config.Compression{Options: deflate.Options{OutTakeover: r.Takeover, InTakeover: r.Takeover, OutBits: 9, InBits: 9}, MinSize: 20}
}

func (r *run) connect(t, to *thing) {
	h, m := r.host, r.model
	if h.lookup(t.handle) == nil {
		return
	}
	c := h.connection(t.handle)
	if c == nil {
		return
	}
	if t.parting {
		return
	}
	t.parting, t.connecting = true, true // nobody begins a message in pieces meanwhile
	defer func() { t.parting, t.connecting = false, false }()
	o := config.ConnectOptions{}
	if r.Packed {
		o.Compression = r.packing()
	}
	if r.Heartbeat {
		o.Silence = config.Silence{Ping: time.Second, Pong: time.Second, Idle: 4 * time.Second, Write: 2 * time.Second}
	}
	if r.Reconnect {
		t.reconnect = true
		o.Reconnect = &config.Reconnect{Policy: reconnect.Policy{First: 50 * time.Millisecond, Max: time.Second, MaxTries: 3}, KeepSends: r.Keep, Ask: r.Asks}
		if r.Asks {
			o.Reconnect.Answer = 200 * time.Millisecond
		}
	}
	done := m.completion(t, border.OpConnect, nil)
	before := t.connects
	t.connects++ // first: it may be open before the call returns
	scheme := "ws"
	if r.Secure {
		scheme, o.TLS.SkipVerify, o.TLS.NoResumption = "wss", true, !r.Resumes
		if r.Verifies {
			o.TLS.AskVerify, o.Steps.TLS = true, time.Second
		}
	}
	if r.Proxied && t.id%2 == 0 {
		o.Proxy = byProxy()
	}
	if r.Acknowledged {
		o.Acknowledged, t.again = true, true
	}
	port := portOf(to)
	if r.Foreign && t.id%2 == 1 {
		port = foreignPort
	}
	err := c.Connect(fmt.Sprintf(scheme+"://127.0.0.1:%d/client%d", port, t.id), o, done)
	if err != nil && t.connects == before+1 {
		t.connects = before
	}
	if err == nil {
		t.building = nil // who connects knows that no message goes on
	}
	m.returned(done, err)
	world.Note("connect of %v: %v", t, err)
}

var loopback = netip.AddrFrom4([4]byte{127, 0, 0, 1})
