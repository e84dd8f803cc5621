// SPDX-License-Identifier: Apache-2.0

package config

import (
	"time"

	"libws/core/fault"
)

// Fill replaces defaults, and what means off by 0. write is the default of Write, of is
// the host's argument.
func (s Silence) Fill(of string, write time.Duration) (Silence, *fault.Error) {
	for _, t := range []struct {
		d        *time.Duration
		standard time.Duration
		name     string
	}{
		{&s.Ping, DefaultPing, "ping_interval"}, {&s.Pong, DefaultPong, "pong_timeout"},
		{&s.Idle, 0, "idle_timeout"}, {&s.Write, write, "write_timeout"},
	} {
		switch {
		case *t.d == 0:
			*t.d = t.standard
		case *t.d == -time.Millisecond:
			*t.d = 0
		case *t.d < 0 || *t.d > MaxSilence:
			return s, fault.Refused(fault.IDParameter, "%s.%s_ms: %d is not in 1..%d, 0 or -1", of, t.name, *t.d/time.Millisecond, MaxSilence/time.Millisecond)
		}
	}
	if s.Pong == 0 || s.Pong > s.Ping {
		s.Pong = s.Ping // as the module documents it
	}
	return s, nil
}

// With is s, which is filled, with what own says; 0 of own leaves what is. of is the host's argument.
func (s Silence) With(own Silence, of string) (Silence, *fault.Error) {
	for _, t := range []struct{ own, filled *time.Duration }{
		{&own.Ping, &s.Ping}, {&own.Pong, &s.Pong}, {&own.Idle, &s.Idle}, {&own.Write, &s.Write},
	} {
		if *t.own == 0 {
			if *t.own = *t.filled; *t.own == 0 {
				*t.own = -time.Millisecond
			}
		}
	}
	own.Strict = s.Strict
	return own.Fill(of, 0)
}

// Shortest is the shortest of its times; 0: none is watched.
func (s *Silence) Shortest() (shortest time.Duration) {
	for _, d := range []time.Duration{s.Ping, s.Pong, s.Idle, s.Write} {
		if d > 0 && (shortest == 0 || d < shortest) {
			shortest = d
		}
	}
	return shortest
}

// MaxSilence is the module's limit.
const MaxSilence = 30000 * time.Second

// DefaultWriteTimeout is how long a server's connection may be stuck.
const DefaultWriteTimeout = 60 * time.Second

// Silence says how long a connection may be silent. 0: for ever; of a client a vigil sees
// to it, of accepted connections a sweep.
type Silence struct {
	Ping   time.Duration // without a sign of life of the peer, then a ping asks for one
	Pong   time.Duration // for the answer to that ping
	Idle   time.Duration // without a message in either direction
	Write  time.Duration // without the kernel taking a byte of what waits
	Strict bool          // only a pong is a sign of life, no other bytes
}

// Defaults of the heartbeat, those of the module.
const (
	DefaultPing = 30 * time.Second
	DefaultPong = 30 * time.Second
)
