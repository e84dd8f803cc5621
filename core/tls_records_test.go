// SPDX-License-Identifier: Apache-2.0

package core

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/gobwas/ws"
)

// Content types of records (RFC 8446 5.1), and messages of a handshake.
const (
	recordAlert       = 21
	recordHandshake   = 22
	recordApplication = 23
	newSessionTicket  = 4
	keyUpdate         = 24
	closeNotify       = 0
)

// half protects one direction (RFC 8446 5.2, 7.3) with TLS_AES_128_GCM_SHA256.
type half struct {
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	number uint64
}

func expandLabel(secret []byte, label string, size int) []byte {
	label = "tls13 " + label
	info := binary.BigEndian.AppendUint16(nil, uint16(size))
	info = append(append(info, byte(len(label))), label...)
	out, err := hkdf.Expand(sha256.New, secret, string(append(info, 0)), size)
	check(err)
	return out
}

func (h *half) start(secret []byte) {
	block, err := aes.NewCipher(expandLabel(secret, "key", 16))
	check(err)
	h.aead, err = cipher.NewGCM(block)
	check(err)
	h.secret, h.iv, h.number = secret, expandLabel(secret, "iv", 12), 0
}

// update goes on to the next keys (RFC 8446 7.2).
func (h *half) update() { h.start(expandLabel(h.secret, "traffic upd", 32)) }

func (h *half) nonce() []byte {
	n := bytes.Clone(h.iv)
	for i := range 8 {
		n[4+i] ^= byte(h.number >> (56 - 8*i))
	}
	h.number++
	return n
}

// records is an end of TLS 1.3 that makes every record itself, so that it can
// send what crypto/tls has no call for. As a net.Conn it carries application data.
type records struct {
	net.Conn
	mu      sync.Mutex // guards out
	out     half
	in      half
	rest    []byte // application data that was not read yet
	updates int    // key updates that came
	alerts  []byte // descriptions of alerts that came
	ended   bool   // the stream has ended
}

// seal makes a record.
func (r *records) seal(kind byte, content []byte) []byte {
	plain := append(bytes.Clone(content), kind)
	header := []byte{recordApplication, 3, 3, byte((len(plain) + 16) >> 8), byte(len(plain) + 16)}
	return r.out.aead.Seal(header, r.out.nonce(), plain, header)
}

func (r *records) send(kind byte, content []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, err := r.Conn.Write(r.seal(kind, content))
	return err
}

// updateKeys sends a key update; asks wants one from the other end.
func (r *records) updateKeys(asks bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	message := []byte{keyUpdate, 0, 0, 1, 0}
	if asks {
		message[4] = 1
	}
	record := r.seal(recordHandshake, message)
	r.out.update()
	_, err := r.Conn.Write(record)
	return err
}

func (r *records) Write(p []byte) (int, error) {
	for at := 0; at < len(p); at += 16 << 10 {
		if err := r.send(recordApplication, p[at:min(len(p), at+16<<10)]); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (r *records) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// next reads a record. The end of the stream is io.EOF, close_notify or not.
func (r *records) next() error {
	header := make([]byte, 5)
	if _, err := io.ReadFull(r.Conn, header); err != nil {
		r.ended = err == io.EOF
		return err
	}
	if header[0] != recordApplication {
		return fmt.Errorf("a record of type %d", header[0])
	}
	sealed := make([]byte, binary.BigEndian.Uint16(header[3:]))
	if _, err := io.ReadFull(r.Conn, sealed); err != nil {
		return err
	}
	plain, err := r.in.aead.Open(nil, r.in.nonce(), sealed, header)
	if err != nil {
		return err
	}
	plain = bytes.TrimRight(plain, "\x00")
	content, kind := plain[:len(plain)-1], plain[len(plain)-1]
	switch {
	case kind == recordApplication:
		r.rest = content
	case kind == recordAlert:
		r.alerts = append(r.alerts, content[1])
	case kind == recordHandshake && content[0] == newSessionTicket:
	case kind == recordHandshake && bytes.HasPrefix(content, []byte{keyUpdate, 0, 0, 1}):
		r.updates++
		r.in.update()
	default:
		return fmt.Errorf("content of type %d: %x", kind, content)
	}
	return nil
}

// exact reads no more than to the end of a record, so that crypto/tls does not
// take what comes behind the handshake.
type exact struct {
	net.Conn
	left   int
	header []byte
	last   byte // type of the last record, as far as it can be seen (TLS 1.2)
}

func (e *exact) Read(p []byte) (int, error) {
	if e.left == 0 {
		n, err := e.Conn.Read(p[:min(len(p), 5-len(e.header))])
		if e.header = append(e.header, p[:n]...); len(e.header) == 5 {
			e.last = e.header[0]
			e.left = int(binary.BigEndian.Uint16(e.header[3:]))
			e.header = nil
		}
		return n, err
	}
	n, err := e.Conn.Read(p[:min(len(p), e.left)])
	e.left -= n
	return n, err
}

// handshaken does the handshake by crypto/tls, then takes over.
func handshaken(raw net.Conn, client bool) (*records, error) {
	var log bytes.Buffer
	config := foreignConfig(tls.VersionTLS13)
	config.KeyLogWriter, config.SessionTicketsDisabled = &log, true
	r := &records{Conn: raw}
	var conn *tls.Conn
	if client {
		conn = tls.Client(&exact{Conn: raw}, config)
	} else {
		conn = tls.Server(&exact{Conn: raw}, config)
	}
	if err := conn.Handshake(); err != nil {
		return nil, err
	}
	if suite := conn.ConnectionState().CipherSuite; suite != tls.TLS_AES_128_GCM_SHA256 {
		return nil, fmt.Errorf("the suite is %s", tls.CipherSuiteName(suite))
	}
	for line := range bytes.Lines(log.Bytes()) {
		var label, random, secret string
		fmt.Sscan(string(line), &label, &random, &secret)
		key, err := hex.DecodeString(secret)
		if err != nil {
			return nil, err
		}
		switch {
		case label == "CLIENT_TRAFFIC_SECRET_0" && client, label == "SERVER_TRAFFIC_SECRET_0" && !client:
			r.out.start(key)
		case label == "CLIENT_TRAFFIC_SECRET_0", label == "SERVER_TRAFFIC_SECRET_0":
			r.in.start(key)
		}
	}
	return r, nil
}

// joinRecords is a client of records that has upgraded.
func joinRecords(t testing.TB, port int) (*peer, *records) {
	t.Helper()
	return joinRecordsOn(t, dialed(t, port))
}

func joinRecordsOn(t testing.TB, raw net.Conn) (*peer, *records) {
	t.Helper()
	r, err := handshaken(raw, true)
	must(t, err)
	p, err := upgradeOver(r)
	must(t, err)
	return p, r
}

// foreignRecords is a server of records; serve runs for each connection.
func foreignRecords(t testing.TB, serve func(p *peer, r *records) error) (url string) {
	t.Helper()
	return "wss://" + accepting(t, func(raw net.Conn) error {
		r, err := handshaken(raw, false)
		if err != nil {
			return err
		}
		if _, err := ws.Upgrade(r); err != nil {
			return err
		}
		return serve(&peer{r, r, ws.StateServerSide}, r)
	}) + "/"
}
