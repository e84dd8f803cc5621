// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// listen opens a listener on a loopback address and returns the URL of it.
func listen(t *testing.T, address string) (net.Listener, *Target) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l, parse(t, "ws://"+l.Addr().String()+"/")
}

func parse(t *testing.T, raw string) *Target {
	t.Helper()
	u, err := ParseURL(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// within bounds a test whose event does not come.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

// mustFail checks the kind of a failed Connect and returns it.
func mustFail(t *testing.T, conn Socket, err error, want Stage) *Error {
	t.Helper()
	if conn != nil {
		conn.Close()
		t.Error("an error came with a connection")
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want an *Error", err)
	}
	if e.Stage != want {
		t.Fatalf("stage %s, want %s: %v", e.Stage, want, err)
	}
	return e
}

func TestConnectGoesOverBothFamilies(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, u := listen(t, address)
		conn, err := Connect(within(t), u, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if conn.RemoteAddr().String() != l.Addr().String() {
			t.Errorf("connected to %s, want %s", conn.RemoteAddr(), l.Addr())
		}
	}
}

func TestConnectToAClosedPortIsAConnectErrorWithErrno(t *testing.T) {
	t.Parallel()
	l, u := listen(t, "127.0.0.1:0")
	l.Close()
	conn, err := Connect(within(t), u, Options{})
	e := mustFail(t, conn, err, StageConnect)
	if e.Errno != syscall.ECONNREFUSED {
		t.Errorf("errno %d, want ECONNREFUSED", e.Errno)
	}
	if strings.Count(err.Error(), u.Address()) != 1 || !strings.Contains(err.Error(), "refused") {
		t.Errorf("the text does not name address and reason: %v", err)
	}
}

func TestConnectWithAnExpiredDeadlineIsATimeout(t *testing.T) {
	t.Parallel()
	_, u := listen(t, "127.0.0.1:0")
	ctx, cancel := context.WithDeadline(context.Background(), time.Unix(1, 0))
	defer cancel()
	conn, err := Connect(ctx, u, Options{})
	e := mustFail(t, conn, err, StageTimeout)
	if e.Errno != 0 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("errno %d, error %v", e.Errno, err)
	}
}

func TestConnectCancelledMatchesContextCanceled(t *testing.T) {
	t.Parallel()
	_, u := listen(t, "127.0.0.1:0")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	conn, err := Connect(ctx, u, Options{})
	mustFail(t, conn, err, StageConnect)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v does not match context.Canceled", err)
	}
}

func TestConnectToANameThatCannotExistIsAResolveError(t *testing.T) {
	t.Parallel()
	conn, err := Connect(within(t), parse(t, "ws://a..b/"), Options{})
	mustFail(t, conn, err, StageResolve)
	if !strings.Contains(err.Error(), "a..b") {
		t.Errorf("the text does not name the host: %v", err)
	}
}

func TestBrokenResolverIsAResolveError(t *testing.T) {
	t.Parallel()
	conn, err := connect(within(t), parse(t, "ws://name.invalid/"), Options{}, resolver(func(context.Context) error {
		return errors.New("no name server")
	}))
	mustFail(t, conn, err, StageResolve)
}

func TestDeadlineThatPassesDuringTheLookUpIsATimeout(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	conn, err := connect(ctx, parse(t, "ws://name.invalid/"), Options{}, silentResolver())
	mustFail(t, conn, err, StageTimeout)
}

func TestCancelDuringTheLookUpIsAResolveErrorThatMatchesCanceled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(within(t))
	conn, err := connect(ctx, parse(t, "ws://name.invalid/"), Options{}, resolver(func(query context.Context) error {
		cancel()
		<-query.Done()
		return query.Err()
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v does not match context.Canceled", err)
	}
	mustFail(t, conn, err, StageResolve)
}

// resolver answers every look-up by the error of ask, which runs where the name
// server would be dialed.
func resolver(ask func(context.Context) error) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return nil, ask(ctx)
	}}
}

// silentResolver never answers.
func silentResolver() *net.Resolver {
	return resolver(func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
}

func TestStageNamesAndValuesAreStable(t *testing.T) {
	t.Parallel()
	want := []string{"none", "resolve", "connect", "proxy", "tls", "upgrade", "protocol", "timeout", "limit", "reconnect", "io"}
	for i, name := range want {
		if got := Stage(i).String(); got != name {
			t.Errorf("stage %d is %s, want %s", i, got, name)
		}
	}
	if StageIO != 10 || Stage(11).String() != "unknown" {
		t.Errorf("StageIO is %d, stage 11 is %s", StageIO, Stage(11))
	}
}
