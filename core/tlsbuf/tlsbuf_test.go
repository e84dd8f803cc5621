// SPDX-License-Identifier: Apache-2.0

package tlsbuf

import (
	"bytes"
	"reflect"
	"testing"
)

func TestTheBuffersOfCryptoTLSAreFound(t *testing.T) {
	t.Parallel()
	if !tlsKeeps.known {
		t.Fatal("crypto/tls.Conn has no rawInput bytes.Buffer, input bytes.Reader or hand bytes.Buffer any more: " +
			"TLS works, but each connection keeps its buffers; see tlsbuf.go")
	}
}

func TestBuffersThatCryptoTLSHasChangedAreLeftAlone(t *testing.T) {
	t.Parallel()
	for _, changed := range []reflect.Type{
		reflect.TypeFor[struct{ rawInput, hand bytes.Buffer }](),
		reflect.TypeFor[struct {
			rawInput, hand bytes.Buffer
			input          *bytes.Reader
		}](),
		reflect.TypeFor[struct {
			rawInput []byte
			hand     bytes.Buffer
			input    bytes.Reader
		}](),
	} {
		if findTLSFields(changed).known {
			t.Errorf("%v is taken for what is known", changed)
		}
	}
}
