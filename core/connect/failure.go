// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"libws/core/dial"
	"libws/core/fault"
	"libws/core/handshake"
	"libws/core/loop"
	"libws/core/reconnect"
)

// failure says why an attempt failed, and where.
func (p *Plan) failure(ctx context.Context, doing string, err error) *fault.Error {
	var own *fault.Error
	if errors.As(err, &own) {
		return own
	}
	e := &fault.Error{ID: fault.IDConnectFailed, Text: dial.Plain(err)}
	errors.As(err, &e.Errno)
	var way *dial.Error
	var refused *handshake.StatusError
	var secure *tlsError
	switch {
	case errors.As(err, &secure):
		e.Stage = dial.StageTLS
	case errors.As(err, &way):
		e.Stage, e.Errno, e.Status = way.Stage, way.Errno, way.Status
		e.RetryAfter = leftAlone(way.Status, way.RetryAfter, way.Date)
	case errors.As(err, &refused):
		e.Stage, e.Status = dial.StageUpgrade, refused.Status
		e.RetryAfter = leftAlone(refused.Status, valuesOf(refused.Fields, "Retry-After"), valuesOf(refused.Fields, "Date"))
	default:
		e.Stage = dial.StageUpgrade
		if _, alert := dial.Alert(err); alert {
			e.Stage = dial.StageTLS // TLS 1.3: a server may refuse when the client's handshake is over
		}
	}
	e.Certificate = dial.WrongCertificate(err)
	where := p.Target.Address()
	switch {
	case e.Stage == dial.StageTimeout || errors.Is(ctx.Err(), context.DeadlineExceeded) || isTimeout(err):
		e.ID, e.Stage = fault.IDTimeout, dial.StageTimeout
		limit := p.stepOver(doing)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			e.Errno = 0 // what the end of the time did to a system call
			limit = fmt.Sprintf("handshake_timeout_ms of %d ms is over", p.Options.Timeout/time.Millisecond)
		}
		e.Text = fmt.Sprintf("%s: %s during %s", where, limit, doing)
		if what := late(where, dial.Plain(err)); what != "" {
			e.Text += ": " + what
		}
	case e.Stage == dial.StageTLS:
		e.Text = fmt.Sprintf("TLS handshake with %s: %s", where, dial.ClientTLSFailure(err))
	case e.Stage == dial.StageUpgrade && refused != nil:
		e.Text = fmt.Sprintf("upgrading %s: %s", where, refused.Error()) + p.advice(refused)
	case e.Stage == dial.StageUpgrade:
		if errors.Is(err, io.ErrUnexpectedEOF) || e.Errno == loop.ECONNRESET {
			e.Text = "the server ended the connection during the upgrade: " + e.Text
		}
		e.Text = fmt.Sprintf("upgrading %s: %s", where, e.Text)
	}
	return e
}

// late is what text says beyond that the time is over, with where.
func late(where, text string) string {
	for _, end := range [...]string{context.DeadlineExceeded.Error(), "i/o timeout"} {
		text = strings.TrimSuffix(strings.TrimSuffix(text, end), ": ")
	}
	text = strings.TrimPrefix(text, "connecting to "+where)
	return strings.TrimPrefix(text, ": ")
}

// stepOver names the option that bounds a step.
func (p *Plan) stepOver(doing string) string {
	s := &p.Options.Steps
	name, d := "upgrade", s.Upgrade
	switch doing {
	case "connecting":
		name, d = "connect", s.Connect
	case "the TLS handshake":
		name, d = "tls", s.TLS
	}
	if d == 0 {
		return "the time of the system is over" // a TCP connect that the kernel gave up
	}
	return fmt.Sprintf("%s_timeout_ms of %d ms is over", name, d/time.Millisecond)
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// leftAlone is how long an answer asks to be left alone, by the fields of that name; the
// longest counts. 0: it does not.
func leftAlone(status int, values, dates []string) (longest time.Duration) {
	if !reconnect.AsksForTime(status) {
		return 0
	}
	date := ""
	if len(dates) == 1 {
		date = dates[0]
	}
	for _, value := range values {
		if d, ok := reconnect.RetryAfter(value, date, time.Now()); ok {
			longest = max(longest, d)
		}
	}
	return longest
}

func valuesOf(fields []handshake.Field, name string) (values []string) {
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}
