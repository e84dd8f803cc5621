// SPDX-License-Identifier: Apache-2.0

// Command go_echo is an echo server with a library of others, for the benchmarks:
//
//	go_echo gorilla|coder|gws PORT [deflate | fanout] [CERTIFICATE KEY]
//
// With fanout, which coder has not, what one client sends goes to all. Each is written as its own examples do it.
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

var handlers = map[string]func(way string) http.HandlerFunc{
	"gorilla": gorillaServer,
	"coder":   coderServer,
	"gws":     gwsServer,
}

func main() {
	arguments := os.Args[1:]
	if len(arguments) < 2 || handlers[arguments[0]] == nil {
		log.Fatal("usage: go_echo gorilla|coder|gws PORT [deflate | fanout] [CERTIFICATE KEY]")
	}
	make, port, arguments := handlers[arguments[0]], arguments[1], arguments[2:]
	way := ""
	if len(arguments)%2 == 1 {
		way, arguments = arguments[0], arguments[1:]
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	// The load client ends its handshakes as it likes.
	server := http.Server{Handler: make(way), ErrorLog: log.New(io.Discard, "", 0)}
	if len(arguments) == 2 {
		err = server.ServeTLS(listener, arguments[0], arguments[1])
	} else {
		err = server.Serve(listener)
	}
	log.Fatal(err)
}
