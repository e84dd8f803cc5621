// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/deflate"
	"libws/core/loop"
	"libws/core/wire"
)

// packedForms are a published message compressed, once for each window that was agreed
// on. It refers to nothing before it, so that all can inflate it, whatever else they got
// (RFC 7692 7.2.1). The lock of the topics is held.
type packedForms struct {
	server *Server
	level  int
	forms  [16]*form // by the bits of the window; the plain one when it does not get smaller
	own    [][]byte  // the payloads of those that are cut
}

func (p *packedForms) form(m *published, bits int, pool *loop.Pool) *form {
	if p.forms[bits] == nil {
		p.forms[bits] = p.pack(m, bits, pool)
	}
	return p.forms[bits]
}

func (p *packedForms) pack(m *published, bits int, pool *loop.Pool) *form {
	data := m.plain.data
	buffer, err := pool.Get(len(data) + 4)
	if err != nil {
		return &m.plain
	}
	defer pool.Put(buffer)
	encoder := deflate.NewEncoder(&coderMemory{pool: pool}, wire.Server, deflate.Params{ServerNoTakeover: true, ServerBits: bits}, p.level)
	payload, ok := encoder.Append(buffer, data)
	if !ok {
		return &m.plain
	}
	// It may wait for a slow peer, so it lies in a buffer of its own size.
	f := p.server.formOf(m.plain.first|rsv1, payload, m.plain.rank)
	frame := f.needFrame(pool, m.users)
	if frame == nil {
		return &m.plain
	}
	if f.size == wire.CutSize(len(payload), 0, false) {
		f.data = frame.frame[f.size-len(payload):]
	} else if own, err := pool.Force(len(payload)); err == nil { // it is cut there
		f.data = append(own, payload...)
		p.own = append(p.own, f.data)
	} else {
		f.release(pool, m.users)
		return &m.plain
	}
	return &f
}

// release ends the work of fanOut.
func (p *packedForms) release(pool *loop.Pool, users int) {
	for _, f := range p.forms {
		if f != nil && f.first&rsv1 != 0 {
			f.release(pool, users)
		}
	}
	for _, data := range p.own {
		pool.Put(data)
	}
}
