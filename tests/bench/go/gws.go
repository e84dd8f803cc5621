// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"

	"github.com/lxzan/gws"
)

type gwsHandler struct{ gws.BuiltinEventHandler }

func (gwsHandler) OnMessage(conn *gws.Conn, message *gws.Message) {
	defer message.Close()
	// An error ends the connection, which ReadLoop tells.
	_ = conn.WriteMessage(message.Opcode, message.Bytes())
}

func gwsEcho(deflate bool) http.HandlerFunc {
	upgrader := gws.NewUpgrader(gwsHandler{}, &gws.ServerOption{
		PermessageDeflate: gws.PermessageDeflate{
			Enabled:               deflate,
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
