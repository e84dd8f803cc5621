// SPDX-License-Identifier: Apache-2.0

package core

import (
	"testing"

	"libws/core/dial"
)

func TestOriginOfAnAddressHasNoZone(t *testing.T) {
	t.Parallel()
	target, err := dial.ParseURL("ws://[fe80::1%25eth0]:8080/")
	must(t, err)
	if got := (Origin{OfURL: true, Port: true}).of(target, nil); got != "http://[fe80::1]:8080" {
		t.Error(got)
	}
}
