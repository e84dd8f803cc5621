// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"

	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// fewDescriptors tells a process of this test that it is the server.
const fewDescriptors = "CORE_TEST_FEW_DESCRIPTORS"

// A server that has no descriptor left refuses connections, says so, serves the
// ones it has, and accepts again when there are some. It runs in a process of
// its own, whose limit does not touch the other tests.
func TestServerWithoutDescriptorsRefusesAndRecovers(t *testing.T) {
	if os.Getenv(fewDescriptors) != "" {
		serveWithFewDescriptors(t)
		return
	}
	t.Parallel()
	server := exec.Command(os.Args[0], "-test.run=^TestServerWithoutDescriptorsRefusesAndRecovers$", "-test.timeout=60s")
	server.Env = append(os.Environ(), fewDescriptors+"=1")
	in, err := server.StdinPipe()
	must(t, err)
	out, err := server.StdoutPipe()
	must(t, err)
	server.Stderr = os.Stderr
	must(t, server.Start())
	said := bufio.NewReader(out)
	defer func() {
		in.Close()
		rest, _ := io.ReadAll(said)
		if err := server.Wait(); err != nil {
			t.Errorf("the server's process: %v\n%s", err, rest)
		}
	}()
	var port int
	line, err := said.ReadString('\n')
	must(t, err)
	if _, err := fmt.Sscanf(line, "port %d\n", &port); err != nil {
		t.Fatalf("the server's process says %q", line)
	}
	var peers []*peer
	for range 100 {
		p, err := tryJoin(port)
		if err != nil {
			break
		}
		defer p.Close()
		peers = append(peers, p)
	}
	if len(peers) < 3 || len(peers) > 50 {
		t.Fatalf("%d connections were accepted", len(peers))
	}
	if line, err := said.ReadString('\n'); err != nil || !strings.HasPrefix(line, "exhausted") {
		t.Errorf("the server's process says %q, %v", line, err)
	}
	for _, p := range peers {
		must(t, p.send(ws.OpText, []byte("hello")))
		if data, _, err := p.message(); err != nil || string(data) != "hello" {
			t.Fatalf("%q, %v", data, err)
		}
		p.reset()
	}
	eventually(t, func() error {
		p, err := tryJoin(port)
		if err == nil {
			p.Close()
		}
		return err
	})
}

// serveWithFewDescriptors echoes until the standard input ends.
func serveWithFewDescriptors(t *testing.T) {
	h := start(t, config.Library{})
	told := false
	_, port := h.listening(config.ConnOptions{}, func(d *dispatcher, x *handle, e event) {
		if e.kind == border.EventError && x.server != nil && !told {
			told = true
			if e.id != fault.IDUnknown || e.stage != dial.StageLimit || syscall.Errno(e.errno) != syscall.EMFILE {
				t.Errorf("error: %+v", e)
			}
			fmt.Println("exhausted")
		}
		echo(d, x, e)
	})
	limit := unix.Rlimit{Cur: uint64(openDescriptors(t)) + 10}
	var old unix.Rlimit
	must(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &old))
	limit.Max = old.Max
	must(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
	fmt.Printf("port %d\n", port)
	io.Copy(io.Discard, os.Stdin)
}
