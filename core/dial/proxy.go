// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// ProxyMode is how a proxy is found.
type ProxyMode uint8

// The modes.
const (
	ProxyNone        ProxyMode = iota // none: straight to the target
	ProxyExplicit                     // ProxyOptions.Proxy, but for excluded hosts
	ProxyEnvironment                  // what http_proxy, https_proxy, all_proxy and no_proxy say
)

// ProxyOptions says which proxy to use for which host. The zero value: none. A
// Unix socket never has one.
type ProxyOptions struct {
	Mode ProxyMode
	// Proxy and Exclude are for ProxyExplicit.
	Proxy Proxy
	// Exclude lists hosts to go straight to; exclude.go has the rules.
	Exclude []string
	// CAFile and CA are the authorities of a proxy that is reached over TLS, as those of
	// TLSOptions.
	CAFile string
	CA     []byte
	// Environment gives the value of a variable for ProxyEnvironment, read at each
	// attempt; nil: os.Getenv.
	Environment func(name string) string

	// Bare wants the socket that leads to the server, which a proxy over TLS does not leave.
	Bare bool

	tls *tls.Config // with an explicit ProxyHTTPS
}

// Check says whether an explicit proxy can be used, as Proxy.Check, and reads its
// authorities; the error is a *ProxyError or an *InputError.
func (o *ProxyOptions) Check() error {
	if o.Mode != ProxyExplicit {
		return nil
	}
	if e := o.Proxy.check(); e != nil {
		return e
	}
	if o.Proxy.Kind == ProxyHTTPS {
		var failed *InputError
		if o.tls, failed = tlsWith(&o.Proxy, o); failed != nil {
			return failed
		}
	}
	return nil
}

// ProxyKind is the protocol that a proxy speaks.
type ProxyKind uint8

// The kinds.
const (
	ProxyHTTP   ProxyKind = iota // CONNECT (RFC 9110 9.3.6), for ws and wss
	ProxySOCKS5                  // RFC 1928; the proxy resolves names
	ProxyHTTPS                   // as ProxyHTTP, over TLS with the proxy
)

// Proxy is a proxy. It is reached over plain TCP, but for ProxyHTTPS.
type Proxy struct {
	Kind ProxyKind
	Host string // name or address, without brackets, scheme and port
	Port int    // 0: 80 for HTTP, 1080 for SOCKS5, 443 for HTTPS
	// Username and Password are sent when there is a name; the password may be empty.
	// Basic for HTTP (RFC 7617), RFC 1929 for SOCKS5.
	Username, Password string
}

// ProxyError is an option about proxies that cannot be used.
type ProxyError struct {
	Field string // "host", "port", "username", "password"
	Text  string // what is wrong with it
}

// Error says which option is wrong and why.
func (e *ProxyError) Error() string { return "the proxy's " + e.Field + " " + e.Text }

// Check says whether the proxy can be used, before anything is tried; it also
// writes an internationalised name in ASCII (RFC 5891). The error is a
// *ProxyError.
func (p *Proxy) Check() error {
	if e := p.check(); e != nil {
		return e
	}
	return nil
}

func (p *Proxy) check() *ProxyError {
	host := p.Host
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	address, err := netip.ParseAddr(host)
	switch {
	case host == "":
		return &ProxyError{"host", "is missing"}
	case strings.Contains(host, "://"):
		return &ProxyError{"host", "must be a name or an address without a scheme"}
	case strings.IndexByte(host, '@') >= 0:
		return &ProxyError{"host", "must not hold user name and password"}
	case err != nil && strings.IndexByte(host, ':') >= 0:
		return &ProxyError{"host", "must not hold a port, and is no IPv6 address"}
	}
	host, text := asciiHost(host, err == nil && address.Is6())
	if text != "" {
		return &ProxyError{"host", "is not usable: " + text}
	}
	p.Host = host
	if p.Port < 0 || p.Port > 65535 {
		return &ProxyError{"port", "must be 0 to 65535"}
	}
	if !p.authenticates() {
		return nil
	}
	if p.Kind == ProxySOCKS5 { // one byte of length, RFC 1929 2
		if len(p.Username) > 255 {
			return &ProxyError{"username", "has more than 255 bytes"}
		}
		if len(p.Password) > 255 {
			return &ProxyError{"password", "has more than 255 bytes"}
		}
	} else if text := checkCredentials(p.Username, p.Password); text != "" {
		return &ProxyError{"username", "cannot be sent: " + text}
	}
	return nil
}

// authenticates tells whether there are credentials to send.
func (p *Proxy) authenticates() bool { return p.Username != "" }

func (p *Proxy) port() uint16 {
	switch {
	case p.Port != 0:
		return uint16(p.Port) // fits: checked when it was read
	case p.Kind == ProxySOCKS5:
		return 1080
	case p.Kind == ProxyHTTPS:
		return 443
	}
	return 80
}

// String names the proxy as error texts do, without credentials.
func (p *Proxy) String() string {
	kind := "HTTP proxy "
	if p.Kind == ProxySOCKS5 {
		kind = "SOCKS5 proxy "
	} else if p.Kind == ProxyHTTPS {
		kind = "HTTPS proxy "
	}
	return kind + net.JoinHostPort(p.Host, strconv.Itoa(int(p.port())))
}

// proxyError is a refusal of a proxy, or a reply that makes no sense.
type proxyError struct {
	status           int // of HTTP, 0 if there is none
	text             string
	retryAfter, date []string // fields of HTTP
}

func (e *proxyError) Error() string { return e.text }
