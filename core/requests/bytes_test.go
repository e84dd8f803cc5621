// SPDX-License-Identifier: Apache-2.0

package requests

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
func gathers(t *testing.T, r *Bytes, pool *loop.Pool, reads ...string) (all []byte) {
	t.Helper()
	for _, read := range reads {
		var err error
		all, err = r.Add(pool, []byte(read))
		must(t, err)
		request, keeps, bad := r.PastBlank(all)
		if bad != nil {
			t.Fatal(bad)
		}
		if all = request; keeps {
			must(t, r.KeepRest(pool, request))
			all = r.Kept
		}
		if OnlyBlank(all) {
			continue
		}
		end, bad := r.FindHead(all, 1024)
		if bad != nil {
			t.Fatal(bad)
		}
		if end > 0 {
			r.Begins(end)
			return all
		}
		must(t, r.Keep(pool, all))
	}
	return all
}

func TestARequestThatComesInPiecesIsGathered(t *testing.T) {
	t.Parallel()
	pool := countedPool()
	whole := "\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
	for cut := 0; cut < len(whole); cut++ {
		var r Bytes
		all := gathers(t, &r, pool, whole[:cut], whole[cut:]+"behind")
		if string(all[:r.HeadSize]) != strings.TrimPrefix(whole, "\r\n") || !r.Bodiless {
			t.Errorf("cut at %d: a head of %d bytes of %q, bodiless: %v", cut, r.HeadSize, all, r.Bodiless)
		}
		must(t, r.KeepRest(pool, all[r.HeadSize:]))
		if r.Next(); string(r.Kept) != "behind" || r.HeadSize != 0 || r.searched != 0 {
			t.Errorf("cut at %d: %q is kept, %+v", cut, r.Kept, r)
		}
		r.Forget(pool)
	}
	if used := pool.Used(); used != 0 {
		t.Errorf("%d bytes were not given back", used)
	}
}

func TestABodyInChunksLosesItsCodingInPlace(t *testing.T) {
	t.Parallel()
	pool := countedPool()
	var r Bytes
	defer r.Forget(pool)
	head := "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	all := gathers(t, &r, pool, head+"3\r\nabc\r\n")
	r.Whole, r.Chunks = r.HeadSize, handshake.NewChunks(100, 100)
	all, ended, bad := r.Unchunk(all)
	if bad != nil || ended {
		t.Fatal(ended, bad)
	}
	must(t, r.Keep(pool, all))
	all, err := r.Add(pool, []byte("2\r\nde\r\n0\r\n\r\nnext"))
	must(t, err)
	if all, ended, bad = r.Unchunk(all); bad != nil || !ended {
		t.Fatal(ended, bad)
	}
	if body, rest := string(all[r.HeadSize:r.Whole]), string(all[r.Whole:]); body != "abcde" || rest != "next" {
		t.Errorf("the body is %q, and %q follows", body, rest)
	}
}

func TestBlankLinesBeforeARequestHaveAnEnd(t *testing.T) {
	t.Parallel()
	var r Bytes
	if _, _, bad := r.PastBlank([]byte(strings.Repeat("\r\n", handshake.MaxBlankLines))); bad != nil {
		t.Error(bad)
	}
	if _, _, bad := r.PastBlank([]byte("\r\n")); bad != errBlank {
		t.Errorf("one more is answered by %v", bad)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
