// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net/http"

	"github.com/coder/websocket"
)

func coderServer(way string) http.HandlerFunc {
	options := websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled}
	if way == "deflate" {
		options.CompressionMode = websocket.CompressionContextTakeover
	}
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &options)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		conn.SetReadLimit(-1)
		for {
			kind, data, err := conn.Read(context.Background())
			if err != nil || conn.Write(context.Background(), kind, data) != nil {
				return
			}
		}
	}
}
