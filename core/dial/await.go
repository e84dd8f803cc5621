// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"libws/core/lock"
	"net/netip"
	"strings"
	"sync/atomic"
)

// Awaited is a look-up that Await has begun, for one Connect, which must follow.
type Awaited struct {
	made     lock.Mutex[lock.Awaited] // until all that follows is there
	q        *query
	stop     func() bool // of what the end of ctx does
	then     func(*Awaited)
	notified atomic.Bool
}

// Await begins the look-up that a connection to t needs first, and calls then when it has
// ended, or ctx has: whoever waits for a name needs no goroutine, and thousands may. then
// must not wait. It is called at once, with nil, when there is nothing to wait for, or
// Connect has to wait for it.
func Await(ctx context.Context, t *Target, o *ProxyOptions, w *Way, then func(*Awaited)) {
	everybody.await(ctx, t, o, w, then)
}

func (d *directory) await(ctx context.Context, t *Target, o *ProxyOptions, w *Way, then func(*Awaited)) {
	host, known := t.URL.Hostname(), len(w.addresses) > 0
	proxy, err := o.choose(t)
	if proxy != nil {
		host, known = proxy.Host, false
	}
	if _, literal := netip.ParseAddr(host); err != nil || t.Socket != "" || literal == nil || known || ownName(host) {
		then(nil)
		return
	}
	host = strings.ToLower(host)
	if d.libc != nil && d.libc.wanted(host) {
		then(nil)
		return
	}
	a := &Awaited{then: then}
	a.made.Lock()
	defer a.made.Unlock()
	a.stop = context.AfterFunc(ctx, a.tell)
	d.turns.watch(host, a)
}

func (a *Awaited) waitUntilMade() {
	a.made.Lock()
	defer a.made.Unlock()
}

// tell calls then, once.
func (a *Awaited) tell() {
	defer guard(nil) // the others are called all the same
	if a.notified.CompareAndSwap(false, true) {
		a.waitUntilMade()
		a.then(a)
	}
}

// leave ends what Await has begun.
func (d *directory) leave(a *Awaited) {
	a.stop()
	d.turns.leave(a.q)
}
