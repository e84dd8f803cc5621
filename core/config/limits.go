// SPDX-License-Identifier: Apache-2.0

package config

import "libws/core/fault"

// ListenLimits bounds what a server takes. Zero is no limit.
type ListenLimits struct {
	Connections int  // open and opening at once
	Clients     int  // distinct addresses of them
	PerClient   int  // connections of one address
	PerMinute   int  // upgrade requests of one address, bursts as large
	Module      bool // Clients and PerClient are 10 when they are 0, as in the module
}

const moduleLimit = 10

// Fill replaces zero values and checks ranges.
func (l *ListenLimits) Fill() *fault.Error {
	for _, m := range []struct {
		value *int
		name  string
		zero  bool
	}{
		{&l.Connections, "max_connections", false},
		{&l.Clients, "max_concurrent_clients_number", l.Module},
		{&l.PerClient, "max_connections_for_one_client", l.Module},
		{&l.PerMinute, "max_upgrades_per_minute", false},
	} {
		if *m.value < 0 {
			return fault.Refused(fault.IDParameter, "config.%s: %d is negative; 0 is the default", m.name, *m.value)
		}
		if *m.value == 0 && m.zero {
			*m.value = moduleLimit
		}
	}
	return nil
}
