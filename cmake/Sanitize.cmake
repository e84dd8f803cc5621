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
# WS_SANITIZE=fuzzer: as address, by clang, and both halves of the library count what they
# run for libFuzzer (tests/fuzz): clang does in the C files, Go's compiler in core and capi.
#
# WS_CC_SANITIZE, WS_CC_COVERAGE, WS_COVERAGE_OBJECT and _LDFLAGS, WS_GO_BUILD_FLAGS, WS_GO_TAGS
# and WS_GO_CC are for cmake/GoLibrary.cmake.
set(WS_SANITIZE "" CACHE STRING "Build with sanitizers: address (and undefined), thread or fuzzer")
set_property(CACHE WS_SANITIZE PROPERTY STRINGS "" address thread fuzzer)
set(WS_CC_SANITIZE "")
set(WS_CC_COVERAGE "")
set(WS_COVERAGE_OBJECT "")
set(WS_COVERAGE_LDFLAGS "")
set(WS_GO_BUILD_FLAGS "")
set(WS_GO_TAGS "")
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
elseif(WS_SANITIZE STREQUAL "fuzzer")
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "libws: WS_SANITIZE=fuzzer wants clang (-DCMAKE_C_COMPILER=clang)")
    endif()
    set(WS_CC_SANITIZE -fsanitize=address,undefined -fno-sanitize-recover=undefined)
    set(WS_CC_COVERAGE -fsanitize=fuzzer-no-link)
    set(WS_GO_BUILD_FLAGS -asan -gcflags=libws/core/...=-d=libfuzzer -gcflags=libws/capi=-d=libfuzzer)
    set(WS_GO_TAGS ,libfuzzer)
    set(WS_COVERAGE_SOURCE ${PROJECT_SOURCE_DIR}/tests/fuzz/coverage.S)
    set(WS_COVERAGE_OBJECT ${PROJECT_BINARY_DIR}/coverage.o)
    add_custom_command(OUTPUT ${WS_COVERAGE_OBJECT} COMMAND ${CMAKE_C_COMPILER} -c ${WS_COVERAGE_SOURCE} -o ${WS_COVERAGE_OBJECT}
        DEPENDS ${WS_COVERAGE_SOURCE} VERBATIM)
    file(STRINGS ${WS_COVERAGE_SOURCE} WS_COVERAGE_DOORS REGEX "^door ")
    list(TRANSFORM WS_COVERAGE_DOORS REPLACE "^door " " -Wl,--wrap=")
    string(CONCAT WS_COVERAGE_LDFLAGS ${WS_COVERAGE_DOORS} " \"${WS_COVERAGE_OBJECT}\"")
elseif(WS_SANITIZE)
    message(FATAL_ERROR "libws: WS_SANITIZE is address, thread, fuzzer or empty, not ${WS_SANITIZE}")
endif()
if(WS_SANITIZE)
    add_compile_options(${WS_CC_SANITIZE} -O1 -g -fno-omit-frame-pointer)
    add_link_options(${WS_CC_SANITIZE})
endif()
if(WS_DEBUG_INVARIANTS)
    string(APPEND WS_GO_TAGS ,ws_invariants)
endif()
