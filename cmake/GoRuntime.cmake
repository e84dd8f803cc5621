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
    "func preemptM(mp *m) {\n" "func preemptM(mp *m) {\n\tif mp.isextra {\n\t\treturn // a thread of the host\n\t}\n")

ws_replace(cgocall.go
    "\t\"internal/runtime/sys\"\n" "\t\"internal/runtime/atomic\"\n\t\"internal/runtime/sys\"\n"
    "\t\t<-main_init_done\n"
    "\t\tif atomic.Load(&(*(**hchan)(unsafe.Pointer(&main_init_done))).closed) == 0 {\n\t\t\t<-main_init_done\n\t\t}\n")

set(WS_OVERLAY ${PROJECT_BINARY_DIR}/overlay/overlay.json)
file(CONFIGURE OUTPUT ${WS_OVERLAY} CONTENT "{\"Replace\": {${WS_REPLACED}}}\n" @ONLY)
