// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/coder/websocket"
)

type coderSession struct{ conn *websocket.Conn }

func dialCoder(url string, client *http.Client) (session, error) {
	conn, _, err := websocket.Dial(context.Background(), url, &websocket.DialOptions{HTTPClient: client})
	return newCoderSession(conn, err)
}

func acceptCoder(w http.ResponseWriter, r *http.Request) (session, error) {
	return newCoderSession(websocket.Accept(w, r, nil))
}

func newCoderSession(conn *websocket.Conn, err error) (session, error) {
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(-1)
	return coderSession{conn}, nil
}

func (s coderSession) send(m message) error {
	return s.conn.Write(context.Background(), coderType(m.text), []byte(m.payload))
}

// sendParts relies on the library to make a frame of each Write.
func (s coderSession) sendParts(text bool, parts ...string) error {
	w, err := s.conn.Writer(context.Background(), coderType(text))
	if err != nil {
		return err
	}
	for i, part := range parts {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if err := s.conn.Ping(context.Background()); err != nil { // waits for the pong
			return err
		}
	}
	return w.Close()
}

func (s coderSession) receive() (message, error) {
	kind, payload, err := s.conn.Read(context.Background())
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return message{}, end{int(closed.Code), closed.Reason}
	}
	return message{kind == websocket.MessageText, string(payload)}, err
}

// close fails when the answer has another code; what its reason was the
// library keeps to itself.
func (s coderSession) close(code int, reason string) (end, error) {
	return end{code, reason}, s.conn.Close(websocket.StatusCode(code), reason)
}

func coderType(text bool) websocket.MessageType {
	if text {
		return websocket.MessageText
	}
	return websocket.MessageBinary
}
