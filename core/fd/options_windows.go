// SPDX-License-Identifier: Apache-2.0

package fd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/windows"
)

// Binds: of Options, this system knows neither Interface nor UserTimeout.
const Binds = false

// probes is how often the system asks, as package net has it.
const probes = 9

// dial is package net's, with what it has for Options.
func dial(ctx context.Context, network, address string, o Options) (net.Conn, error) {
	d := net.Dialer{KeepAliveConfig: o.keepAlive()}
	if !d.KeepAliveConfig.Enable {
		d.KeepAlive = -1
	}
	if o.Local.IsValid() {
		d.LocalAddr = &net.TCPAddr{IP: o.Local.AsSlice(), Zone: o.Local.Zone()}
	}
	conn, err := d.DialContext(ctx, network, address)
	if o.Local.IsValid() && errors.Is(err, windows.WSAEADDRNOTAVAIL) {
		return nil, fmt.Errorf("binding to %s, which is no address of this host: %w", o.Local, os.NewSyscallError("bind", windows.WSAEADDRNOTAVAIL))
	}
	return conn, err
}

func (o *Options) keepAlive() net.KeepAliveConfig {
	switch {
	case o.KeepAlive < 0:
		return net.KeepAliveConfig{}
	case o.KeepAlive == 0:
		return net.KeepAliveConfig{Enable: true, Idle: DefaultKeepAlive, Interval: DefaultKeepAlive, Count: probes}
	}
	return net.KeepAliveConfig{Enable: true, Idle: o.KeepAlive, Interval: o.KeepAlive, Count: probes}
}

// Adopt is Take, with Options.
func Adopt(number int, o Options) (Stream, error) {
	conn, err := Take(number)
	if err != nil {
		return nil, err
	}
	conn.(*net.TCPConn).SetKeepAliveConfig(o.keepAlive()) // a system that is older than the numbers has its own
	return conn, nil
}
