# SPDX-License-Identifier: Apache-2.0
#
# WS_SANITIZE=address: the C programs and the C files of the library with
# AddressSanitizer, LeakSanitizer and UBSan. Go tells them which of its memory is
# in use ("go build -asan"), so C memory that only Go points to is no leak.
#
# WS_SANITIZE=thread: the same files with ThreadSanitizer. cgo tells it of every
# hand-over between C and Go, but only when the library itself is built for it.
# The Go side has the race detector: "go test -race ./core/...".
#
# WS_CC_SANITIZE, WS_GO_BUILD_FLAGS and WS_GO_CC are for cmake/GoLibrary.cmake.
set(WS_SANITIZE "" CACHE STRING "Build with sanitizers: address (and undefined) or thread")
set_property(CACHE WS_SANITIZE PROPERTY STRINGS "" address thread)
set(WS_CC_SANITIZE "")
set(WS_GO_BUILD_FLAGS "")
set(WS_GO_CC ${CMAKE_C_COMPILER})
if(WS_SANITIZE STREQUAL "address")
    set(WS_CC_SANITIZE -fsanitize=address,undefined -fno-sanitize-recover=undefined)
    set(WS_GO_BUILD_FLAGS -asan)
    # "go build -asan" wants to know its compiler by name, and cc does not tell.
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
        find_program(WS_GCC gcc REQUIRED)
        set(WS_GO_CC ${WS_GCC})
    endif()
elseif(WS_SANITIZE STREQUAL "thread")
    set(WS_CC_SANITIZE -fsanitize=thread)
elseif(WS_SANITIZE)
    message(FATAL_ERROR "libws: WS_SANITIZE is address, thread or empty, not ${WS_SANITIZE}")
endif()
if(WS_SANITIZE)
    add_compile_options(${WS_CC_SANITIZE} -O1 -g -fno-omit-frame-pointer)
    add_link_options(${WS_CC_SANITIZE})
endif()
