# SPDX-License-Identifier: Apache-2.0
#
# What the library is built for: CMake's target, in the words of Go, and its libc. The
# words go to the library's own command only: what else is Go here (certificates for tests,
# gopatch) runs on the machine that builds.
include(CheckCSourceCompiles)

if(CMAKE_SYSTEM_NAME STREQUAL "OHOS") # the toolchain file of OpenHarmony's SDK
    set(WS_OHOS ON)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    set(WS_OHOS OFF)
elseif(CMAKE_SYSTEM_NAME STREQUAL "Windows") # by mingw-w64 (cmake/mingw-w64.cmake)
    set(WS_OHOS OFF)
else()
    message(FATAL_ERROR "libws: only Linux, OpenHarmony and Windows are supported so far, not ${CMAKE_SYSTEM_NAME}")
endif()
set(WS_GOOS linux)
if(WIN32)
    set(WS_GOOS windows)
    if(NOT MINGW)
        message(FATAL_ERROR "libws: built for Windows by mingw-w64 only, as cgo knows no other compiler there; what is made is linked by any (docs/platforms.md)")
    endif()
endif()

# Not by its name alone: a compiler with -m32 says x86_64, too.
set(WS_GOARCH "")
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
        set(WS_GOARCH amd64)
    elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
        set(WS_GOARCH arm64)
    endif()
endif()
if(NOT WS_GOARCH OR (WIN32 AND NOT WS_GOARCH STREQUAL "amd64"))
    math(EXPR bits "8 * ${CMAKE_SIZEOF_VOID_P}")
    message(FATAL_ERROR "libws: built for x86-64 and arm64, not for ${CMAKE_SYSTEM_PROCESSOR} with ${bits} bits; docs/platforms.md says why")
endif()

if(WIN32) # there is one
    set(WS_LIBC msvcrt)
    return()
endif()

# WS_LIBC: glibc or musl, by asking the compiler; musl tells its name to nobody.
check_c_source_compiles("#include <features.h>\n#ifndef __GLIBC__\n#error another\n#endif\nint main(void) { return 0; }" WS_COMPILES_FOR_GLIBC)
if(WS_COMPILES_FOR_GLIBC)
    set(found glibc)
else()
    set(found musl)
endif()
set(WS_LIBC ${found} CACHE STRING "The C library that libws.so is for, glibc or musl; it has to be the compiler's")
set_property(CACHE WS_LIBC PROPERTY STRINGS glibc musl)
if(NOT WS_LIBC STREQUAL found)
    message(FATAL_ERROR "libws: WS_LIBC is ${WS_LIBC}, but ${CMAKE_C_COMPILER} compiles for ${found}; a compiler for musl is musl-gcc, for example")
endif()
