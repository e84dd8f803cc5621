// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

func gorillaServer(way string) http.HandlerFunc {
	upgrader := websocket.Upgrader{EnableCompression: way == "deflate"}
	serve := gorillaEcho
	if way == "fanout" {
		serve = (&gorillaFanout{all: map[*websocket.Conn]bool{}}).serve
	}
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		serve(conn)
	}
}

func gorillaEcho(conn *websocket.Conn) {
	for {
		kind, data, err := conn.ReadMessage()
		if err != nil || conn.WriteMessage(kind, data) != nil {
			return
		}
	}
}

// gorillaFanout sends what one client sends to all.
type gorillaFanout struct {
	mu  sync.Mutex
	all map[*websocket.Conn]bool // guarded by mu, and so is writing
}

func (f *gorillaFanout) serve(conn *websocket.Conn) {
	f.mu.Lock()
	f.all[conn] = true
	f.mu.Unlock()
	for {
		kind, data, err := conn.ReadMessage()
		f.mu.Lock()
		if err != nil {
			delete(f.all, conn)
			f.mu.Unlock()
			return
		}
		if message, err := websocket.NewPreparedMessage(kind, data); err == nil {
			for other := range f.all {
				_ = other.WritePreparedMessage(message)
			}
		}
		f.mu.Unlock()
	}
}
