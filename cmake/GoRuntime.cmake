# SPDX-License-Identifier: Apache-2.0
#
# Small changes to Go's runtime on Linux (cmake/GoOverlay.cmake). Some keep the signals of the host as they are:
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
#  - At its start the runtime adds SA_ONSTACK to every handler of the host, and catches
#    SIGPIPE also when it is ignored, so that a program that is started later has the
#    default. It does neither here; libc's own handlers get SA_ONSTACK, which nobody can block.
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
#    or without SA_ONSTACK. So the thread gets no alternate stack; on arm64, whose functions
#    have something below their stack pointer, capi/lent.c lends it one.
#  - Threads of the library have an alternate stack that is large enough for a handler of the
#    host that reports a crash inside a callback: 128 KiB instead of 32.
#
# Three let the library start the runtime, instead of the loader (capi/start_linux.c):
#
#  - Go's entry, which the loader calls, leaves the signals alone. The start does it.
#  - The start gets the arguments that it was given for, not those of the loader, which
#    some loaders do not even give.
#  - Package syscall does not raise the soft limit of descriptors, not even for a moment.
#    It is the host's: one that uses select must not get descriptors above 1023 that it did
#    not ask for.
#
# Three are for a system that refuses:
#
#  - The runtime's first timer makes an epoll descriptor and an eventfd, and ends the process
#    when it gets none. Here the start has made both (capi/poller.c), and the runtime finds
#    them in its arguments.
#  - It ends the process when it cannot wake its poller by writing to the eventfd, and forgets
#    the wake when that says EAGAIN. Here it watches the eventfd for room to write then,
#    which there always is, until the poller has woken.
#  - Package net lets libc look up 500 names at once, each on a thread of its own; here 16.
#
# One is for linkers: package net calls res_search for CNAME records, which nobody asks for here. glibc calls it
# __res_search before 2.34 and offers no such name to programs later, so one libws.a would not do for both.
#
# One leaves loops in peace (retake). A loop never gives its processor back, so after 10 ms Go's
# monitor thread takes it away at each look while the loop sleeps, and stops it by a signal
# while it runs; each of that makes the monitor look again after 20 us. Under partial load that
# costs more than the messages. Here a thread that the library has locked to a loop keeps its
# processor through short sleeps, and is not stopped, while no goroutine waits for one; after
# 10 ms in one sleep, or in one callback, it gives it back as any other, without a hurry. And
# when all had slept, the first message of a loop makes the monitor look after 4 ms, not after
# 20 us and fifty times so: there are two processors more than loops (capi/threads.go).
# A thread of the host that calls again and again is left in peace in the same way: what it was lent
# for a call it keeps for 10 ms while another one is idle, since taking it away costs more than the calls.

ws_replace(runtime/sigtab_linux_generic.go
    "{_SigNotify + _SigUnblock + _SigIgn, \"SIGCHLD: " "{_SigNotify + _SigIgn, \"SIGCHLD: "
    "{_SigNotify + _SigUnblock, \"SIGPROF: " "{_SigNotify, \"SIGPROF: ")
ws_replace(runtime/signal_unix.go
    "\tif (isarchive || islibrary) && !preinit {\n" "\tif preinit {\n"
    "\t\t\tif fwdSig[i] != _SIG_DFL && fwdSig[i] != _SIG_IGN {\n\t\t\t\tsetsigstack(i)\n\t\t\t} else if"
    "\t\t\tif fwdSig[i] != _SIG_DFL && fwdSig[i] != _SIG_IGN {\n\t\t\t\tif sigtable[i].flags&_SigSetStack != 0 {\n\t\t\t\t\tsetsigstack(i)\n\t\t\t\t}\n\t\t\t} else if"
    "\tcase _SIGHUP, _SIGINT:\n\t\tif atomic" "\tcase _SIGHUP, _SIGINT, _SIGPIPE:\n\t\tif atomic"
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

ws_replace(runtime/stack.go
    "\tif debug.gcshrinkstackoff > 0 {\n" "\tif mp := gp.lockedm.ptr()\; debug.gcshrinkstackoff > 0 || mp != nil && mp.isextra {\n")

ws_replace(runtime/proc.go
    "gp := malg(4096)" "gp := malg(64 * 1024)"
    "\tsigmask := mp.sigmask\n\tsigblock(false)\n\tunminit()\n" "\tvar sigmask sigset\n\tsigsave(&sigmask)\n\tsigblock(false)\n\tunminit()\n"
    "\t\t} else if pd.schedwhen+forcePreemptNS <= now {\n\t\t\tpreemptone(pp)\n"
    "\t\t} else if pd.schedwhen+forcePreemptNS <= now && !wsAlone(pp) {\n\t\t\tpreemptone(pp)\n"
    "\t\tthread.takeP()\n\t\tthread.resume()\n\t\tn++\n"
    "\t\tif alone := wsAlone(pp)\; !alone {\n\t\t\tn++\n\t\t}\n\t\tthread.takeP()\n\t\tthread.resume()\n"
    "\t\t\t\tif syscallWake {\n\t\t\t\t\tidle = 0\n\t\t\t\t\tdelay = 20\n"
    "\t\t\t\tif syscallWake {\n\t\t\t\t\tidle = 51\n\t\t\t\t\tdelay = 2000\n"
    "func retake(now int64) uint32 {\n"
    "// wsAlone reports whether pp is that of a thread locked to a loop of the library, or of a thread of\n// the host that leaves others idle, and nobody waits for it. The reads race, as those of retake do.\nfunc wsAlone(pp *p) bool {\n\tmp := pp.m.ptr()\n\treturn mp != nil && (mp.isextra && sched.npidle.Load() != 0 || !mp.isextra && mp.lockedg != 0) && runqempty(pp) && sched.runq.size == 0\n}\n\nfunc retake(now int64) uint32 {\n")

ws_replace(runtime/asm_amd64.s
    "\tMOVQ\t_rt0_amd64_lib_argc<>(SB), DI\n\tMOVQ\t_rt0_amd64_lib_argv<>(SB), SI\n" "\tMOVQ\tDI, SI\n\tXORL\tDI, DI\n")
ws_replace(runtime/asm_arm64.s
    "\tMOVD\t_rt0_arm64_lib_argc<>(SB), R0\n\tMOVD\t_rt0_arm64_lib_argv<>(SB), R1\n" "\tMOVD\tR0, R1\n\tMOVD\tZR, R0\n")
# The numbers are those of capi/runtime.h.
ws_replace(runtime/os_linux.go
    "malg(32 * 1024)" "malg(128 * 1024)"
    "\t\tcase _AT_PAGESZ:\n\t\t\tphysPageSize = val\n" "\t\tcase _AT_PAGESZ:\n\t\t\tphysPageSize = val\n\n\t\tcase 0x77730001:\n\t\t\tepfd = int32(val)\n\n\t\tcase 0x77730002:\n\t\t\tnetpollEventFd = val\n")
# The event of the eventfd is the one whose data is no descriptor of a poll: 1 here, which Go takes for none from
# 1.26.9 on, and before that nothing but the address of netpollEventFd.
file(READ ${WS_GOROOT}/src/runtime/netpoll_epoll.go text)
set(old "\t\tif *(**uintptr)(unsafe.Pointer(&ev.Data)) == &netpollEventFd {\n")
set(new "\t\tif *(*uint64)(unsafe.Pointer(&ev.Data)) == 1 || *(**uintptr)(unsafe.Pointer(&ev.Data)) == &netpollEventFd {\n")
if(text MATCHES "netpollUnpackData")
    set(old "\t\tif pd == nil {\n")
    set(new "${old}")
endif()
ws_replace(runtime/netpoll_epoll.go
    "func netpollinit() {\n" "func netpollinit() {\n\tif epfd >= 0 {\n\t\treturn // made by the start\n\t}\n"
    "\t\tif n == -_EAGAIN {\n\t\t\treturn\n\t\t}\n\t\tprintln(\"runtime: netpollBreak write failed with\", -n)\n\t\tthrow(\"runtime: netpollBreak write failed\")\n"
    "\t\tif wsWatchBreak(linux.EPOLLIN | linux.EPOLLOUT) {\n\t\t\tbreak // it is writable, so that wakes the poller, too\n\t\t}\n\t\tusleep(1000)\n"
    "${old}\t\t\tif ev.Events != linux.EPOLLIN {\n"
    "${new}\t\t\tif delay != 0 && ev.Events&linux.EPOLLOUT != 0 {\n\t\t\t\twsWatchBreak(linux.EPOLLIN)\n\t\t\t} else if ev.Events&^(linux.EPOLLIN|linux.EPOLLOUT) != 0 {\n"
    "// netpollBreak interrupts an epollwait.\n"
    "// wsWatchBreak sets what the poller is woken by at the eventfd.\nfunc wsWatchBreak(events uint32) bool {\n\tev := linux.EpollEvent{Events: events}\n\t*(*uint64)(unsafe.Pointer(&ev.Data)) = 1\n\treturn linux.EpollCtl(epfd, linux.EPOLL_CTL_MOD, int32(netpollEventFd), &ev) == 0\n}\n\n// netpollBreak interrupts an epollwait.\n")
ws_replace(net/rlimit_unix.go
    "\tr := rlim.Cur\n" "\tr := min(rlim.Cur, 16)\n")
ws_replace(net/cgo_unix_cgo_res.go
    "#cgo !android,!openbsd LDFLAGS: -lresolv\n" ""
    "\tx := C.res_search(dname, C.int(class), C.int(typ), ans, C.int(anslen))\n\treturn int(x)\n" "\treturn -1\n")
ws_replace(syscall/rlimit.go
    "func init() {\n" "func raiseLimit() {\n")

ws_replace(runtime/cgocall.go
    "\tif !mp.isextra {\n" "\tif !mp.isextra && sp > g0.stack.lo && sp <= g0.stack.hi {\n"
    "\tif !signal && _cgo_getstackbound != nil {\n" "\tif mp.isextra && !signal && _cgo_getstackbound != nil {\n"
    ${WS_CHEAPER_CALLS})

# From 1.27 on what makes threads stands in the file that calls it, where --wrap does not reach; capi/threads.c takes it over.
if(EXISTS ${WS_GOROOT}/src/runtime/cgo/pthread_unix.c)
    ws_replace(runtime/cgo/pthread_unix.c
        "#include \"libcgo_unix.h\"\n" "#include \"libcgo_unix.h\"\n\nextern int __wrap__cgo_try_pthread_create(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)\;\n"
        "err = _cgo_try_pthread_create(&p, &attr, threadentry, ts)" "err = __wrap__cgo_try_pthread_create(&p, &attr, threadentry, ts)")
endif()
