# SPDX-License-Identifier: Apache-2.0
#
# One change to Go's runtime, by "go build -overlay"; nothing in GOROOT changes.
#
# The runtime unblocks SIGCHLD and SIGPROF on every thread that runs Go, also on
# a thread of the host that merely calls. It needs neither. A host that takes
# SIGCHLD by signalfd or sigwait, and so blocks it everywhere, would lose it to
# a thread of ours. The overlay takes the mark away from both in the table of
# signals. What is left unblocked are faults and signals of libc's own.
execute_process(COMMAND ${WS_GO} env GOROOT
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE WS_GOROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set(table ${WS_GOROOT}/src/runtime/sigtab_linux_generic.go)
file(READ ${table} text)
foreach(change IN ITEMS
        "{_SigNotify + _SigUnblock + _SigIgn, \"SIGCHLD: |{_SigNotify + _SigIgn, \"SIGCHLD: "
        "{_SigNotify + _SigUnblock, \"SIGPROF: |{_SigNotify, \"SIGPROF: ")
    string(REGEX MATCH "^([^|]*)\\|(.*)$" unused "${change}")
    set(old "${CMAKE_MATCH_1}")
    set(new "${CMAKE_MATCH_2}")
    string(REPLACE "${old}" "${new}" changed "${text}")
    if(changed STREQUAL text)
        message(FATAL_ERROR "libws: ${table} has no '${old}'; this version of Go needs a look at cmake/GoRuntime.cmake")
    endif()
    set(text "${changed}")
endforeach()
set(WS_OVERLAY ${PROJECT_BINARY_DIR}/overlay/overlay.json)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/overlay/sigtab_linux_generic.go CONTENT "${text}" @ONLY)
file(CONFIGURE OUTPUT ${WS_OVERLAY} @ONLY
    CONTENT "{\"Replace\": {\"${table}\": \"${PROJECT_BINARY_DIR}/overlay/sigtab_linux_generic.go\"}}\n")
