// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"

	"libws/core/handshake"
	"libws/core/loop"
)

// requestBytes is what has come of a request, of its head and of its body. It knows no
// connection: who reads gives it bytes, and asks it what they are.
type requestBytes struct {
	kept     []byte            // from the pool; nil: nothing is kept
	searched int               // bytes of the head without an end
	headSize int               // where the head ends; 0: not found yet
	whole    int               // bytes of the request with its body, or of what has come of one in chunks; 0: not known yet
	chunks   *handshake.Chunks // reads a body in chunks; nil: there is none
	blank    int               // lines before the request that were skipped
	bodiless bool              // the request is one of HEAD, whose answer has no body
}

// next begins with the next request; what is kept of it stays.
func (r *requestBytes) next() { *r = requestBytes{kept: r.kept} }

// forget gives the buffer back.
func (r *requestBytes) forget(pool *loop.Pool) {
	pool.Put(r.kept)
	r.kept = nil
}

// add is all that has come of the request, with what has just been read. That stays the
// caller's, and is not kept unless something is already: keep follows when more is needed.
func (r *requestBytes) add(pool *loop.Pool, read []byte) (all []byte, err error) {
	if r.kept == nil {
		return read, nil
	}
	bigger, err := pool.Grow(r.kept, len(r.kept)+len(read))
	if err != nil {
		return nil, err
	}
	r.kept = append(bigger, read...)
	return r.kept, nil
}

// keep keeps what has come of a request until there is more.
func (r *requestBytes) keep(pool *loop.Pool, all []byte) error {
	if r.kept != nil {
		return nil // all is that
	}
	kept, err := pool.Get(len(all))
	if err == nil {
		r.kept = append(kept, all...)
	}
	return err
}

// keepRest keeps what came behind a request until it is answered, or behind blank lines.
func (r *requestBytes) keepRest(pool *loop.Pool, rest []byte) error {
	switch {
	case len(rest) == 0:
		r.forget(pool)
	case r.kept != nil: // rest lies in it
		r.kept = r.kept[:copy(r.kept, rest)]
	default:
		return r.keep(pool, rest)
	}
	return nil
}

// grow makes room for size bytes of what is kept; its length stays.
func (r *requestBytes) grow(pool *loop.Pool, size int) (err error) {
	var bigger []byte
	if r.kept != nil {
		bigger, err = pool.Grow(r.kept, size)
	} else {
		bigger, err = pool.Get(size)
	}
	if err == nil {
		r.kept = bigger
	}
	return err
}

var errBlank = &handshake.Rejection{Status: 400, Text: "blank lines came where a request should be"}

// pastBlank skips blank lines before a request; kept: all is no longer what to go on with, but
// what follows has to be kept.
func (r *requestBytes) pastBlank(all []byte) (request []byte, keeps bool, bad *handshake.Rejection) {
	n := handshake.BlankLines(all)
	if r.blank += n / len("\r\n"); r.blank > handshake.MaxBlankLines {
		return nil, false, errBlank
	}
	request = all[n:]
	return request, n > 0 || onlyBlank(request), nil
}

// onlyBlank tells whether no byte of a request has come: a CR may be half of a blank line.
func onlyBlank(b []byte) bool { return len(b) == 0 || len(b) == 1 && b[0] == '\r' }

// findHead looks for the end of the head, of which there are most bytes at most; 0: more has to
// come. begins follows when the request may come in.
func (r *requestBytes) findHead(all []byte, most int) (end int, bad *handshake.Rejection) {
	r.bodiless = bytes.HasPrefix(all, []byte("HEAD "))
	if end, bad = handshake.FindHead(all, r.searched, most); end == 0 && bad == nil {
		r.searched = len(all)
	}
	return end, bad
}

// begins notes a head of size bytes.
func (r *requestBytes) begins(size int) {
	r.headSize = size
}

// unchunk takes the coding off what came of a body in chunks, behind the whole bytes that
// have lost theirs already. ended: all is the head, the body up to whole, and what came behind it.
func (r *requestBytes) unchunk(all []byte) (decoded []byte, ended bool, bad *handshake.Rejection) {
	coded := all[r.whole:]
	n, used, bad := r.chunks.Decode(coded)
	if bad != nil {
		return nil, false, bad
	}
	all = all[:r.whole+n+copy(coded[n:], coded[used:])]
	r.whole += n
	if r.kept != nil {
		r.kept = all
	}
	return all, r.chunks.Over(), nil
}
