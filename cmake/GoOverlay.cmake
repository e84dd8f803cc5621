# SPDX-License-Identifier: Apache-2.0
#
# Small changes to Go's runtime, by "go build -overlay"; nothing in GOROOT changes. What they are is in
# cmake/GoRuntime.cmake and cmake/GoRuntimeWindows.cmake; here is what they have in common, and how it is done.
#
# One makes calls cheaper:
#
#  - Each call of a thread of the host asks whether Go's packages have initialised, by
#    receiving from a channel that is closed then. That takes a lock, twice, which all
#    threads of the host share. The overlay looks first whether the channel is closed.
#
# One makes the library smaller, by 0.17 MB:
#
#  - github.com/gobwas/ws wants a few names of net/http, whose default transport asks the
#    environment for a proxy, and that brings tables of Unicode. Nobody uses that transport.
#
# A text that is not found stops the build: that version of Go needs a look.
execute_process(COMMAND ${WS_GO} env GOROOT
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE WS_GOROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

# A toolchain that go has fetched is in its cache of modules, where nothing may be replaced: by its path. So it
# gets another one. WS_GO_BUILDS is the go command that makes the library, WS_GO_BUILDS_ENV its environment.
execute_process(COMMAND ${WS_GO} env GOMODCACHE
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE cache OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set(WS_GO_BUILDS ${WS_GO})
set(WS_GO_BUILDS_ENV "")
string(FIND "${WS_GOROOT}" "${cache}/" at)
if(at EQUAL 0)
    file(CREATE_LINK ${WS_GOROOT} ${PROJECT_BINARY_DIR}/goroot SYMBOLIC)
    set(WS_GOROOT ${PROJECT_BINARY_DIR}/goroot)
    set(WS_GO_BUILDS ${WS_GOROOT}/bin/go)
    set(WS_GO_BUILDS_ENV GOROOT=${WS_GOROOT} GOTOOLCHAIN=local)
endif()

# Copies a file of GOROOT/src with replacements: ws_replace(FILE OLD NEW [OLD NEW ...])
set(WS_REPLACED "")
set(WS_OVERLAID "")
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
    set(WS_OVERLAID ${WS_OVERLAID} ${copy} PARENT_SCOPE) # what is built anew depends on them
endfunction()

# From 1.27 on Go itself looks before it waits.
file(READ ${WS_GOROOT}/src/runtime/cgocall.go text)
set(WS_CHEAPER_CALLS "")
if(NOT text MATCHES "mainInitDone.Load")
    set(WS_CHEAPER_CALLS
        "\t\"internal/runtime/sys\"\n" "\t\"internal/runtime/atomic\"\n\t\"internal/runtime/sys\"\n"
        "\t\t<-main_init_done\n"
        "\t\tif atomic.Load(&(*(**hchan)(unsafe.Pointer(&main_init_done))).closed) == 0 {\n\t\t\t<-main_init_done\n\t\t}\n")
endif()

ws_replace(net/http/transport.go
    "\tProxy: ProxyFromEnvironment,\n" "\tProxy: nil,\n")

# Writes the file for -overlay when all is replaced.
macro(ws_write_overlay)
    set(WS_OVERLAY ${PROJECT_BINARY_DIR}/overlay/overlay.json)
    file(CONFIGURE OUTPUT ${WS_OVERLAY} CONTENT "{\"Replace\": {${WS_REPLACED}}}\n" @ONLY)
endmacro()
