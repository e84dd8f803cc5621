// SPDX-License-Identifier: Apache-2.0

package core

import (
	"strings"
	"testing"

	"libws/core/handshake"
	"libws/core/loop"
)

// countedPool is a pool without a ceiling.
func countedPool() *loop.Pool {
	m := new(loop.Meter)
	m.Limit(0)
	return &loop.Pool{Meter: m}
}

// gathers plays a connection that gives what it reads to requestBytes, and tells what has come
// when the head is whole.
func gathers(t *testing.T, r *requestBytes, pool *loop.Pool, reads ...string) (all []byte) {
	t.Helper()
	for _, read := range reads {
		var err error
		all, err = r.add(pool, []byte(read))
		must(t, err)
		request, keeps, bad := r.pastBlank(all)
		if bad != nil {
			t.Fatal(bad)
		}
		if all = request; keeps {
			must(t, r.keepRest(pool, request))
			all = r.kept
		}
		if onlyBlank(all) {
			continue
		}
		end, bad := r.findHead(all, 1024)
		if bad != nil {
			t.Fatal(bad)
		}
		if end > 0 {
			r.begins(end)
			return all
		}
		must(t, r.keep(pool, all))
	}
	return all
}

func TestARequestThatComesInPiecesIsGathered(t *testing.T) {
	t.Parallel()
	pool := countedPool()
	whole := "\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
	for cut := 0; cut < len(whole); cut++ {
		var r requestBytes
		all := gathers(t, &r, pool, whole[:cut], whole[cut:]+"behind")
		if string(all[:r.headSize]) != strings.TrimPrefix(whole, "\r\n") || !r.bodiless {
			t.Errorf("cut at %d: a head of %d bytes of %q, bodiless: %v", cut, r.headSize, all, r.bodiless)
		}
		must(t, r.keepRest(pool, all[r.headSize:]))
		if r.next(); string(r.kept) != "behind" || r.headSize != 0 || r.searched != 0 {
			t.Errorf("cut at %d: %q is kept, %+v", cut, r.kept, r)
		}
		r.forget(pool)
	}
	if used := pool.Used(); used != 0 {
		t.Errorf("%d bytes were not given back", used)
	}
}

func TestABodyInChunksLosesItsCodingInPlace(t *testing.T) {
	t.Parallel()
	pool := countedPool()
	var r requestBytes
	defer r.forget(pool)
	head := "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	all := gathers(t, &r, pool, head+"3\r\nabc\r\n")
	r.whole, r.chunks = r.headSize, handshake.NewChunks(100, 100)
	all, ended, bad := r.unchunk(all)
	if bad != nil || ended {
		t.Fatal(ended, bad)
	}
	must(t, r.keep(pool, all))
	all, err := r.add(pool, []byte("2\r\nde\r\n0\r\n\r\nnext"))
	must(t, err)
	if all, ended, bad = r.unchunk(all); bad != nil || !ended {
		t.Fatal(ended, bad)
	}
	if body, rest := string(all[r.headSize:r.whole]), string(all[r.whole:]); body != "abcde" || rest != "next" {
		t.Errorf("the body is %q, and %q follows", body, rest)
	}
}

func TestBlankLinesBeforeARequestHaveAnEnd(t *testing.T) {
	t.Parallel()
	var r requestBytes
	if _, _, bad := r.pastBlank([]byte(strings.Repeat("\r\n", handshake.MaxBlankLines))); bad != nil {
		t.Error(bad)
	}
	if _, _, bad := r.pastBlank([]byte("\r\n")); bad != errBlank {
		t.Errorf("one more is answered by %v", bad)
	}
}
