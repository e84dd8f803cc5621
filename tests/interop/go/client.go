// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
)

// runClient talks to an echo server. authorities is a PEM file, for wss.
func (l library) runClient(url, authorities string) error {
	client, err := newHTTPClient(authorities)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func(session) error
	}{
		{"echoes and a close with 3001", talk},
		{"a close with 1000", closes(1000, "")},
		{"a close with the longest reason", closes(4999, strings.Repeat("reason", 21)[:123])},
		{"a close without a code", closes(1005, "")},
		{"text that is no UTF-8", sendsBadText},
		{"a server that stops", waitsForTheStop},
	} {
		s, err := l.dial(url, client)
		if err == nil {
			err = step.do(s)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

func newHTTPClient(authorities string) (*http.Client, error) {
	if authorities == "" {
		return &http.Client{Transport: &http.Transport{}}, nil
	}
	pem, err := os.ReadFile(authorities)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: no certificate in it", authorities)
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}, nil
}

func talk(s session) error {
	messages := []message{
		{true, "Hello"}, {true, "Grüße, 世界 \U0001f30d"}, {false, "\x00\x01\x02\xff\xfe"}, {true, ""}, {false, ""},
	}
	for _, size := range []int{125, 126, 65535, 65536, 1 << 20} {
		messages = append(messages, message{true, letters(size)}, message{false, anyBytes(size)})
	}
	for _, m := range messages {
		if err := s.send(m); err != nil {
			return err
		}
		if err := expect(s, m); err != nil {
			return err
		}
	}
	for _, text := range []bool{true, false} {
		// Frames may end inside a character, RFC 6455 5.6.
		parts := []string{strings.Repeat("Grüße ", 200) + "\xc3", "\xbc\xc3", "\x9f", "", "e"}
		sent := make(chan error, 1)
		go func() { sent <- s.sendParts(text, parts...) }()
		if err := expect(s, message{text, strings.Join(parts, "")}); err != nil {
			return err
		}
		if err := <-sent; err != nil {
			return err
		}
	}
	const inFlight = 100 // many on their way at once
	for n := range inFlight {
		if err := s.send(message{true, fmt.Sprint("message ", n)}); err != nil {
			return err
		}
	}
	for n := range inFlight {
		if err := expect(s, message{true, fmt.Sprint("message ", n)}); err != nil {
			return err
		}
	}
	return closes(3001, "interop is over")(s)
}

func expect(s session, want message) error {
	got, err := s.receive()
	if err != nil {
		return fmt.Errorf("waiting for the echo of %d bytes (text: %v): %w", len(want.payload), want.text, err)
	}
	if got != want {
		return fmt.Errorf("sent %d bytes (text: %v), got another message of %d bytes (text: %v)",
			len(want.payload), want.text, len(got.payload), got.text)
	}
	return nil
}

// closes checks that the server answers a close with the same one.
func closes(code int, reason string) func(session) error {
	return func(s session) error {
		if err := sayHello(s); err != nil {
			return err
		}
		answer, err := s.close(code, reason)
		if err != nil {
			return err
		}
		if want := (end{code, reason}); answer != want {
			return fmt.Errorf("the answer was %q instead of %q", answer, want)
		}
		return nil
	}
}

// answerToClose waits for the Close frame behind our own.
func answerToClose(s session) (end, error) {
	m, err := s.receive()
	var closed end
	if errors.As(err, &closed) {
		return closed, nil
	}
	if err == nil {
		err = fmt.Errorf("a message of %d bytes", len(m.payload))
	}
	return end{}, fmt.Errorf("instead of the answer to our close: %w", err)
}

func sayHello(s session) error {
	hello := message{true, "still here"}
	if err := s.send(hello); err != nil {
		return err
	}
	return expect(s, hello)
}

// sendsBadText checks that the server fails the connection, RFC 6455 8.1.
func sendsBadText(s session) error {
	if err := s.send(message{true, "bad \xff"}); err != nil {
		return err
	}
	return expectEnd(s, 1007, "")
}

// waitsForTheStop tells who runs this program that it is time to stop the server.
func waitsForTheStop(s session) error {
	if err := sayHello(s); err != nil {
		return err
	}
	fmt.Println("waiting")
	return expectEnd(s, 1001, "server is going away")
}

// expectEnd checks what the server closes with; reason "" allows any.
func expectEnd(s session, code int, reason string) error {
	got, err := s.receive()
	if err == nil {
		return fmt.Errorf("a message of %d bytes instead of the end with %d", len(got.payload), code)
	}
	var closed end
	if !errors.As(err, &closed) {
		return err
	}
	if closed.code != code || reason != "" && closed.reason != reason {
		return fmt.Errorf("%q instead of %d %s", closed, code, reason)
	}
	return nil
}

func letters(size int) string {
	return strings.Repeat("abcdefghijklmnopqrstuvwxyz", size/26+1)[:size]
}

func anyBytes(size int) string {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(i * 31 >> 3)
	}
	return string(b)
}
