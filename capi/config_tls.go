// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <libws/ws_types.h>
*/
import "C"

import (
	"fmt"
	"unsafe"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/fault"
)

// pem is a pair of members, "name_path" and "name", of which a host gives one or none.
type pem struct {
	path *C.char
	data unsafe.Pointer
	size C.size_t
	name string
}

const maxPEM = 16 << 20

// read gives a path, or memory that is the host's.
func (p pem) read() (file string, memory []byte, err *fault.Error) {
	bad := func(format string, args ...any) (string, []byte, *fault.Error) {
		return "", nil, &fault.Error{ID: fault.IDParameter, Text: p.name + fmt.Sprintf(format, args...)}
	}
	switch {
	case p.path != nil && p.size != 0:
		return bad(": is given, and %s_path as well", p.name)
	case p.path != nil:
		if file = C.GoString(p.path); file == "" {
			return bad("_path: is empty; NULL is the default")
		}
	case p.size != 0 && p.data == nil:
		return bad(": is NULL, %s_size is %d", p.name, p.size)
	case p.size == 0 && p.data != nil && p.path == nil: // an empty file must not mean that nothing is asked for
		return bad("_size: is 0, and %s is given", p.name)
	case p.size > maxPEM:
		return bad("_size: %d is more than %d", p.size, maxPEM)
	case p.size != 0:
		memory = unsafe.Slice((*byte)(p.data), p.size)
	}
	return file, memory, nil
}

// tlsVersions reads two WS_TLS_; of is whose members they are.
func tlsVersions(of string, least, most C.int32_t) (low, high uint16, err *fault.Error) {
	for _, v := range []struct {
		level C.int32_t
		to    *uint16
		name  string
	}{{least, &low, "min"}, {most, &high, "max"}} {
		if v.level < C.WS_TLS_DEFAULT || v.level > C.WS_TLS_1_3 {
			return 0, 0, fault.Refused(fault.IDParameter, "%s.%s_support_tls_protocol: %d is not a WS_TLS_", of, v.name, v.level)
		}
		if v.level != C.WS_TLS_DEFAULT {
			*v.to = 0x0301 + uint16(v.level-C.WS_TLS_1_0) // TLS 1.0 is 3.1 on the wire
		}
	}
	return low, high, nil
}

// serverTLS reads what a host's config says about TLS; core checks what it says. The
// memory in it is the host's.
func serverTLS(o *C.ws_server_config) (t config.ServerTLS, err *fault.Error) {
	own := C.ws_certificate{flags: o.flags & C.WS_SIGN_EVENTS, cert_path: o.cert_path, cert: o.cert, cert_size: o.cert_size,
		key_path: o.key_path, key: o.key, key_size: o.key_size, key_password: o.key_password}
	if t.Own, err = certificate("config", &own); err != nil {
		return
	}
	if t.More, err = certificates("config.certificates", o.certificates, o.certificate_count); err != nil {
		return
	}
	authorities := pem{o.client_ca_path, o.client_ca, o.client_ca_size, "config.client_ca"}
	if t.ClientCAFile, t.ClientCA, err = authorities.read(); err != nil {
		return
	}
	t.AskVerify = o.flags&C.WS_VERIFY_EVENTS != 0
	t.ClientOptional = o.flags&C.WS_CLIENT_CERT_OPTIONAL != 0
	t.CipherSuites = list(o.cipher_suites)
	t.MinVersion, t.MaxVersion, err = tlsVersions("config", o.min_support_tls_protocol, o.max_support_tls_protocol)
	return
}

// certificate reads one; of is whose members they are.
func certificate(of string, o *C.ws_certificate) (p dial.Pair, err *fault.Error) {
	p.AskSign = o.flags&C.WS_SIGN_EVENTS != 0
	cert := pem{o.cert_path, o.cert, o.cert_size, of + ".cert"}
	if p.CertFile, p.Cert, err = cert.read(); err != nil {
		return
	}
	key := pem{o.key_path, o.key, o.key_size, of + ".key"}
	if p.KeyFile, p.Key, err = key.read(); err != nil {
		return
	}
	if o.key_password != nil {
		p.KeyPassword = []byte(C.GoString(o.key_password))
	}
	return
}

// certificates reads an array that the front has checked, each element as far as its
// struct_size; name is the argument's.
func certificates(name string, first *C.ws_certificate, count C.size_t) (pairs []dial.Pair, err *fault.Error) {
	for i := range uintptr(count) {
		o := element(first, uintptr(first.struct_size), i)
		p, err := certificate(fmt.Sprintf("%s[%d]", name, i), &o)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}
