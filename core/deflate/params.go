// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"errors"
	"strconv"
	"strings"
)

const (
	minBits = 8
	maxBits = 15 // RFC 7692 7.1.2
)

// Name is the token of the extension, RFC 7692 7.
const Name = "permessage-deflate"

const (
	serverNoTakeover = "server_no_context_takeover"
	clientNoTakeover = "client_no_context_takeover"
	serverMaxBits    = "server_max_window_bits"
	clientMaxBits    = "client_max_window_bits"
)

// Params is what both ends agreed on, RFC 7692 7.1.
type Params struct {
	ServerNoTakeover bool // no message of the server refers to an earlier one
	ClientNoTakeover bool
	ServerBits       int // window of what the server sends, 8 to 15
	ClientBits       int
}

// Options is what one end wants. Out is what it sends, In what it receives.
type Options struct {
	OutTakeover, InTakeover bool // keep a history of up to the window's size
	OutBits, InBits         int  // windows, 8 to 15; 0: 15
}

func bitsOr15(bits int) int {
	if bits == 0 {
		return maxBits
	}
	return min(max(bits, minBits), maxBits)
}

// terms are the parameters of one offer or of an answer as they were written. Bits are 0
// when absent.
type terms struct {
	serverNoTakeover, clientNoTakeover bool
	serverBits, clientBits             int
	clientBitsOpen                     bool // client_max_window_bits without a value
	bad                                string
}

var errMalformed = errors.New("Sec-WebSocket-Extensions is malformed (RFC 6455 9.1)")

// set takes a parameter; one that is unknown, comes twice or has a wrong value makes the
// whole bad (RFC 7692 7.1).
func (t *terms) set(key, value string, valued bool) {
	flag := func(f *bool) {
		if *f {
			t.bad = key + " comes twice"
		} else if valued {
			t.bad = key + " has a value"
		}
		*f = true
	}
	bits := func(b *int) {
		if *b != 0 || key == clientMaxBits && t.clientBitsOpen {
			t.bad = key + " comes twice"
			return
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < minBits || n > maxBits || strconv.Itoa(n) != value {
			t.bad = key + " is none of 8 to 15"
			return
		}
		*b = n
	}
	switch {
	case key == serverNoTakeover:
		flag(&t.serverNoTakeover)
	case key == clientNoTakeover:
		flag(&t.clientNoTakeover)
	case key == serverMaxBits:
		bits(&t.serverBits)
	case key == clientMaxBits && !valued:
		if t.clientBits != 0 || t.clientBitsOpen {
			t.bad = key + " comes twice"
		}
		t.clientBitsOpen = true
	case key == clientMaxBits:
		bits(&t.clientBits)
	default:
		t.bad = "a parameter is unknown"
	}
}

// Answer is the server's choice among the offers in value: the first one that it can
// grant. The answer is the value of its own field, empty when it grants none; then the
// connection goes on without compression. An error means that value is malformed and the
// request must be refused.
func (o *Options) Answer(value string) (p Params, answer string, err error) {
	err = scan(value, func(name string, t terms) {
		if answer == "" && name == Name && t.bad == "" {
			p, answer = o.grant(&t)
		}
	})
	if err != nil {
		return Params{}, "", err
	}
	return p, answer, nil
}

// Decline is the answer of a server that speaks no extension: none, but an error when the
// offer is malformed all the same (RFC 6455 9.1).
func Decline(value string) (answer string, err error) {
	return "", scan(value, func(string, terms) {})
}

// Agreed is what a server has agreed to by an answer of [Options.Answer].
func Agreed(answer string) Params {
	var p Params
	scan(answer, func(_ string, t terms) {
		p = Params{t.serverNoTakeover, t.clientNoTakeover, bitsOr15(t.serverBits), bitsOr15(t.clientBits)}
	})
	return p
}

// grant answers an offer. Each sound one can be granted.
func (o *Options) grant(t *terms) (p Params, answer string) {
	// 7.1.1.1, 7.1.2.1: what the client asks of us holds, and we may promise more.
	p.ServerNoTakeover = t.serverNoTakeover || !o.OutTakeover
	p.ServerBits = bitsOr15(o.OutBits)
	if t.serverBits != 0 {
		p.ServerBits = min(p.ServerBits, t.serverBits)
	}
	// 7.1.2.2: a window may be asked of a client only if it said that it can.
	p.ClientNoTakeover = t.clientNoTakeover || !o.InTakeover
	p.ClientBits = maxBits
	switch want := bitsOr15(o.InBits); {
	case t.clientBitsOpen:
		p.ClientBits = want
	case t.clientBits != 0:
		p.ClientBits = min(want, t.clientBits)
	case want < maxBits:
		p.ClientNoTakeover = true // else we had to keep more than we want to
	}
	return p, write(terms{
		serverNoTakeover: p.ServerNoTakeover, clientNoTakeover: p.ClientNoTakeover,
		serverBits: bitsToWrite(p.ServerBits, t.serverBits != 0), clientBits: bitsToWrite(p.ClientBits, t.clientBits != 0),
	})
}

// bitsToWrite is the value to write: the greatest one need not be written, unless it was asked for.
func bitsToWrite(bits int, asked bool) int {
	if bits == maxBits && !asked {
		return 0
	}
	return bits
}

// offers are what a client asks for, the preferred one first. A server that cannot limit
// its window declines the first; by the second it keeps no history instead, so that
// neither do we.
func (o *Options) offers() []terms {
	t := terms{serverNoTakeover: !o.InTakeover, clientNoTakeover: !o.OutTakeover, clientBitsOpen: true}
	if out := bitsOr15(o.OutBits); out < maxBits {
		t.clientBitsOpen, t.clientBits = false, out
	}
	if in := bitsOr15(o.InBits); in < maxBits && o.InTakeover {
		first := t
		first.serverBits = in
		t.serverNoTakeover = true
		return []terms{first, t}
	}
	return []terms{t}
}

// Offer is the value of a client's Sec-WebSocket-Extensions field.
func (o *Options) Offer() string {
	var list []string
	for _, t := range o.offers() {
		list = append(list, write(t))
	}
	return strings.Join(list, ", ")
}

// Accept reads the server's answer to [Options.Offer]; ok is false when it is empty: there
// is no compression. An error means that the connection must fail (RFC 7692 7.1): the
// answer grants what was not offered, or not what was.
func (o *Options) Accept(value string) (p Params, ok bool, err error) {
	if strings.TrimSpace(value) == "" {
		return Params{}, false, nil
	}
	n := 0
	var t terms
	bad := scan(value, func(name string, found terms) {
		n++
		t = found
		if name != Name {
			t.bad = "the server chose an extension that was not offered"
		}
		if err == nil && t.bad != "" {
			err = errors.New(t.bad)
		}
	})
	switch {
	case bad != nil:
		return Params{}, false, bad
	case err != nil:
		return Params{}, false, err
	case n > 1:
		return Params{}, false, errors.New("the server chose " + Name + " twice")
	}
	for _, offer := range o.offers() {
		if err = t.grants(&offer); err == nil {
			break
		}
	}
	if err != nil {
		return Params{}, false, err
	}
	p = Params{
		ServerNoTakeover: t.serverNoTakeover, ClientNoTakeover: t.clientNoTakeover || !o.OutTakeover,
		ServerBits: bitsOr15(t.serverBits), ClientBits: bitsOr15(o.OutBits),
	}
	if t.clientBits != 0 {
		p.ClientBits = min(p.ClientBits, t.clientBits)
	}
	return p, true, nil
}

// grants tells whether t is an answer to an offer.
func (t *terms) grants(offer *terms) error {
	switch {
	case t.clientBitsOpen:
		return errors.New(clientMaxBits + " has no value")
	case offer.serverNoTakeover && !t.serverNoTakeover:
		return errors.New(serverNoTakeover + " was asked for and not granted")
	case offer.serverBits != 0 && (t.serverBits == 0 || t.serverBits > offer.serverBits):
		return errors.New(serverMaxBits + " is more than was asked for")
	case offer.clientBits != 0 && t.clientBits > offer.clientBits:
		return errors.New(clientMaxBits + " is more than was offered")
	}
	return nil
}

// write gives the extension with its parameters as they stand in a field.
func write(t terms) string {
	s := Name
	if t.serverNoTakeover {
		s += "; " + serverNoTakeover
	}
	if t.clientNoTakeover {
		s += "; " + clientNoTakeover
	}
	if t.serverBits != 0 {
		s += "; " + serverMaxBits + "=" + strconv.Itoa(t.serverBits)
	}
	if t.clientBitsOpen {
		s += "; " + clientMaxBits
	} else if t.clientBits != 0 {
		s += "; " + clientMaxBits + "=" + strconv.Itoa(t.clientBits)
	}
	return s
}
