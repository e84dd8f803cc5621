// SPDX-License-Identifier: Apache-2.0

package core

import (
	"libws/core/config"
	"libws/core/deflate"
)

// extends is what answers the offers of clients, for handshake.ServerOptions; o may be nil.
// Who comes while memory is short gets no takeover.
func (e *Engine) extends(o *config.Compression) func(offer string) (string, error) {
	if o == nil {
		return deflate.Decline
	}
	return func(offer string) (string, error) {
		options := o.Options
		if e.pool.Tight() {
			options.OutTakeover, options.InTakeover = false, false
		}
		_, answer, err := options.Answer(offer)
		return answer, err
	}
}
