// SPDX-License-Identifier: Apache-2.0

package config

import (
	"testing"

	"libws/core/dial"
)

func TestOriginOfAnAddressHasNoZone(t *testing.T) {
	t.Parallel()
	target, err := dial.ParseURL("ws://[fe80::1%25eth0]:8080/")
	if err != nil {
		t.Fatal(err)
	}
	if got := (Origin{OfURL: true, Port: true}).Of(target, nil); got != "http://[fe80::1]:8080" {
		t.Error(got)
	}
}
