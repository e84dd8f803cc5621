// SPDX-License-Identifier: Apache-2.0

package core

import (
	"slices"
	"sync/atomic"
	"time"

	"libws/core/border"
	"libws/core/fault"
	"libws/core/loop"
)

// Functions of the host that run later, where its callbacks do: each is a completion that comes once, when its time
// has come or when its target has ended, unless it was taken back before.

// post is one of them. Who takes it off its list has it.
type post struct {
	id    uint64
	done  border.Completion
	w     *worker // on whose wheel it waits
	timer loop.Timer
	conn  *Conn  // whose it is; nil: a queue's
	queue uint64 // a handle of the host
}

// postIDs tells posts of the process apart.
var postIDs atomic.Uint64

// posts are those of a connection; nil: it has had none.
type posts struct {
	list []*post // guarded by Conn.mu
}

// take takes a post off; nil: it is not there. Conn.mu is held.
func (l *posts) take(id uint64) (p *post) {
	if l == nil {
		return nil
	}
	i := slices.IndexFunc(l.list, func(p *post) bool { return p.id == id })
	if i >= 0 {
		p = l.list[i]
		l.list = slices.Delete(l.list, i, i+1)
	}
	return p
}

// takeAll takes all off. Conn.mu is held.
func (l *posts) takeAll() (all []*post) {
	if l != nil {
		all, l.list = l.list, nil
	}
	return all
}

// wait begins the time of a post. Any thread.
func (p *post) wait(delay time.Duration) {
	due := time.Now().Add(delay)
	p.w.loop.Post(func() {
		if left := time.Until(due); delay > 0 && left > 0 {
			p.w.loop.After(&p.timer, left, p)
			return
		}
		p.Expired(&p.timer)
	})
}

// Expired runs a post that nobody has taken back; see loop.Expirer.
func (p *post) Expired(*loop.Timer) {
	if p.conn == nil {
		if p.w.engine.takePost(p.queue, p.id) {
			p.w.engine.host.Posted(p.queue, p.done, nil)
		}
		return
	}
	if p.taken() {
		p.w.current = p.conn
		p.w.complete(p.conn.block.Slot, border.OpPost, p.done, nil)
	}
}

var errPostEnded = &fault.Error{ID: fault.IDCancelled, Text: "the connection has ended before its time came"}

var errPostGone = fault.Refused(fault.IDState, "id: runs, has run, or was cancelled already")

// Post lets done run on the loop of the connection. Any thread.
func (c *Conn) Post(delay time.Duration, done border.Completion) (uint64, *fault.Error) {
	p := &post{id: postIDs.Add(1), done: done, w: c.w, conn: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.destroyed || c.server != nil && c.block.State() == border.StateClosed {
		return 0, c.server.stale()
	}
	r := c.rare.need()
	r.posts.list = append(r.posts.list, p)
	p.wait(delay)
	return p.id, nil
}

// CancelPost takes a post back; an error when it is too late for that. Any thread.
func (c *Conn) CancelPost(id uint64) *fault.Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.rare.posts().take(id)
	if p == nil {
		return errPostGone
	}
	p.w.loop.Post(func() { p.w.loop.Disarm(&p.timer) })
	return nil
}

// taken takes a post of a connection off its list; false: it is not there.
func (p *post) taken() bool {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	return p.conn.rare.posts().take(p.id) == p
}

// end completes a post whose time will not come, because its connection has ended. The loop's.
func (p *post) end() {
	p.w.loop.Disarm(&p.timer)
	p.w.complete(p.conn.block.Slot, border.OpPost, p.done, errPostEnded)
}

// ---- of queues ----------------------------------------------------------------------------------

// PostToQueue lets the host run done where it dispatches a queue, which lasts until then. Any thread.
func (e *Engine) PostToQueue(queue uint64, delay time.Duration, done border.Completion) (uint64, *fault.Error) {
	p := &post{id: postIDs.Add(1), done: done, w: e.workers[0], queue: queue}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ending {
		return 0, errShutdown
	}
	e.posts[p.id] = p
	e.unposted++
	p.wait(delay)
	return p.id, nil
}

func (e *Engine) takePost(queue, id uint64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.posts[id]
	if p == nil || p.queue != queue {
		return false
	}
	delete(e.posts, id)
	return true
}

// CancelPostToQueue takes a post back; an error when it is too late for that. Any thread.
func (e *Engine) CancelPostToQueue(queue, id uint64) *fault.Error {
	if !e.takePost(queue, id) {
		return errPostGone
	}
	e.PostDone()
	return nil
}

// PostDone is called by the host when a post to a queue has run. Any thread.
func (e *Engine) PostDone() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.unposted--
	e.checkEmpty()
}

// endPosts lets all posts to queues run at once: the library ends.
func (e *Engine) endPosts() {
	locked := take(&e.mu)
	defer locked.end()
	posts := e.posts
	e.posts = map[uint64]*post{}
	locked.end()
	for _, p := range posts {
		e.host.Posted(p.queue, p.done, errShutdown)
	}
}
