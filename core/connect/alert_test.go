// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"libws/core/dial"
	"libws/core/internal/patience"
)

// A server that refuses the client's certificate resets the connection at once, so
// that the request cannot even be written.
func TestAlertExplainsARequestThatCannotBeWritten(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	wants := &tls.Config{ClientAuth: tls.RequireAnyClientCert, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	refused := make(chan struct{})
	go func() {
		defer close(refused)
		raw, err := listener.Accept()
		if err != nil {
			return
		}
		server := tls.Server(raw, wants)
		server.Handshake() // fails, and sends the alert
		raw.(*net.TCPConn).SetLinger(0)
		raw.Close()
	}()
	raw, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(patience.Scaled(time.Minute)))
	client := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
	if err := client.Handshake(); err != nil {
		t.Fatal(err)
	}
	<-refused
	_, err = client.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	if err == nil {
		t.Fatal("the request was written")
	}
	if text, ok := dial.Alert(lastAlert(client, err)); !ok || !strings.Contains(text, "certificate required") {
		t.Fatalf("got %v", lastAlert(client, err))
	}
}
