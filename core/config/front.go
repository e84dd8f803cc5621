// SPDX-License-Identifier: Apache-2.0

package config

import (
	"net/netip"

	"libws/core/fault"
	"libws/core/handshake"
)

// AddressSource is who says what the address of a client is; the numbers are those of
// WS_ADDRESS_.
type AddressSource int

// Sources.
const (
	AddressPeer AddressSource = iota
	AddressForwarded
	AddressXForwardedFor
	AddressProxyProtocol
)

// FrontOptions says who stands in front of a server.
type FrontOptions struct {
	Trusted string // networks, addresses and "unix", separated by commas; "": nobody
	Source  AddressSource
}

// Front is who may say who the client is, and how. It never changes.
type Front struct {
	Source  AddressSource
	Trusted handshake.Trusted
}

// Read checks the options; nil when nobody is believed.
func (o *FrontOptions) Read() (*Front, *fault.Error) {
	switch {
	case o.Source < AddressPeer || o.Source > AddressProxyProtocol:
		return nil, fault.Refused(fault.IDParameter, "config.client_address: %d is not a WS_ADDRESS_", o.Source)
	case o.Trusted == "":
		return nil, nil
	case o.Source == AddressPeer: // it would say nothing, and the host relied on it
		return nil, fault.Refused(fault.IDParameter, "config.trusted_proxies: is set, and client_address does not say how they name the client")
	}
	trusted, err := handshake.ParseTrusted(o.Trusted)
	if err != nil {
		return nil, fault.Refused(fault.IDParameter, "config.trusted_proxies: %v", err)
	}
	return &Front{o.Source, trusted}, nil
}

// Believes tells whether an address is that of a trusted proxy. f may be nil.
func (f *Front) Believes(from netip.Addr) bool { return f != nil && f.Trusted.Has(from) }
