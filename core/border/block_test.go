// SPDX-License-Identifier: Apache-2.0

package border

import "testing"

func TestABlockTellsHowItsConnectionSends(t *testing.T) {
	t.Parallel()
	var none *Block
	b := new(Block)
	if none.Corked() || b.Corked() || b.Open() {
		t.Error("a new block sends")
	}
	b.Set(OutOpen | OutFast)
	if !b.Open() || b.Corked() {
		t.Error("an open block does not send, or is corked")
	}
	if !b.Hold() || !b.Corked() {
		t.Error("what is held is not corked")
	}
	b.Clear(OutOpen)
	if b.Open() {
		t.Error("a closing block sends")
	}
}
