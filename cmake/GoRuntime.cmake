# SPDX-License-Identifier: Apache-2.0
#
# Small changes to Go's runtime, by "go build -overlay"; nothing in GOROOT
# changes. Three keep the signals of the host as they are:
#
#  - The runtime unblocks SIGCHLD and SIGPROF on every thread that runs Go, also
#    on a thread of the host that merely calls. It needs neither. A host that takes
#    SIGCHLD by signalfd or sigwait, and so blocks it everywhere, would lose it to a
#    thread of ours. The overlay takes the mark away from both in the table of
#    signals. What is left unblocked are faults and signals of libc's own.
#  - The runtime stops a thread that runs Go by SIGURG. On a thread of the host the
#    signal can arrive when the call has just returned, and a poll() of the host
#    fails with EINTR. Threads of the host are stopped only where the code asks,
#    at the next call of a function; no call into the library computes for long.
#
# Six more are about handlers of the host (capi/gate.c and capi/fault.c have the rest):
#
#  - A thread that ends gets the mask it has then, not that of its first call, which it made
#    with its signals blocked (dropm).
#  - SIGURG stays blocked on a thread of the host that calls in (minitSignalMask). Where the
#    host has a handler for it, Go takes it neither at the start nor later, and stops its own
#    threads only where the code asks.
#  - A signal like SIGSEGV that somebody sends goes to the host, wherever it arrives, and so
#    does a fault of Go at an address that is not Go's: at data of the host.
#  - A call on a stack that is not the thread's, from a coroutine, has the bounds of that one
#    until it returns, as far as they are known; also on the threads of loops, which Go takes
#    for its own, with stacks that it knows.
#  - On a thread of the host Go has a stack of 64 KiB that never shrinks, instead of 4: there
#    is room on it for Go's handler of faults, and for handlers that cannot be blocked, with
#    or without SA_ONSTACK. So the thread gets no alternate stack.
#  - Threads of the library have an alternate stack that is large enough for a handler of the
#    host that reports a crash inside a callback: 128 KiB instead of 32.
#
# One makes calls cheaper:
#
#  - Each call of a thread of the host asks whether Go's packages have initialised, by
#    receiving from a channel that is closed then. That takes a lock, twice, which all
#    threads of the host share. The overlay looks first whether the channel is closed.
#
# A text that is not found stops the build: that version of Go needs a look.
execute_process(COMMAND ${WS_GO} env GOROOT
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE WS_GOROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

# Copies a file of the runtime with replacements: ws_replace(FILE OLD NEW [OLD NEW ...])
set(WS_REPLACED "")
function(ws_replace file)
    set(original ${WS_GOROOT}/src/runtime/${file})
    file(READ ${original} text)
    list(LENGTH ARGN count)
    math(EXPR last "${count} - 1")
    foreach(at RANGE 0 ${last} 2)
        list(GET ARGN ${at} old)
        math(EXPR at "${at} + 1")
        list(GET ARGN ${at} new)
        string(REPLACE "${old}" "" without "${text}")
        string(LENGTH "${text}" length)
        string(LENGTH "${without}" length_without)
        string(LENGTH "${old}" length_old)
        math(EXPR found "(${length} - ${length_without}) / ${length_old}")
        if(NOT found EQUAL 1)
            message(FATAL_ERROR "libws: '${old}' stands ${found} times in ${original}, not once; this version of Go needs a look at cmake/GoRuntime.cmake")
        endif()
        string(REPLACE "${old}" "${new}" text "${text}")
    endforeach()
    set(copy ${PROJECT_BINARY_DIR}/overlay/${file})
    file(CONFIGURE OUTPUT ${copy} CONTENT "${text}" @ONLY)
    if(WS_REPLACED)
        string(APPEND WS_REPLACED ", ")
    endif()
    string(APPEND WS_REPLACED "\"${original}\": \"${copy}\"")
    set(WS_REPLACED "${WS_REPLACED}" PARENT_SCOPE)
endfunction()

ws_replace(sigtab_linux_generic.go
    "{_SigNotify + _SigUnblock + _SigIgn, \"SIGCHLD: " "{_SigNotify + _SigIgn, \"SIGCHLD: "
    "{_SigNotify + _SigUnblock, \"SIGPROF: " "{_SigNotify, \"SIGPROF: ")
ws_replace(signal_unix.go
    "func preemptM(mp *m) {\n" "func preemptM(mp *m) {\n\tif mp.isextra || !wsOwnsPreempt() {\n\t\treturn // a thread of the host, or its signal\n\t}\n"
    "\tt := &sigtable[sig]\n\tif t.flags&_SigSetStack != 0 {\n"
    "\tif h := atomic.Loaduintptr(&fwdSig[sig])\; sig == sigPreempt && h != _SIG_DFL && h != _SIG_IGN {\n\t\treturn false\n\t}\n\tt := &sigtable[sig]\n\tif t.flags&_SigSetStack != 0 {\n"
    "\tif st.ss_flags&_SS_DISABLE != 0 || !iscgo {\n"
    "\tif st.ss_flags&_SS_DISABLE != 0 && mp.isextra {\n\t\tmp.goSigStack = gsignalStack{mp.gsignal.stack, mp.gsignal.stackguard0, mp.gsignal.stackguard1, mp.gsignal.stktopsp}\n\t\tmp.newSigstack = false\n\t} else if st.ss_flags&_SS_DISABLE != 0 || !iscgo {\n"
    "\tif sp >= mp.g0.stack.lo && sp < mp.g0.stack.hi {\n"
    "\tif gp := mp.curg\; mp.isextra && gp != nil && sp >= gp.stack.lo && sp < gp.stack.hi {\n\t\tst := stackt{ss_size: sp - gp.stack.lo}\n\t\tsetSignalstackSP(&st, gp.stack.lo)\n\t\tsetGsignalStack(&st, gsigStack)\n\t\treturn true\n\t}\n\tif sp >= mp.g0.stack.lo && sp < mp.g0.stack.hi {\n"
    "\tnmask := getg().m.sigmask\n\tfor i := range sigtable {\n\t\tif !blockableSig(uint32(i)) {\n"
    "\tnmask := getg().m.sigmask\n\tfor i := range sigtable {\n\t\tif !blockableSig(uint32(i)) && !(i == sigPreempt && getg().m.isextra) {\n"
    "\tif (c.sigFromUser() || flags&_SigPanic == 0) && sig != _SIGPIPE {\n" "\tif flags&_SigPanic == 0 && sig != _SIGPIPE {\n"
    "\tif gp != nil && gp.m != nil && gp.m.curg != nil && !gp.m.isExtraInC && !gp.m.incgo {\n"
    "\tif gp != nil && gp.m != nil && gp.m.curg != nil && !gp.m.isExtraInC && !gp.m.incgo && (sig == _SIGPIPE || !c.sigFromUser() && !wsHostsFault(sig, c)) {\n"
    "// Determines if the signal should be handled by Go and if not, forwards the\n"
    "// wsOwnsPreempt reports whether the handler of sigPreempt is ours still.\nfunc wsOwnsPreempt() bool {\n\treturn getsig(sigPreempt) == abi.FuncPCABI0(cgoSigtramp)\n}\n\n// wsHostsFault reports whether Go faulted at an address that is not its own.\n//\n//go:nosplit\n//go:nowritebarrierrec\nfunc wsHostsFault(sig uint32, c *sigctxt) bool {\n\treturn (sig == _SIGSEGV || sig == _SIGBUS) && c.fault() >= 0x1000 && spanOf(c.fault()) == nil\n}\n\n// Determines if the signal should be handled by Go and if not, forwards the\n")

ws_replace(os_linux.go
    "malg(32 * 1024)" "malg(128 * 1024)")

ws_replace(stack.go
    "\tif debug.gcshrinkstackoff > 0 {\n" "\tif mp := gp.lockedm.ptr()\; debug.gcshrinkstackoff > 0 || mp != nil && mp.isextra {\n")

ws_replace(proc.go
    "gp := malg(4096)" "gp := malg(64 * 1024)"
    "\tsigmask := mp.sigmask\n\tsigblock(false)\n\tunminit()\n" "\tvar sigmask sigset\n\tsigsave(&sigmask)\n\tsigblock(false)\n\tunminit()\n")

ws_replace(cgocall.go
    "\tif !mp.isextra {\n" "\tif !mp.isextra && sp > g0.stack.lo && sp <= g0.stack.hi {\n"
    "\tif !signal && _cgo_getstackbound != nil {\n" "\tif mp.isextra && !signal && _cgo_getstackbound != nil {\n"
    "\t\"internal/runtime/sys\"\n" "\t\"internal/runtime/atomic\"\n\t\"internal/runtime/sys\"\n"
    "\t\t<-main_init_done\n"
    "\t\tif atomic.Load(&(*(**hchan)(unsafe.Pointer(&main_init_done))).closed) == 0 {\n\t\t\t<-main_init_done\n\t\t}\n")

set(WS_OVERLAY ${PROJECT_BINARY_DIR}/overlay/overlay.json)
file(CONFIGURE OUTPUT ${WS_OVERLAY} CONTENT "{\"Replace\": {${WS_REPLACED}}}\n" @ONLY)
