// SPDX-License-Identifier: Apache-2.0

package metrics

import "testing"

func TestMetricsEscapeLabels(t *testing.T) {
	t.Parallel()
	var p page
	p.sample("x", 1.5, label{"a", "b\\c\"d\ne"}, label{"f", ""})
	p.sample("y", 2, label{"path", "/tmp/a\xff\xfeb\x00c"}) // a label is UTF-8, and the text a C string
	if got, want := p.text.String(), `x{a="b\\c\"d\ne",f=""} 1.5`+"\ny{path=\"/tmp/a\ufffdb\ufffdc\"} 2\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}
