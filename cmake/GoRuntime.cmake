# SPDX-License-Identifier: Apache-2.0
#
# Small changes to Go's runtime, by "go build -overlay"; nothing in GOROOT
# changes. Some keep the signals of the host as they are:
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
#    default. It does neither here.
#  - When a thread of the host ends, destructors of thread-local data would run with the
#    signal mask that the thread had at its first call. They run with that which it has.
#
# Three let the library start the runtime, instead of the loader (capi/start.c):
#
#  - Go's entry, which the loader calls, leaves the signals alone. The start does it.
#  - The start gets the arguments that it was given for, not those of the loader, which
#    some loaders do not even give.
#  - Package syscall does not raise the soft limit of descriptors, not even for a moment.
#    It is the host's: one that uses select must not get descriptors above 1023 that it did
#    not ask for.
#
# Two are for a system that refuses:
#
#  - The runtime's first timer makes an epoll descriptor and an eventfd, and ends the process
#    when it gets none. Both were to be had a moment before (capi/start.c), so it tries again.
#  - Package net lets libc look up 500 names at once, each on a thread of its own; here 16.
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

# Copies a file of GOROOT/src with replacements: ws_replace(FILE OLD NEW [OLD NEW ...])
set(WS_REPLACED "")
function(ws_replace file)
    set(original ${WS_GOROOT}/src/${file})
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

ws_replace(runtime/sigtab_linux_generic.go
    "{_SigNotify + _SigUnblock + _SigIgn, \"SIGCHLD: " "{_SigNotify + _SigIgn, \"SIGCHLD: "
    "{_SigNotify + _SigUnblock, \"SIGPROF: " "{_SigNotify, \"SIGPROF: ")
ws_replace(runtime/signal_unix.go
    "\tif (isarchive || islibrary) && !preinit {\n" "\tif preinit {\n"
    "\t\t\tif fwdSig[i] != _SIG_DFL && fwdSig[i] != _SIG_IGN {\n\t\t\t\tsetsigstack(i)\n\t\t\t} else if" "\t\t\tif"
    "\tcase _SIGHUP, _SIGINT:\n\t\tif atomic" "\tcase _SIGHUP, _SIGINT, _SIGPIPE:\n\t\tif atomic"
    "func preemptM(mp *m) {\n" "func preemptM(mp *m) {\n\tif mp.isextra {\n\t\treturn // a thread of the host\n\t}\n")

ws_replace(runtime/proc.go
    "\tsigmask := mp.sigmask\n\tsigblock(false)\n\tunminit()\n" "\tvar sigmask sigset\n\tsigsave(&sigmask)\n\tsigblock(false)\n\tunminit()\n")

ws_replace(runtime/asm_amd64.s
    "\tMOVQ\t_rt0_amd64_lib_argc<>(SB), DI\n\tMOVQ\t_rt0_amd64_lib_argv<>(SB), SI\n" "\tMOVQ\tDI, SI\n\tXORL\tDI, DI\n")
ws_replace(runtime/asm_arm64.s
    "\tMOVD\t_rt0_arm64_lib_argc<>(SB), R0\n\tMOVD\t_rt0_arm64_lib_argv<>(SB), R1\n" "\tMOVD\tR0, R1\n\tMOVD\tZR, R0\n")
ws_replace(runtime/netpoll_epoll.go
    "\tif errno != 0 {\n\t\tprintln(\"runtime: epollcreate" "\tfor errno == 12 || errno == 23 || errno == 24 { // ENOMEM, ENFILE, EMFILE\n\t\tusleep(1000)\n\t\tepfd, errno = linux.EpollCreate1(linux.EPOLL_CLOEXEC)\n\t}\n\tif errno != 0 {\n\t\tprintln(\"runtime: epollcreate"
    "\tif errno != 0 {\n\t\tprintln(\"runtime: eventfd" "\tfor errno == 12 || errno == 23 || errno == 24 { // ENOMEM, ENFILE, EMFILE\n\t\tusleep(1000)\n\t\tefd, errno = linux.Eventfd(0, linux.EFD_CLOEXEC|linux.EFD_NONBLOCK)\n\t}\n\tif errno != 0 {\n\t\tprintln(\"runtime: eventfd")
ws_replace(net/rlimit_unix.go
    "\tr := rlim.Cur\n" "\tr := min(rlim.Cur, 16)\n")
ws_replace(syscall/rlimit.go
    "func init() {\n" "func raiseLimit() {\n")

ws_replace(runtime/cgocall.go
    "\t\"internal/runtime/sys\"\n" "\t\"internal/runtime/atomic\"\n\t\"internal/runtime/sys\"\n"
    "\t\t<-main_init_done\n"
    "\t\tif atomic.Load(&(*(**hchan)(unsafe.Pointer(&main_init_done))).closed) == 0 {\n\t\t\t<-main_init_done\n\t\t}\n")

set(WS_OVERLAY ${PROJECT_BINARY_DIR}/overlay/overlay.json)
file(CONFIGURE OUTPUT ${WS_OVERLAY} CONTENT "{\"Replace\": {${WS_REPLACED}}}\n" @ONLY)
