// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"crypto/tls"
	"errors"
	"reflect"
	"strings"
	"testing"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/handshake"
)

// anywhere is a gate that lets everybody go anywhere.
type anywhere struct{}

func (anywhere) Allowed(string) bool { return true }

func (anywhere) Take() error { return nil }

func (anywhere) Give() {}

func (anywhere) Narrow() bool { return false }

func (anywhere) Secure(context.Context, dial.Socket, *tls.Config, *dial.TLSOptions) (*tls.Conn, error) {
	return nil, errors.ErrUnsupported
}

// redirectTo is the plan that an answer with this Location makes of one for raw.
func redirectTo(t *testing.T, raw, to string) *Plan {
	t.Helper()
	p, bad := New(anywhere{}, raw, config.ConnectOptions{MaxRedirects: 1, Fields: []handshake.Field{{Name: "Cookie", Value: "a=1"}, {Name: "X-Mine", Value: "yes"}},
		TLS: dial.TLSOptions{CertFile: "cert.pem", KeyFile: "key.pem", KeyPassword: []byte("secret")}})
	if bad != nil {
		t.Fatal(bad)
	}
	answer := &handshake.StatusError{Status: 302}
	answer.Fields = []handshake.Field{{Name: "Location", Value: to}}
	next, bad := p.redirected(anywhere{}, answer, 0)
	if bad != nil || next == nil {
		t.Fatalf("%s to %s: %v", raw, to, bad)
	}
	return next
}

func TestRedirectsOfAUnixSocketStayThereOrLoseTheCredentials(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/new?q=1": "/new?q=1", "?q=2": "/old?q=2", "new": "/new", "/new#f": "/new",
	} {
		p := redirectTo(t, "ws+unix:/run/a%3Ab.sock:/old", to)
		if p.Target.Socket != "/run/a:b.sock" || p.Target.URL.RequestURI() != want || len(p.request.Fields) != 2 || p.Options.TLS.CertFile == "" {
			t.Errorf("%s: %+v, %v", to, p.Target, p.request.Fields)
		}
	}
	for _, to := range []string{"ws://localhost/new", "http://localhost/new", "//localhost/new"} {
		p := redirectTo(t, "ws+unix:/run/a%3Ab.sock:/old", to)
		if p.Target.Socket != "" || len(p.request.Fields) != 1 || !reflect.DeepEqual(p.Options.TLS, dial.TLSOptions{}) {
			t.Errorf("%s: %+v, %v", to, p.Target, p.request.Fields)
		}
	}
}

func TestAnswerWithoutOneLocationIsNotFollowed(t *testing.T) {
	t.Parallel()
	p, bad := New(anywhere{}, "ws://192.0.2.1/old", config.ConnectOptions{MaxRedirects: 1})
	if bad != nil {
		t.Fatal(bad)
	}
	one := handshake.Field{Name: "Location", Value: "/new"}
	for flaw, fields := range map[string][]handshake.Field{
		"missing":                 {{Name: "X-Location", Value: "/new"}},
		"is missing":              {{Name: "Location", Value: ""}},
		"malformed":               {{Name: "location", Value: "ws://[::1"}},
		"given more than once":    {one, {Name: "LOCATION", Value: "ws://192.0.2.2/other"}},
		"is given more than once": {one, one},
	} {
		next, bad := p.redirected(anywhere{}, &handshake.StatusError{Status: 302, Fields: fields}, 0)
		if next != nil || bad == nil || bad.Stage != dial.StageUpgrade || bad.Status != 302 || !strings.Contains(bad.Text, flaw) {
			t.Errorf("%s: %v, %v", flaw, next, bad)
		}
	}
}
