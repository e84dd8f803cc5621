// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"strings"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
)

// duration reads a deadline: 0 is the default, -1 none (0 is returned).
func duration(d, standard time.Duration, name string) (time.Duration, *fault.Error) {
	switch {
	case d == 0:
		return standard, nil
	case d == -time.Millisecond:
		return 0, nil
	case d < 0 || d > time.Hour:
		return 0, fault.Refused(fault.IDParameter, "%s: %d is not in 1..3600000, 0 or -1", name, d/time.Millisecond)
	}
	return d, nil
}

// RequestRefused is the error of a request that cannot be sent as it was asked for.
func RequestRefused(err error) *fault.Error {
	return fault.Refused(fault.IDParameter, "options.%v", requestArgument(err))
}

// TLSRefused is the error of TLS options that cannot be used.
func TLSRefused(err error, o dial.TLSOptions) *fault.Error {
	return fault.Input("options."+tlsArgument(err, o), err)
}

// requestArgument names the member of the options behind a *handshake.RequestError.
func requestArgument(err error) string {
	var bad *handshake.RequestError
	if !errors.As(err, &bad) {
		return err.Error()
	}
	switch bad.Name {
	case handshake.OwnHost:
		return "host: " + bad.Text
	case "subprotocol":
		return "protocol: " + bad.Text
	case "Origin":
		return "origin: " + bad.Text
	}
	text := "headers: " + bad.Name + ": " + bad.Text
	for _, f := range [...]struct{ name, option string }{
		{"Sec-WebSocket-Protocol", "protocol"}, {"Sec-WebSocket-Extensions", "compression"},
		{"Host", "host"}, {"Proxy-Authorization", "proxy_username and proxy_password"},
	} {
		if strings.EqualFold(bad.Name, f.name) {
			text += "; " + f.option + " of the options is for it"
		}
	}
	return text
}

// proxyArgument does so for a *dial.ProxyError.
func proxyArgument(err error) string {
	var bad *dial.ProxyError
	if errors.As(err, &bad) {
		return "proxy_" + bad.Field + ": " + bad.Text
	}
	return "proxy: " + err.Error()
}

// tlsArgument does so for a *dial.InputError.
func tlsArgument(err error, o dial.TLSOptions) string {
	var bad *dial.InputError
	if !errors.As(err, &bad) {
		return "tls"
	}
	switch bad.Input {
	case dial.InputCA:
		return either(bad.Path, "ca_path", "ca")
	case dial.InputCert:
		return either(o.CertFile, "client_cert_path", "client_cert")
	case dial.InputKey, dial.InputPair:
		return either(o.KeyFile, "client_key_path", "client_key")
	case dial.InputPassword:
		return "client_key_password"
	case dial.InputVersions:
		return "min_support_tls_protocol"
	case dial.InputName:
		return "server_name"
	case dial.InputPins:
		return "pins"
	case dial.InputCiphers:
		return "cipher_suites"
	}
	return "key_log_path"
}
