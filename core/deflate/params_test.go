// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"strings"
	"testing"
)

var all = Options{OutTakeover: true, InTakeover: true}

func TestAServerGrantsTheFirstOfferItCan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		o      Options
		offer  string
		answer string
		p      Params
	}{
		{"a plain offer", all, "permessage-deflate", "permessage-deflate", Params{false, false, 15, 15}},
		{"a browser", Options{}, "permessage-deflate; client_max_window_bits",
			"permessage-deflate; server_no_context_takeover; client_no_context_takeover", Params{true, true, 15, 15}},
		{"7.1.1.1 what is asked of us is promised", all, "permessage-deflate; server_no_context_takeover",
			"permessage-deflate; server_no_context_takeover", Params{true, false, 15, 15}},
		{"7.1.1.2 a hint is taken", all, "permessage-deflate; client_no_context_takeover",
			"permessage-deflate; client_no_context_takeover", Params{false, true, 15, 15}},
		{"7.1.2.1 our window is what was asked", all, "permessage-deflate; server_max_window_bits=10",
			"permessage-deflate; server_max_window_bits=10", Params{false, false, 10, 15}},
		{"7.1.2.1 also 15", all, "permessage-deflate; server_max_window_bits=15",
			"permessage-deflate; server_max_window_bits=15", Params{false, false, 15, 15}},
		{"or smaller", Options{OutTakeover: true, InTakeover: true, OutBits: 9}, "permessage-deflate; server_max_window_bits=10",
			"permessage-deflate; server_max_window_bits=9", Params{false, false, 9, 15}},
		{"and may be told unasked", Options{OutTakeover: true, InTakeover: true, OutBits: 9}, "permessage-deflate",
			"permessage-deflate; server_max_window_bits=9", Params{false, false, 9, 15}},
		{"7.1.2.2 a window is asked of a client that can", Options{OutTakeover: true, InTakeover: true, InBits: 11}, "permessage-deflate; client_max_window_bits",
			"permessage-deflate; client_max_window_bits=11", Params{false, false, 15, 11}},
		{"7.1.2.2 no larger than it said", Options{OutTakeover: true, InTakeover: true, InBits: 11}, "permessage-deflate; client_max_window_bits=9",
			"permessage-deflate; client_max_window_bits=9", Params{false, false, 15, 9}},
		{"7.1.2.2 none is asked of one that cannot", Options{OutTakeover: true, InTakeover: true, InBits: 11}, "permessage-deflate",
			"permessage-deflate; client_no_context_takeover", Params{false, true, 15, 15}},
		{"8 bits both ways", all, "permessage-deflate; server_max_window_bits=8; client_max_window_bits=8",
			"permessage-deflate; server_max_window_bits=8; client_max_window_bits=8", Params{false, false, 8, 8}},
		{"a value in quotes", all, `permessage-deflate; server_max_window_bits="1\0"`,
			"permessage-deflate; server_max_window_bits=10", Params{false, false, 10, 15}},
		{"the second offer", all, "permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=12, permessage-deflate",
			"permessage-deflate; server_max_window_bits=12", Params{false, false, 12, 15}},
		{"others are passed over", all, "x-webkit-deflate-frame,, foo; bar=1; baz, ,permessage-deflate",
			"permessage-deflate", Params{false, false, 15, 15}},
	} {
		p, answer, err := c.o.Answer(c.offer)
		if err != nil || answer != c.answer || p != c.p {
			t.Errorf("%s: %q is answered by %q, %+v, %v", c.name, c.offer, answer, p, err)
		}
		if got := Agreed(answer); got != p {
			t.Errorf("%s: %q is read as %+v", c.name, answer, got)
		}
		// Whoever offered it must be content with the answer.
		if strings.Contains(c.offer, ",") {
			continue
		}
		scan(c.offer, func(_ string, offer terms) {
			scan(answer, func(_ string, a terms) {
				if err := a.grants(&offer); err != nil || a.bad != "" {
					t.Errorf("%s: %v %s", c.name, err, a.bad)
				}
			})
		})
	}
}

// 7.1: an offer that is not understood is declined, and the connection goes on.
func TestAServerDeclinesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	for _, offer := range []string{
		"foo", "permessage-bzip2", "Permessage-Deflate",
		"permessage-deflate; unknown", "permessage-deflate; unknown=1",
		"permessage-deflate; server_no_context_takeover=1", `permessage-deflate; client_no_context_takeover="true"`,
		"permessage-deflate; server_no_context_takeover; server_no_context_takeover",
		"permessage-deflate; client_no_context_takeover; client_no_context_takeover",
		"permessage-deflate; client_max_window_bits; client_max_window_bits",
		"permessage-deflate; client_max_window_bits; client_max_window_bits=10",
		"permessage-deflate; client_max_window_bits=10; client_max_window_bits",
		"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
		"permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=7",
		"permessage-deflate; server_max_window_bits=16", "permessage-deflate; server_max_window_bits=010",
		"permessage-deflate; client_max_window_bits=+9", "permessage-deflate; client_max_window_bits=99999999999999999999",
		"permessage-deflate; client_max_window_bits=x",
	} {
		if p, answer, err := all.Answer(offer); err != nil || answer != "" || p != (Params{}) {
			t.Errorf("%q: %q, %v", offer, answer, err)
		}
		if answer, err := Decline(offer); err != nil || answer != "" {
			t.Errorf("%q is declined by %q, %v", offer, answer, err)
		}
	}
}

func TestAMalformedFieldIsAnError(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		",", "permessage-deflate;", "permessage-deflate; ;", "permessage-deflate; client_max_window_bits=", "a b", "a; b c", "a; b=c d", "=", ";", "a;=1",
		`a; b="c`, `a; b=""`, `a; b="c d"`, `a; b="c\`, `"a"`, "a/b", "a; b=\x01", "a\x80", "a; b==c", "a, b;",
	} {
		if p, answer, err := all.Answer(value); err == nil || answer != "" || p != (Params{}) {
			t.Errorf("%q: %q", value, answer)
		}
		if _, err := Decline(value); err == nil {
			t.Errorf("%q is declined, not refused", value)
		}
		if _, ok, err := all.Accept(value); err == nil || ok {
			t.Errorf("%q is taken for an answer", value)
		}
	}
}

func TestAClientOffersWhatItWants(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    Options
		want string
	}{
		{all, "permessage-deflate; client_max_window_bits"},
		{Options{}, "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits"},
		{Options{OutTakeover: true, InTakeover: true, OutBits: 12}, "permessage-deflate; client_max_window_bits=12"},
		{Options{OutTakeover: true, InTakeover: true, InBits: 12},
			"permessage-deflate; server_max_window_bits=12; client_max_window_bits, permessage-deflate; server_no_context_takeover; client_max_window_bits"},
		{Options{InBits: 12}, "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits"},
	} {
		if got := c.o.Offer(); got != c.want {
			t.Errorf("%+v: %s", c.o, got)
		}
	}
}

func TestAClientTakesOnlyAnswersToItsOffer(t *testing.T) {
	t.Parallel()
	narrowIn := Options{OutTakeover: true, InTakeover: true, InBits: 12}
	narrowOut := Options{OutTakeover: true, InTakeover: true, OutBits: 10}
	for _, c := range []struct {
		o      Options
		answer string
		p      Params
	}{
		{all, "permessage-deflate", Params{false, false, 15, 15}},
		{all, "permessage-deflate; server_no_context_takeover; client_no_context_takeover", Params{true, true, 15, 15}},
		{all, "permessage-deflate; client_max_window_bits=8; server_max_window_bits=8", Params{false, false, 8, 8}},
		{all, `permessage-deflate; client_max_window_bits="9"`, Params{false, false, 15, 9}},
		{Options{}, "permessage-deflate; server_no_context_takeover", Params{true, true, 15, 15}},
		{narrowIn, "permessage-deflate; server_max_window_bits=11", Params{false, false, 11, 15}},
		{narrowIn, "permessage-deflate; server_no_context_takeover", Params{true, false, 15, 15}},
		{narrowOut, "permessage-deflate", Params{false, false, 15, 10}},
		{narrowOut, "permessage-deflate; client_max_window_bits=9", Params{false, false, 15, 9}},
	} {
		if p, ok, err := c.o.Accept(c.answer); !ok || err != nil || p != c.p {
			t.Errorf("%q: %+v, %t, %v", c.answer, p, ok, err)
		}
	}
	for _, c := range []struct {
		o      Options
		answer string
	}{
		{all, "foo"}, {all, "permessage-deflate, foo"}, {all, "permessage-deflate, permessage-deflate"},
		{all, "permessage-deflate; unknown"}, {all, "permessage-deflate; client_max_window_bits"},
		{all, "permessage-deflate; client_max_window_bits=16"}, {all, "permessage-deflate; server_max_window_bits=7"},
		{all, "permessage-deflate; server_max_window_bits"}, {all, "permessage-deflate; server_no_context_takeover=1"},
		{all, "permessage-deflate; server_no_context_takeover; server_no_context_takeover"},
		{Options{}, "permessage-deflate"}, {narrowIn, "permessage-deflate"}, {narrowIn, "permessage-deflate; server_max_window_bits=13"},
		{narrowOut, "permessage-deflate; client_max_window_bits=11"},
	} {
		if p, ok, err := c.o.Accept(c.answer); err == nil || ok {
			t.Errorf("%q is taken: %+v", c.answer, p)
		}
	}
	if _, ok, err := all.Accept(""); ok || err != nil {
		t.Errorf("no answer: %t, %v", ok, err)
	}
}

// Any two ends agree, and both on the same.
func TestBothEndsAgree(t *testing.T) {
	t.Parallel()
	var options []Options
	for _, takeover := range []bool{false, true} {
		for _, in := range []bool{false, true} {
			for _, bits := range [][2]int{{0, 0}, {8, 15}, {15, 8}, {9, 12}, {12, 9}} {
				options = append(options, Options{takeover, in, bits[0], bits[1]})
			}
		}
	}
	for _, c := range options {
		for _, s := range options {
			p, answer, err := s.Answer(c.Offer())
			if err != nil || answer == "" {
				t.Fatalf("%+v declines %q: %v", s, c.Offer(), err)
			}
			q, ok, err := c.Accept(answer)
			if !ok || err != nil {
				t.Fatalf("%+v refuses %q to %q: %v", c, answer, c.Offer(), err)
			}
			// The client may keep to less than it was told.
			if q.ServerNoTakeover != p.ServerNoTakeover || q.ServerBits != p.ServerBits || q.ClientBits > p.ClientBits || p.ClientNoTakeover && !q.ClientNoTakeover {
				t.Errorf("%q, %q: %+v and %+v", c.Offer(), answer, p, q)
			}
			if s.InBits != 0 && !p.ClientNoTakeover && p.ClientBits > bitsOr15(s.InBits) || c.InBits != 0 && !q.ServerNoTakeover && q.ServerBits > bitsOr15(c.InBits) {
				t.Errorf("%q, %q: more history than wanted: %+v", c.Offer(), answer, p)
			}
		}
	}
}
