// SPDX-License-Identifier: Apache-2.0

// Command peer is a foreign WebSocket peer of the interop tests, in Go:
//
//	peer LIBRARY client URL [FILE_WITH_AUTHORITIES]
//	peer LIBRARY server [CERTIFICATE KEY]
//
// LIBRARY is coder or gorilla. What a peer does and prints is told in
// ../compiled/README.md. Exit status 0 when everything was as it should be.
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"
)

// library is one implementation of WebSocket.
type library struct {
	dial   func(url string, client *http.Client) (session, error)
	accept func(w http.ResponseWriter, r *http.Request) (session, error)
}

// session is an open connection. One goroutine at a time sends, and one receives.
type session interface {
	send(m message) error
	// sendParts sends m in a frame per part, with a ping behind the first, and
	// goes on when the pong has come; somebody else must be receiving.
	sendParts(text bool, parts ...string) error
	// receive fails with an end when the peer closes.
	receive() (message, error)
	// close starts the closing handshake and returns what the peer answered.
	close(code int, reason string) (end, error)
}

type message struct {
	text    bool
	payload string
}

// end is a Close frame of the peer; code 1005 stands for an empty one.
type end struct {
	code   int
	reason string
}

func (e end) Error() string { return fmt.Sprintf("closed %d %s", e.code, e.reason) }

// deadline ends a peer that hangs and whose script has gone: that one waits for less.
const deadline = 10 * time.Minute

func main() {
	libraries := map[string]library{"coder": {dialCoder, acceptCoder}, "gorilla": {dialGorilla, acceptGorilla}}
	args := os.Args[1:]
	var err error
	switch l, known := libraries[at(args, 0)]; {
	case known && at(args, 1) == "client" && (len(args) == 3 || len(args) == 4):
		go hang()
		err = l.runClient(args[2], at(args, 3))
	case known && at(args, 1) == "server" && (len(args) == 2 || len(args) == 4):
		go hang()
		err = l.runServer(at(args, 2), at(args, 3))
	default:
		err = fmt.Errorf("usage: peer coder|gorilla client URL [FILE] | peer coder|gorilla server [CERTIFICATE KEY]")
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "peer %s: %v\n", at(args, 0), err)
		os.Exit(1)
	}
}

func hang() {
	time.Sleep(deadline)
	fmt.Fprintf(os.Stderr, "peer: not ready after %v\n", deadline)
	os.Exit(1)
}

func at(args []string, i int) string {
	if i < len(args) {
		return args[i]
	}
	return ""
}
