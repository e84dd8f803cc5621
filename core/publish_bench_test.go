// SPDX-License-Identifier: Apache-2.0

package core

import (
	"fmt"
	"io"
	"testing"

	"github.com/gobwas/ws"

	"libws/core/config"
)

// What publishing costs without patterns, beside 100,000 that others have and the topic does not
// fit, and when each recipient has such a pattern as well as the topic: to nobody, which is finding
// out who wants it and nothing else, and to 1 and 100 connections until their loop has written it.
//
//	go test ./core -run '^$' -bench Publish -count 10
func BenchmarkPublish(b *testing.B) {
	const many = 100_000
	topic, text := []byte("plant/7/hall/3/temperature"), []byte("21.5")
	for _, n := range []int{0, 1, 100} {
		for _, what := range []string{"none", "others", "fitting"} {
			b.Run(fmt.Sprintf("to=%d/patterns=%s", n, what), func(b *testing.B) {
				g := gather(b, n+1, config.Library{}, config.ConnOptions{MaxSubscriptions: -1}, false, nil)
				for i, x := range g.xs {
					go io.Copy(io.Discard, g.peers[i].Conn)
					if i == n {
						break
					}
					must2(b, x.conn.Subscribe(topic))
					if what == "fitting" {
						must2(b, x.conn.SubscribePattern([]byte("plant/+/hall/+/temperature")))
					}
				}
				for i := 0; i < many && what != "none"; i++ {
					must2(b, g.xs[n].conn.SubscribePattern(fmt.Appendf(nil, "plant/%d/hall/%d/+/noise", i%1000, i/1000)))
				}
				b.ReportAllocs()
				for b.Loop() {
					took, err := g.server.server.Publish(topic, text, ws.OpText, nil)
					if took != n || err != nil {
						b.Fatal(took, err)
					}
					if n > 0 {
						g.xs[0].onLoop(func() {}) // when its turn comes all is written
					}
				}
			})
		}
	}
}
