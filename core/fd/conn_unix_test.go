// SPDX-License-Identifier: Apache-2.0

//go:build unix

package fd

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// deadline bounds every wait.
const deadline = 20 * time.Second

// listen echoes what one connection sends, and closes it at its end.
func listen(t *testing.T, network, address string) net.Addr {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		if c, err := l.Accept(); err == nil {
			io.Copy(c, c)
			c.Close()
		}
	}()
	return l.Addr()
}

func TestARaisedConnectionIsLikeOneOfPackageNet(t *testing.T) {
	t.Parallel()
	for network, address := range map[string]string{"tcp": "127.0.0.1:0", "tcp6": "[::1]:0", "unix": filepath.Join(t.TempDir(), "s")} {
		t.Run(network, func(t *testing.T) {
			if c, err := net.Listen(network, address); err != nil {
				t.Skip(err)
			} else {
				c.Close()
			}
			at := listen(t, network, address)
			conn, err := dial(context.Background(), at.Network(), at.String(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if got := conn.RemoteAddr(); got.String() != at.String() || got.Network() != at.Network() {
				t.Errorf("the peer is %v, want %v", got, at)
			}
			raw, err := conn.(Stream).SyscallConn()
			if err != nil {
				t.Fatal(err)
			}
			raw.Control(func(number uintptr) {
				if number < least {
					t.Errorf("the descriptor is %d", number)
				}
			})
			conn.SetDeadline(time.Now().Add(deadline))
			if _, err := conn.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			if err := conn.(Stream).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(conn); err != nil || string(got) != "hello" {
				t.Errorf("%q, %v", got, err)
			}
			conn.SetDeadline(time.Unix(1, 0))
			var timeout net.Error
			if _, err := conn.Read(make([]byte, 1)); !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("behind its deadline: %v", err)
			}
		})
	}
}

func TestARaisedConnectTellsWhyItFails(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().String()
	l.Close()
	var op *net.OpError
	if _, err := dial(context.Background(), "tcp", nobody, Options{}); !errors.Is(err, syscall.ECONNREFUSED) || !errors.As(err, &op) || op.Op != "dial" {
		t.Errorf("refused: %v", err)
	}
	if _, err := dial(context.Background(), "unix", filepath.Join(t.TempDir(), "none"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := dial(context.Background(), "tcp", "a name", Options{}); err == nil {
		t.Error("a name was connected to")
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	// Nothing answers there (RFC 5737), if there is a way at all.
	if _, err := dial(ended, "tcp", "192.0.2.1:9", Options{}); err == nil {
		t.Error("it is connected")
	}
}

func TestRaisedDatagramsComeBack(t *testing.T) {
	t.Parallel()
	peer, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	conn, err := dial(context.Background(), "udp", peer.LocalAddr().String(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, is := conn.(net.PacketConn); !is {
		t.Error("the resolver would take it for a stream")
	}
	if _, err := conn.Write([]byte("question")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 64)
	peer.SetDeadline(time.Now().Add(deadline))
	n, from, err := peer.ReadFrom(b)
	if err != nil || string(b[:n]) != "question" {
		t.Fatalf("%q, %v", b[:n], err)
	}
	peer.WriteTo([]byte("answer"), from)
	conn.SetDeadline(time.Now().Add(deadline))
	if n, err := conn.Read(b); err != nil || string(b[:n]) != "answer" {
		t.Errorf("%q, %v", b[:n], err)
	}
}
