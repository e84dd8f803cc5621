// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// runServer serves interop_client until stdin ends, with TLS when it gets a
// certificate. It prints how each connection has ended.
func (l library) runServer(certificate, key string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	failed := make(chan error, 1)
	server := http.Server{
		// A handshake that fails is for the client to tell.
		ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s, err := l.accept(w, r)
			if err == nil {
				err = serve(s)
			}
			if closed := (end{}); errors.As(err, &closed) {
				fmt.Println(closed)
			} else if err != nil {
				failed <- err
			} else {
				fmt.Println("ended")
			}
		}),
	}
	go func() {
		if certificate == "" {
			fmt.Printf("listening on ws://%s\n", listener.Addr())
			failed <- server.Serve(listener)
		} else {
			fmt.Printf("listening on wss://%s\n", listener.Addr())
			failed <- server.ServeTLS(listener, certificate, key)
		}
	}()
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		failed <- err
	}()
	return <-failed
}

// serve ends with the Close frame of the client, as an end; with nil when the
// client asked for a close and answered it.
func serve(s session) error {
	sent := make(chan error, 1)
	sent <- nil
	for {
		// Receives while sendParts waits for its pong.
		m, err := s.receive()
		if err := <-sent; err != nil {
			return err
		}
		if err != nil {
			return err
		}
		if order, ok := strings.CutPrefix(m.payload, "close "); ok && m.text {
			return obey(s, order)
		}
		if m == (message{true, "fragments"}) {
			go func() { sent <- s.sendParts(true, "one ", "two ", "three") }()
		} else {
			sent <- s.send(m)
		}
	}
}

// obey closes as it is told, by a code and, behind a blank, a reason.
func obey(s session, order string) error {
	digits, reason, _ := strings.Cut(order, " ")
	code, err := strconv.Atoi(digits)
	if err != nil {
		return err
	}
	answer, err := s.close(code, reason)
	if err == nil && answer.code != code {
		err = fmt.Errorf("our close with %d was answered with %d", code, answer.code)
	}
	return err
}
