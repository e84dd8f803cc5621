// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/border"
	"libws/core/fault"
)

// Subscribers fills handles with those of the open connections that get what is published to a
// topic now, by it or by a pattern, and tells how many there are; when there are more, nothing is
// filled in. Any thread.
func (s *Server) Subscribers(topic []byte, handles []uint64) (count int, err *fault.Error) {
	if err := checkTopic(topic); err != nil {
		return 0, err
	}
	t := &s.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.quiet()
	all := t.audience(topic)
	for _, c := range all {
		if c.open() {
			count++
		}
	}
	if count > len(handles) {
		return count, nil
	}
	handles, count = handles[:count], 0
	for _, c := range all {
		if count < len(handles) && c.open() {
			handles[count] = c.block.Handle
			count++
		}
	}
	return count, nil
}

// open tells whether a member is neither closing nor has ended. topics.mu is held, so the block is
// still its own.
func (c *Conn) open() bool { return c.block.Load()&border.OutOpen != 0 }

// How a connection gets what is published to a topic; the numbers are those of WS_BY_.
const (
	ByTopic   = 1
	ByPattern = 2
)

// Subscribed tells how the connection gets what is published to a topic; 0: not at all. Any
// thread.
func (c *Conn) Subscribed(topic []byte) (how int, err *fault.Error) {
	if err := checkTopic(topic); err != nil {
		return 0, err
	}
	t := &c.server.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	if to := t.find(topic); to != nil && t.of(membership{c, to}).Has(membership{c, to}) {
		how = ByTopic
	}
	if t.root == nil {
		return how, nil
	}
	t.match(topic)
	defer t.forgetMatched()
	for _, to := range t.matched {
		if t.of(membership{c, to}).Has(membership{c, to}) {
			how |= ByPattern
			break
		}
	}
	return how, nil
}

// Subscriptions fills a buffer with what the connection has subscribed to, newest first, and
// tells how many bytes that takes; when there is less room, nothing is filled in. Each is a byte
// that is 1 for a pattern, the size of its name as a byte, the name, and a NUL. Any thread.
func (c *Conn) Subscriptions(buffer []byte) (size int) {
	t := &c.server.topics
	t.mu.Lock()
	defer t.mu.Unlock()
	r := c.rare.Load()
	if r == nil {
		return 0
	}
	for s := r.member.first; s != nil; s = s.next {
		size += 3 + len(s.topic.name)
	}
	if size > len(buffer) {
		return size
	}
	buffer = buffer[:0]
	for s := r.member.first; s != nil; s = s.next {
		pattern := byte(0)
		if s.topic.level != nil {
			pattern = 1
		}
		buffer = append(buffer, pattern, byte(len(s.topic.name))) // fits: MaxTopic
		buffer = append(append(buffer, s.topic.name...), 0)
	}
	return size
}
