# SPDX-License-Identifier: Apache-2.0
#
# What a library for musl is linked by and with: gopatch, which stands in the place of the
# linker, and the code that it calls.
#
# WS_EXTLD_FLAG is for -ldflags, WS_MUSL_OBJECTS for -extldflags, WS_MUSL_INPUTS for DEPENDS: Go's
# linker does not know that they have a part in what it makes.
set(WS_EXTLD_FLAG "")
set(WS_MUSL_OBJECTS "")
set(WS_MUSL_INPUTS "")
set(WS_MUSL_ENV "")
set(WS_BOUNDS_WRAP pthread_getattr_np) # capi/boot.c
if(NOT WS_LIBC STREQUAL "musl")
    return()
endif()
set(WS_BOUNDS_WRAP x_cgo_getstackbound) # cmake/musl/bounds.c

set(WS_GOPATCH ${PROJECT_BINARY_DIR}/gopatch)
file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/gopatch/*.go)
list(FILTER sources EXCLUDE REGEX "_test\\.go$")
add_custom_command(OUTPUT ${WS_GOPATCH}
    COMMAND ${CMAKE_COMMAND} -E env CGO_ENABLED=0 GOOS= GOARCH= ${WS_GO} build -buildvcs=false -o ${WS_GOPATCH} ./cmake/gopatch
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/go.mod
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMENT "Building gopatch with go" VERBATIM)

set(compile ${CMAKE_C_COMPILER} ${CMAKE_C_COMPILER_ARG1})
if(CMAKE_C_COMPILER_TARGET)
    list(APPEND compile ${CMAKE_C_COMPILE_OPTIONS_TARGET}${CMAKE_C_COMPILER_TARGET})
endif()
if(CMAKE_SYSROOT)
    list(APPEND compile --sysroot=${CMAKE_SYSROOT})
endif()
if(WS_OHOS) # the SDK's toolchain file says much in its flags
    separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
    list(APPEND compile ${flags})
endif()
foreach(source g_${WS_GOARCH}.S bounds.c)
    set(object ${PROJECT_BINARY_DIR}/musl/${source}.o)
    add_custom_command(OUTPUT ${object}
        COMMAND ${compile} -O2 -fPIC -Wall -Wextra -Werror -c ${PROJECT_SOURCE_DIR}/cmake/musl/${source} -o ${object}
        DEPENDS ${PROJECT_SOURCE_DIR}/cmake/musl/${source} VERBATIM)
    list(APPEND WS_MUSL_INPUTS ${object})
    string(APPEND WS_MUSL_OBJECTS " \"${object}\"")
endforeach()
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/musl)
list(APPEND WS_MUSL_INPUTS ${WS_GOPATCH})
string(APPEND WS_MUSL_OBJECTS " -Wl,--eh-frame-hdr") # stacks are walked by it; musl-gcc says nothing of it
set(WS_EXTLD_FLAG "-extld '\"${WS_GOPATCH}\"' ")
list(JOIN compile " " compile)
set(WS_GO_CC ${compile})
set(WS_MUSL_ENV "WS_REAL_CC=${compile}")
