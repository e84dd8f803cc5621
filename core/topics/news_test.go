// SPDX-License-Identifier: Apache-2.0

package topics

import (
	"slices"
	"testing"
)

// What has ended before its begin was announced is no event: however often a topic comes and goes
// before the host is notified, the list has it once.
func TestTopicsThatComeAndGoUnseenAreNoEvents(t *testing.T) {
	t.Parallel()
	host := &listener{wants: true}
	s, _ := newTopics(host)
	m := &Member[int]{}
	do := func(call func(), want ...Event) {
		t.Helper()
		posts := host.posts
		call()
		if host.posts != posts+1 {
			t.Errorf("%d calls of TakeNews were asked for", host.posts-posts)
		}
		taken, more := s.TakeNews(nil, 10)
		if !slices.Equal(taken, want) || more {
			t.Errorf("%+v, %+v is wanted; more: %v", taken, want, more)
		}
	}
	begin := func(name string) {
		if err := s.Subscribe(m, []byte(name), name == "+", most); err != nil {
			t.Fatal(err)
		}
	}
	end := func(name string) { s.Unsubscribe(m, []byte(name), name == "+") }
	do(func() { begin("known") }, Event{Name: "known"})
	do(func() {
		for range 100 {
			end("known")
			begin("unseen")
			begin("known")
			end("unseen")
			end("known")
		}
	}, Event{Name: "known", Ends: true})
	do(func() { begin("+"); begin("known") }, Event{Name: "+", Pattern: true}, Event{Name: "known"})
	do(func() { s.Leave(m, 10) }, Event{Name: "known", Ends: true}, Event{Name: "+", Pattern: true, Ends: true})
	host.wants = false
	begin("nobody listens")
	if taken, _ := s.TakeNews(nil, 10); len(taken) > 0 {
		t.Errorf("%+v", taken)
	}
}

// More than a turn of the loop takes are left for the next one, in their order.
func TestNewsAreTakenInTurns(t *testing.T) {
	t.Parallel()
	s, _ := newTopics(&listener{wants: true})
	m := &Member[int]{}
	for _, name := range []string{"a", "b", "c"} {
		if err := s.Subscribe(m, []byte(name), false, most); err != nil {
			t.Fatal(err)
		}
	}
	first, more := s.TakeNews(nil, 2)
	if !more || len(first) != 2 {
		t.Errorf("%+v, more: %v", first, more)
	}
	all, more := s.TakeNews(first, 3)
	if want := []Event{{Name: "a"}, {Name: "b"}, {Name: "c"}}; more || !slices.Equal(all, want) {
		t.Errorf("%+v, more: %v", all, more)
	}
}
