// SPDX-License-Identifier: Apache-2.0

// Package twin compares the C half of libws with the twins in Go that stand in for it in the
// tests of core and in the simulator. It makes random scripts of what core and hosts do to the C
// half, plays them on the C half itself (half.c) and on a twin, and wants the same to be seen.
package twin

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"libws/core/border"
)

// Bits of Block.Life that are the C half's own.
const (
	Dead   = border.LifeKilled
	Opened = 2
)

// Kinds of handles.
const (
	Client   = 1
	Server   = 2
	Accepted = 3
)

// Op is one operation, see main of half.c.
type Op struct {
	Name string
	A    [4]int64
}

func (o Op) String() string {
	return fmt.Sprintf("%s %d %d %d %d", o.Name, o.A[0], o.A[1], o.A[2], o.A[3])
}

// Side plays a script and returns what is to be seen of each operation, a line each.
type Side interface {
	Play(ops []Op) [][]string
}

// Wants says what a script may have.
type Wants struct {
	Queued  bool // handles with a queue
	Answers bool // messages that are answered in their callback
	Direct  bool // messages that a thread of the host writes itself, or gathers
	Reuse   bool // handles that are released
}

// thing is a handle while a script is made.
type thing struct {
	number, kind, server   int
	queued, ended, drained bool
}

// Script makes a script that core could have been the cause of.
func Script(seed uint64, w Wants) []Op {
	r := rand.New(rand.NewPCG(seed, 1))
	ops := []Op{{Name: "queue", A: [4]int64{[]int64{1000, 100000}[r.IntN(2)]}}}
	var things []*thing
	do := func(name string, a ...int64) {
		o := Op{Name: name}
		copy(o.A[:], a)
		ops = append(ops, o)
	}
	number := 0
	add := func(kind int, server *thing) {
		number++
		t := &thing{number: number, kind: kind, queued: w.Queued && r.IntN(3) > 0}
		if server != nil {
			t.server, t.queued = server.number, server.queued
		}
		do("make", int64(kind), int64(t.server), b2i(t.queued))
		things = append(things, t)
	}
	some := func() *thing {
		var can []*thing
		for _, t := range things {
			if t.kind != Server && !t.ended {
				can = append(can, t)
			}
		}
		if len(can) == 0 {
			add(Client, nil)
			return things[len(things)-1]
		}
		return can[r.IntN(len(can))]
	}
	size := func() int64 {
		return []int64{0, 1, 125, 126, 700, 2048, 2049, 5000, 65535, 65536, 65537}[r.IntN(11)]
	}
	add(Server, nil)
	for range 60 {
		t := some()
		n := int64(t.number)
		switch r.IntN(14) {
		case 0:
			add(Client, nil)
		case 1:
			add(Accepted, things[0])
		case 2:
			do("life", n, border.LifePaused)
		case 3:
			do("life", n, 0, border.LifePaused|border.LifeHeld)
			if t.queued {
				do("record", n, int64(border.EventResumed))
				do("dispatch")
			}
		case 4:
			do("kill", n)
		case 5: // as Conn.abort does
			do("kill", n)
			do("life", n, border.LifeCut)
			if t.queued {
				do("record", n, int64(border.EventResumed))
				do("dispatch")
			}
		case 6:
			if w.Answers {
				do("out", n, int64((border.OutOpen|border.OutFast*uint64(r.IntN(2))|border.OutQueued*uint64(b2i(r.IntN(4) == 0)))>>48), int64(r.IntN(2)*3000), 10000)
				do("react", []int64{-2, -1, size(), size()}[r.IntN(4)], int64(r.IntN(2)))
			}
		case 7:
			if w.Direct && t.kind != Server {
				flags := border.OutOpen | border.OutDirect | border.OutSpoke*uint64(r.IntN(2)) | border.OutQueued*uint64(b2i(r.IntN(4) == 0))
				do("out", n, int64(flags>>48), int64(b2i(r.IntN(4) == 0)), 10000)
				small := func() int64 { return []int64{0, 1, 125, 126, 700, 1024}[r.IntN(6)] }
				if r.IntN(2) == 0 {
					do("direct", n, small(), int64(r.IntN(2)))
					do("out", n)
					break
				}
				for range 1 + r.IntN(100)*r.IntN(2) {
					do("gather", n, small(), int64(r.IntN(2)))
				}
				if r.IntN(2) == 0 {
					do("leave")
					do("out", n)
				}
			}
		case 8:
			if w.Queued {
				do("drain")
				for _, t := range things {
					t.drained = t.ended
				}
			}
		case 9:
			if !w.Reuse {
				break
			}
			at := slices.IndexFunc(things, func(t *thing) bool { return t.ended && (t.drained || !t.queued) })
			if at >= 0 {
				do("release", int64(things[at].number))
				things = slices.Delete(things, at, at+1)
			}
		default:
			for range 1 + r.IntN(8) {
				t := some()
				kind := []border.Event{border.EventOpen, border.EventMessage, border.EventMessage, border.EventMessage, border.EventClose, border.EventError,
					border.EventDrain, border.EventPing, border.EventCompletion, border.EventDestroyed}[r.IntN(10)]
				flags := int64(r.IntN(2) * border.RecordFinal)
				switch kind {
				case border.EventMessage:
					flags = 0
				case border.EventCompletion:
					flags = border.RecordFinal
				case border.EventDestroyed:
					t.ended = true
				}
				do("record", int64(t.number), int64(kind)|flags<<8, size(), int64(1+r.IntN(2)))
			}
			do("dispatch")
		}
	}
	return ops
}

func b2i(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Half is the C half, as a program.
type Half struct{ path string }

// Build compiles it. The test is skipped without a compiler for C.
func Build(t *testing.T) Half {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("there is no compiler for C, or this is not Linux")
	}
	_, here, _, _ := runtime.Caller(0)
	here = filepath.Dir(here)
	if root := os.Getenv("WS_SOURCE"); root != "" { // a copy without the C half runs
		here = filepath.Join(root, "tests/twin")
	}
	h := Half{filepath.Join(t.TempDir(), "half")}
	arguments := []string{"-O1", "-g", "-pthread", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-I", filepath.Join(here, "../../include"), "-o", h.path, filepath.Join(here, "half", "half.c")}
	for _, name := range strings.Fields("bell word_linux flag_linux system_linux direct gather held lane dispatch handle listeners label memory await queue queue_dispatch queue_threads queue_fd queue_line queue_node queue_chunk queue_post refusal shape table lent thread self_posix front_send") {
		arguments = append(arguments, filepath.Join(here, "../../capi", name+".c"))
	}
	if out, err := exec.Command(cc, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return h
}

// Compare plays scripts of the seeds on both; each gets a fresh twin.
func Compare(t *testing.T, h Half, w Wants, seeds uint64, fresh func() Side) {
	t.Helper()
	for seed := range seeds {
		ops := Script(seed, w)
		var in bytes.Buffer
		for _, o := range ops {
			fmt.Fprintln(&in, o)
		}
		play := exec.Command(h.path)
		play.Stdin = &in
		var complaints bytes.Buffer
		play.Stderr = &complaints
		out, err := play.Output()
		if err != nil {
			t.Fatalf("seed %d: the C half: %v\n%s%s", seed, err, out, complaints.Bytes())
		}
		said := bufio.NewScanner(bytes.NewReader(out))
		seen := fresh().Play(ops)
		for i, o := range ops {
			var want []string
			for said.Scan() && said.Text() != "--" {
				want = append(want, said.Text())
			}
			var got []string
			if i < len(seen) {
				got = seen[i]
			}
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d, operation %d, %v\nC half:\n  %s\ntwin:\n  %s\nbefore it:\n  %v", seed, i, o,
					strings.Join(want, "\n  "), strings.Join(got, "\n  "), ops[max(0, i-12):i])
			}
		}
	}
}
