// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"hash"
)

// maxSessions bounds the sessions that the process keeps, each some KB; the one
// unused for longest goes first.
const maxSessions = 256

// resumable are the sessions of all clients of the process.
var resumable = tls.NewLRUClientSessionCache(maxSessions)

// identity is a hash over all that a session rests on: the address, who was
// trusted, and who the client was. A resumed session checks no authority again and
// keeps the client's identity, so it may serve only attempts that want the same.
type identity struct{ sum hash.Hash }

func (id *identity) add(parts ...string) {
	if id.sum == nil {
		id.sum = sha256.New()
	}
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(parts)))
	id.sum.Write(n[:])
	for _, part := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		id.sum.Write(n[:])
		id.sum.Write([]byte(part))
	}
}

// sessions is the view that such attempts have of all sessions.
func (id *identity) sessions() tls.ClientSessionCache {
	return sessions(id.sum.Sum(nil))
}

// sessions is the key of those that it shows.
type sessions string

func (s sessions) Get(key string) (*tls.ClientSessionState, bool) {
	return resumable.Get(string(s) + key)
}

func (s sessions) Put(key string, state *tls.ClientSessionState) {
	resumable.Put(string(s)+key, state)
}
