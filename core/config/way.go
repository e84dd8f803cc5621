// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/fd"
)

// CheckWay checks what leads to the target, or has led there already.
func (o *ConnectOptions) CheckWay(target *dial.Target) *fault.Error {
	w := &o.Way
	for _, t := range []struct {
		d    *time.Duration
		unit time.Duration
		most time.Duration
		name string
	}{
		{&w.Socket.KeepAlive, time.Second, maxKeepAliveProbes, "tcp_keepalive_ms"},
		{&w.Socket.UserTimeout, time.Millisecond, MaxSilence, "tcp_user_timeout_ms"},
	} {
		if *t.d == -time.Millisecond && t.unit == time.Second || *t.d == 0 {
			continue
		}
		if *t.d < 0 || *t.d > t.most {
			return fault.Refused(fault.IDParameter, "options.%s: %d is not in 1..%d or 0", t.name, *t.d/time.Millisecond, t.most/time.Millisecond)
		}
		*t.d = (*t.d + t.unit - 1).Truncate(t.unit)
	}
	if err := w.Check(); err != nil {
		return fault.Refused(fault.IDParameter, "options.%s", wayArgument(err))
	}
	if !fd.Binds && (w.Socket.Interface != "" || w.Socket.UserTimeout != 0) {
		return fault.Refused(fault.IDUnsupported, "options.local_interface, options.tcp_user_timeout_ms: this system has neither")
	}
	if target.Socket != "" && (len(w.Addresses) > 0 || w.Local != "" || w.Socket.Interface != "" || w.Family != 0) {
		return fault.Refused(fault.IDParameter, "options.connect_address, local_address, local_interface, address_family: the URL names a Unix socket")
	}
	return o.checkDescriptor(target)
}

// maxKeepAliveProbes is what the kernel takes.
const maxKeepAliveProbes = 32767 * time.Second

// checkDescriptor refuses what a socket that is connected already has no use for.
func (o *ConnectOptions) checkDescriptor(target *dial.Target) *fault.Error {
	w, of := &o.Way, "options.connected_descriptor: "
	switch {
	case o.Descriptor == nil:
		return nil
	case len(w.Addresses) > 0 || w.Local != "" || w.Socket.Interface != "" || w.Family != 0 || target.Socket != "":
		return fault.Refused(fault.IDParameter, "%sis connected, so there is no use for an address, an interface or a Unix socket", of)
	case o.Proxy.Mode == dial.ProxyExplicit:
		return fault.Refused(fault.IDParameter, "%sis connected, so there is no use for a proxy", of)
	case o.Reconnect != nil || o.MaxRedirects > 0:
		return fault.Refused(fault.IDParameter, "%sserves one connection, so neither reconnect nor max_redirects may be given", of)
	case !fd.Connected(*o.Descriptor):
		return fault.Refused(fault.IDParameter, "%s%d is no stream socket that is connected, TCP or Unix", of, *o.Descriptor)
	}
	return nil
}

// wayArgument names the member of the options behind a *dial.WayError.
func wayArgument(err error) string {
	var bad *dial.WayError
	if !errors.As(err, &bad) {
		return err.Error()
	}
	return map[string]string{
		"addresses": "connect_address", "local": "local_address", "family": "address_family", "interface": "local_interface",
	}[bad.Field] + ": " + bad.Text
}
