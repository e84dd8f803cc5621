// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"net/http"
	"sync"

	"github.com/lxzan/gws"
)

type gwsHandler struct{ gws.BuiltinEventHandler }

func (gwsHandler) OnMessage(conn *gws.Conn, message *gws.Message) {
	defer message.Close()
	// An error ends the connection, which ReadLoop tells.
	_ = conn.WriteMessage(message.Opcode, message.Bytes())
}

// gwsFanout sends what one client sends to all.
type gwsFanout struct {
	gws.BuiltinEventHandler
	mu  sync.Mutex
	all map[*gws.Conn]bool // guarded by mu
}

func (f *gwsFanout) OnOpen(conn *gws.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all[conn] = true
}

func (f *gwsFanout) OnClose(conn *gws.Conn, _ error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.all, conn)
}

func (f *gwsFanout) OnMessage(_ *gws.Conn, message *gws.Message) {
	defer message.Close()
	b := gws.NewBroadcaster(message.Opcode, bytes.Clone(message.Bytes()))
	defer b.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	for conn := range f.all {
		_ = b.Broadcast(conn)
	}
}

func gwsServer(way string) http.HandlerFunc {
	var handler gws.Event = gwsHandler{}
	if way == "fanout" {
		handler = &gwsFanout{all: map[*gws.Conn]bool{}}
	}
	upgrader := gws.NewUpgrader(handler, &gws.ServerOption{
		PermessageDeflate: gws.PermessageDeflate{
			Enabled:               way == "deflate",
			ServerContextTakeover: true,
			ClientContextTakeover: true,
		},
	})
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r)
		if err != nil {
			return
		}
		go conn.ReadLoop()
	}
}
