// SPDX-License-Identifier: Apache-2.0

package core

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

//go:generate go test -run TestTheDrawingOfPhasesIsFresh . -draw

var draw = flag.Bool("draw", false, "draw the phases in docs/architecture.md anew")

var phaseNames = [phaseCount]string{"idle", "securing", "head", "asked", "open", "delivering", "lingering", "gone", "released"}

var happeningNames = [happeningCount]string{
	"the socket is readable", "the kernel has room", "the peer has hung up", "the time of the phase is over", "`ws_close` has sent a Close frame",
	"the host got all that came before", "the output has drained", "the output overflows", "a message found no memory", "memory is short",
	"the server stops listening", "the server stops", "`ws_abort`", "the stream broke, or was silent", "it is destroyed",
}

// drawing is the state machine of conn_phases.go: which phase follows which, and what happens
// in each.
func drawing() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> idle: a client\n    [*] --> securing: accepted, TLS\n    [*] --> head: accepted\n")
	for from, all := range follows {
		for _, to := range all {
			fmt.Fprintf(&b, "    %s --> %s\n", phaseNames[from], phaseNames[to])
		}
	}
	b.WriteString("    released --> [*]\n```\n")
	for p := range phaseCount {
		var does []string // those of a kind together
		when := map[string][]string{}
		for h, s := range steps[p] {
			if s.does == nil {
				continue
			}
			if when[s.says] == nil {
				does = append(does, s.says)
			}
			when[s.says] = append(when[s.says], happeningNames[h])
		}
		if len(does) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n| %s: when | it |\n|---|---|\n", phaseNames[p])
		for _, says := range does {
			fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(when[says], "; "), says)
		}
	}
	return b.String()
}

// docs/architecture.md shows the phases as they are in the code.
func TestTheDrawingOfPhasesIsFresh(t *testing.T) {
	const name, begin, end = "../docs/architecture.md", "<!-- phases, drawn by go generate -->\n", "<!-- end of phases -->\n"
	b, err := os.ReadFile(name)
	must(t, err)
	before, rest, found := strings.Cut(string(b), begin)
	old, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the phases", name)
	}
	if *draw {
		must(t, os.WriteFile(name, []byte(before+begin+drawing()+end+after), 0o644))
	} else if old != drawing() {
		t.Errorf("%s shows other phases than the code has; run go generate ./core", name)
	}
}

// Every step says what it does, and none stands where nothing may happen.
func TestStepsAreWhole(t *testing.T) {
	t.Parallel()
	for p := range phaseCount {
		for h, s := range steps[p] {
			if (s.does == nil) != (s.says == "") {
				t.Errorf("%s, %s: %q", phaseNames[p], happeningNames[h], s.says)
			}
		}
	}
	if slices.ContainsFunc(steps[phaseReleased][:], func(s step) bool { return s.does != nil }) {
		t.Error("something happens to a handle that is somebody else's")
	}
}

// From every phase the way ends, and every phase has a way that leads there.
func TestEveryPhaseHasAnEnd(t *testing.T) {
	t.Parallel()
	reaches := func(from phase) (all []phase) {
		for all = []phase{from}; ; {
			n := len(all)
			for _, p := range all[:n] {
				for _, next := range follows[p] {
					if !slices.Contains(all, next) {
						all = append(all, next)
					}
				}
			}
			if len(all) == n {
				return all
			}
		}
	}
	begun := slices.Concat(reaches(phaseIdle), reaches(phaseSecuring), reaches(phaseHead))
	for p := range phaseCount {
		if !slices.Contains(reaches(p), phaseReleased) || !slices.Contains(begun, p) {
			t.Errorf("%s leads to %v", phaseNames[p], reaches(p))
		}
	}
}
