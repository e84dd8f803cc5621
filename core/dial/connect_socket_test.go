// SPDX-License-Identifier: Apache-2.0

//go:build unix

package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// socketPath is short enough for an address, wherever the tests keep their files.
func socketPath(t *testing.T, name string) string {
	t.Helper()
	directory, err := os.MkdirTemp("", "ws")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(directory) })
	return filepath.Join(directory, name)
}

func TestConnectReachesAUnixSocketWithoutAProxy(t *testing.T) {
	t.Parallel()
	path := socketPath(t, "a b:c.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	t.Cleanup(func() {
		l.Close()
		<-ended
	})
	go func() {
		defer close(ended)
		if conn, err := l.Accept(); err == nil {
			io.Copy(conn, conn)
			conn.Close()
		}
	}()
	raw := "ws+unix:" + strings.NewReplacer(" ", "%20", ":", "%3A").Replace(path) + ":/chat"
	o := through(ProxyHTTP)("127.0.0.1", 1)
	conn, err := Connect(within(t), parse(t, raw), o)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	wantEcho(t, conn, "over a Unix socket")
	if network := conn.RemoteAddr().Network(); network != "unix" {
		t.Errorf("the peer is reached by %s", network)
	}
}

func TestUnixSocketThatIsNotThereIsAConnectError(t *testing.T) {
	t.Parallel()
	path := socketPath(t, "x.sock")
	conn, err := Connect(within(t), parse(t, "ws+unix:"+path), Options{})
	e := mustFail(t, conn, err, StageConnect)
	if e.Errno != syscall.ENOENT || !strings.Contains(e.Error(), path) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("errno %d: %v", e.Errno, err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	conn, err = Connect(within(t), parse(t, "ws+unix:"+path), Options{})
	if e = mustFail(t, conn, err, StageConnect); e.Errno != syscall.ECONNREFUSED {
		t.Errorf("errno %d: %v", e.Errno, err)
	}
	ctx, cancel := context.WithCancel(within(t))
	cancel()
	conn, err = Connect(ctx, parse(t, "ws+unix:"+path), Options{})
	if mustFail(t, conn, err, StageConnect); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
