// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func TestTextsOfARequestNeverShowASecret(t *testing.T) {
	t.Parallel()
	const secret = "S3CRE7"
	for name, o := range map[string]*ClientOptions{
		"a line as the name of a field": {Fields: []Field{{"Authorization: Bearer " + secret, ""}}},
		"a value with a line end":       {Fields: []Field{{"Authorization", "Bearer " + secret + "\n"}}},
		"a field that is ours":          {Fields: []Field{{"Proxy-Authorization", secret}}},
		"credentials":                   {Authorization: "Basic " + secret + "\x00"},
		"a subprotocol":                 {Protocols: []string{"bearer", secret + "="}},
		"a subprotocol twice":           {Protocols: []string{secret, secret}},
	} {
		if err := o.Check(); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := &ClientOptions{Protocols: []string{secret}, Authorization: secret}
	for name, rw := range map[string]io.ReadWriter{
		"a server that sends the request back": new(bytes.Buffer),
		"a subprotocol in other case":          &script{answer: switching(fUpgrade, fConnection, fAccept, "Sec-WebSocket-Protocol: "+strings.ToLower(secret))},
	} {
		_, _, err := Connect(rw, target(t, "ws://h/?token="+secret), o)
		if err == nil || strings.Contains(strings.ToUpper(err.Error()), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
