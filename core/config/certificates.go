// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"fmt"

	"libws/core/dial"
	"libws/core/fault"
)

// ServerTLS is what a server says about TLS; with a certificate it speaks nothing
// else. Nothing of it is kept.
type ServerTLS struct {
	Own  dial.Pair   // the zero value: none
	More []dial.Pair // others, chosen by SNI
	// ClientCAFile, ClientCA and ClientOptional ask for certificates of clients;
	// MinVersion, MaxVersion and CipherSuites bound what is spoken (dial.ServerOptions).
	ClientCAFile           string
	ClientCA               []byte
	ClientOptional         bool
	AskVerify              bool // the host decides about clients
	MinVersion, MaxVersion uint16
	CipherSuites           []string
}

// TLSServer reads what o names; nil when the server is to be a plain one.
func (o *ServerTLS) TLSServer() (*dial.TLSServer, *fault.Error) {
	own := o.Own.AskSign || o.Own.CertFile != "" || o.Own.Cert != nil || o.Own.KeyFile != "" || o.Own.Key != nil
	clients := o.ClientCAFile != "" || o.ClientCA != nil
	switch {
	case o.ClientOptional && !clients && !o.AskVerify:
		return nil, fault.Refused(fault.IDParameter, "config.flags: a certificate of a client is optional, and no client_ca says whose")
	case !own && len(o.More) == 0 && o.AskVerify:
		return nil, fault.Refused(fault.IDParameter, "config.flags: WS_VERIFY_EVENTS asks for certificates of clients, and the server has none itself")
	case !own && len(o.More) == 0 && clients:
		return nil, fault.Refused(fault.IDParameter, "config.client_ca: asks for certificates of clients, and the server has none itself")
	case !own && len(o.More) == 0:
		return nil, nil
	}
	pairs, first := o.More, 0
	if own {
		pairs, first = append([]dial.Pair{o.Own}, o.More...), 1
	}
	a, err := dial.NewTLSServer(dial.ServerOptions{Pairs: pairs, ClientCAFile: o.ClientCAFile, ClientCA: o.ClientCA, ClientOptional: o.ClientOptional, AskVerify: o.AskVerify,
		MinVersion: o.MinVersion, MaxVersion: o.MaxVersion, CipherSuites: o.CipherSuites})
	if err == nil {
		return a, nil
	}
	var bad *dial.InputError
	if !errors.As(err, &bad) {
		return nil, fault.Input("config", err)
	}
	switch bad.Input {
	case dial.InputCA:
		return nil, fault.Input("config."+either(bad.Path, "client_ca_path", "client_ca"), err)
	case dial.InputVersions:
		return nil, fault.Input("config.min_support_tls_protocol", err)
	case dial.InputCiphers:
		return nil, fault.Input("config.cipher_suites", err)
	}
	if bad.Pair < first {
		return nil, PairRefused("config.", pairs[bad.Pair], bad)
	}
	return nil, PairRefused(fmt.Sprintf("config.certificates[%d].", bad.Pair-first), pairs[bad.Pair], bad)
}

// PairRefused names the members behind certificate and key that cannot be used; of is
// what they are members of. One that is missing is wanted as the other one was given.
func PairRefused(of string, p dial.Pair, bad *dial.InputError) *fault.Error {
	certFile, keyFile := p.CertFile, p.KeyFile
	if p.Cert == nil {
		certFile += p.KeyFile
	}
	if p.Key == nil {
		keyFile += p.CertFile
	}
	cert, key := of+either(certFile, "cert_path", "cert"), of+either(keyFile, "key_path", "key")
	switch bad.Input {
	case dial.InputCert:
		return fault.Input(cert, bad)
	case dial.InputKey:
		return fault.Input(key, bad)
	case dial.InputPassword:
		return fault.Input(of+"key_password", bad)
	}
	return fault.Input(cert+", "+key, bad)
}

// either is the member for a file if there is a path, else the one for memory.
func either(path, file, memory string) string {
	if path != "" {
		return file
	}
	return memory
}
