// SPDX-License-Identifier: Apache-2.0

package core

import (
	"crypto/tls"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"libws/core/dial"
	"libws/core/fault"
)

// TextKind is what Text tells; the numbers are those of WS_TEXT_.
type TextKind int

// What the host may ask about a connection.
const (
	TextURL TextKind = 1 + iota
	TextProtocol
	TextExtensions
	TextRemoteAddress
	TextLocalAddress
	TextTLSVersion
	TextTLSCipher
	TextPeerCertificate
	TextServerName
	TextTarget
	TextRequestHeader
	TextPeerAddress
)

// past is what is known of the last connection of a client. It never changes.
type past struct {
	url, protocol, extensions string
	local                     netip.AddrPort
	state                     *tls.ConnectionState // nil without TLS
	took                      StepTimes
}

var errNeverConnected = &fault.Error{ID: fault.IDState, Text: "handle: was never connected"}

// Text tells something about the connection, the last one when it has ended. Any
// thread.
func (c *Conn) Text(kind TextKind) (string, *fault.Error) {
	peer, bad := c.Peer()
	if bad != nil {
		return "", bad
	}
	var p past
	var request keptRequest
	var socket netip.AddrPort // asked for, so that no connection has to keep it
	locked := take(&c.mu)
	defer locked.end()
	if kind == TextPeerAddress && c.sock.Open() {
		socket = c.sock.PeerAddress()
	}
	s := c.tls.Load()
	switch {
	case c.rare.client() != nil:
		p = *c.rare.client().past
	default:
		request = c.ends.requestInfo(c.rare.Load())
		p.protocol = request.protocol
		if c.sock.Open() {
			p.local = c.sock.LocalAddress()
		}
	}
	locked.end()
	if p.state == nil && s != nil {
		state := s.conn.ConnectionState()
		p.state = &state
	}
	switch kind {
	case TextURL:
		return p.url, nil
	case TextProtocol:
		return p.protocol, nil
	case TextExtensions:
		if z := c.rare.compression(); z != nil {
			return z.answer, nil
		}
		return p.extensions, nil
	case TextRemoteAddress:
		if peer.IsValid() {
			return peer.String(), nil
		}
	case TextPeerAddress:
		if socket.IsValid() {
			return socket.String(), nil
		}
	case TextLocalAddress:
		if p.local.IsValid() {
			return p.local.String(), nil
		}
	case TextTLSVersion:
		if p.state != nil {
			return tls.VersionName(p.state.Version), nil
		}
	case TextTLSCipher:
		if p.state != nil {
			return tls.CipherSuiteName(p.state.CipherSuite), nil
		}
	case TextTarget:
		return request.target, nil
	case TextRequestHeader:
		return request.header, nil
	case TextPeerCertificate:
		if p.state != nil {
			return describe(dial.PeerCertificate(*p.state)), nil
		}
	case TextServerName:
		if p.state != nil {
			return p.state.ServerName, nil
		}
	}
	return "", nil
}

// describe writes a certificate in lines.
func describe(c *dial.Certificate) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("subject: %s\nissuer: %s\nserial: %s\nsha256: %s\npin: %s\nnot before: %s\nnot after: %s\nnames: %s\n",
		c.Subject, c.Issuer, c.Serial, c.Fingerprint, c.Pin, c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339),
		strings.Join(append(append([]string{}, c.DNSNames...), c.Addresses...), ", "))
}
