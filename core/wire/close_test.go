// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"strings"
	"testing"
)

func TestOnlyCodesOfTheRegistryAreValidOnWire(t *testing.T) {
	t.Parallel()
	valid := map[int]bool{
		CloseNormal: true, CloseGoingAway: true, CloseProtocolError: true, CloseUnsupportedData: true,
		CloseInvalidPayload: true, ClosePolicy: true, CloseTooBig: true, CloseMandatoryExtension: true, CloseInternalError: true,
		CloseServiceRestart: true, CloseTryAgainLater: true, CloseBadGateway: true,
	}
	for code := range 1 << 16 {
		want := valid[code] || code >= 3000 && code < 5000
		if got := ValidOnWire(uint16(code)); got != want {
			t.Errorf("%d: %v", code, got)
		}
		gotCode, _, err := ParseClose([]byte{byte(code >> 8), byte(code)})
		if want && (err != nil || int(gotCode) != code) || !want && (err != ErrCloseCode || gotCode != 0) {
			t.Errorf("a Close frame with %d gave %d, %v", code, gotCode, err)
		}
	}
}

func TestCloseCodesHaveTheNumbersOfTheRegistry(t *testing.T) {
	t.Parallel()
	for i, code := range []int{
		CloseNormal, CloseGoingAway, CloseProtocolError, CloseUnsupportedData, CloseReserved, CloseNoStatus, CloseAbnormal, CloseInvalidPayload, ClosePolicy,
		CloseTooBig, CloseMandatoryExtension, CloseInternalError, CloseServiceRestart, CloseTryAgainLater, CloseBadGateway, CloseTLSHandshake,
	} {
		if code != 1000+i {
			t.Errorf("%d instead of %d", code, 1000+i)
		}
	}
}

func TestCloseFramesAreReadByTheRFC(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		payload string
		code    uint16
		reason  string
		err     *Error
	}{
		{"", CloseNoStatus, "", nil},
		{"\x03", 0, "", ErrCloseLength},
		{"\x03\xe8", CloseNormal, "", nil},
		{"\x03\xe9bye", CloseGoingAway, "bye", nil},
		{"\x13\x87à bientôt", 4999, "à bientôt", nil},
		{"\x03\xf6" + strings.Repeat("x", 123), 1014, strings.Repeat("x", 123), nil},
		{"\x03\xed", 0, "", ErrCloseCode}, // 1005
		{"\x03\xee", 0, "", ErrCloseCode}, // 1006
		{"\x03\xf7", 0, "", ErrCloseCode}, // 1015
		{"\x03\xeebad\xff", 0, "", ErrCloseCode},
		{"\x03\xe8bad\xff", 0, "", ErrCloseReason},
		{"\x03\xe8cut\xe2\x82", 0, "", ErrCloseReason},
	} {
		code, reason, err := ParseClose([]byte(x.payload))
		if code != x.code || string(reason) != x.reason || err != x.err {
			t.Errorf("%q gave %d %q, %v", x.payload, code, reason, err)
		}
	}
}
