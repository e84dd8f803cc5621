// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

type gorillaSession struct {
	conn   *websocket.Conn
	client bool
	pongs  chan string // one per pong; sendParts waits for it
}

func dialGorilla(url string, client *http.Client) (session, error) {
	// A client's message goes out in frames of at most this size.
	d := websocket.Dialer{TLSClientConfig: client.Transport.(*http.Transport).TLSClientConfig, WriteBufferSize: 1000}
	conn, _, err := d.Dial(url, nil)
	if err != nil {
		return nil, err
	}
	return newGorillaSession(conn, true), nil
}

func acceptGorilla(w http.ResponseWriter, r *http.Request) (session, error) {
	// Small, so that a message of a few words goes out in frames; send needs none.
	conn, err := (&websocket.Upgrader{WriteBufferSize: 3}).Upgrade(w, r, nil)
	if err != nil {
		return nil, err
	}
	return newGorillaSession(conn, false), nil
}

func newGorillaSession(conn *websocket.Conn, client bool) *gorillaSession {
	s := &gorillaSession{conn: conn, client: client, pongs: make(chan string, 1)}
	conn.SetPongHandler(func(data string) error {
		s.pongs <- data
		return nil
	})
	if !client {
		// Its own handler answers without the reason.
		conn.SetCloseHandler(func(code int, reason string) error {
			if err := s.sendClose(code, reason); err != websocket.ErrCloseSent {
				return err
			}
			return nil // it is the answer to our own
		})
	}
	return s
}

func (s *gorillaSession) send(m message) error {
	return s.conn.WriteMessage(gorillaType(m.text), []byte(m.payload))
}

func (s *gorillaSession) sendParts(text bool, parts ...string) error {
	w, err := s.conn.NextWriter(gorillaType(text))
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
		if err := s.conn.WriteControl(websocket.PingMessage, []byte("between"), time.Now().Add(deadline)); err != nil {
			return err
		}
		if pong := <-s.pongs; pong != "between" {
			return fmt.Errorf("a pong with %q instead of %q", pong, "between")
		}
	}
	return w.Close()
}

func (s *gorillaSession) receive() (message, error) {
	kind, payload, err := s.conn.ReadMessage()
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		if err := s.expectEndOfStream(); err != nil {
			return message{}, err
		}
		return message{}, end{closed.Code, closed.Text}
	}
	return message{kind == websocket.TextMessage, string(payload)}, err
}

// expectEndOfStream waits for the server to close TCP first, RFC 6455 7.1.1,
// with close_notify before it in TLS. A server goes first itself.
func (s *gorillaSession) expectEndOfStream() error {
	defer s.conn.Close()
	if !s.client {
		return nil
	}
	s.conn.SetReadDeadline(time.Now().Add(deadline))
	if n, err := s.conn.NetConn().Read(make([]byte, 1)); n != 0 || err != io.EOF {
		return fmt.Errorf("%d bytes and %v behind the Close frame, instead of the end of the stream", n, err)
	}
	return nil
}

func (s *gorillaSession) close(code int, reason string) (end, error) {
	if err := s.sendClose(code, reason); err != nil {
		return end{}, err
	}
	return answerToClose(s)
}

func (s *gorillaSession) sendClose(code int, reason string) error {
	frame := websocket.FormatCloseMessage(code, reason) // empty for 1005
	return s.conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(deadline))
}

func gorillaType(text bool) int {
	if text {
		return websocket.TextMessage
	}
	return websocket.BinaryMessage
}
