// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// stagger is how long an address has for itself before the next one joins in:
// the Connection Attempt Delay that RFC 8305 5 recommends.
const stagger = 250 * time.Millisecond

// dialOne connects to one address.
type dialOne func(ctx context.Context, address netip.AddrPort) (net.Conn, error)

// result is how the attempt with one address ended.
type result struct {
	index int
	conn  net.Conn
	err   error
}

// race connects to whichever address answers first (RFC 8305 5): the next one
// starts when the last one has had its time, or at once when one has failed. All
// attempts have ended when it returns, and the losers are closed. The error is a
// raceError with at least one failure; there must be an address.
func race(ctx context.Context, addresses []netip.AddrPort, dial dialOne) (net.Conn, error) {
	if len(addresses) == 1 { // the usual one, and thousands may wait: no goroutine more
		conn, err := dial(ctx, addresses[0])
		if err != nil {
			return nil, newRaceError(addresses, []error{err})
		}
		return conn, nil
	}
	return raceAll(ctx, addresses, dial)
}

// raceAll is race for several addresses.
func raceAll(ctx context.Context, addresses []netip.AddrPort, dial dialOne) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan result)
	timer := time.NewTimer(stagger)
	defer timer.Stop()
	started, running := 0, 0
	start := func() {
		index := started
		started++
		running++
		timer.Reset(stagger)
		go func() {
			defer guard(func(err error) { results <- result{index: index, err: err} })
			conn, err := dial(ctx, addresses[index])
			results <- result{index, conn, err}
		}()
	}
	failed := make([]error, len(addresses))
	for start(); running > 0; {
		var join <-chan time.Time
		more := started < len(addresses) && ctx.Err() == nil
		if more {
			join = timer.C
		}
		select {
		case <-join:
			start()
		case r := <-results:
			running--
			if r.err == nil {
				cancel()
				for ; running > 0; running-- {
					if late := <-results; late.err == nil {
						late.conn.Close()
					}
				}
				return r.conn, nil
			}
			failed[r.index] = r.err
			if more && ctx.Err() == nil {
				start()
			}
		}
	}
	return nil, newRaceError(addresses, failed)
}

// guard is deferred in every goroutine: a panic fails one attempt, never the host. failed is
// called with it, unless it is nil.
func guard(failed func(error)) {
	if v := recover(); v != nil && failed != nil {
		failed(fmt.Errorf("internal error: %v", v))
	}
}

// raceError says why each address failed, in the order of the addresses.
type raceError struct {
	addresses []netip.AddrPort
	errs      []error
}

// newRaceError takes an error for each address, nil for one that was not tried.
func newRaceError(addresses []netip.AddrPort, failed []error) *raceError {
	e := &raceError{}
	for i, err := range failed {
		if err != nil {
			e.addresses = append(e.addresses, addresses[i])
			e.errs = append(e.errs, err)
		}
	}
	return e
}

// shownAddresses bounds the text: a name may have hundreds of addresses.
const shownAddresses = 4

func (e *raceError) Error() string {
	var b strings.Builder
	for i, err := range e.errs {
		if i == shownAddresses {
			b.WriteString("; and " + strconv.Itoa(len(e.errs)-i) + " more addresses")
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err // without "dial tcp" and the address again
		}
		b.WriteString(e.addresses[i].String() + ": " + err.Error())
	}
	return b.String()
}

// Unwrap gives access to the causes; the first address comes first.
func (e *raceError) Unwrap() []error { return e.errs }

// interleave orders addresses so that the families take turns (RFC 8305 4),
// beginning with the family that the resolver prefers. Within a family the order
// stays.
func interleave(addresses []netip.Addr) []netip.Addr {
	if len(addresses) == 0 {
		return nil
	}
	var same, other []netip.Addr
	for _, a := range addresses {
		if a.Is4() == addresses[0].Is4() {
			same = append(same, a)
		} else {
			other = append(other, a)
		}
	}
	result := make([]netip.Addr, 0, len(addresses))
	for len(same) > 0 || len(other) > 0 {
		if len(same) > 0 {
			result, same = append(result, same[0]), same[1:]
		}
		if len(other) > 0 {
			result, other = append(result, other[0]), other[1:]
		}
	}
	return result
}
