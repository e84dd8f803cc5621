// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <thread.h>
*/
import "C"

import (
	"slices"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

//export wsgo_reconnect_with
func wsgo_reconnect_with(handle C.uint64_t, o *C.ws_reconnect_changes, urlSize C.size_t, out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	c := running.Load().host.connection(handle)
	if c == nil {
		return
	}
	var changes *config.Changes
	if changes, err = reconnectChanges(o, urlSize); err == nil {
		err = c.ReconnectWith(changes)
	}
	return
}

// reconnectChanges reads what a host changes; core checks what it says.
func reconnectChanges(o *C.ws_reconnect_changes, urlSize C.size_t) (*config.Changes, *fault.Error) {
	c := &config.Changes{}
	if o.url != nil {
		url := text(o.url, urlSize)
		c.URL = &url
	}
	if o.headers != nil || o.header_count != 0 {
		fields, err := headers("changes", o.headers, o.header_count)
		if err != nil {
			return nil, err
		}
		c.Fields = &fields
	}
	if o.protocol != nil {
		protocols := list(o.protocol)
		c.Protocols = &protocols
	}
	if o.connect_address != nil {
		addresses := list(o.connect_address)
		c.Addresses = &addresses
	}
	if (o.proxy_username == nil) != (o.proxy_password == nil) {
		return nil, fault.Refused(fault.IDParameter, "changes.proxy_username, changes.proxy_password: both or none")
	}
	if o.proxy_username != nil {
		c.Login = &config.Login{Username: C.GoString(o.proxy_username), Password: C.GoString(o.proxy_password)}
	}
	return c, clientPair(o, c)
}

// clientPair reads the certificate of the client and its key, which change together.
func clientPair(o *C.ws_reconnect_changes, c *config.Changes) *fault.Error {
	var p dial.Pair
	var err *fault.Error
	cert := pem{o.client_cert_path, o.client_cert, o.client_cert_size, "changes.client_cert"}
	if p.CertFile, p.Cert, err = cert.read(); err != nil {
		return err
	}
	key := pem{o.client_key_path, o.client_key, o.client_key_size, "changes.client_key"}
	if p.KeyFile, p.Key, err = key.read(); err != nil {
		return err
	}
	if p.CertFile == "" && p.Cert == nil && p.KeyFile == "" && p.Key == nil {
		if o.client_key_password != nil {
			return fault.Refused(fault.IDParameter, "changes.client_key_password: is given without a key; the password goes with client_key or client_key_path")
		}
		return nil
	}
	p.Cert, p.Key = slices.Clone(p.Cert), slices.Clone(p.Key) // for redirects, and to connect again
	if o.client_key_password != nil {
		p.KeyPassword = []byte(C.GoString(o.client_key_password))
	}
	c.Pair = &p
	return nil
}
