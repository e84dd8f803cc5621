// SPDX-License-Identifier: Apache-2.0

package main

/*
#include <front.h>
*/
import "C"

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
	"unsafe"

	"libws/core"
	"libws/core/border"
	"libws/core/config"
	"libws/core/fault"
	"libws/core/journal"
	"libws/core/loop"
)

// library is the running engine with its host; nil before the first use.
type library struct {
	engine *core.Engine
	host   *host
}

var (
	running  atomic.Pointer[library]
	starting sync.Mutex // held while the library starts
	ended    bool       // ws_shutdown_wait was called; guarded by starting
)

var errEnded = fault.Refused(fault.IDShutdown, "the library was shut down by ws_shutdown_wait")

// use returns the library, started with defaults if need be.
func use() (*library, *fault.Error) {
	if l := running.Load(); l != nil {
		return l, nil
	}
	starting.Lock()
	defer starting.Unlock()
	if l := running.Load(); l != nil {
		return l, nil
	}
	return start(&host{}, config.Library{})
}

// start makes the engine; starting is held.
func start(h *host, c config.Library) (*library, *fault.Error) {
	if ended {
		return nil, errEnded
	}
	var engineName, logName *C.char // what the environment says that nobody knows
	if c.Engine == C.WS_ENGINE_DEFAULT {
		c.Engine = loop.Kind(C.wsx_default_engine(&engineName))
	}
	if h.log == nil {
		if level := C.wsx_wanted_log(&logName); level != 0 {
			h.printing, c.LogLevel = true, journal.Level(level)
		}
	}
	c.Meter = (*loop.Meter)(unsafe.Pointer(&C.wsx_memory))
	c.Threads = threads{}
	h.servers = map[uint64]*core.Server{}
	engine, err := core.Start(h, c)
	if err != nil {
		return nil, err
	}
	if engineName != nil {
		engine.Warn("WS_ENGINE is %q, which is neither epoll nor goroutine; the default is used", C.GoString(engineName))
	}
	if logName != nil {
		engine.Warn("WS_LOG is %q, which is none of error, warn, info and debug; warn is used", C.GoString(logName))
	}
	l := &library{engine, h}
	running.Store(l)
	return l, nil
}

// endStarts lets nobody start the library any more, and returns it; nil if it does not run.
// again: it was called before.
func endStarts() (l *library, again bool) {
	starting.Lock()
	defer starting.Unlock()
	again, ended = ended, true
	return running.Load(), again
}

// result ends every export that returns a status: it turns an error, or a
// panic, into the status and the text of the calling thread.
func result(status *C.int32_t, text *C.wsx_error, err **fault.Error) {
	if v := recover(); v != nil {
		*err = panicked(v)
	}
	if *err != nil {
		*status = C.int32_t((*err).ID)
		setText(text, (*err).Text)
	}
}

// quiet ends every export that returns none.
func quiet() {
	if v := recover(); v != nil {
		panicked(v)
	}
}

func panicked(v any) *fault.Error {
	if l := running.Load(); l != nil {
		l.engine.Panicked("a call", v)
	}
	return &fault.Error{ID: fault.IDInternal, Text: fmt.Sprintf("internal error: %v", v)}
}

func setText(text *C.wsx_error, s string) {
	if text == nil {
		return
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(&text.text[0])), len(text.text))
	n := copy(b[:len(b)-1], s)
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) { // what is cut is cut between characters
		n--
	}
	b[n] = 0
}

var (
	errStale        = fault.Refused(fault.IDHandle, "handle: turned stale during the call")
	errNoConnection = fault.Refused(fault.IDNoConnection, "handle: turned stale during the call")
)

// stale is the error of a call whose handle has just ended, or for another reason
// stands for nothing.
func stale(handle C.uint64_t) *fault.Error {
	if handle>>(C.WSX_INDEX_BITS+C.WSX_GEN_BITS) == C.WSX_KIND_ACCEPTED {
		return errNoConnection
	}
	return errStale
}

// element is the i-th of a host's structs, which are step bytes each: what it has more than T
// is zero, what T has more is.
func element[T any](first *T, step, i uintptr) (e T) {
	theirs := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(first), i*step)), step)
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&e)), unsafe.Sizeof(e)), theirs)
	return e
}

// bytes is a host's memory for the length of a call.
func bytes(address C.uintptr_t, size C.size_t) []byte {
	if size == 0 {
		return nil
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&address)), uint(size))
}

// handlesAt is a host's array of handles.
func handlesAt(out *C.uint64_t, capacity C.size_t) []uint64 {
	if capacity == 0 {
		return nil
	}
	return unsafe.Slice((*uint64)(unsafe.Pointer(out)), min(uint64(capacity), 1<<C.WSX_INDEX_BITS))
}

// text copies a host's string.
func text(p *C.char, size C.size_t) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(p)), uint(size)))
}

func completion(callback, user C.uintptr_t) border.Completion {
	return border.Completion{Callback: uintptr(callback), User: uintptr(user)}
}

func milliseconds(ms C.int32_t) time.Duration { return time.Duration(ms) * time.Millisecond }
