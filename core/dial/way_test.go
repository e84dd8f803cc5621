// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"libws/core/fd"
)

// checked is w when it has been checked.
func checked(t *testing.T, w Way) Way {
	t.Helper()
	if err := w.Check(); err != nil {
		t.Fatal(err)
	}
	return w
}

// nobody is a directory that must not be asked.
func nobody(t *testing.T) *net.Resolver {
	return names(t, nil)
}

func TestNamesOfThisHostNeedNoResolver(t *testing.T) {
	t.Parallel()
	l, _ := listen(t, "127.0.0.1:0")
	for _, host := range []string{"localhost", "LocalHost.", "a.localhost", "b.a.LOCALHOST."} {
		conn, err := connect(within(t), parse(t, "ws://"+host+":"+portOf(l)+"/"), Options{}, nobody(t))
		if err != nil {
			t.Errorf("%s: %v", host, err)
			continue
		}
		conn.Close()
	}
	for _, host := range []string{"localhost.test", "alocalhost"} {
		conn, err := connect(within(t), parse(t, "ws://"+host+":"+portOf(l)+"/"), Options{}, nobody(t))
		mustFail(t, conn, err, StageResolve)
	}
	o := ProxyOptions{Mode: ProxyEnvironment, Environment: func(string) string { return "http://192.0.2.1:1" }}
	if p, err := o.choose(parse(t, "ws://a.localhost/")); p != nil || err != nil {
		t.Errorf("%v, %v", p, err)
	}
}

func TestGivenAddressesStandForTheName(t *testing.T) {
	t.Parallel()
	l, _ := listen(t, "127.0.0.1:0")
	w := checked(t, Way{Addresses: []string{"127.0.0.99", "127.0.0.1"}})
	conn, err := connect(within(t), parse(t, "ws://name.test:"+portOf(l)+"/"), Options{Way: w}, nobody(t))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	target := parse(t, "ws://name.test/")
	for want, addresses := range map[string][]string{"name.test": nil, "192.0.2.1": {"192.0.2.1", "192.0.2.2"}, "fe80::1": {"fe80::1%lo"}} {
		w := checked(t, Way{Addresses: addresses})
		if got := w.proxied(target); got != want {
			t.Errorf("a proxy is asked for %s instead of %s", got, want)
		}
	}
}

// A client that tries again asks again: addresses change.
func TestEachAttemptAsksForTheAddressesAnew(t *testing.T) {
	t.Parallel()
	l, _ := listen(t, "127.0.0.1:0")
	known := map[string][]string{"moves.test": {"127.0.0.98"}}
	before, after := names(t, known), names(t, map[string][]string{"moves.test": {"127.0.0.1"}})
	target := parse(t, "ws://moves.test:"+portOf(l)+"/")
	conn, err := connect(within(t), target, Options{}, before)
	mustFail(t, conn, err, StageConnect)
	if conn, err = connect(within(t), target, Options{}, after); err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestSocketsAreOfTheFamilyThatIsWanted(t *testing.T) {
	t.Parallel()
	all := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("::1"), netip.MustParseAddr("::ffff:192.0.2.2")}
	for _, c := range []struct {
		w    Way
		want string
	}{
		{Way{}, "192.0.2.1 ::1 192.0.2.2"}, {Way{Family: 4}, "192.0.2.1 192.0.2.2"}, {Way{Family: 6}, "::1"},
		{Way{Local: "127.0.0.1"}, "192.0.2.1 192.0.2.2"}, {Way{Local: "::1"}, "::1"},
	} {
		w := checked(t, c.w)
		left, err := w.among(all)
		var texts []string
		for _, a := range left {
			texts = append(texts, a.String())
		}
		if got := strings.Join(texts, " "); err != nil || got != c.want {
			t.Errorf("%+v: %s, %v", c.w, got, err)
		}
	}
	w := Way{Family: 6}
	if _, err := w.among(all[:1]); err == nil || err.Error() != "it has no IPv6 address" {
		t.Error(err)
	}
	if _, err := w.among(nil); err == nil {
		t.Error("no address is one")
	}
}

func TestWaysThatCannotBeUsedSayWhich(t *testing.T) {
	t.Parallel()
	for field, ways := range map[string][]Way{
		"family":    {{Family: 5}, {Family: -1}},
		"addresses": {{Addresses: []string{"name"}}, {Addresses: []string{""}}, {Addresses: make([]string, 33)}, {Family: 6, Addresses: []string{"127.0.0.1"}}, {Addresses: []string{"fe80::1%nowhere0"}}},
		"local":     {{Local: "name"}, {Local: "::1", Addresses: []string{"127.0.0.1"}}, {Family: 4, Local: "::1"}},
		"interface": {{Socket: fd.Options{Interface: "sixteen.letters."}}, {Socket: fd.Options{Interface: "a/b"}}},
	} {
		for _, w := range ways {
			var bad *WayError
			if err := w.Check(); !errors.As(err, &bad) || bad.Field != field {
				t.Errorf("%+v: %v", w, err)
			}
		}
	}
}

func TestProgressTellsStagesAndTimes(t *testing.T) {
	t.Parallel()
	var none *Progress
	none.Enter(StageConnect) // nobody asks
	none.End()
	l, _ := listen(t, "127.0.0.1:0")
	p := new(Progress)
	conn, err := connect(within(t), parse(t, "ws://localhost:"+portOf(l)+"/"), Options{Progress: p}, nobody(t))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if p.Stage() != StageConnect {
		t.Errorf("it is at %s", p.Stage())
	}
	p.Enter(StageUpgrade)
	p.End()
	for s, been := range map[Stage]bool{StageResolve: true, StageConnect: true, StageUpgrade: true, StageProxy: false, StageTLS: false} {
		if (p.Took(s) >= 0) != been {
			t.Errorf("%s took %v", s, p.Took(s))
		}
	}
	p.Again()
	if p.Stage() != StageNone || p.Took(StageResolve) != -1 {
		t.Error("it remembers another target")
	}
}
