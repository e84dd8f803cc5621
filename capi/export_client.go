// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <stdlib.h>

#include <handle.h>
#include <thread.h>
*/
import "C"

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"libws/core"
	"libws/core/border"
	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/reconnect"
)

//export wsgo_client_create
func wsgo_client_create(o *C.ws_create_options, user C.uintptr_t, text *C.wsx_error) (handle C.uint64_t) {
	var err *fault.Error
	var status C.int32_t
	defer result(&status, text, &err)
	l, err := use()
	if err != nil {
		return
	}
	block, err := newHandle(C.WSX_KIND_CLIENT, o.queue)
	if err != nil {
		return
	}
	if o.flags&(C.WS_PING_EVENTS|C.WS_MANUAL_PONG) != 0 {
		block.WantPings()
	}
	setUser(block, user)
	if o.correlation_id != nil && C.wsx_label_give(C.uint64_t(block.Handle), C.WSX_CLIENT, o.correlation_id, nil) != C.WS_OK {
		l.host.Release(block)
		err = &fault.Error{ID: fault.IDMemory, Text: "options.correlation_id: no memory for it"}
		return
	}
	mine := C.uint64_t(block.Handle) // it may be somebody else's when NewClient returns
	options := config.ConnOptions{
		MaxMessage: int64(o.max_message_size), MaxSend: int64(o.max_send_size), MaxFrame: int64(o.max_send_frame), MaxBuffered: int64(o.max_buffered),
		HighWater: int64(o.high_water_mark), LowWater: int64(o.low_water_mark),
		RefuseEarly: o.flags&C.WS_REFUSE_EARLY != 0, Pieces: o.flags&C.WS_RECEIVE_PARTS != 0,
		Skip: o.flags&C.WS_SKIP_LARGE != 0, ManualPong: o.flags&C.WS_MANUAL_PONG != 0,
		Full: config.FullPolicy(o.full_policy)}
	_, err = l.engine.NewClient(block, options, func(c *core.Conn) { l.host.conns.put(block.Slot, c) })
	if err != nil {
		l.host.Release(block)
		return
	}
	return mine
}

func setUser(b *border.Block, user C.uintptr_t) {
	(*C.wsx_block)(unsafe.Pointer(b)).user_data = user
}

//export wsgo_client_connect
func wsgo_client_connect(handle C.uint64_t, url *C.char, size C.size_t, o *C.ws_connect_options, callback,
	user C.uintptr_t, out *C.wsx_error) (status C.int32_t) {
	err := errStale
	defer result(&status, out, &err)
	host := running.Load().host
	host.tellRefusals()
	c := host.connection(handle)
	if c == nil {
		return
	}
	var config config.ConnectOptions
	if config, err = connectOptions(o); err == nil {
		err = c.Connect(text(url, size), config, completion(callback, user))
	}
	return
}

// connectOptions reads a host's options; core checks what they say.
func connectOptions(o *C.ws_connect_options) (c config.ConnectOptions, err *fault.Error) {
	if c.Fields, err = headers("options", o.headers, o.header_count); err != nil {
		return
	}
	c.Protocols, c.Required = list(o.protocol), o.flags&C.WS_REQUIRE_PROTOCOL != 0
	c.Origin.OfURL = o.flags&(C.WS_ORIGIN_OF_URL|C.WS_SUPPORT_ORIGIN_PORT) != 0
	c.Origin.Port = o.flags&C.WS_SUPPORT_ORIGIN_PORT != 0
	if o.origin != nil {
		c.Origin.Value = C.GoString(o.origin)
	}
	c.MaxRedirects = int(o.max_redirects)
	c.Cookies = o.flags&C.WS_KEEP_COOKIES != 0
	c.Acknowledged = o.flags&C.WS_ACKNOWLEDGED_SENDS != 0
	c.Timeout = milliseconds(o.handshake_timeout_ms)
	c.Steps = config.StepTimeouts{
		Connect: milliseconds(o.connect_timeout_ms), TLS: milliseconds(o.tls_timeout_ms),
		Upgrade: milliseconds(o.upgrade_timeout_ms)}
	c.Silence = config.Silence{
		Ping: milliseconds(o.ping_interval_ms), Pong: milliseconds(o.pong_timeout_ms), Idle: milliseconds(o.idle_timeout_ms),
		Write: milliseconds(o.write_timeout_ms), Strict: o.flags&C.WS_STRICT_PONG != 0}
	if c.TLS, err = tlsOptions(o); err != nil {
		return
	}
	if c.Proxy, err = proxyOptions(o); err != nil {
		return
	}
	if err = wayOptions(o, &c); err != nil {
		return
	}
	c.Compression = compression(o.compression)
	if o.reconnect != nil {
		c.Reconnect, err = reconnectOptions(o.reconnect)
	}
	return
}

const maxHeaders = 1000

// headers copies fields; of is the host's argument.
func headers(of string, first *C.ws_header, count C.size_t) ([]handshake.Field, *fault.Error) {
	switch {
	case count == 0:
		return nil, nil
	case first == nil:
		return nil, fault.Refused(fault.IDParameter, "%s.headers: is NULL, header_count is %d", of, count)
	case count > maxHeaders:
		return nil, fault.Refused(fault.IDParameter, "%s.header_count: %d is more than %d", of, count, maxHeaders)
	}
	fields := make([]handshake.Field, count)
	for i, h := range unsafe.Slice(first, count) {
		if h.name == nil || h.value == nil {
			return nil, fault.Refused(fault.IDParameter, "%s.headers[%d]: name or value is NULL", of, i)
		}
		fields[i] = handshake.Field{Name: C.GoString(h.name), Value: C.GoString(h.value)}
	}
	return fields, nil
}

// list splits a text at its commas; NULL and "" are empty lists.
func list(p *C.char) []string {
	if p == nil {
		return nil
	}
	var parts []string
	s := C.GoString(p)
	if strings.TrimSpace(s) == "" {
		return nil
	}
	for part := range strings.SplitSeq(s, ",") {
		parts = append(parts, strings.Trim(part, " \t"))
	}
	return parts
}

func tlsOptions(o *C.ws_connect_options) (t dial.TLSOptions, err *fault.Error) {
	t.SkipVerify = o.skip_server_cert_verification != 0
	t.NoResumption = o.flags&C.WS_NO_RESUMPTION != 0
	t.Renegotiate = o.flags&C.WS_RENEGOTIATE_ONCE != 0
	t.AskVerify, t.AskSign = o.flags&C.WS_VERIFY_EVENTS != 0, o.flags&C.WS_SIGN_EVENTS != 0
	for _, f := range []struct {
		pem    pem
		file   *string
		memory *[]byte
	}{
		{pem{o.ca_path, o.ca, o.ca_size, "options.ca"}, &t.CAFile, &t.CA},
		{pem{o.client_cert_path, o.client_cert, o.client_cert_size, "options.client_cert"}, &t.CertFile, &t.Cert},
		{pem{o.client_key_path, o.client_key, o.client_key_size, "options.client_key"}, &t.KeyFile, &t.Key},
	} {
		if *f.file, *f.memory, err = f.pem.read(); err != nil {
			return
		}
		*f.memory = slices.Clone(*f.memory) // for redirects, and to connect again
	}
	if o.client_key_password != nil {
		t.KeyPassword = []byte(C.GoString(o.client_key_password))
	}
	if o.server_name != nil {
		t.ServerName = C.GoString(o.server_name)
	}
	t.Pins, t.CipherSuites = list(o.pins), list(o.cipher_suites)
	t.Groups = list(o.key_exchange_groups)
	if t.ALPN = list(o.alpn); o.alpn != nil && t.ALPN == nil {
		t.ALPN = []string{}
	}
	if o.key_log_path != nil {
		t.KeyLogFile = C.GoString(o.key_log_path)
	}
	t.MinVersion, t.MaxVersion, err = tlsVersions("options", o.min_support_tls_protocol, o.max_support_tls_protocol)
	return
}

func proxyOptions(o *C.ws_connect_options) (p dial.ProxyOptions, err *fault.Error) {
	switch o.proxy {
	case C.WS_PROXY_SYSTEM:
		p.Mode = dial.ProxyEnvironment
		p.Environment = environment()
	case C.WS_PROXY_NONE:
		p.Mode = dial.ProxyNone
	case C.WS_PROXY_HTTP, C.WS_PROXY_SOCKS5, C.WS_PROXY_HTTPS:
		p.Mode = dial.ProxyExplicit
		p.Proxy.Kind = map[C.int32_t]dial.ProxyKind{C.WS_PROXY_HTTP: dial.ProxyHTTP, C.WS_PROXY_SOCKS5: dial.ProxySOCKS5, C.WS_PROXY_HTTPS: dial.ProxyHTTPS}[o.proxy]
		if p.CAFile, p.CA, err = (pem{o.proxy_ca_path, o.proxy_ca, o.proxy_ca_size, "options.proxy_ca"}).read(); err != nil {
			return
		}
		p.CA = slices.Clone(p.CA)
	default:
		return p, fault.Refused(fault.IDParameter, "options.proxy: %d is not a WS_PROXY_", o.proxy)
	}
	if p.Mode != dial.ProxyExplicit {
		return p, nil
	}
	if o.proxy_host != nil {
		p.Proxy.Host = C.GoString(o.proxy_host)
	}
	p.Proxy.Port = int(o.proxy_port)
	if (o.proxy_username == nil) != (o.proxy_password == nil) {
		return p, fault.Refused(fault.IDParameter, "options.proxy_username, options.proxy_password: both or none")
	}
	if o.proxy_username != nil {
		p.Proxy.Username, p.Proxy.Password = C.GoString(o.proxy_username), C.GoString(o.proxy_password)
	}
	p.Exclude = list(o.proxy_exclusion_list)
	return p, nil
}

// environment is what the process's environment says of proxies, now, on the thread of
// the host: Go knows only how it was at the start, and reading it later would race with
// a host that changes it.
func environment() func(string) string {
	values := map[string]string{}
	for _, name := range []string{"http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUEST_METHOD"} {
		for _, n := range []string{name, strings.ToUpper(name)} {
			if v := C.getenv((*C.char)(cText(n))); v != nil {
				values[n] = C.GoString(v)
			}
		}
	}
	return func(name string) string { return values[name] }
}

func reconnectOptions(o *C.ws_reconnect_options) (*config.Reconnect, *fault.Error) {
	bad := func(format string, args ...any) (*config.Reconnect, *fault.Error) {
		return nil, &fault.Error{ID: fault.IDParameter, Text: "options.reconnect." + fmt.Sprintf(format, args...)}
	}
	switch {
	case o.first_delay_ms < 0 || o.first_delay_ms > 3600000:
		return bad("first_delay_ms: %d is not in 0..3600000", o.first_delay_ms)
	case o.max_delay_ms < 0 || o.max_delay_ms > 3600000:
		return bad("max_delay_ms: %d is not in 0..3600000", o.max_delay_ms)
	case o.max_delay_ms != 0 && o.max_delay_ms < o.first_delay_ms:
		return bad("max_delay_ms: %d is less than first_delay_ms, %d", o.max_delay_ms, o.first_delay_ms)
	case o.factor_percent != 0 && (o.factor_percent < 100 || o.factor_percent > 10000):
		return bad("factor_percent: %d is not in 100..10000 or 0", o.factor_percent)
	case o.stable_ms < -1 || o.stable_ms > 3600000:
		return bad("stable_ms: %d is not in 1..3600000, 0 or -1", o.stable_ms)
	case o.max_tries < 0:
		return bad("max_tries: %d is negative", o.max_tries)
	case o.final_code_count < 0 || o.final_code_count > 1000 || o.final_code_count > 0 && o.final_codes == nil:
		return bad("final_code_count: %d codes, final_codes is %v", o.final_code_count, o.final_codes)
	}
	r := &config.Reconnect{KeepSends: o.flags&C.WS_KEEP_SENDS != 0,
		Ask: o.flags&C.WS_ASK_BEFORE_RECONNECT != 0, Answer: milliseconds(o.answer_timeout_ms)}
	r.Policy = reconnect.Policy{
		First: milliseconds(o.first_delay_ms), Max: milliseconds(o.max_delay_ms), Factor: float64(o.factor_percent) / 100,
		MaxTries: int(o.max_tries), Exact: o.exact != 0, Stable: milliseconds(o.stable_ms),
		RetryCertificate: o.flags&C.WS_RETRY_CERTIFICATE != 0}
	if o.final_code_count > 0 {
		for _, code := range unsafe.Slice(o.final_codes, o.final_code_count) {
			if code < 1000 || code > 4999 {
				return bad("final_codes: %d is no close code", code)
			}
			r.FinalCloses = append(r.FinalCloses, uint16(code))
		}
	}
	return r, nil
}

//export wsgo_network_changed
func wsgo_network_changed() {
	defer quiet()
	if l := running.Load(); l != nil {
		l.engine.NetworkChanged()
	}
}
