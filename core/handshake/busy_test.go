// SPDX-License-Identifier: Apache-2.0

package handshake

import "testing"

func TestABusyAnswerSaysWhenToComeAgain(t *testing.T) {
	t.Parallel()
	rej := &Rejection{429, "too often"}
	got := string(rej.AppendBusy([]byte("before"), 17))
	const want = "beforeHTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Content-Length: 10\r\nRetry-After: 17\r\n\r\ntoo often\n"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
