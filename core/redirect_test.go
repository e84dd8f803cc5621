// SPDX-License-Identifier: Apache-2.0

package core

import (
	"reflect"
	"strings"
	"testing"

	"libws/core/config"
	"libws/core/dial"
	"libws/core/handshake"
)

// redirectTo is the plan that an answer with this Location makes of one for raw.
func redirectTo(t *testing.T, e *Engine, raw, to string) *plan {
	t.Helper()
	p, bad := e.newPlan(raw, config.ConnectOptions{MaxRedirects: 1, Fields: []handshake.Field{{Name: "Cookie", Value: "a=1"}, {Name: "X-Mine", Value: "yes"}},
		TLS: dial.TLSOptions{CertFile: "cert.pem", KeyFile: "key.pem", KeyPassword: []byte("secret")}})
	if bad != nil {
		t.Fatal(bad)
	}
	answer := &handshake.StatusError{Status: 302}
	answer.Fields = []handshake.Field{{Name: "Location", Value: to}}
	next, bad := e.redirected(p, answer, 0)
	if bad != nil || next == nil {
		t.Fatalf("%s to %s: %v", raw, to, bad)
	}
	return next
}

func TestRedirectsOfAUnixSocketStayThereOrLoseTheCredentials(t *testing.T) {
	t.Parallel()
	e := start(t, config.Library{}).engine
	for to, want := range map[string]string{
		"/new?q=1": "/new?q=1", "?q=2": "/old?q=2", "new": "/new", "/new#f": "/new",
	} {
		p := redirectTo(t, e, "ws+unix:/run/a%3Ab.sock:/old", to)
		if p.target.Socket != "/run/a:b.sock" || p.target.URL.RequestURI() != want || len(p.request.Fields) != 2 || p.options.TLS.CertFile == "" {
			t.Errorf("%s: %+v, %v", to, p.target, p.request.Fields)
		}
	}
	for _, to := range []string{"ws://localhost/new", "http://localhost/new", "//localhost/new"} {
		p := redirectTo(t, e, "ws+unix:/run/a%3Ab.sock:/old", to)
		if p.target.Socket != "" || len(p.request.Fields) != 1 || !reflect.DeepEqual(p.options.TLS, dial.TLSOptions{}) {
			t.Errorf("%s: %+v, %v", to, p.target, p.request.Fields)
		}
	}
}

func TestAnswerWithoutOneLocationIsNotFollowed(t *testing.T) {
	t.Parallel()
	e := start(t, config.Library{}).engine
	p, bad := e.newPlan("ws://192.0.2.1/old", config.ConnectOptions{MaxRedirects: 1})
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
		next, bad := e.redirected(p, &handshake.StatusError{Status: 302, Fields: fields}, 0)
		if next != nil || bad == nil || bad.Stage != dial.StageUpgrade || bad.Status != 302 || !strings.Contains(bad.Text, flaw) {
			t.Errorf("%s: %v, %v", flaw, next, bad)
		}
	}
}
