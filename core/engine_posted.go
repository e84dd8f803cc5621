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
	if p.conn.takePost(p.id) != nil {
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
		return 0, c.stale()
	}
	r := c.rare.need()
	r.posts = append(r.posts, p)
	p.wait(delay)
	return p.id, nil
}

// takePost takes a post off the list; nil: it is not there. Any thread.
func (c *Conn) takePost(id uint64) *post {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.rare.Load()
	if r == nil {
		return nil
	}
	i := slices.IndexFunc(r.posts, func(p *post) bool { return p.id == id })
	if i < 0 {
		return nil
	}
	p := r.posts[i]
	r.posts = slices.Delete(r.posts, i, i+1)
	return p
}

// CancelPost takes a post back; an error when it is too late for that. Any thread.
func (c *Conn) CancelPost(id uint64) *fault.Error {
	p := c.takePost(id)
	if p == nil {
		return errPostGone
	}
	p.w.loop.Post(func() { p.w.loop.Disarm(&p.timer) })
	return nil
}

// endPosts completes what waits; the last event of the handle follows, and Post refuses. The loop's.
func (c *Conn) endPosts() {
	r := c.rare.Load()
	if r == nil {
		return
	}
	locked := take(&c.mu)
	defer locked.end()
	posts := r.posts
	r.posts = nil
	locked.end()
	for _, p := range posts {
		c.w.loop.Disarm(&p.timer)
		c.w.complete(c.block.Slot, border.OpPost, p.done, errPostEnded)
	}
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
