// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"strings"
	"testing"
)

func TestABusyAnswerSaysWhenToComeAgain(t *testing.T) {
	t.Parallel()
	rej := &Rejection{Status: 429, Text: "too often"}
	before, dated, _ := strings.Cut(string(rej.AppendBusy([]byte("before"), 17)), "Date: ")
	_, behind, _ := strings.Cut(dated, " GMT\r\n")
	const want = "beforeHTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Content-Length: 10\r\nRetry-After: 17\r\n\r\ntoo often\n"
	if before+behind != want {
		t.Errorf("%q and %q, want %q", before, behind, want)
	}
}
