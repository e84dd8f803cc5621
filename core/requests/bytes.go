// SPDX-License-Identifier: Apache-2.0

// Package requests gathers the bytes of a request, its head and its body, while they come. It
// knows neither sockets nor connections.
package requests

import (
	"bytes"

	"libws/core/handshake"
	"libws/core/loop"
)

// Bytes is what has come of a request, of its head and of its body. It knows no
// connection: who reads gives it bytes, and asks it what they are.
type Bytes struct {
	Kept     []byte            // from the pool; nil: nothing is kept
	searched int               // bytes of the head without an end
	HeadSize int               // where the head ends; 0: not found yet
	Whole    int               // bytes of the request with its body, or of what has come of one in chunks; 0: not known yet
	Chunks   *handshake.Chunks // reads a body in chunks; nil: there is none
	blank    int               // lines before the request that were skipped
	Bodiless bool              // the request is one of HEAD, whose answer has no body
}

// Next begins with the next request; what is kept of it stays.
func (r *Bytes) Next() { *r = Bytes{Kept: r.Kept} }

// Forget gives the buffer back.
func (r *Bytes) Forget(pool *loop.Pool) {
	pool.Put(r.Kept)
	r.Kept = nil
}

// Add is all that has come of the request, with what has just been read. That stays the
// caller's, and is not kept unless something is already: keep follows when more is needed.
func (r *Bytes) Add(pool *loop.Pool, read []byte) (all []byte, err error) {
	if r.Kept == nil {
		return read, nil
	}
	bigger, err := pool.Grow(r.Kept, len(r.Kept)+len(read))
	if err != nil {
		return nil, err
	}
	r.Kept = append(bigger, read...)
	return r.Kept, nil
}

// Keep keeps what has come of a request until there is more.
func (r *Bytes) Keep(pool *loop.Pool, all []byte) error {
	if r.Kept != nil {
		return nil // all is that
	}
	kept, err := pool.Get(len(all))
	if err == nil {
		r.Kept = append(kept, all...)
	}
	return err
}

// KeepRest keeps what came behind a request until it is answered, or behind blank lines.
func (r *Bytes) KeepRest(pool *loop.Pool, rest []byte) error {
	switch {
	case len(rest) == 0:
		r.Forget(pool)
	case r.Kept != nil: // rest lies in it
		r.Kept = r.Kept[:copy(r.Kept, rest)]
	default:
		return r.Keep(pool, rest)
	}
	return nil
}

// Grow makes room for size bytes of what is kept; its length stays.
func (r *Bytes) Grow(pool *loop.Pool, size int) (err error) {
	var bigger []byte
	if r.Kept != nil {
		bigger, err = pool.Grow(r.Kept, size)
	} else {
		bigger, err = pool.Get(size)
	}
	if err == nil {
		r.Kept = bigger
	}
	return err
}

var errBlank = &handshake.Rejection{Status: 400, Text: "blank lines came where a request should be"}

// PastBlank skips blank lines before a request; kept: all is no longer what to go on with, but
// what follows has to be kept.
func (r *Bytes) PastBlank(all []byte) (request []byte, keeps bool, bad *handshake.Rejection) {
	n := handshake.BlankLines(all)
	if r.blank += n / len("\r\n"); r.blank > handshake.MaxBlankLines {
		return nil, false, errBlank
	}
	request = all[n:]
	return request, n > 0 || OnlyBlank(request), nil
}

// OnlyBlank tells whether no byte of a request has come: a CR may be half of a blank line.
func OnlyBlank(b []byte) bool { return len(b) == 0 || len(b) == 1 && b[0] == '\r' }

// FindHead looks for the end of the head, of which there are most bytes at most; 0: more has to
// come. begins follows when the request may come in.
func (r *Bytes) FindHead(all []byte, most int) (end int, bad *handshake.Rejection) {
	r.Bodiless = bytes.HasPrefix(all, []byte("HEAD "))
	if end, bad = handshake.FindHead(all, r.searched, most); end == 0 && bad == nil {
		r.searched = len(all)
	}
	return end, bad
}

// Begins notes a head of size bytes.
func (r *Bytes) Begins(size int) {
	r.HeadSize = size
}

// Unchunk takes the coding off what came of a body in chunks, behind the whole bytes that
// have lost theirs already. ended: all is the head, the body up to whole, and what came behind it.
func (r *Bytes) Unchunk(all []byte) (decoded []byte, ended bool, bad *handshake.Rejection) {
	coded := all[r.Whole:]
	n, used, bad := r.Chunks.Decode(coded)
	if bad != nil {
		return nil, false, bad
	}
	all = all[:r.Whole+n+copy(coded[n:], coded[used:])]
	r.Whole += n
	if r.Kept != nil {
		r.Kept = all
	}
	return all, r.Chunks.Over(), nil
}
