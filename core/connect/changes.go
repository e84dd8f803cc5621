// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"strings"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// With is the plan for the tries that follow changes of the host. It reads the files that it
// names, and blocks as long as that takes.
func (p *Plan) With(g Gate, c *config.Changes) (*Plan, *fault.Error) {
	target := p.Target
	if c.URL != nil {
		var err error
		if target, err = dial.ParseURL(*c.URL); err != nil {
			return nil, fault.Refused(fault.IDURL, "changes.url: %v", err)
		}
		if !g.Allowed(*c.URL) {
			return nil, fault.Refused(fault.IDDomain, "changes.url: the host program does not allow it (ws_set_url_filter)")
		}
	}
	next := *p
	bad := next.Options.Change(c, elsewhere(p.Target, target))
	if bad == nil {
		bad = next.Options.CheckWay(target)
	}
	if bad == nil {
		bad = next.aim(target)
	}
	if bad != nil {
		return nil, config.Changed(bad)
	}
	return &next, nil
}

// elsewhere tells whether two targets differ in more than path, query and scheme.
func elsewhere(a, b *dial.Target) bool {
	return a.Socket != b.Socket || !strings.EqualFold(a.URL.Host, b.URL.Host)
}
